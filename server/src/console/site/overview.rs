//! All sites at a glance: how fresh their data is, what is open, how today's rounds stand.

use askama::Template;

use crate::console::Page;
use crate::console::chart::Strip;
use crate::console::parts::{Badge, Link, Moment};

/// The page.
#[derive(Debug, Template)]
#[template(path = "sites/overview.html")]
pub(in crate::console) struct OverviewPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) sites: Vec<SiteCard>,
}

/// One site.
#[derive(Debug)]
pub(in crate::console) struct SiteCard {
    pub(in crate::console) name: String,
    pub(in crate::console) href: String,
    /// The newest delivery of any phone.
    pub(in crate::console) newest: Option<Moment>,
    /// How long ago that was, with a tone once it is long.
    pub(in crate::console) age: Option<Badge>,
    /// Phones in use that have not been heard for long.
    pub(in crate::console) silent: Vec<SilentPhone>,
    pub(in crate::console) open_incidents: u64,
    /// Major incidents that are open, each with its one-hour clock.
    pub(in crate::console) majors: Vec<MajorIncident>,
    pub(in crate::console) rounds: Option<RoundsToday>,
    /// The newest handover.
    pub(in crate::console) handover: Option<(Link, Badge)>,
    /// What asks for attention: never zero.
    pub(in crate::console) attention: Vec<(Link, u64)>,
}

/// A phone that is silent.
#[derive(Debug)]
pub(in crate::console) struct SilentPhone {
    pub(in crate::console) name: String,
    /// Since when; none if it never delivered anything.
    pub(in crate::console) since: Option<Moment>,
}

/// A major incident.
#[derive(Debug)]
pub(in crate::console) struct MajorIncident {
    pub(in crate::console) link: Link,
    pub(in crate::console) clock: Badge,
}

/// Rounds of the site's present day.
#[derive(Debug)]
pub(in crate::console) struct RoundsToday {
    pub(in crate::console) strip: Strip,
    /// Each with its window, what it is, and how it stands.
    pub(in crate::console) rows: Vec<RoundRow>,
    /// How many stand how, in a fixed order; each leads to those rounds.
    pub(in crate::console) totals: Vec<(Badge, usize, String)>,
}

/// One round of the day.
#[derive(Debug)]
pub(in crate::console) struct RoundRow {
    pub(in crate::console) window: String,
    /// The round, or its plan while nobody has begun it.
    pub(in crate::console) what: String,
    /// The round's page once there is a record of it.
    pub(in crate::console) href: Option<String>,
    pub(in crate::console) status: Badge,
    /// Which phones are silent or owe records.
    pub(in crate::console) why: Option<String>,
}
