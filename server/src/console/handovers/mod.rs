//! Handovers: the text that was signed, by whom, and what came after the cut.

use dutylog_core::records::handover::HandoverState;

use super::parts::Tone;

pub(super) mod detail;
pub(super) mod list;

/// How a handover's state looks.
pub(super) const fn tone(state: HandoverState) -> Tone {
    match state {
        HandoverState::Accepted => Tone::Good,
        HandoverState::Offered => Tone::Info,
        HandoverState::OneSided | HandoverState::Refused => Tone::Late,
        HandoverState::Draft | HandoverState::Withdrawn => Tone::Plain,
    }
}
