//! The same phone, new at the site: it begins with a snapshot of the year.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use dutylog_core::base::ChainId;
use dutylog_core::log::{Holdings, SiteRoot, TakenOver};
use dutylog_core::merge::Lookup;
use dutylog_core::snapshot::{Row, SnapshotWriter, Told};
use dutylog_core::store::{Config, Durability as Waits, Store};
use dutylog_core::sync::{Fit, FrameWriter, Signatures};

use super::Dutylog;
use super::place::Place;
use crate::ratios::{Durability, Outcome, Recorder};
use crate::site_year::Action;

/// A store that takes a snapshot over.
pub(crate) struct ByRows(Store);

impl Recorder for ByRows {
    const NAME: &'static str = "Dutylog by snapshot";
    /// As the server signed it.
    type Parcel = Vec<u8>;

    fn open(folder: &Path, durability: Durability) -> Outcome<Self> {
        let place = Place::new();
        let mut config = Config::new(folder.join("log.db"), place.identity());
        config.durability = if durability == Durability::Full { Waits::Full } else { Waits::Normal };
        config.ballast = 0;
        let mut store = Store::open(&config, Arc::clone(&place.keys))?;
        store.trust(&place.admitted())??;
        Ok(Self(store))
    }

    fn commit(&mut self, _: &Action) -> Outcome<()> {
        Err("it only listens".into())
    }

    /// Made of a phone that took the whole year in; HQ's segments come along.
    fn pack(actions: &[Action]) -> Outcome<Vec<u8>> {
        let folder = tempfile::tempdir()?;
        let mut whole = Dutylog::open(folder.path(), Durability::Normal)?;
        whole.apply(&Dutylog::pack(actions)?)?;
        let (store, place) = (&whole.store, &whole.place);
        let mut writer = SnapshotWriter::default();
        let hq = place.headquarters.header.chain;
        let mut numbers: BTreeMap<ChainId, u32> = BTreeMap::new();
        for (n, (chain, heads)) in (1..).zip(store.heads()?) {
            let (Some(head), Some(device)) = (heads.first().copied(), store.knowledge().device(chain)) else {
                return Err("a chain without an end".into());
            };
            writer.row(&Row::Head(Told { chain, key: device.id(), head, whole: chain == hq }));
            numbers.insert(chain, n);
        }
        let peaks = store.pulled()?.peaks;
        peaks.hashes().iter().for_each(|peak| writer.row(&Row::Peak(*peak)));
        for record in store.records()? {
            writer.record(&store.reader().record(record)?, &numbers)?;
        }
        let mut frame = FrameWriter::new(Signatures::All, None);
        if frame.segment(&place.headquarters) != Fit::Taken {
            return Err("HQ's segment fits no frame".into());
        }
        writer.frame(&frame.finish());
        let log = SiteRoot { size: peaks.size(), root: peaks.root() };
        let (certificate, key) = &*place.log;
        let sign = |message: &[u8]| Ok::<_, std::convert::Infallible>(key.sign(message));
        let Ok(bytes) = writer.finish(place.site(), 1, log).seal(place.org(), certificate.id(), sign);
        Ok(bytes)
    }

    fn apply(&mut self, parcel: &Vec<u8>) -> Outcome<()> {
        match self.0.take_over(parcel)? {
            TakenOver::Taken => Ok(()),
            other => Err(format!("not taken over: {other:?}").into()),
        }
    }

    fn close(mut self) -> Outcome<()> {
        Ok(self.0.checkpoint()?)
    }
}
