//! What came of a demonstration, in figures.

use std::time::Duration;

use dutylog_core::records::Kind;
use serde::Serialize;

use super::judge::Judgement;
use super::phone::Traffic;

/// What came of a demonstration. The one JSON object of a run without people.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Simulated phones.
    pub phones: usize,
    /// Entries that phones were told are saved.
    pub entries_recorded: u64,
    /// Those of them that the server holds.
    pub entries_received: u64,
    /// Those that it does not.
    pub entries_lost: u64,
    /// Entries that the server holds twice, or that nobody was ever told are saved.
    pub duplicates: u64,
    /// Segments on the server, HQ's own included.
    pub segments: u64,
    /// Rounds that were begun.
    pub rounds: u64,
    /// Incidents that were raised.
    pub incidents: u64,
    /// Handovers that both leads signed.
    pub handovers_signed: u64,
    /// Those of them that were signed on two phones without any network.
    pub handovers_offline: u64,
    /// Fields that people wrote without having seen each other, whether it is settled by now or not; by the definition, from the log.
    pub conflicts: u64,
    /// Requests of phones, enrolments left out.
    pub sync_round_trips: u64,
    /// Bytes of bodies that phones sent.
    pub bytes_up: u64,
    /// Bytes of bodies that phones received.
    pub bytes_down: u64,
    /// How long it took.
    pub seconds: f64,
    #[serde(skip)]
    rebuilt_alike: bool,
}

impl Report {
    pub(super) fn new(
        judgement: &Judgement,
        (phones, traffic): (usize, Traffic),
        handovers_offline: u64,
        took: Duration,
    ) -> Self {
        Self {
            phones,
            entries_recorded: judgement.recorded,
            entries_received: judgement.received,
            entries_lost: judgement.recorded - judgement.received,
            duplicates: judgement.doubled,
            segments: judgement.segments,
            rounds: judgement.count(Kind::RoundStarted),
            incidents: judgement.count(Kind::IncidentRaised),
            handovers_signed: judgement.count(Kind::HandoverAccepted),
            handovers_offline,
            conflicts: judgement.conflicts,
            sync_round_trips: traffic.round_trips,
            bytes_up: traffic.bytes_up,
            bytes_down: traffic.bytes_down,
            seconds: (took.as_secs_f64() * 1_000.0).round() / 1_000.0,
            rebuilt_alike: judgement.rebuilt_otherwise.is_empty(),
        }
    }

    /// Whether rebuilt views are what the live ones were.
    #[must_use]
    pub const fn rebuilt_alike(&self) -> bool {
        self.rebuilt_alike
    }

    /// Whether nothing was lost, nothing doubled, and rebuilt views equal the live ones.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.entries_lost == 0 && self.duplicates == 0 && self.rebuilt_alike
    }

    /// The one JSON object.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("figures and names are always JSON")
    }
}
