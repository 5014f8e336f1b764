//! Handovers: the text that was signed, by whom, and what came after the cut.

use dutylog_core::capture::handover::HandoverDocument;
use dutylog_core::merge::RecordState;
use dutylog_core::records::handover::{DOCUMENT, HandoverState};

use super::parts::Tone;

pub(super) mod detail;
pub(super) mod list;
pub(super) mod show;

/// How a handover's state looks.
pub(super) const fn tone(state: HandoverState) -> Tone {
    match state {
        HandoverState::Accepted => Tone::Good,
        HandoverState::Offered => Tone::Info,
        HandoverState::OneSided | HandoverState::Refused => Tone::Late,
        HandoverState::Draft | HandoverState::Withdrawn => Tone::Plain,
    }
}

/// What was frozen, if this version can read it.
fn document(handover: &RecordState) -> Option<HandoverDocument> {
    HandoverDocument::parse(&handover.get(DOCUMENT)?.bytes.0).ok()
}
