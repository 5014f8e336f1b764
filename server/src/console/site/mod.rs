//! Pages of one site.

mod door;
pub(super) mod entry;
mod frame;
mod lines;
pub(super) mod log;
pub(super) mod overview;
pub(super) mod people;
pub(super) mod phones;

pub(super) use door::{OpenSite, site_name, words};
pub(super) use frame::{SiteFrame, Tab, address};
