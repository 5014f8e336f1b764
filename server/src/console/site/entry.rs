//! The evidence of one entry: what was recorded, who vouches for it, and how anybody can check that.

use askama::Template;

use super::SiteFrame;
use crate::console::Page;
use crate::console::parts::{Badge, Link, Moment, filters};

/// The page.
#[derive(Debug, Template)]
#[template(path = "sites/entry.html")]
pub(in crate::console) struct EntryPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    /// Whether it counts, and why not.
    pub(in crate::console) standing: Badge,
    pub(in crate::console) who: String,
    pub(in crate::console) claimed: Moment,
    pub(in crate::console) bracket: (Option<Moment>, Moment),
    pub(in crate::console) quality: Badge,
    pub(in crate::console) records: Vec<Link>,
    pub(in crate::console) session: u64,
    /// Field and new value, in the order of the entry; none if it cannot be read by this version.
    pub(in crate::console) operations: Option<Vec<OperationLine>>,
    pub(in crate::console) device: DeviceProof,
    pub(in crate::console) statement: Option<StatementProof>,
    /// The segment in which it first came.
    pub(in crate::console) segment: SegmentProof,
    pub(in crate::console) chain: String,
    pub(in crate::console) seq: u64,
    pub(in crate::console) leaf: String,
    /// The canonical bytes.
    pub(in crate::console) bytes: String,
    /// Where the proof of it can be had.
    pub(in crate::console) proof: String,
}

/// One change.
#[derive(Debug)]
pub(in crate::console) struct OperationLine {
    pub(in crate::console) field: String,
    pub(in crate::console) value: String,
    /// Entries that it replaces, as `chain/seq`.
    pub(in crate::console) cites: Vec<String>,
}

/// The device that sealed it.
#[derive(Debug)]
pub(in crate::console) struct DeviceProof {
    pub(in crate::console) name: String,
    pub(in crate::console) key: String,
    /// Whether its certificate leads to the organisation's root key.
    pub(in crate::console) check: Badge,
}

/// A person's own signature inside the entry.
#[derive(Debug)]
pub(in crate::console) struct StatementProof {
    pub(in crate::console) purpose: String,
    pub(in crate::console) digest: String,
    pub(in crate::console) check: Badge,
}

/// A segment that carries it.
#[derive(Debug)]
pub(in crate::console) struct SegmentProof {
    pub(in crate::console) id: String,
    pub(in crate::console) first: u64,
    pub(in crate::console) last: u64,
    /// Whether the device's signature is good.
    pub(in crate::console) seal: Badge,
    pub(in crate::console) position: u64,
    pub(in crate::console) received: Moment,
    /// The server's epoch then.
    pub(in crate::console) epoch: u32,
    /// Size and root of the site's log that ends with it, as its receipt names them.
    pub(in crate::console) log: (u64, String),
    /// The entries' root, and the path to it from the leaf.
    pub(in crate::console) entries_root: String,
    pub(in crate::console) path: Vec<String>,
    /// Whether the path leads there.
    pub(in crate::console) path_check: Badge,
}
