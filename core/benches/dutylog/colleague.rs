//! What another phone of the site recorded, sealed at the end of every record, as the server passes it on.

use std::collections::BTreeMap;

use dutylog_core::log::{MAX_SEGMENT, Segment};
use dutylog_core::sync::{Fit, FrameWriter, Signatures};

use super::place::Place;
use super::records;
use crate::ratios::Outcome;
use crate::site_year::{Action, Actor};

/// How records get their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// From the entry that creates them, as the product does.
    Derived,
    /// The workload's own, so that two phones that have not met mean the same record.
    Given,
}

/// The colleague signs in and records the actions.
pub(super) fn segments(actions: &[Action], names: Names) -> Vec<Segment> {
    let Place { first, second, person, .. } = Place::new();
    let Some(action) = actions.first() else { return Vec::new() };
    let mut author = if action.actor == Actor::First { first } else { second };
    author.sign_in(person);
    let (mut segments, mut derived, mut open) = (Vec::new(), BTreeMap::new(), 1);
    for action in actions {
        if action.begins_record() || open == MAX_SEGMENT {
            segments.push(author.seal());
            open = 0;
        }
        let record = match names {
            Names::Given => Some(records::known(action)),
            Names::Derived => derived.get(&action.record).copied(),
        };
        author.wall = records::at(action) - 1_000;
        let recorded = author.record(records::intent(action, record));
        derived.entry(action.record).or_insert(recorded.records[0]);
        open += 1;
    }
    segments.push(author.seal());
    segments
}

/// The frames of history that carry them.
pub(super) fn frames(segments: &[Segment]) -> Outcome<Vec<Vec<u8>>> {
    let mut frames = Vec::new();
    let mut rest = segments.iter().peekable();
    while rest.peek().is_some() {
        let mut writer = FrameWriter::new(Signatures::Runs, Some(0));
        while rest.next_if(|segment| writer.segment(segment) == Fit::Taken).is_some() {}
        if writer.is_empty() {
            return Err("a segment that no frame carries".into());
        }
        frames.push(writer.finish());
    }
    Ok(frames)
}
