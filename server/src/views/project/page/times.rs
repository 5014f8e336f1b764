//! When the segments of a page came, and what they prove not to have been made before.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{Digest, Millis};
use dutylog_core::log::Header;
use sqlx::Row as _;

use super::Page;
use crate::ledger::Stored;
use crate::views::ViewError;
use crate::views::bulk::Bulk;
use crate::views::columns;
use crate::views::project::mind::{Mind, Sources};

const RECEIVED: Bulk = Bulk::lookup(
    "WITH k (position) AS (VALUES",
    ") SELECT s.position, s.received_ms FROM k CROSS JOIN view_segments s WHERE s.site = ? AND s.position = k.position",
);
const NOT_BEFORE: Bulk = Bulk::lookup(
    "WITH k (id) AS (VALUES",
    ") SELECT s.id, s.not_before_ms FROM k CROSS JOIN view_segments s
     WHERE s.site = ? AND s.id = k.id AND s.not_before_ms IS NOT NULL",
);

/// When segments came and what they prove, of the page and of what it cites.
#[derive(Debug, Default)]
pub(super) struct Times {
    pub(super) received: BTreeMap<u64, Millis>,
    pub(super) not_before: BTreeMap<Digest, Millis>,
}

impl Page {
    /// Looks up what the page cites.
    pub(super) async fn know_times(
        &mut self,
        mind: &Mind,
        sources: &Sources,
        stored: &[Stored],
    ) -> Result<(), ViewError> {
        let site = mind.scope.site();
        let mut db = sources.database.readers().acquire().await?;
        let roots: BTreeMap<u64, Digest> =
            stored.iter().filter_map(|s| s.segment.header.checkpoint).map(|c| (c.size, c.root)).collect();
        let mut positions = Vec::new();
        for (size, root) in roots {
            // A root that this log never had proves nothing.
            let known = sources.ledger.root_at(mind.scope, size).await?;
            positions.extend(size.checked_sub(1).filter(|_| known.is_some_and(|k| k.root == root)));
        }
        for own in stored.iter().filter(|s| positions.contains(&s.place.position)) {
            self.times.received.insert(own.place.position, own.place.received);
        }
        let keys: Vec<_> = positions.into_iter().map(|p| vec![p.into()]).collect();
        for row in RECEIVED.fetch(&mut db, site, &keys).await? {
            self.times.received.insert(columns::count(&row, "position")?, row.try_get("received_ms")?);
        }
        let ids: BTreeSet<Digest> = stored.iter().flat_map(|s| cited(&s.segment.header)).collect();
        let keys: Vec<_> = ids.into_iter().map(|id| vec![id.into()]).collect();
        for row in NOT_BEFORE.fetch(&mut db, site, &keys).await? {
            self.times.not_before.insert(Digest(columns::fixed(&row, "id")?), row.try_get("not_before_ms")?);
        }
        Ok(())
    }

    /// The newest thing a segment cites whose time is proven: it cannot have been begun before.
    pub(super) fn not_before(&self, mind: &Mind, stored: &Stored) -> Option<Millis> {
        let header = &stored.segment.header;
        // A chain begins with its device's certificate, whose time is the server's.
        let device = mind.knowledge.device(header.chain).filter(|_| header.first == 1);
        let certified = device.map(|device| device.claims.issued);
        let of_root = header.checkpoint.and_then(|c| {
            let last = c.size.checked_sub(1).filter(|last| *last < stored.place.position)?;
            self.times.received.get(&last).copied()
        });
        cited(header)
            .filter_map(|id| self.times.not_before.get(&id).copied())
            .chain(of_root)
            .chain(certified)
            .max()
    }
}

/// The segments a header names: what it had seen, and its predecessor.
fn cited(header: &Header) -> impl Iterator<Item = Digest> + '_ {
    header.seen.iter().map(|(_, head)| head.segment).chain([header.prev])
}
