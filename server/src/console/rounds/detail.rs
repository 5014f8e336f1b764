//! One round: every item with its answer, who gave it and where the proof is.

use askama::Template;

use super::course::Course;
use crate::console::parts::{Badge, Source, filters};
use crate::console::remarks::Remarks;
use crate::console::site::SiteFrame;
use crate::console::site::log::LogDay;
use crate::console::{Notice, Page};

/// The page.
#[derive(Debug, Template)]
#[template(path = "rounds/detail.html")]
pub(in crate::console) struct RoundPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    pub(in crate::console) notice: Option<Notice>,
    pub(in crate::console) status: Badge,
    /// Why it is said to stand so: the silent phones, the reason for leaving it out.
    pub(in crate::console) reasons: Vec<String>,
    pub(in crate::console) facts: Vec<(&'static str, String)>,
    pub(in crate::console) checkpoints: Vec<CheckpointBlock>,
    pub(in crate::console) signatures: Vec<SignatureLine>,
    pub(in crate::console) remarks: Remarks,
    pub(in crate::console) days: Vec<LogDay>,
}

/// One checkpoint, and what was found there.
#[derive(Debug)]
pub(in crate::console) struct CheckpointBlock {
    pub(in crate::console) name: String,
    /// Proofs of presence, best first.
    pub(in crate::console) presence: Vec<(Badge, String, Source)>,
    /// Why it was left out.
    pub(in crate::console) skipped: Vec<(String, Source)>,
    pub(in crate::console) items: Vec<ItemLine>,
}

/// One item of the checklist.
#[derive(Debug)]
pub(in crate::console) struct ItemLine {
    pub(in crate::console) number: u32,
    pub(in crate::console) text: String,
    /// What is wanted of a reading.
    pub(in crate::console) limits: Option<String>,
    /// The live answers: several if people answered without having seen each other.
    pub(in crate::console) answers: Vec<AnswerLine>,
    /// What became of it when nobody answered.
    pub(in crate::console) otherwise: Option<Badge>,
    /// How its readings went.
    pub(in crate::console) course: Option<Course>,
    /// How its disagreement is settled; none if there is none, or the reader may not.
    pub(in crate::console) settle: Option<String>,
}

/// One answer.
#[derive(Debug)]
pub(in crate::console) struct AnswerLine {
    pub(in crate::console) verdict: Badge,
    pub(in crate::console) reading: Option<String>,
    pub(in crate::console) note: Option<String>,
    pub(in crate::console) source: Source,
    /// Names it in the form that settles.
    pub(in crate::console) key: String,
}

/// One signature of a person.
#[derive(Debug)]
pub(in crate::console) struct SignatureLine {
    pub(in crate::console) source: Source,
    /// Whether it verifies.
    pub(in crate::console) check: Badge,
    /// Digest of the text that was shown.
    pub(in crate::console) digest: String,
}

impl ItemLine {
    fn disputed(&self) -> bool {
        self.answers.len() > 1
    }
}
