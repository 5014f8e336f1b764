//! A phone in a temporary folder, enrolled by headquarters in miniature.

use std::path::Path;
use std::sync::Arc;

use dutylog::{Enrolling, HttpResponse, KeyStore, Language, Logbook, Options, Reading, software_key_store};
use dutylog_core::base::{DeviceId, PersonId, RecordId};
use dutylog_core::log::{PublicKey, Role};
use dutylog_core::records::RecordKind;
use dutylog_core::records::config::object_record;
use dutylog_core::records::people::{Grant, Person, PostTemplate};
use dutylog_core::records::site_plan::person_id;
use dutylog_core::sync::bundle::{self, Evidence};
use dutylog_core::sync::enrol::{EnrolDevice, EnrolPerson, Enrolled, Invitation, code_to_text};
use dutylog_core::testing::{HOUR, START, World};
use tempfile::TempDir;

pub(crate) const PIN: &str = "246813";
const STAFF: &str = "0042";

/// Headquarters, which certifies whoever asks.
pub(crate) struct Site {
    world: World,
    phones: u8,
    /// Whether its phones sign in and commit faster than real ones.
    quick: bool,
}

/// A phone whose app runs.
pub(crate) struct Phone {
    folder: TempDir,
    keys: Arc<dyn KeyStore>,
    pub(crate) app: Arc<Logbook>,
}

/// So many seconds into the day shift.
pub(crate) fn now(seconds: i64) -> Reading {
    let wall_ms = START + 8 * HOUR + seconds * 1_000;
    Reading { wall_ms, zone_minutes: 480, monotonic_ms: 1_000_000 + seconds * 1_000, boot: "a boot".into() }
}

pub(crate) fn options(folder: &Path) -> Options {
    let folder = folder.join("logbook").to_str().expect("text").to_owned();
    Options { folder, language: Language::English, seed: vec![9; 32] }
}

fn answer(subject: [u8; 16], certificates: Vec<Vec<u8>>) -> HttpResponse {
    let body = Enrolled { subject, certificates }.to_bytes();
    HttpResponse { status: 200, headers: Vec::new(), body }
}

impl Site {
    pub(crate) fn new() -> Self {
        let mut world = World::new(1);
        let lead = person_id(world.org, STAFF);
        let person = Person { name: "李班长".into(), staff_number: STAFF.into(), phone: None };
        world.configure(RecordId(lead.0), person);
        let (post, from) = (world.post(PostTemplate::DutyLead), 0);
        let grant = Grant { person: lead, post, from, until: None, reason: None, approver: None };
        world.configure(object_record(world.site, RecordKind::Grant, b"lead"), grant);
        Self { world, phones: 0, quick: true }
    }

    /// The same, with phones that take the time a real one takes.
    #[allow(dead_code, reason = "a bench takes it")]
    pub(crate) fn in_earnest() -> Self {
        Self { quick: false, ..Self::new() }
    }

    pub(crate) fn phone(&mut self) -> Phone {
        self.phone_with(|keys| keys)
    }

    /// A phone whose key store is what becomes of one in software.
    pub(crate) fn phone_with(&mut self, wrap: impl FnOnce(Arc<dyn KeyStore>) -> Arc<dyn KeyStore>) -> Phone {
        self.phones += 1;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keys").to_str().expect("text").to_owned();
        let keys = software_key_store(path, vec![self.phones; 32], vec![self.phones; 32]);
        let keys = wrap(keys.expect("a key store"));
        let app = self.admit(folder.path(), &keys);
        let phone = Phone { folder, keys, app };
        self.tell(&phone);
        phone
    }

    fn admit(&mut self, folder: &Path, keys: &Arc<dyn KeyStore>) -> Arc<Logbook> {
        let (org, site, root) = (self.world.org, self.world.site, self.world.root());
        let origin = "https://duty.example".to_owned();
        let invitation = Invitation { org, site, root, origin, code: [4; 16], expires: 0 }.to_text();
        let (options, keys) = (options(folder), Arc::clone(keys));
        let enrolling = if self.quick {
            Enrolling::begin_quickly(&options, keys, &invitation, &now(0))
        } else {
            Enrolling::begin(options, keys, invitation, "in earnest".into(), now(0))
        };
        let enrolling = enrolling.expect("begun");
        let asked = EnrolDevice::from_bytes(&enrolling.request().body).expect("proven");
        let certificates = self.certify(Role::Phone, asked.device.0, None, asked.key);
        enrolling.finish(answer(asked.device.0, certificates)).expect("enrolled")
    }

    fn certify(
        &mut self,
        role: Role,
        subject: [u8; 16],
        holder: Option<[u8; 16]>,
        key: PublicKey,
    ) -> Vec<Vec<u8>> {
        self.world.admit(role, subject, holder, key)
    }

    /// Brings a phone what headquarters has written, by file.
    fn tell(&mut self, phone: &Phone) {
        let segment = self.world.publish();
        let certificates = self.world.certificates.iter().map(|c| c.bytes.clone()).collect();
        let evidence = Evidence { certificates, checkpoints: Vec::new(), receipts: Vec::new() };
        let file = bundle::export(self.world.org, self.world.site, &evidence, &[segment]).expect("a bundle");
        let path = phone.folder().join("from-hq");
        std::fs::write(&path, file).expect("written");
        let imported = phone.app.import_from(path.to_str().expect("text").into()).expect("imported");
        assert_eq!(imported.stored, 1);
    }
}

impl Phone {
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn keys(&self) -> Arc<dyn KeyStore> {
        Arc::clone(&self.keys)
    }

    /// Enrols the lead on this phone; gives who that is.
    pub(crate) fn enrolled(&self, site: &mut Site) -> String {
        let request = self.app.enrol_person(STAFF.into(), code_to_text(&[9; 16]), PIN.into()).expect("begun");
        assert_eq!(
            self.app.pending_person().expect("an answer").map(|kept| kept.body),
            Some(request.body.clone())
        );
        let device: DeviceId = self.app.site().expect("the site").device.parse().expect("an identifier");
        let asked = EnrolPerson::from_bytes(&request.body, device).expect("proven");
        let PersonId(person) = asked.person;
        let certificates = site.certify(Role::Person, person, Some(device.0), asked.key);
        assert_eq!(self.app.person_enrolled(answer(person, certificates)).expect("enrolled"), None);
        assert_eq!(self.app.pending_person().expect("an answer"), None);
        asked.person.to_string()
    }

    /// The app after it was killed: its files, opened anew.
    pub(crate) fn reopened(&self) -> Arc<Logbook> {
        self.app.shutdown().expect("closed");
        Logbook::open_quickly(&options(self.folder()), self.keys(), &now(60)).expect("opens")
    }
}
