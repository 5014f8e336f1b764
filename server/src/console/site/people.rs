//! Attendance: who checked in and out, with what evidence of place.

use askama::Template;

use super::SiteFrame;
use crate::console::Page;
use crate::console::parts::{Badge, Source};

/// The page.
#[derive(Debug, Template)]
#[template(path = "sites/people.html")]
pub(in crate::console) struct PeoplePage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    pub(in crate::console) people: Vec<PersonLine>,
    pub(in crate::console) days: Vec<AttendanceDay>,
    pub(in crate::console) older: Option<String>,
}

/// Somebody who is described at the site.
#[derive(Debug)]
pub(in crate::console) struct PersonLine {
    pub(in crate::console) name: String,
    pub(in crate::console) staff_number: String,
    pub(in crate::console) posts: String,
    /// What they recorded.
    pub(in crate::console) href: String,
}

/// One day's attendance.
#[derive(Debug)]
pub(in crate::console) struct AttendanceDay {
    pub(in crate::console) date: String,
    pub(in crate::console) lines: Vec<AttendanceLine>,
}

/// Somebody came, went, or a correction was recorded.
#[derive(Debug)]
pub(in crate::console) struct AttendanceLine {
    pub(in crate::console) person: String,
    pub(in crate::console) what: String,
    pub(in crate::console) post: String,
    /// How the place is shown, if at all.
    pub(in crate::console) place: Option<Badge>,
    /// The reason of a correction.
    pub(in crate::console) reason: Option<String>,
    pub(in crate::console) source: Source,
}
