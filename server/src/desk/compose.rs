//! From actions to a sealed segment of HQ's chain.

use std::collections::BTreeMap;

use dutylog_core::base::{DeviceId, OrgId, PersonId, Seq};
use dutylog_core::capture::{Action, Capture as _, Context, Intent, Side};
use dutylog_core::commit::{Stamp, Stamped};
use dutylog_core::locales::Locale;
use dutylog_core::log::{Entry, EntryRef, MAX_SEGMENT, SealError, Segment};
use dutylog_core::merge::Lookup as _;

use super::circumstances::Circumstances;
use super::lookup::ViewLookup;
use super::{DeskError, Parts};
use crate::ledger::Proven;

/// Actions in one segment: few enough that the largest entries still travel in one push.
pub(super) const BATCH: usize = if MAX_SEGMENT < 64 { MAX_SEGMENT } else { 64 };

/// A segment that can be appended.
pub(super) struct Written {
    pub(super) proven: Proven,
    pub(super) entries: Vec<EntryRef>,
}

/// Captures the actions, one entry each, and seals them.
pub(super) async fn compose(
    parts: &Parts,
    now: &Circumstances,
    person: Option<PersonId>,
    actions: Vec<Action>,
) -> Result<Written, DeskError> {
    let lookup = ViewLookup::new(parts.views.clone(), now.scope);
    let (org, circumstances) = (parts.keys.org(), now.clone());
    // Off the threads that serve requests: the core's rules wait for what they look up.
    let capture = move || capture_all(org, &circumstances, &lookup, person, actions);
    let entries = tokio::task::spawn_blocking(capture).await??;
    let key = parts.keys.headquarters(now.epoch).ok_or(DeskError::NoKey(now.epoch))?;
    let bytes: Vec<Vec<u8>> = entries.iter().map(Entry::to_bytes).collect();
    let seal = |message: &[u8]| Ok::<_, SealError>(key.sign(message));
    let segment = Segment::seal(now.header(), now.device.id(), bytes, seal)?;
    let refs = |(leaf, entry): (_, &Entry)| EntryRef { chain: now.chain, seq: entry.seq, leaf };
    let entries = segment.leaves().into_iter().zip(&entries).map(refs).collect();
    let proven = Proven::new(segment, org, now.scope, &now.device);
    let proven = proven.map_err(|_| SealError::BadEnvelope("HQ's own segment does not verify"))?;
    Ok(Written { proven, entries })
}

fn capture_all(
    org: OrgId,
    now: &Circumstances,
    lookup: &ViewLookup,
    person: Option<PersonId>,
    actions: Vec<Action>,
) -> Result<Vec<Entry>, DeskError> {
    let context = Context {
        org,
        site: now.scope.site(),
        chain: now.chain,
        device: DeviceId(now.device.claims.subject),
        side: Side::Headquarters,
        config: now.config.newest(),
        person,
        now: now.at,
        between: (now.at, now.at),
        heard: now.at,
        locale: Locale::ZhCn,
        state: lookup,
    };
    let entry = |(action, seq): (Action, Seq)| stamp(action.capture(&context)?, now, lookup, person, seq);
    actions.into_iter().zip(now.head + 1..).map(entry).collect()
}

fn stamp(
    intent: Intent,
    now: &Circumstances,
    lookup: &ViewLookup,
    author: Option<PersonId>,
    seq: Seq,
) -> Result<Entry, DeskError> {
    let stamp = Stamp { chain: now.chain, seq, at: now.at, boot: now.clock.boot, author, session: 0 };
    let stamped = Stamped::new(intent, stamp)?;
    if stamped.statement().is_some() {
        return Err(DeskError::NeedsSignature);
    }
    let mut cells = BTreeMap::new();
    for cell in stamped.cells() {
        cells.insert(cell, lookup.register(&cell)?);
    }
    Ok(stamped.entry(&cells, None)?)
}
