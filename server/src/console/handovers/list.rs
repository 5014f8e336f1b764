//! The handovers of a site.

use askama::Template;

use crate::console::Page;
use crate::console::parts::{Badge, Moment};
use crate::console::site::SiteFrame;

/// The page.
#[derive(Debug, Template)]
#[template(path = "handovers/list.html")]
pub(in crate::console) struct HandoversPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    pub(in crate::console) handovers: Vec<HandoverLine>,
    pub(in crate::console) older: Option<String>,
}

/// One handover.
#[derive(Debug)]
pub(in crate::console) struct HandoverLine {
    pub(in crate::console) href: String,
    /// The day and name of the outgoing shift.
    pub(in crate::console) shift: String,
    pub(in crate::console) outgoing: String,
    pub(in crate::console) incoming: String,
    pub(in crate::console) state: Badge,
    pub(in crate::console) at: Moment,
}
