//! Phones: their chains, their clocks, and when each was last heard.

use askama::Template;

use super::SiteFrame;
use crate::console::Page;
use crate::console::parts::{Badge, Moment};

/// The page.
#[derive(Debug, Template)]
#[template(path = "sites/phones.html")]
pub(in crate::console) struct PhonesPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    pub(in crate::console) phones: Vec<PhoneCard>,
    /// What is kept outside the log.
    pub(in crate::console) aside: Vec<AsideLine>,
}

/// One phone, or HQ's own device.
#[derive(Debug)]
pub(in crate::console) struct PhoneCard {
    pub(in crate::console) name: String,
    pub(in crate::console) state: Badge,
    pub(in crate::console) people: Vec<String>,
    /// When it last spoke to the server.
    pub(in crate::console) contact: Option<Moment>,
    /// The time of its newest record.
    pub(in crate::console) heard: Option<Moment>,
    pub(in crate::console) chains: Vec<ChainLine>,
}

/// One chain.
#[derive(Debug)]
pub(in crate::console) struct ChainLine {
    pub(in crate::console) chain: String,
    pub(in crate::console) last: u64,
    /// Known to exist, but not here.
    pub(in crate::console) owed: u64,
    pub(in crate::console) received: Moment,
    pub(in crate::console) quality: Badge,
    /// Where it contradicts itself.
    pub(in crate::console) fork: Option<u64>,
    /// Its entries.
    pub(in crate::console) href: String,
}

/// A segment that is not part of the log.
#[derive(Debug)]
pub(in crate::console) struct AsideLine {
    pub(in crate::console) chain: String,
    pub(in crate::console) first: u64,
    pub(in crate::console) last: u64,
    pub(in crate::console) reason: String,
    pub(in crate::console) received: Moment,
}
