//! One incident: what was told, what is missing before it closes, and its five times apart.

use askama::Template;

use crate::console::parts::{Badge, Link, Moment, Source, Tone, filters};
use crate::console::remarks::Remarks;
use crate::console::site::SiteFrame;
use crate::console::site::log::LogDay;
use crate::console::{Notice, Page};

/// The page.
#[derive(Debug, Template)]
#[template(path = "incidents/detail.html")]
pub(in crate::console) struct IncidentPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    pub(in crate::console) notice: Option<Notice>,
    pub(in crate::console) state: Badge,
    pub(in crate::console) severity: Option<Badge>,
    /// The one-hour clock of a major incident, in a sentence.
    pub(in crate::console) clock: Option<(Tone, String)>,
    /// Occurred, received, recorded, delivered, acknowledged.
    pub(in crate::console) times: Vec<Step>,
    /// What must be told or settled before it closes.
    pub(in crate::console) missing: Vec<String>,
    pub(in crate::console) fields: Vec<FieldLine>,
    pub(in crate::console) assigned: Vec<String>,
    /// The round and item it came from.
    pub(in crate::console) origin: Option<Link>,
    pub(in crate::console) timeline: Vec<(String, Moment, Source)>,
    pub(in crate::console) acknowledged: Vec<Source>,
    /// Reports by telephone: whom, with which code.
    pub(in crate::console) phone_reports: Vec<(String, String, Source)>,
    /// Where an acknowledgement is posted to; none if the reader may not, or it is closed.
    pub(in crate::console) acknowledge: Option<String>,
    pub(in crate::console) remarks: Remarks,
    pub(in crate::console) days: Vec<LogDay>,
}

/// One of the five times.
#[derive(Debug)]
pub(in crate::console) struct Step {
    /// Its message.
    pub(in crate::console) label: &'static str,
    pub(in crate::console) at: Option<Moment>,
    /// How long after the one before.
    pub(in crate::console) after: Option<String>,
}

/// One field.
#[derive(Debug)]
pub(in crate::console) struct FieldLine {
    /// Its number, which names it in forms.
    pub(in crate::console) field: u16,
    pub(in crate::console) label: String,
    pub(in crate::console) values: Vec<Told>,
    /// How its disagreement is settled; none if there is none, or the reader may not.
    pub(in crate::console) settle: Option<String>,
}

/// One live value.
#[derive(Debug)]
pub(in crate::console) struct Told {
    pub(in crate::console) text: String,
    pub(in crate::console) source: Source,
    /// Names it in the form that settles.
    pub(in crate::console) key: String,
}

impl FieldLine {
    fn disputed(&self) -> bool {
        self.values.len() > 1
    }
}
