//! Pages of one site.

pub(super) mod entry;
mod frame;
pub(super) mod log;
pub(super) mod overview;
pub(super) mod people;
pub(super) mod phones;

pub(super) use frame::{SiteFrame, Tab, address};
