//! After the story: the sites go on in real time, a phone every few seconds, until somebody stops it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use super::DemoError;
use super::chance::Chance;
use super::director::Director;
use super::story::{Deed, Slot, What, errand};
use super::world::places;
use crate::clock::{Clock as _, SECOND, SystemClock};

/// Records of the story itself are counted up to here, in thousands.
const FIRST_ERRAND: Slot = 1_000;
/// How long a stop may be noticed late.
const NAP: Duration = Duration::from_millis(100);

/// Goes on until asked to stop.
///
/// # Errors
/// [`DemoError`]
pub(super) fn go_on(director: &mut Director, stop: &Arc<AtomicBool>, seed: u64) -> Result<(), DemoError> {
    let mut chance = Chance::new(seed, "live");
    let mut queues: Vec<VecDeque<What>> = places().iter().map(|_| VecDeque::new()).collect();
    let mut errands = FIRST_ERRAND;
    for site in (0..queues.len()).cycle() {
        if !wait(stop, chance.between(2, 4) * SECOND) {
            return Ok(());
        }
        if queues[site].is_empty() {
            errands += 1;
            let now = SystemClock.now_ms();
            queues[site] = errand(&places()[site], site, now, errands, seed ^ u64::from(errands)).into();
        }
        if let Some(what) = queues[site].pop_front() {
            act(director, site, &what)?;
        }
    }
    Ok(())
}

/// Does one thing, and lets headquarters see it at once.
fn act(director: &mut Director, site: usize, what: &What) -> Result<(), DemoError> {
    let now = SystemClock.now_ms();
    director.step(site, what, now)?;
    match what {
        What::Phone(_, Deed::Sync { .. }) => Ok(()),
        What::Phone(phone, _) => {
            director.step(site, &What::Phone(*phone, Deed::Sync { lost_answer: false }), SystemClock.now_ms())
        }
        _ => Ok(()),
    }
}

/// Waits; says whether to go on.
fn wait(stop: &Arc<AtomicBool>, ms: i64) -> bool {
    let naps = ms.unsigned_abs() / 100;
    for _ in 0..naps {
        if stop.load(Ordering::Relaxed) {
            return false;
        }
        sleep(NAP);
    }
    !stop.load(Ordering::Relaxed)
}
