//! What a phone of the site recorded, sealed at the end of every record, and the frames that carry it.

use std::collections::BTreeMap;

use dutylog_core::log::{MAX_SEGMENT, Segment};
use dutylog_core::sync::{Fit, FrameWriter, Signatures};
use dutylog_core::testing::Author;

use super::{at, intent, known};
use crate::ratios::Outcome;
use crate::site_year::{Action, Kind};

/// How records get their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    /// From the entry that creates them, as the product does.
    Derived,
    /// The workload's own, so that two phones that have not met mean the same record.
    Given,
}

/// Whoever is signed in on a phone records the actions.
pub(crate) fn segments(author: &mut Author, actions: &[Action], names: Names) -> Vec<Segment> {
    let mut open = usize::from(author.last() > author.head().map_or(0, |head| head.seq));
    let (mut segments, mut derived) = (Vec::new(), BTreeMap::new());
    for action in actions {
        if open > 0 && action.begins_record() || open == MAX_SEGMENT {
            segments.push(author.seal());
            open = 0;
        }
        let record = match names {
            Names::Given => Some(known(action)),
            Names::Derived => derived.get(&action.record).copied(),
        };
        author.wall = at(action) - 1_000;
        let recorded = author.record(intent(action, record));
        derived.entry(action.record).or_insert(recorded.records[0]);
        open += 1;
    }
    segments.push(author.seal());
    segments
}

impl Action {
    /// Whether it is the first action in its record; the record before is sealed then.
    pub(crate) fn begins_record(&self) -> bool {
        matches!(self.kind, Kind::Round | Kind::Handover | Kind::Incident) && self.fields.len() > 1
    }
}

/// The frames that carry segments: as the server sends a site's history (one signature a run, from a position on), or as a phone
/// pushes them (each with its own).
pub(crate) fn frames(
    segments: &[Segment],
    signatures: Signatures,
    from: Option<u64>,
) -> Outcome<Vec<Vec<u8>>> {
    let mut frames = Vec::new();
    let mut rest = segments.iter().peekable();
    while rest.peek().is_some() {
        let mut writer = FrameWriter::new(signatures, from);
        while rest.next_if(|segment| writer.segment(segment) == Fit::Taken).is_some() {}
        if writer.is_empty() {
            return Err("a segment that no frame carries".into());
        }
        frames.push(writer.finish());
    }
    Ok(frames)
}
