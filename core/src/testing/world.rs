//! An organisation in miniature: its keys, HQ's chain that describes one site, phones and people.

use super::author::Author;
use crate::base::{ChainId, Digest, Millis, OrgId, PersonId, RecordId, Seq, SiteId};
use crate::capture::Intent;
use crate::log::{
    Certificate, Claims, ConfigCite, PublicKey, Quality, Role, SealError, SecretKey, Segment, Trust,
};
use crate::records::chain::{EPOCH_OPENED, EntryAt, EpochOpened, hq_chain};
use crate::records::checklist::{Checklist, Checkpoint, Item, ItemKind, Limits, ReadingSpec};
use crate::records::config::{ConfigObject, object_record};
use crate::records::people::{Grant, Person, Post, PostTemplate};
use crate::records::round::RoundPlan;
use crate::records::site::{ShiftDefinition, Site};
use crate::records::{Bilingual, Bytes, Kind, RecordKind};

/// A minute in milliseconds.
pub const MINUTE: Millis = 60_000;
/// An hour in milliseconds.
pub const HOUR: Millis = 60 * MINUTE;
/// A day in milliseconds.
pub const DAY: Millis = 24 * HOUR;
/// When a world begins: midnight of 2026-03-02 in Shanghai.
pub const START: Millis = 1_772_380_800_000;

/// An organisation with one site. Everything in it follows from its number.
#[derive(Debug)]
pub struct World {
    /// The organisation.
    pub org: OrgId,
    /// The site.
    pub site: SiteId,
    /// HQ's device.
    pub hq: Author,
    /// The certificates, issuers first.
    pub certificates: Vec<Certificate>,
    /// The round plan that `describe` makes: 08:00 and 20:00, an hour each, walked by duty staff.
    pub plan: RecordId,
    /// Its checklist: item 1 a status and item 2 a reading at checkpoint 1, item 3 a status at checkpoint 2.
    pub checklist: RecordId,
    root: SecretKey,
    issuing: (Certificate, SecretKey),
    number: u8,
    made: u32,
}

impl World {
    /// A world whose HQ has opened its epoch and described the site.
    #[must_use]
    pub fn new(number: u8) -> Self {
        let (org, site) = (OrgId([number; 16]), SiteId(id(number, "site", 0)));
        let root = secret(number, "root", 0);
        let issuing = secret(number, "issuing", 0);
        let claims = claims(org, None, Role::Issuing, id(number, "issuing", 0), &issuing);
        let issuing = (certify(claims, &root, root.public().root_id()), issuing);
        let key = secret(number, "hq", 0);
        let claims = self::claims(org, Some(site), Role::Headquarters, id(number, "hq", 0), &key);
        let certificate = certify(claims, &issuing.1, issuing.0.id());
        let mut hq = Author::new(org, site, certificate.clone(), key, hq_chain(site, 1));
        hq.wall = START - 30 * DAY;
        let object = |kind, name: &str| object_record(site, kind, name.as_bytes());
        let mut world = Self {
            org,
            site,
            hq,
            certificates: vec![issuing.0.clone(), certificate],
            plan: object(RecordKind::RoundPlan, "day"),
            checklist: object(RecordKind::Checklist, "day"),
            root,
            issuing,
            number,
            made: 0,
        };
        let opened = EpochOpened { epoch: 1, previous: None, size: 0, root: Digest::of(&[]) };
        world
            .hq
            .record(Intent::about_chain(Kind::EpochOpened, world.hq.chain).add(EPOCH_OPENED, &opened).done());
        world.describe();
        world
    }

    /// The key by which the server signs receipts, checkpoints and snapshots, and its certificate.
    #[must_use]
    pub fn server_log(&self) -> (Certificate, SecretKey) {
        let key = secret(self.number, "log", 0);
        let claims = claims(self.org, None, Role::ServerLog, id(self.number, "log", 0), &key);
        (certify(claims, &self.issuing.1, self.issuing.0.id()), key)
    }

    /// The organisation's root key.
    #[must_use]
    pub fn root(&self) -> PublicKey {
        self.root.public()
    }

    /// Trust in everything that was certified.
    ///
    /// # Panics
    /// Never: what the world certifies, its root key proves.
    #[must_use]
    pub fn trust(&self) -> Trust {
        let mut trust = Trust::new(self.org, self.root());
        for certificate in &self.certificates {
            trust.add(&certificate.bytes).expect("issuers come first");
        }
        trust
    }

    /// Lets HQ write a version of an object of the configuration.
    pub fn configure(&mut self, record: RecordId, object: impl Into<ConfigObject>) {
        let object = object.into();
        let about = Intent::about(object.kind(), record);
        self.hq.record(about.put(object.field(), object.to_value()).done());
    }

    /// The configuration as HQ has it: what a phone that synced just now cites.
    #[must_use]
    pub fn config(&self) -> Option<ConfigCite> {
        self.hq.head().map(|head| ConfigCite { chain: self.hq.chain, seq: head.seq })
    }

    /// A post made from a template.
    #[must_use]
    pub fn post(&self, template: PostTemplate) -> RecordId {
        object_record(self.site, RecordKind::Post, &template.code().to_be_bytes())
    }

    /// A person who holds a post from the beginning.
    pub fn person(&mut self, name: &str, template: PostTemplate) -> PersonId {
        let person = PersonId(id(self.number, name, 0));
        let staff_number = format!("{:04}", self.next());
        self.configure(RecordId(person.0), Person { name: name.into(), staff_number, phone: None });
        let (post, from) = (self.post(template), START - 20 * DAY);
        let grant = Grant { person, post, from, until: None, reason: None, approver: None };
        self.configure(object_record(self.site, RecordKind::Grant, name.as_bytes()), grant);
        person
    }

    /// Certifies a phone and the keys of these people on it. HQ writes the certificates into its log.
    pub fn phone(&mut self, people: &[PersonId]) -> Author {
        let n = self.next();
        let (device, key) = (id(self.number, "phone", n), secret(self.number, "phone", n));
        let certificate = self.issue(claims(self.org, Some(self.site), Role::Phone, device, &key));
        let chain = ChainId(id(self.number, "chain", n));
        let mut phone = Author::new(self.org, self.site, certificate, key, chain);
        phone.wall = START;
        phone.quality = Quality::Unchecked;
        for person in people {
            let key = secret(self.number, "person", self.next());
            let claims = claims(self.org, Some(self.site), Role::Person, person.0, &key);
            let certificate = self.issue(Claims { holder: Some(device), ..claims });
            phone.admit(*person, certificate, key);
        }
        phone.config = Some(ConfigCite { chain: self.hq.chain, seq: self.hq_last() });
        phone
    }

    /// Certifies a key that somebody else made; gives what proves it, issuers first. HQ writes the certificate into its log.
    pub fn admit(
        &mut self,
        role: Role,
        subject: [u8; 16],
        holder: Option<[u8; 16]>,
        key: PublicKey,
    ) -> Vec<Vec<u8>> {
        let (org, site, issued) = (self.org, Some(self.site), START - 30 * DAY);
        let claims = Claims { org, site, role, subject, holder, key, issued, provisional: false };
        let certificate = self.issue(claims);
        let first = self.certificates[..2].iter().map(|issuer_or_hq| issuer_or_hq.bytes.clone());
        first.chain([certificate.bytes]).collect()
    }

    /// The number of HQ's newest entry, sealed or not.
    #[must_use]
    pub fn hq_last(&self) -> u64 {
        self.hq.last()
    }

    /// Seals what HQ has written.
    pub fn publish(&mut self) -> Segment {
        self.hq.seal()
    }

    /// The server is restored from a copy that had HQ's chain up to a number: HQ goes on in the chain of the next epoch.
    pub fn restore(&mut self, epoch: u32, kept: Seq) {
        let previous = Some(EntryAt { chain: self.hq.chain, seq: kept });
        self.hq = self.hq.again(hq_chain(self.site, epoch));
        let opened = EpochOpened { epoch, previous, size: 0, root: Digest::of(&[]) };
        self.hq
            .record(Intent::about_chain(Kind::EpochOpened, self.hq.chain).add(EPOCH_OPENED, &opened).done());
    }

    fn issue(&mut self, claims: Claims) -> Certificate {
        let certificate = certify(claims, &self.issuing.1, self.issuing.0.id());
        self.configure(
            RecordId(certificate.claims.subject),
            ConfigObject::Certificate(Bytes(certificate.bytes.clone())),
        );
        self.certificates.push(certificate.clone());
        certificate
    }

    fn next(&mut self) -> u32 {
        self.made += 1;
        self.made
    }

    fn describe(&mut self) {
        let name = |zh: &str, en: &str| Bilingual::new(zh, en);
        let shift = |key: &str, zh: &str, start_minute, end_minute| ShiftDefinition {
            key: key.into(),
            name: name(zh, key),
            start_minute,
            end_minute,
        };
        let site = Site {
            name: name("北山泵站", "North Hill pump station"),
            time_zone: "Asia/Shanghai".into(),
            headquarters: name("本部", "headquarters"),
            shifts: vec![shift("day", "白班", 480, 1200), shift("night", "夜班", 1200, 480)],
            lead_minutes: None,
            handover_checklist: None,
        };
        self.configure(RecordId(self.site.0), site);
        for template in PostTemplate::ALL {
            let post = Post {
                name: name("岗位", &format!("{template:?}")),
                template: Some(*template),
                capabilities: template.capabilities(),
                mandatory: *template == PostTemplate::DutyLead,
                active: true,
            };
            self.configure(self.post(*template), post);
        }
        for number in [1, 2] {
            let record = object_record(self.site, RecordKind::Checkpoint, &[number]);
            let (zh, en) = (format!("{number} 号点"), format!("checkpoint {number}"));
            let place = name("一层", "ground floor");
            let (number, name) = (u32::from(number), name(&zh, &en));
            self.configure(
                record,
                Checkpoint { number, name, place, tag: None, assets: vec![], active: true },
            );
        }
        self.configure(self.checklist, checklist());
        let plan = RoundPlan {
            name: name("日常巡检", "daily round"),
            checklist: self.checklist,
            post: self.post(PostTemplate::DutyStaff),
            times: vec![8 * 60, 20 * 60],
            window_minutes: 60,
            grace_minutes: None,
            active: true,
        };
        self.configure(self.plan, plan);
    }
}

fn checklist() -> Checklist {
    let limits = Limits { high_warn: Some(40), high_alarm: Some(45), ..Limits::default() };
    let reading = ItemKind::Reading(ReadingSpec { unit: "℃".into(), decimals: 0, limits });
    let item = |number, checkpoint, text: &str, kind| Item {
        number,
        checkpoint,
        text: Bilingual::new(text, text),
        kind,
        required: true,
    };
    Checklist {
        name: Bilingual::new("日常", "daily"),
        version: 1,
        items: vec![
            item(1, 1, "door", ItemKind::Status),
            item(2, 1, "temperature", reading),
            item(3, 2, "pump", ItemKind::Status),
        ],
        active: true,
    }
}

fn id(number: u8, what: &str, n: u32) -> [u8; 16] {
    let digest = Digest::tagged("dutylog/testing", format!("{number} {what} {n}").as_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&digest.0[..16]);
    id
}

fn secret(number: u8, what: &str, n: u32) -> SecretKey {
    SecretKey::from_seed(Digest::tagged("dutylog/testing/key", format!("{number} {what} {n}").as_bytes()).0)
}

fn claims(org: OrgId, site: Option<SiteId>, role: Role, subject: [u8; 16], key: &SecretKey) -> Claims {
    let issued = START - 30 * DAY;
    Claims { org, site, role, subject, holder: None, key: key.public(), issued, provisional: false }
}

fn certify(claims: Claims, issuer: &SecretKey, by: crate::base::KeyId) -> Certificate {
    claims.issue(by, |message| Ok::<_, SealError>(issuer.sign(message))).expect("a strong key is certified")
}
