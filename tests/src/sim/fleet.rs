//! A site at work: its phones, its server, what was said to be saved, and what was done to break it.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{ChainId, Millis, Seq};
use dutylog_core::capture::{Action, Intake, RaiseIncident};
use dutylog_core::companion::{CompanionError, Saved};
use dutylog_core::log::Holdings as _;
use dutylog_core::records::incident::IncidentKind;
use dutylog_core::sync::End;
use dutylog_core::testing::Author;

use super::acts::Pick;
use super::exchange::converse;
use super::met::{Hazard, Met};
use super::post::Post;
use super::site::START;
use super::{Acked, Device, Dice, Net, Server, Trace};

/// A chain that two phones went on with after a copy.
pub type Copied = BTreeMap<ChainId, Seq>;

/// The site.
#[derive(Debug)]
pub struct Fleet {
    /// The server.
    pub server: Server,
    /// The phones.
    pub phones: Vec<Device>,
    /// Everything that was called saved.
    pub journal: Vec<Acked>,
    /// The chains that must turn out to have forked, and where.
    pub copied: Copied,
    /// Those of them whose open entries were copied too.
    pub shared_tails: BTreeSet<ChainId>,
    /// What went wrong so far.
    pub met: Met,
    /// What happened.
    pub trace: Trace,
    /// The true time.
    pub now: Millis,
    /// Chance.
    pub dice: Dice,
    /// Somebody with a newer app, once there is one.
    pub(super) newer: Option<Author>,
    pub(super) post: Post,
    nets: Vec<Net>,
}

impl Fleet {
    /// So many phones, enrolled, and the people of the site spread over them.
    #[must_use]
    pub fn new(seed: u64, phones: usize) -> Self {
        let mut dice = Dice::new(seed);
        let server = Server::start(dice.split());
        let mut fleet = Self {
            server,
            phones: Vec::new(),
            journal: Vec::new(),
            copied: Copied::new(),
            shared_tails: BTreeSet::new(),
            met: Met::default(),
            trace: Trace::new(),
            now: START + 8 * 3_600_000,
            dice,
            newer: None,
            post: Post::default(),
            nets: Vec::new(),
        };
        (0..phones).for_each(|_| fleet.enrol());
        fleet.server.publish(fleet.now);
        fleet
    }

    fn enrol(&mut self) {
        let crew = Server::crew();
        let number = self.phones.len();
        let count = 1 + self.dice.below(3);
        let people = (0..count).map(|n| crew[(number + n * 2) % crew.len()]).collect();
        let dice = self.dice.split();
        self.server.set_time(self.now);
        self.phones.push(Device::enrol(number, people, &mut self.server, self.now, dice));
        self.nets.push(Net::Good);
    }

    /// A new phone comes to the site. If it can reach the server, it begins with what the server tells.
    pub fn join(&mut self) {
        let phone = self.phones.len();
        self.enrol();
        self.server.publish(self.now);
        self.pass(1_000, 60_000);
        let end = self.sync(phone);
        let store = self.phones[phone].app().store();
        let begun = store.stands_on().expect("read").size();
        self.met.note_if(begun > 0, Hazard::SnapshotTakenOver);
        self.trace.tell(format_args!("{phone} joins: {end:?}, standing on {begun}"));
    }

    /// Time passes.
    pub fn pass(&mut self, from: Millis, to: Millis) {
        self.now += self.dice.between(from, to);
    }

    /// Notes what came of an action.
    ///
    /// # Panics
    /// If it failed for another reason than the rules.
    pub fn note(&mut self, phone: usize, what: &str, done: Result<Saved, CompanionError>) -> bool {
        match done {
            Ok(saved) => {
                let by = saved.by;
                self.trace.tell(format_args!("{phone} {what} {:?} {} {}", saved.kind, by.seq, by.leaf));
                self.journal.push(Acked { by, phone: Some(phone) });
                self.note_circumstances(phone);
                true
            }
            Err(CompanionError::Rejected(rejection)) => {
                self.trace.tell(format_args!("{phone} {what} rejected {rejection:?}"));
                false
            }
            Err(other) => panic!("phone {phone}, {what}: {other:?}"),
        }
    }

    /// What is wrong with a phone that records all the same.
    fn note_circumstances(&mut self, phone: usize) {
        let device = &mut self.phones[phone];
        match device.clock.decades_off() {
            Some(1..) => self.met.note(Hazard::RecordedDecadesAhead),
            Some(_) => self.met.note(Hazard::RecordedDecadesBehind),
            None => {}
        }
        let Some((chain, changed)) = self.server.hq.last_change() else { return };
        let heads = device.app().heads().expect("heads");
        let heard = heads.get(&chain).is_some_and(|heads| heads.iter().any(|head| head.seq >= changed));
        self.met.note_if(!heard, Hazard::ConfigurationInFlight);
    }

    /// Somebody does something on a phone, signing in first if nobody is.
    pub fn act(&mut self, phone: usize) {
        if self.phones[phone].ensure_chain() {
            self.trace.tell(format_args!("{phone} starts another chain"));
        }
        let leaves = self.dice.percent(5);
        if self.phones[phone].app().signed_in().is_none() && self.dice.percent(80) {
            let person = *self.dice.pick(&self.phones[phone].people).expect("somebody");
            let done = self.phones[phone].sign_in(person, self.now);
            self.note(phone, "sign in", done);
        } else if leaves {
            self.phones[phone].sign_out(self.now).expect("signed out");
        }
        if let Some(action) = self.choose(phone) {
            self.pass(500, 60_000);
            self.record(phone, action);
        }
    }

    /// Records an action on a phone.
    pub fn record(&mut self, phone: usize, action: impl Into<Action>) -> bool {
        let done = self.phones[phone].act(action.into(), self.now);
        self.note(phone, "act", done)
    }

    fn choose(&mut self, phone: usize) -> Option<Action> {
        let facts = self.server.hq.facts();
        let device = &mut self.phones[phone];
        let now = device.read(self.now);
        Pick { app: device.app(), dice: &mut self.dice, now, facts }.action()
    }

    /// Raises an incident as the device alone: what always works.
    pub fn raise(&mut self, phone: usize) -> bool {
        let intake = Intake::default();
        self.record(phone, RaiseIncident { kind: IncidentKind::Other, severity: None, origin: None, intake })
    }

    /// The network around a phone becomes something else.
    pub fn weather(&mut self, phone: usize, net: Net) {
        self.trace.tell(format_args!("{phone} net {net:?}"));
        self.nets[phone] = net;
    }

    /// A phone talks to the server over whatever network there is.
    pub fn sync(&mut self, phone: usize) -> Option<End> {
        let (device, net) = (&mut self.phones[phone], self.nets[phone]);
        let end = converse(device, &self.server, net, &mut self.now, &mut self.dice, &mut self.met);
        self.trace.tell(format_args!("{phone} sync {end:?}"));
        end
    }

    /// Copies a phone whole: both go on with one chain. Says whether it did; a chain is copied once.
    pub fn copy(&mut self, phone: usize) -> bool {
        let number = self.phones.len();
        let Some(chain) = self.phones[phone].app().chain() else { return false };
        if self.copied.contains_key(&chain) {
            return false;
        }
        let store = self.phones[phone].app().store();
        let (at, open) = (store.newest(), store.open_entries());
        let copied = self.phones[phone].clone_as(number, self.now);
        self.phones.push(copied);
        self.nets.push(Net::Good);
        self.trace.tell(format_args!("{phone} is copied as {number} at {at}, {open} open"));
        self.pass(500, 60_000);
        let both = [phone, number].map(|n| self.raise(n));
        assert_eq!(both, [true, true], "the incident button works while locked");
        self.copied.insert(chain, at + 1);
        if open > 0 {
            self.shared_tails.insert(chain);
        }
        true
    }

    /// HQ changes the configuration while phones are away.
    pub fn configure(&mut self) {
        self.server.follow_desk();
        let changed = self.server.hq.change(self.now, &mut self.dice);
        self.trace.tell(format_args!("hq {changed}"));
        self.server.set_time(self.now);
        self.server.publish(self.now);
    }
}
