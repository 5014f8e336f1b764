//! A data folder with one site, and a phone that the server certified.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use dutylog_core::base::{ChainId, DeviceId, PersonId};
use dutylog_core::log::{Certificate, SecretKey, Trust};
use dutylog_core::records::site_plan::{SitePlan, person_id};
use dutylog_core::sync::auth::Asked;
use dutylog_core::sync::enrol::{EnrolDevice, EnrolPerson, Enrolled, device_proof, person_proof};
use dutylog_core::testing::{Author, START};
use dutylog_server::app::Parts;
use dutylog_server::enrolment::code_digest;
use dutylog_server::ledger::{Code, Enrols, SiteScope};
use dutylog_server::shutdown::{self, Trigger};
use dutylog_server::{Config, Running, SimClock, serve};
use tempfile::TempDir;

use super::phone::Phone;
use super::wire::Wire;
use crate::ratios::Outcome;

const PLAN: &str = include_str!("../../../core/tests/fixtures/site.json");
/// A duty lead of the plan.
const LEAD: &str = "Q001";

/// The server at work, and the site.
pub(super) struct Place {
    pub(super) running: Running,
    pub(super) clock: Arc<SimClock>,
    pub(super) scope: SiteScope,
    pub(super) data: TempDir,
    _trigger: Trigger,
}

impl Place {
    /// A server of its own with the site that headquarters described.
    pub(super) async fn new() -> Outcome<Self> {
        let data = tempfile::tempdir()?;
        let clock = Arc::new(SimClock::at(START));
        let (trigger, shutdown) = shutdown::channel();
        let running = serve(config(data.path()), Arc::clone(&clock) as _, shutdown).await?;
        let (api, desk) = (&running.state.api, &running.state.desk);
        let plan = SitePlan::from_json(PLAN.as_bytes())?;
        let plan = plan.resolve(api.keys.org()).map_err(|problems| format!("{problems:?}"))?;
        let scope = SiteScope::enter(plan.site, &*api.keys).ok_or("the server enters every site")?;
        api.ledger().create_site(scope, api.keys.org(), START).await?;
        desk.apply(scope, None, plan).await?;
        Ok(Self { running, clock, scope, data, _trigger: trigger })
    }

    /// Where it listens.
    pub(super) fn addr(&self) -> SocketAddr {
        self.running.addr
    }

    /// Enrols a phone with the duty lead's key on it, over the network as any phone.
    pub(super) async fn phone(&self) -> Outcome<Phone> {
        let (device, key) = (DeviceId([21; 16]), SecretKey::from_seed([22; 32]));
        let code = self.code(Enrols::Phone, 1).await?;
        let proof = key.sign(&device_proof(&code, device, &key.public()).0);
        let asked = EnrolDevice { code, device, key: key.public(), label: "bench".into(), proof };
        let mut wire = Wire::to(self.addr())?;
        let mut trust = Trust::new(self.running.state.api.keys.org(), self.running.state.api.keys.root());
        let certificate = believe(&mut trust, &wire.post("/v1/enrol", &[], &asked.to_bytes())?.body)?;
        let chain = ChainId([23; 16]);
        let again = SecretKey::from_seed([22; 32]);
        let author = Author::new(trust.org, self.scope.site(), certificate, again, chain);
        let mut phone = Phone::new(author, key, trust, self.running.origin.clone(), self.lead());
        self.admit_lead(&mut phone, &mut wire).await?;
        Ok(phone)
    }

    /// The duty lead.
    pub(super) fn lead(&self) -> PersonId {
        person_id(self.running.state.api.keys.org(), LEAD)
    }

    async fn admit_lead(&self, phone: &mut Phone, wire: &mut Wire) -> Outcome<()> {
        let (person, key) = (self.lead(), SecretKey::from_seed([24; 32]));
        let code = self.code(Enrols::Person(person), 2).await?;
        let proof = key.sign(&person_proof(person, &code, phone.author.device(), &key.public()).0);
        let body = EnrolPerson { person, code, key: key.public(), proof }.to_bytes();
        let path = format!("/v1/sites/{}/people", self.scope.site());
        // The first answer only brings a nonce.
        for _ in 0..2 {
            let asked = Asked {
                method: "POST",
                path: &path,
                site: self.scope.site(),
                body: &body,
                origin: &phone.origin,
            };
            let nonce = phone.nonce.unwrap_or_default();
            let signed = asked.sign(phone.author.certificate.id(), nonce, |message| phone.sign(message))?;
            let got = wire.post(&path, &[("authorization", &signed)], &body)?;
            phone.nonce = got.nonce();
            if got.status == 200 {
                let certificate = believe(&mut phone.trust, &got.body)?;
                phone.author.admit(person, certificate, key);
                return Ok(());
            }
        }
        Err("the lead is not admitted".into())
    }

    async fn code(&self, enrols: Enrols, n: u8) -> Outcome<[u8; 16]> {
        let code = Code { digest: code_digest(&[n; 16]), enrols, expires: START + 600_000 };
        self.running.state.api.ledger().add_code(self.scope, code).await?;
        Ok([n; 16])
    }

    /// Stops it; its folder stays.
    pub(super) async fn stop(self) -> Outcome<TempDir> {
        let Self { running, data, _trigger: trigger, .. } = self;
        trigger.stop();
        running.stopped().await?;
        Ok(data)
    }
}

/// Opens a data folder without serving it.
pub(super) async fn parts(data: &Path) -> Outcome<Parts> {
    Ok(Parts::open(&config(data), Arc::new(SimClock::at(START))).await?)
}

fn config(data: &Path) -> Config {
    let mut config = Config { data_dir: data.to_owned(), ..Config::default() };
    config.listen.set_port(0);
    config
}

/// Takes an answer's certificates in; gives the last.
fn believe(trust: &mut Trust, body: &[u8]) -> Outcome<Certificate> {
    let mut newest = None;
    for bytes in Enrolled::from_bytes(body)?.certificates {
        newest = Some(trust.add(&bytes)?.clone());
    }
    newest.ok_or_else(|| "no certificate".into())
}
