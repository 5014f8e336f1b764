//! A site whose phones run the companion, with real key stores and files.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use tempfile::TempDir;

use crate::base::{BootId, DraftId, Entropy, Millis, PersonId, Reading};
use crate::capture::Action;
use crate::companion::pin::PinCost;
use crate::companion::{Admitted, Companion, CompanionError, Enrolment, Host, Saved};
use crate::locales::Locale;
use crate::log::{Absorbed, Arrival, Holdings, Role, Segment, SoftKeys};
use crate::records::people::PostTemplate;
use crate::store::Durability;
use crate::sync::enrol::{EnrolDevice, EnrolPerson, Enrolled, Invitation, code_to_text};
use crate::testing::{MINUTE, START, World};

pub(super) const PIN: &str = "246813";

/// Randomness that is the same every time.
pub(super) struct Counting(pub(super) u64);

impl Entropy for Counting {
    fn fill(&mut self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            self.0 += 1;
            let digest = crate::base::Digest::tagged("counting", &self.0.to_be_bytes());
            chunk.copy_from_slice(&digest.0[..chunk.len()]);
        }
    }
}

/// The site, as HQ runs it.
pub(super) struct Site {
    pub(super) world: World,
    pub(super) lead: PersonId,
    pub(super) staff: PersonId,
    pub(super) log: Vec<Segment>,
    phones: u64,
}

impl Site {
    pub(super) fn new() -> Self {
        let mut world = World::new(1);
        let lead = world.person("李班长", PostTemplate::DutyLead);
        let staff = world.person("王值班", PostTemplate::DutyStaff);
        Self { world, lead, staff, log: Vec::new(), phones: 0 }
    }

    pub(super) fn phone(&mut self) -> Phone {
        let folder = tempfile::tempdir().expect("a folder");
        self.phones += 1;
        let keys = SoftKeys::new([1; 32], Box::new(Counting(self.phones << 32)), BTreeMap::new());
        let mut phone = Phone {
            folder,
            keys: Arc::new(keys),
            random: self.phones << 40,
            app: None,
            now: Reading { wall: START + 8 * 60 * MINUTE, zone: 480, mono: 1_000_000, boot: BootId([1; 8]) },
        };
        let admitted = self.admit(&mut phone);
        phone.app = Some(Companion::create(&phone.path(), &admitted, phone.host()).expect("a new logbook"));
        for person in [self.lead, self.staff] {
            self.enrol_person(&mut phone, person);
        }
        self.tell(&mut phone);
        phone
    }

    /// Enrols a phone, whatever its folder holds.
    pub(super) fn admit(&mut self, phone: &mut Phone) -> Admitted {
        let (org, site, root) = (self.world.org, self.world.site, self.world.root());
        let origin = "https://duty.example".to_owned();
        let invitation = Invitation { org, site, root, origin, code: [4; 16], expires: 0 };
        let enrolment = Enrolment::begin(&invitation.to_text(), "手机", &mut phone.host()).expect("begun");
        let asked = EnrolDevice::from_bytes(&enrolment.body).expect("proven");
        enrolment.finish(&self.answer(Role::Phone, asked.device.0, None, asked.key)).expect("enrolled")
    }

    pub(super) fn enrol_person(&mut self, phone: &mut Phone, person: PersonId) {
        let device = phone.app().device();
        let asked = phone.app().enrol_person(person, &code_to_text(&[9; 16]), PIN).expect("a code");
        let read = EnrolPerson::from_bytes(&asked.body, device).expect("proven");
        let answer = self.answer(Role::Person, person.0, Some(device.0), read.key);
        phone.app().person_enrolled(&asked, &answer).expect("enrolled");
    }

    pub(super) fn answer(
        &mut self,
        role: Role,
        subject: [u8; 16],
        holder: Option<[u8; 16]>,
        key: crate::log::PublicKey,
    ) -> Vec<u8> {
        let certificates = self.world.admit(role, subject, holder, key);
        Enrolled { subject, certificates }.to_bytes()
    }

    /// Lets a phone have all that HQ has written.
    pub(super) fn tell(&mut self, phone: &mut Phone) {
        if self.world.hq.head().is_none_or(|head| head.seq < self.world.hq_last()) {
            self.log.push(self.world.publish());
        }
        phone.take(self.log.clone());
    }
}

/// A phone: its files, its key store, and the app while it runs.
pub(super) struct Phone {
    folder: TempDir,
    pub(super) keys: Arc<SoftKeys>,
    random: u64,
    app: Option<Companion>,
    pub(super) now: Reading,
}

impl Phone {
    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    pub(super) fn host(&mut self) -> Host {
        self.random += 1 << 20;
        Host {
            keys: Arc::clone(&self.keys) as _,
            entropy: Box::new(Counting(self.random)),
            locale: Locale::ZhCn,
            pin_cost: PinCost::SIMULATION,
            durability: Durability::Normal,
            ballast: 0,
        }
    }

    pub(super) fn app(&mut self) -> &mut Companion {
        self.app.as_mut().expect("the app runs")
    }

    /// The app, taken out of the phone.
    pub(super) fn stop(&mut self) -> Companion {
        self.app.take().expect("the app runs")
    }

    /// And put back.
    pub(super) fn start(&mut self, app: Companion) {
        self.app = Some(app);
    }

    /// The process is gone.
    pub(super) fn kill(&mut self) {
        self.app = None;
    }

    pub(super) fn open(&mut self) {
        self.kill();
        let host = self.host();
        self.app = Some(Companion::open(&self.path(), host).expect("opens"));
    }

    /// Enrolled anew into the same folder.
    pub(super) fn enrol_again(&mut self, site: &mut Site) {
        self.kill();
        let admitted = site.admit(self);
        let host = self.host();
        self.app = Some(Companion::create(&self.path(), &admitted, host).expect("a new enrolment"));
        [site.lead, site.staff].into_iter().for_each(|person| site.enrol_person(self, person));
        site.tell(self);
    }

    pub(super) fn wait(&mut self, ms: Millis) {
        self.now.wall += ms;
        self.now.mono += ms;
    }

    pub(super) fn sign_in(&mut self, person: PersonId) -> Result<Saved, CompanionError> {
        self.wait(1_000);
        let now = self.now;
        self.app().sign_in(person, PIN, now)
    }

    pub(super) fn act(&mut self, action: impl Into<Action>) -> Result<Saved, CompanionError> {
        self.wait(1_000);
        let now = self.now;
        let draft: DraftId = self.app().new_draft();
        self.app().act(draft, action, now)
    }

    pub(super) fn take(&mut self, segments: Vec<Segment>) -> Vec<Absorbed> {
        let arrivals = segments.into_iter().map(|segment| Arrival { position: None, segment }).collect();
        self.app().close_tail().expect("sealed, or left as it is");
        self.app().store_mut().absorb(arrivals, None).expect("taken in")
    }
}
