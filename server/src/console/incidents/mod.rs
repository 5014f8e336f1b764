//! Incidents: what is known, what is missing, and the clock of a major one.

use dutylog_core::records::incident::{IncidentState, Severity};

use super::parts::{Badge, Tone};
use super::site::OpenSite;
use crate::views::IncidentAt;

pub(super) mod detail;
pub(super) mod list;
pub(super) mod show;

/// How severe.
fn severity_badge(site: &OpenSite, severity: Severity) -> Badge {
    let tone = match severity {
        Severity::High => Tone::Bad,
        Severity::Medium => Tone::Late,
        Severity::Low => Tone::Plain,
    };
    Badge::new(tone, site.words.of(&severity))
}

/// Where it stands.
fn state_badge(site: &OpenSite, at: IncidentAt) -> Badge {
    let (tone, state) = match at {
        IncidentAt::Open => (Tone::Late, IncidentState::Open),
        IncidentAt::Acknowledged => (Tone::Info, IncidentState::Acknowledged),
        IncidentAt::Closed => (Tone::Good, IncidentState::Closed),
    };
    Badge::new(tone, site.words.of(&state))
}
