//! The rounds of a site, day by day.

use askama::Template;

use crate::console::Page;
use crate::console::chart::Strip;
use crate::console::parts::Badge;
use crate::console::site::log::Choice;
use crate::console::site::SiteFrame;

/// The page.
#[derive(Debug, Template)]
#[template(path = "rounds/list.html")]
pub(in crate::console) struct RoundsPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    pub(in crate::console) statuses: Vec<Choice>,
    pub(in crate::console) from: String,
    pub(in crate::console) until: String,
    pub(in crate::console) days: Vec<Day>,
    pub(in crate::console) older: Option<String>,
    pub(in crate::console) newer: Option<String>,
}

/// The rounds of one day.
#[derive(Debug)]
pub(in crate::console) struct Day {
    pub(in crate::console) date: String,
    pub(in crate::console) strip: Strip,
    pub(in crate::console) rounds: Vec<RoundLine>,
}

/// One round, or one that should have been.
#[derive(Debug)]
pub(in crate::console) struct RoundLine {
    pub(in crate::console) window: String,
    pub(in crate::console) what: String,
    /// The round's page; none while there is no record of it.
    pub(in crate::console) href: Option<String>,
    pub(in crate::console) status: Badge,
    /// Which phones are silent or owe records, or why it was left out.
    pub(in crate::console) why: Option<String>,
    pub(in crate::console) who: String,
    /// Answers that ask for attention.
    pub(in crate::console) flagged: u32,
    pub(in crate::console) conflicts: u32,
}
