//! What can be done for a segment without asking the database: packing its entries, reading what they do. Done ahead, by a second
//! thread, when there is much.

use std::sync::mpsc::sync_channel;
use std::thread;

use super::body;
use super::error::StoreError;
use crate::base::Digest;
use crate::log::{Arrival, Segment};
use crate::merge::{Opaque, Plan};

/// A segment, ready to be judged, stored and folded.
pub(super) struct Prepared<'s> {
    pub(super) segment: &'s Segment,
    pub(super) id: Digest,
    /// Its entries as they lie on disk.
    pub(super) body: Vec<u8>,
    /// What its entries do.
    pub(super) plans: Vec<Result<Plan, Opaque>>,
}

impl<'s> Prepared<'s> {
    pub(super) fn of(segment: &'s Segment) -> Result<Self, StoreError> {
        let entries = segment.entries.decoded()?;
        let body = body::encode(&segment.header, entries);
        Ok(Self { segment, id: segment.header.id(), body, plans: entries.iter().map(Plan::of).collect() })
    }
}

/// How many are prepared at a time; fewer than that are not worth a thread.
const BATCH: usize = 32;

/// Hands each arrival to `work`, in order, with its segment prepared.
pub(super) fn each<'a>(
    arrivals: &'a [Arrival],
    mut work: impl FnMut(&'a Arrival, Prepared<'a>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    if arrivals.len() < BATCH {
        return arrivals.iter().try_for_each(|arrival| work(arrival, Prepared::of(&arrival.segment)?));
    }
    thread::scope(|scope| {
        let (ready, next) = sync_channel(2);
        scope.spawn(move || {
            let prepare = |arrivals: &'a [Arrival]| -> Vec<_> {
                arrivals.iter().map(|arrival| (arrival, Prepared::of(&arrival.segment))).collect()
            };
            // Nobody listens any more once the work has failed.
            arrivals.chunks(BATCH).map(prepare).try_for_each(|batch| ready.send(batch))
        });
        next.into_iter().flatten().try_for_each(|(arrival, prepared)| work(arrival, prepared?))
    })
}
