//! A site's log as a timeline, newest first.

use askama::Template;

use super::SiteFrame;
use crate::console::Page;
use crate::console::parts::{Badge, Link, Moment, Tone};

/// The page.
#[derive(Debug, Template)]
#[template(path = "sites/log.html")]
pub(in crate::console) struct LogPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    pub(in crate::console) filter: FilterForm,
    pub(in crate::console) lines: Vec<LogLine>,
    /// Where what is older begins.
    pub(in crate::console) older: Option<String>,
    /// The newest, if this is not it.
    pub(in crate::console) newest: Option<String>,
}

/// What was asked for, and what can be.
#[derive(Debug, Default)]
pub(in crate::console) struct FilterForm {
    pub(in crate::console) families: Vec<Choice>,
    pub(in crate::console) people: Vec<Choice>,
    pub(in crate::console) from: String,
    pub(in crate::console) until: String,
    pub(in crate::console) problems: bool,
}

/// One of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::console) struct Choice {
    pub(in crate::console) value: String,
    pub(in crate::console) label: String,
    pub(in crate::console) chosen: bool,
}

/// One entry.
#[derive(Debug)]
pub(in crate::console) struct LogLine {
    pub(in crate::console) tone: Tone,
    pub(in crate::console) what: String,
    /// More of it, as far as it fits on a line.
    pub(in crate::console) detail: String,
    /// The record it is about.
    pub(in crate::console) record: Option<Link>,
    /// A person, or the phone alone.
    pub(in crate::console) who: String,
    pub(in crate::console) claimed: Moment,
    /// Not before (if anything shows it), not after.
    pub(in crate::console) bracket: (Option<Moment>, Moment),
    pub(in crate::console) quality: Badge,
    /// Position in the site's log, as the receipt names it.
    pub(in crate::console) position: u64,
    /// Why it does not count, if it does not.
    pub(in crate::console) problem: Option<Badge>,
    /// The entry's evidence.
    pub(in crate::console) href: String,
}
