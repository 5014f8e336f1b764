//! The switch of planted bugs. Only builds with the feature `canary` have it; so it may ask the environment, which the core does nowhere
//! else.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use super::Bug;

/// Names the bug that a process begins with.
const VARIABLE: &str = "DUTYLOG_PLANT";

/// Switches one bug on, or all off.
pub fn plant(bug: Option<Bug>) {
    current().store(bug.map_or(0, |bug| bug as u8), Ordering::SeqCst);
}

pub(super) fn on(bug: Bug) -> bool {
    current().load(Ordering::SeqCst) == bug as u8
}

fn current() -> &'static AtomicU8 {
    static ON: OnceLock<AtomicU8> = OnceLock::new();
    ON.get_or_init(|| AtomicU8::new(named().map_or(0, |bug| bug as u8)))
}

/// What the environment names. A name that is none must not pass for "no bug".
#[expect(
    clippy::disallowed_methods,
    reason = "not in the product; a test process can be told in no other way"
)]
fn named() -> Option<Bug> {
    let name = std::env::var(VARIABLE).ok().filter(|name| !name.is_empty())?;
    let bug = Bug::ALL.into_iter().find(|bug| format!("{bug:?}") == name);
    Some(bug.unwrap_or_else(|| panic!("{VARIABLE}: there is no planted bug {name}")))
}
