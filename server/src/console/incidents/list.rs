//! The incidents of a site.

use askama::Template;

use crate::console::Page;
use crate::console::parts::{Badge, Moment};
use crate::console::site::SiteFrame;
use crate::console::site::log::Choice;

/// The page.
#[derive(Debug, Template)]
#[template(path = "incidents/list.html")]
pub(in crate::console) struct IncidentsPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    pub(in crate::console) states: Vec<Choice>,
    pub(in crate::console) incidents: Vec<IncidentLine>,
    pub(in crate::console) older: Option<String>,
}

/// One incident.
#[derive(Debug)]
pub(in crate::console) struct IncidentLine {
    pub(in crate::console) href: String,
    pub(in crate::console) what: String,
    pub(in crate::console) place: String,
    pub(in crate::console) severity: Option<Badge>,
    pub(in crate::console) state: Badge,
    pub(in crate::console) clock: Option<Badge>,
    pub(in crate::console) since: Moment,
    pub(in crate::console) conflicts: u32,
}
