//! Dutylog itself: real records by real rules, in the place of a limit.

mod counted;
mod place;
mod told;

use std::path::Path;
use std::sync::Arc;

use dutylog_core::base::{BootId, DraftId, Reading};
use dutylog_core::commit::{ClockWatch, Stamp, Stamped};
use dutylog_core::log::merkle::site_leaf;
use dutylog_core::log::{Absorbed, Arrival, ClockEvidence, ConfigCite, Holdings, Pulled, Segment};
use dutylog_core::records::RecordKind;
use dutylog_core::store::{Config, Context, Durability as Waits, Store};
use dutylog_core::sync::verify::{Checked, verify};
use dutylog_core::sync::{Frame, Signatures};

use crate::ratios::{Durability, Lister, Outcome, Recorder, Wire};
use crate::recorded::{self, Names, frames};
use crate::site_year::{Action, record_id};
use place::Place;
pub(crate) use told::ByRows;

/// The entry that opened the session in which everything is recorded.
const SESSION: u64 = 1;
const BOOT: BootId = BootId([7; 8]);

/// One phone of the site with its store.
pub(crate) struct Dutylog {
    place: Place,
    store: Store,
    clock: ClockWatch,
}

impl Recorder for Dutylog {
    const NAME: &'static str = "Dutylog";
    /// History frames as the server sends them.
    type Parcel = Vec<Vec<u8>>;

    fn open(folder: &Path, durability: Durability) -> Outcome<Self> {
        let place = Place::new();
        let mut config = Config::new(folder.join("log.db"), place.identity());
        config.durability = if durability == Durability::Full { Waits::Full } else { Waits::Normal };
        config.ballast = 0;
        let store = Store::open(&config, Arc::clone(&place.keys))?;
        let mut phone = Self { place, store, clock: ClockWatch::default() };
        if phone.store.chain().is_none() {
            phone.enrol()?;
        }
        Ok(phone)
    }

    fn ready(&mut self, next: &Action) -> Outcome<()> {
        if next.begins_record() {
            self.seal()?;
        }
        Ok(self.store.upkeep()?)
    }

    fn commit(&mut self, action: &Action) -> Outcome<()> {
        if self.store.is_full() {
            self.seal()?;
        }
        let at = recorded::at(action);
        let chain = self.store.chain().ok_or("no chain")?;
        let seq = self.store.newest() + 1;
        let stamp = Stamp { chain, seq, at, boot: BOOT, author: Some(self.place.person), session: SESSION };
        let intent = recorded::intent(action, Some(recorded::known(action)));
        let observed = self.clock.observe(Reading { wall: at, zone: 480, mono: at, boot: BOOT });
        let stamped = Stamped::new(intent, stamp)?;
        let cells = stamped.cells().map(|cell| Ok((cell, self.store.register(&cell)?)));
        let cells = cells.collect::<Outcome<_>>()?;
        let entry = stamped.entry(&cells, None)?;
        let draft = DraftId(record_id(!u32::try_from(seq)?));
        let begins = self.store.open_entries() == 0;
        let context = begins.then(|| self.circumstances(observed.evidence)).transpose()?;
        self.store.append(&entry, Some(draft), context.as_ref())?;
        Ok(())
    }

    fn pack(actions: &[Action]) -> Outcome<Vec<Vec<u8>>> {
        frames(&Place::colleague_records(actions, Names::Given), Signatures::Runs, Some(0))
    }

    fn apply(&mut self, parcel: &Vec<Vec<u8>>) -> Outcome<()> {
        parcel.iter().try_for_each(|frame| {
            let frame = Frame::decode(self.place.org(), self.place.site(), frame)?;
            let proven =
                verify(frame.items, self.store.knowledge().trust()).into_iter().map(|item| match item {
                    Checked::Good(segment) => Ok(*segment),
                    other => Err(format!("not proven: {other:?}").into()),
                });
            self.take_in(proven.collect::<Outcome<_>>()?)
        })
    }

    fn close(mut self) -> Outcome<()> {
        self.seal()?;
        counted::everything_counts(&self.store.config().path)?;
        Ok(self.store.checkpoint()?)
    }
}

impl Dutylog {
    /// Takes in what HQ wrote, begins a chain and signs in.
    fn enrol(&mut self) -> Outcome<()> {
        self.store.trust(&self.place.admitted())??;
        self.take_in(vec![self.place.headquarters.clone()])?;
        let chain = self.place.own.chain;
        self.store.start_chain(chain, &self.place.own.certificate)?;
        self.place.own.sign_in(self.place.person);
        let signed_in = self.place.own.seal().decode()?;
        let at = signed_in[0].at;
        let observed = self.clock.observe(Reading { wall: at, zone: 480, mono: at, boot: BOOT });
        let context = self.circumstances(observed.evidence)?;
        self.store.append(&signed_in[0], None, Some(&context))?;
        self.seal()
    }

    fn seal(&mut self) -> Outcome<()> {
        self.store.seal(|message| Ok(self.place.own.sign(message)))?;
        Ok(())
    }

    /// What a segment that begins now says of the phone's circumstances.
    fn circumstances(&self, clock: ClockEvidence) -> Outcome<Context> {
        let config = self.store.knowledge().newest_config();
        Ok(Context {
            clock,
            config: config.map(|(chain, seq)| ConfigCite { chain, seq }),
            checkpoint: self.store.site_root()?,
            seen: self.store.seen()?,
        })
    }

    /// Takes segments in as the next of the site's log.
    fn take_in(&mut self, segments: Vec<Segment>) -> Outcome<()> {
        let Pulled { mut peaks, .. } = self.store.pulled()?;
        let mut arrivals = Vec::with_capacity(segments.len());
        for segment in segments {
            let position = peaks.size();
            peaks.push(site_leaf(position, &segment.header.id()));
            arrivals.push(Arrival { position: Some(position), segment });
        }
        let absorbed = self.store.absorb(arrivals, Some(Pulled { epoch: 1, peaks }))?;
        let all = absorbed.iter().all(|became| *became == Absorbed::Stored);
        if all { Ok(()) } else { Err("something sent was not stored".into()) }
    }
}

impl Lister for Dutylog {
    fn list_last(&mut self, count: u32) -> Outcome<usize> {
        Ok(self.store.reader().list(RecordKind::Round, None, usize::try_from(count)?)?.len())
    }
}

impl Wire for Dutylog {
    const NAME: &'static str = "Dutylog";

    fn bytes(actions: &[Action]) -> Outcome<usize> {
        let segments = Place::colleague_records(actions, Names::Derived);
        Ok(frames(&segments, Signatures::Runs, Some(0))?.iter().map(Vec::len).sum())
    }
}
