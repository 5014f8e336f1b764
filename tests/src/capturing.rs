//! A phone that records one entry after the other into a real store, and keeps a journal outside it of what it was told is saved:
//! what a process that is killed does, and what must be found after it.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dutylog_core::base::{BootId, Digest, DraftId, Reading, Seq, Value};
use dutylog_core::capture::Intent;
use dutylog_core::commit::{ClockWatch, Stamp, Stamped};
use dutylog_core::log::{Arrival, ConfigCite, EntryRef, Holdings, KeyStore, SoftKeys};
use dutylog_core::records::{Kind, Member, incident};
use dutylog_core::store::{BALLAST, Config, Context, Durability, Identity, Standing, Store};
use dutylog_core::testing::{Author, START, World};

use crate::sim::Dice;

/// Entries after which a segment is sealed, as at the end of a short round.
const SEALED_AFTER: usize = 7;
const BOOT: BootId = BootId([3; 8]);

/// The phone, with its store open.
#[derive(Debug)]
pub struct Capturing {
    store: Store,
    phone: Author,
    journal: Journal,
}

/// What the phone was told, line by line: `try <n>` before it asks, `saved <n> <seq> <leaf>` once it was answered.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
}

/// The answers in a journal, by number; and the number that was tried last, if it was not answered.
pub type Told = (BTreeMap<u64, (Seq, Digest)>, Option<u64>);

impl Journal {
    fn open(folder: &Path) -> io::Result<Self> {
        let path = folder.join("journal");
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        Ok(Self { path, file })
    }

    fn line(&mut self, line: &str) -> io::Result<()> {
        self.file.write_all(line.as_bytes())?;
        self.file.flush()
    }

    /// Reads it. A last line that was cut off says nothing.
    ///
    /// # Panics
    /// If it was not written by this.
    #[must_use]
    pub fn told(&self) -> Told {
        let text = std::fs::read_to_string(&self.path).expect("the journal");
        let (mut saved, mut open) = (BTreeMap::new(), None);
        for line in text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
            let number = |word: &str| word.parse::<u64>().expect("a number");
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["try", n] => open = Some(number(n)),
                ["saved", n, seq, leaf] => {
                    saved.insert(number(n), (number(seq), digest(leaf)));
                    open = None;
                }
                _ => panic!("a line of another program: {line}"),
            }
        }
        (saved, open)
    }
}

fn digest(hex: &str) -> Digest {
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    Digest(std::array::from_fn(|n| byte(n * 2)))
}

/// Under which draft the `n`-th action is recorded, however often it is tried.
#[must_use]
pub fn draft(n: u64) -> DraftId {
    DraftId(u128::from(n + 1).to_be_bytes())
}

impl Capturing {
    /// Opens the phone's store; a new one is enrolled first.
    ///
    /// # Panics
    /// If anything does not work: after a kill, too, everything must.
    #[must_use]
    pub fn open(folder: &Path) -> Self {
        let mut world = World::new(1);
        let phone = world.phone(&[]);
        let identity = Identity { org: world.org, root: world.root(), site: world.site, install: [5; 16] };
        let config = Config {
            durability: Durability::Full,
            ballast: BALLAST / 1_000,
            ..Config::new(folder.join("log.db"), identity)
        };
        let keys: Arc<dyn KeyStore> =
            Arc::new(SoftKeys::new([1; 32], Box::new(Dice::new(1)), BTreeMap::new()));
        let mut store = Store::open(&config, keys).expect("the store opens");
        if store.standing() == Standing::NoChain {
            let certificates: Vec<_> = world.certificates.iter().map(|c| c.bytes.clone()).collect();
            store.trust(&certificates).expect("written").expect("proven");
            let arrival = Arrival { position: None, segment: world.publish() };
            store.absorb(vec![arrival], None).expect("taken in");
            store.start_chain(phone.chain, &phone.certificate).expect("a chain");
        }
        assert_eq!(store.standing(), Standing::Writable, "a kill costs nobody the chain");
        let journal = Journal::open(folder).expect("the journal");
        Self { store, phone, journal }
    }

    /// Its store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Its journal.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Its chain's entry of a number and leaf.
    #[must_use]
    pub fn entry(&self, seq: Seq, leaf: Digest) -> EntryRef {
        EntryRef { chain: self.phone.chain, seq, leaf }
    }

    /// Records the `n`-th action, for the first time or again; returns once it is saved and in the journal.
    ///
    /// # Panics
    /// If it is not saved.
    pub fn record(&mut self, n: u64) {
        self.journal.line(&format!("try {n}\n")).expect("written");
        let seq = self.store.newest() + 1;
        let at = START + i64::try_from(seq).expect("few") * 1_000;
        let stamp = Stamp { chain: self.phone.chain, seq, at, boot: BOOT, author: None, session: 0 };
        let text = Value::Text(format!("action {n}"));
        let intent =
            Intent::creating(Kind::IncidentRaised).write(incident::PLACE.id(), Member::Whole, text).done();
        let entry = Stamped::new(intent, stamp).and_then(|stamped| stamped.entry(&BTreeMap::new(), None));
        let entry = entry.expect("a small entry");
        let reading = Reading { wall: at, zone: 480, mono: at, boot: BOOT };
        let context = Context {
            clock: ClockWatch::default().observe(reading).evidence,
            config: self.store.knowledge().newest_config().map(|(chain, seq)| ConfigCite { chain, seq }),
            checkpoint: None,
            seen: self.store.seen().expect("read"),
        };
        let saved = self.store.append(&entry, Some(draft(n)), Some(&context)).expect("saved");
        self.journal.line(&format!("saved {n} {} {}\n", saved.by.seq, saved.by.leaf)).expect("written");
    }

    /// What a phone does between two actions.
    ///
    /// # Panics
    /// If it cannot.
    pub fn rest(&mut self) {
        if self.store.open_entries() >= SEALED_AFTER {
            self.seal();
        }
        self.store.upkeep().expect("kept up");
    }

    /// Seals what is open.
    ///
    /// # Panics
    /// If it cannot.
    pub fn seal(&mut self) {
        self.store.seal(|message| Ok(self.phone.sign(message))).expect("sealed");
    }

    /// The texts of all sealed entries, in the order of the chain.
    ///
    /// # Panics
    /// If they cannot be read.
    #[must_use]
    pub fn sealed(&self) -> Vec<(Seq, Vec<u8>)> {
        let segments = self.store.segments_after(self.phone.chain, None, usize::MAX).expect("read");
        let entries = segments.iter().flat_map(|segment| segment.decode().expect("decoded"));
        entries.map(|entry| (entry.seq, entry.ops)).collect()
    }
}
