//! The workload "one site-year": every action that the people of one busy site record in a year.
//!
//! The same bytes on every machine: all choices come from splitmix64 with one seed. Everything measured is measured on
//! these actions, so figures of different programs can be put beside each other.

mod action;
mod chance;
mod first;
mod second;
mod words;

pub(crate) use action::{Action, Actor, Field, Kind, Value, record_id};

use chance::Chance;

/// The seed of the workload.
pub(crate) const SEED: u64 = 42;

/// Midnight of 1 January 2026 UTC, ms since 1970: when the year begins.
pub(crate) const YEAR_BEGINS: i64 = 1_767_225_600_000;

/// One site-year: what the phone of the site recorded, and what a second phone recorded meanwhile.
#[derive(Debug, Clone)]
pub(crate) struct SiteYear {
    /// The year as the first phone recorded it, in order of time; records are numbered from 0 as they begin.
    pub(crate) first: Vec<Action>,
    /// What a second phone recorded in the last days of the year: 8,000 commits in records of its own, then 2,000 edits
    /// of fields in the last 500 records of the first phone. The second phone holds those records' beginnings and none of
    /// the later writes, so each edit is concurrent with the first phone's write of the same field.
    pub(crate) second: Vec<Action>,
}

/// Makes the site-year.
pub(crate) fn site_year() -> SiteYear {
    let mut chance = Chance::new(SEED);
    let first = first::year(&mut chance);
    let second = second::actions(&first, &mut chance);
    SiteYear { first, second }
}

/// One round of `items` check results in a record of its own: the same actions as in the year, in a record of any size.
pub(crate) fn round_of(items: u16, record: u32) -> Vec<Action> {
    let mut chance = Chance::new(SEED ^ u64::from(record));
    let mut day = first::Writer::new(Actor::First, record, &mut chance);
    day.round(YEAR_BEGINS, items);
    day.actions
}

/// `count` actions: the year again and again, its records numbered from `first_record` on.
pub(crate) fn repeated(year: &[Action], count: usize, first_record: u32) -> Vec<Action> {
    const YEAR_MS: i64 = 365 * 24 * 3_600_000;
    let records = year.last().map_or(0, |last| last.record + 1);
    let years = (0u32..).flat_map(|n| year.iter().map(move |action| (n, action)));
    let moved = years.map(|(n, action)| Action {
        record: first_record + n * records + action.record,
        at_ms: action.at_ms + i64::from(n) * YEAR_MS,
        ..action.clone()
    });
    moved.take(count).collect()
}
