//! One phone: the real core over a real database, opened and closed as phones are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dutylog_core::base::{DraftId, Millis, PersonId, Reading, random};
use dutylog_core::capture::Action;
use dutylog_core::companion::pin::PinCost;
use dutylog_core::companion::{Companion, CompanionError, Enrolment, Host, Saved};
use dutylog_core::locales::Locale;
use dutylog_core::log::{EntryRef, SoftKeys};
use dutylog_core::records::chain::SessionEnd;
use dutylog_core::store::Durability;
use tempfile::TempDir;

use super::folder::{copy, temporary};
use super::{Dice, PhoneClock, Server};

const PIN: &str = "246813";

/// An entry that was called saved, and on which phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Acked {
    /// The entry.
    pub by: EntryRef,
    /// The phone's number in the fleet; none if it is not one of the fleet's.
    pub phone: Option<usize>,
}

/// A phone in somebody's hand.
#[derive(Debug)]
pub struct Device {
    /// Its number in the fleet.
    pub number: usize,
    /// Its clocks.
    pub clock: PhoneClock,
    /// Who can sign in on it.
    pub people: Vec<PersonId>,
    companion: Option<Companion>,
    keys: Arc<SoftKeys>,
    secret: [u8; 32],
    dice: Dice,
    folder: TempDir,
    /// An older copy of its database, as a backup would hold it.
    backup: Option<TempDir>,
}

fn host(keys: &Arc<SoftKeys>, dice: &mut Dice) -> Host {
    Host {
        keys: Arc::clone(keys) as _,
        entropy: Box::new(dice.split()),
        locale: Locale::En,
        pin_cost: PinCost::SIMULATION,
        durability: Durability::Normal,
        ballast: 0,
    }
}

impl Device {
    /// Enrols a new phone and some people on it.
    ///
    /// # Panics
    /// If that does not work.
    pub fn enrol(
        number: usize,
        people: Vec<PersonId>,
        server: &mut Server,
        now: Millis,
        mut dice: Dice,
    ) -> Self {
        let secret = random(&mut dice);
        let keys = Arc::new(SoftKeys::new(secret, Box::new(dice.split()), Default::default()));
        let folder = temporary();
        let invitation = server.invitation(now);
        let enrolment =
            Enrolment::begin(&invitation, "手机", &mut host(&keys, &mut dice)).expect("an invitation");
        let answer = server.certify_phone(&enrolment.body, now);
        let admitted = enrolment.finish(&answer).expect("enrolled");
        let mut companion =
            Companion::create(folder.path(), &admitted, host(&keys, &mut dice)).expect("a new logbook");
        let certificate = admitted.device().expect("its own certificate");
        for person in &people {
            let code = dutylog_core::sync::enrol::code_to_text(&random(&mut dice));
            let asked = companion.enrol_person(*person, &code, PIN).expect("a code");
            let answer = server.certify_person(&certificate, &asked.body, now);
            companion.person_enrolled(&asked, &answer).expect("enrolled");
        }
        let clock = PhoneClock::started(now, &mut dice);
        Self { number, clock, people, companion: Some(companion), keys, secret, dice, folder, backup: None }
    }

    /// The open logbook.
    ///
    /// # Panics
    /// If the app is not running.
    pub fn app(&mut self) -> &mut Companion {
        self.companion.as_mut().expect("the app runs")
    }

    /// What its clocks show.
    #[must_use]
    pub fn read(&self, now: Millis) -> Reading {
        self.clock.read(now)
    }

    /// Closes the app and opens it again. Whoever was signed in is not any more.
    ///
    /// # Panics
    /// If it does not open.
    pub fn restart(&mut self) {
        self.companion = None;
        self.open();
    }

    /// Overwrites every byte of the database, closed, and opens the app again.
    ///
    /// # Panics
    /// If the app does not open.
    pub fn lose_database(&mut self) {
        self.companion = None;
        let database = self.folder.path().join("log.db");
        let length = std::fs::metadata(&database).expect("it is there").len();
        let noise: Vec<u8> = (0..length).map(|_| 0xa5).collect();
        std::fs::write(&database, noise).expect("overwritten");
        for beside in ["log.db-wal", "log.db-shm"] {
            let beside = self.folder.path().join(beside);
            if beside.exists() {
                std::fs::remove_file(beside).expect("removed");
            }
        }
        self.open();
    }

    fn open(&mut self) {
        let host = host(&self.keys, &mut self.dice);
        self.companion = Some(Companion::open(self.folder.path(), host).expect("the logbook opens"));
    }

    /// Starts another chain if the last one may not be written any more. Says whether it did.
    ///
    /// # Panics
    /// If it cannot.
    pub fn ensure_chain(&mut self) -> bool {
        let needed = self.app().chain().is_none();
        if needed {
            self.app().start_chain().expect("a new chain");
        }
        needed
    }

    /// Signs in somebody who can.
    ///
    /// # Errors
    /// The core's.
    pub fn sign_in(&mut self, person: PersonId, now: Millis) -> Result<Saved, CompanionError> {
        let now = self.read(now);
        self.app().sign_in(person, PIN, now)
    }

    /// Signs out.
    ///
    /// # Errors
    /// The core's.
    pub fn sign_out(&mut self, now: Millis) -> Result<(), CompanionError> {
        let now = self.read(now);
        self.app().sign_out(SessionEnd::SignedOut, now)
    }

    /// Records an action, sometimes twice: the host did not hear that it was saved.
    ///
    /// # Errors
    /// The core's.
    ///
    /// # Panics
    /// If the repetition is recorded as another entry.
    pub fn act(&mut self, action: Action, now: Millis) -> Result<Saved, CompanionError> {
        let (now, twice) = (self.read(now), self.dice.percent(10));
        let draft: DraftId = self.app().new_draft();
        let saved = self.app().act(draft, action.clone(), now)?;
        if twice {
            let again = self.app().act(draft, action, now)?;
            assert!(again.repeated && again.by == saved.by, "one draft became two entries");
        }
        Ok(saved)
    }

    /// Copies the whole phone, keys and guard included: two phones now write one chain.
    ///
    /// # Panics
    /// If files cannot be copied.
    pub fn clone_as(&mut self, number: usize, now: Millis) -> Self {
        self.companion = None;
        let folder = temporary();
        copy(self.folder.path(), folder.path(), &|_| true).expect("copied");
        let mut dice = self.dice.split();
        let keys = SoftKeys::new(self.secret, Box::new(dice.split()), self.keys.export());
        let clock = PhoneClock::started(now, &mut dice);
        let mut copied = Self {
            number,
            clock,
            people: self.people.clone(),
            companion: None,
            keys: Arc::new(keys),
            secret: self.secret,
            dice,
            folder,
            backup: None,
        };
        self.open();
        copied.open();
        copied
    }

    /// Puts a copy of the database aside, as the system's backup would: without the guard.
    ///
    /// # Panics
    /// If files cannot be copied.
    pub fn back_up(&mut self) {
        self.companion = None;
        let aside = temporary();
        copy(self.folder.path(), aside.path(), &is_database).expect("copied");
        self.backup = Some(aside);
        self.open();
    }

    /// Puts the copy back in the place of the database. Says whether there was one.
    ///
    /// # Panics
    /// If files cannot be copied.
    pub fn restore(&mut self) -> bool {
        let Some(aside) = self.backup.take() else { return false };
        self.companion = None;
        for file in database_files(self.folder.path()) {
            std::fs::remove_file(file).expect("removed");
        }
        copy(aside.path(), self.folder.path(), &is_database).expect("copied");
        self.open();
        true
    }
}

fn is_database(name: &str) -> bool {
    ["log.db", "log.db-wal", "log.db-shm"].contains(&name)
}

fn database_files(folder: &Path) -> Vec<PathBuf> {
    ["log.db", "log.db-wal", "log.db-shm"].iter().map(|n| folder.join(n)).filter(|f| f.exists()).collect()
}
