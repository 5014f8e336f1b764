//! How a round's status looks and is called in addresses.

use dutylog_core::records::round::RoundStatus;

use crate::console::chart::{Cell, Look, Strip};
use crate::console::parts::Tone;
use crate::console::words::Words;
use crate::views::RoundLine;

/// Every status, as a filter offers them.
pub(in crate::console) const ALL: [RoundStatus; 9] = [
    RoundStatus::OnTime,
    RoundStatus::Late,
    RoundStatus::Running,
    RoundStatus::Due,
    RoundStatus::Missed,
    RoundStatus::NotHereYet(Vec::new()),
    RoundStatus::Unknown(Vec::new()),
    RoundStatus::Skipped,
    RoundStatus::Upcoming,
];

/// Its tone.
pub(in crate::console) const fn tone(status: &RoundStatus) -> Tone {
    match status {
        RoundStatus::OnTime => Tone::Good,
        RoundStatus::Late => Tone::Late,
        RoundStatus::Running => Tone::Info,
        RoundStatus::Missed => Tone::Bad,
        RoundStatus::NotHereYet(_) => Tone::Awaited,
        RoundStatus::Unknown(_) => Tone::Unknown,
        RoundStatus::Upcoming | RoundStatus::Due | RoundStatus::Skipped => Tone::Plain,
    }
}

/// What it is called in addresses.
pub(in crate::console) const fn code(status: &RoundStatus) -> &'static str {
    match status {
        RoundStatus::OnTime => "on-time",
        RoundStatus::Late => "late",
        RoundStatus::Running => "running",
        RoundStatus::Due => "due",
        RoundStatus::Missed => "missed",
        RoundStatus::NotHereYet(_) => "not-here-yet",
        RoundStatus::Unknown(_) => "unknown",
        RoundStatus::Skipped => "skipped",
        RoundStatus::Upcoming => "upcoming",
    }
}

/// Rounds in a row, in the order given.
pub(in crate::console) fn strip(rounds: &[&RoundLine], words: &Words, title: String) -> Strip {
    let cell = |line: &&RoundLine| {
        let (planned, status) = (line.planned.as_ref()?, line.status.as_ref()?);
        let title =
            format!("{} {} · {}", words.hours(planned.window), words.text(&planned.name), words.of(status));
        Some(Cell { look: Look::from(status), title })
    };
    Strip { title, cells: rounds.iter().filter_map(cell).collect() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_status_has_its_own_address() {
        assert_eq!(ALL.iter().map(code).collect::<BTreeSet<_>>().len(), ALL.len());
    }
}
