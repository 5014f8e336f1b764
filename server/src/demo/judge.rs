//! Judges what became of everything that phones were told is saved: journals against the server's log, views against rebuilt ones.

mod conflicts;

use std::collections::BTreeMap;
use std::path::Path;

use dutylog_core::log::{Entry, EntryRef, Role, leaf_of};
use dutylog_core::records::Kind;

use super::DemoError;
use super::phone::journal;
use crate::app::AppState;
use crate::ledger::{SiteScope, Stored};
use conflicts::Writes;

/// Bytes of the log that are looked at together.
const PAGE_BYTES: usize = 1 << 20;

/// What the server holds, held against the journals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Judgement {
    /// Entries that phones were told are saved.
    pub(super) recorded: u64,
    /// Those of them that the server holds.
    pub(super) received: u64,
    /// Entries that the server holds more than once, and those that no journal knows; HQ's own are not among them.
    pub(super) doubled: u64,
    /// Segments on the server.
    pub(super) segments: u64,
    /// Fields that two had written without having seen each other.
    pub(super) conflicts: u64,
    /// Entries on the server by their kind.
    kinds: BTreeMap<u16, u64>,
    /// The sites whose rebuilt views are not what they were.
    pub(super) rebuilt_otherwise: Vec<SiteScope>,
}

impl Judgement {
    /// How many entries of a kind the server holds.
    pub(super) fn count(&self, kind: Kind) -> u64 {
        self.kinds.get(&kind.code()).copied().unwrap_or_default()
    }
}

/// Judges the sites of a server.
///
/// # Errors
/// [`DemoError`] when journals, log or views cannot be read.
pub(super) async fn judge(
    state: &AppState,
    scopes: &[SiteScope],
    journals: &Path,
) -> Result<Judgement, DemoError> {
    let mut judgement = Judgement::default();
    let mut held: BTreeMap<EntryRef, u64> = BTreeMap::new();
    for scope in scopes {
        judgement.conflicts += read_log(state, *scope, &mut judgement, &mut held).await?.conflicts();
        if rebuilt(state, *scope).await? {
            judgement.rebuilt_otherwise.push(*scope);
        }
    }
    let acknowledged = acknowledged(journals)?;
    judgement.recorded = acknowledged.len() as u64;
    for by in &acknowledged {
        if let Some(times) = held.remove(by) {
            judgement.received += 1;
            judgement.doubled += times - 1;
        }
    }
    judgement.doubled += held.values().sum::<u64>();
    Ok(judgement)
}

/// Every entry that any phone was told is saved.
fn acknowledged(journals: &Path) -> Result<Vec<EntryRef>, DemoError> {
    let failed = |error| DemoError::Journal(journals.to_owned(), error);
    let mut all = Vec::new();
    for file in std::fs::read_dir(journals).map_err(failed)? {
        let path = file.map_err(failed)?.path();
        all.extend(journal::read(&path).map_err(|error| DemoError::Journal(path, error))?);
    }
    Ok(all)
}

/// Counts what the log of a site holds of phones; what HQ wrote itself is in no journal. Gives what was written to which fields.
async fn read_log(
    state: &AppState,
    scope: SiteScope,
    judgement: &mut Judgement,
    held: &mut BTreeMap<EntryRef, u64>,
) -> Result<Writes, DemoError> {
    let mut writes = Writes::default();
    let (ledger, trust) = (state.api.ledger(), state.views.trust(scope).await?);
    let mut from = 0;
    loop {
        let page = ledger.page(scope, from, PAGE_BYTES).await?;
        let Some(last) = page.last() else { return Ok(writes) };
        from = last.place.position + 1;
        for Stored { segment, .. } in &page {
            judgement.segments += 1;
            let hq = trust.get(segment.key).is_some_and(|c| c.claims.role == Role::Headquarters);
            for (seq, bytes) in (segment.header.first..).zip(&segment.entries) {
                let by = EntryRef { chain: segment.header.chain, seq, leaf: leaf_of(bytes) };
                if let Ok(entry) = Entry::from_bytes(bytes) {
                    *judgement.kinds.entry(entry.kind).or_default() += 1;
                    writes.take(by, &entry);
                }
                if !hq {
                    *held.entry(by).or_default() += 1;
                }
            }
        }
    }
}

/// Whether views that are made anew from the log differ from those that grew with it.
async fn rebuilt(state: &AppState, scope: SiteScope) -> Result<bool, DemoError> {
    let projector = &state.projector;
    projector.catch_up(scope).await?;
    let before = projector.dump(scope).await?;
    projector.rebuild(scope).await?;
    Ok(projector.dump(scope).await? != before)
}
