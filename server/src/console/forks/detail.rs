//! One fork.

use askama::Template;

use crate::console::parts::{Badge, Link, Source, filters};
use crate::console::site::SiteFrame;
use crate::console::{Notice, Page};

/// The page.
#[derive(Debug, Template)]
#[template(path = "forks/detail.html")]
pub(super) struct ForkPage {
    pub(super) page: Page,
    pub(super) site: SiteFrame,
    pub(super) notice: Option<Notice>,
    pub(super) state: Badge,
    pub(super) phone: String,
    pub(super) chain: String,
    pub(super) at: u64,
    pub(super) branches: Vec<BranchLine>,
    pub(super) reviews: Vec<ReviewLine>,
    /// What a reader who may review can choose among; none for others.
    pub(super) form: Option<Form>,
}

/// One branch.
#[derive(Debug)]
pub(super) struct BranchLine {
    pub(super) name: String,
    pub(super) first: u64,
    pub(super) last: u64,
    /// Its first entry: what, and where it is proven.
    pub(super) begins: Option<(Link, Source)>,
}

/// What headquarters found.
#[derive(Debug)]
pub(super) struct ReviewLine {
    pub(super) cause: String,
    pub(super) own: String,
    pub(super) note: String,
    pub(super) source: Source,
}

/// The form of a review.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) action: String,
    pub(super) proof: String,
    /// Number and name of each cause.
    pub(super) causes: Vec<(u16, String)>,
}
