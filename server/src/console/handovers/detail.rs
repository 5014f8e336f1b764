//! One handover: exactly what both leads were shown and signed.

use askama::Template;

use crate::console::Notice;
use crate::console::Page;
use crate::console::parts::{Badge, Link, Moment, Source, filters};
use crate::console::remarks::Remarks;
use crate::console::site::SiteFrame;
use crate::console::site::log::LogDay;

/// The page.
#[derive(Debug, Template)]
#[template(path = "handovers/detail.html")]
pub(in crate::console) struct HandoverPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    pub(in crate::console) notice: Option<Notice>,
    pub(in crate::console) state: Badge,
    /// Why the outgoing lead signed alone, or took it back.
    pub(in crate::console) reasons: Vec<(&'static str, String)>,
    /// What was signed: several only if a copied phone froze it twice.
    pub(in crate::console) sheets: Vec<SignedSheet>,
    pub(in crate::console) signatures: Vec<Signed>,
    /// What was recorded before the cut and arrived after it.
    pub(in crate::console) addenda: Vec<LogDay>,
    pub(in crate::console) addenda_acknowledged: Vec<(Source, String)>,
    pub(in crate::console) remarks: Remarks,
    pub(in crate::console) days: Vec<LogDay>,
}

/// A frozen document with its text.
#[derive(Debug)]
pub(in crate::console) struct SignedSheet {
    /// The text, to the letter.
    pub(in crate::console) text: String,
    /// Its language.
    pub(in crate::console) lang: String,
    /// What both sign.
    pub(in crate::console) digest: String,
    pub(in crate::console) text_digest: String,
    /// Whether text and document belong together.
    pub(in crate::console) check: Badge,
    pub(in crate::console) frozen: Option<Moment>,
    /// What is handed on, to whom.
    pub(in crate::console) open: Vec<(Link, String)>,
    /// Phones that were not heard when it was frozen.
    pub(in crate::console) gaps: Vec<String>,
    /// The causal cut.
    pub(in crate::console) heads: Vec<CutHead>,
}

/// How far one chain is included.
#[derive(Debug)]
pub(in crate::console) struct CutHead {
    pub(in crate::console) phone: String,
    pub(in crate::console) chain: String,
    pub(in crate::console) seq: u64,
    pub(in crate::console) segment: String,
}

/// One signature.
#[derive(Debug)]
pub(in crate::console) struct Signed {
    pub(in crate::console) role: String,
    pub(in crate::console) decision: Badge,
    pub(in crate::console) remarks: String,
    pub(in crate::console) source: Source,
    /// Whether it verifies against the person's certificate and this document.
    pub(in crate::console) check: Badge,
    /// The digest that was signed.
    pub(in crate::console) digest: String,
}
