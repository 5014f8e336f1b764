//! Many seeds at once, and one again.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Seeds tried at the same time.
const WORKERS: usize = 2;

/// How many seeds to try: `DUTYLOG_SEEDS`, or as many as told.
#[must_use]
pub fn count(otherwise: u64) -> u64 {
    number("DUTYLOG_SEEDS").unwrap_or(otherwise)
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Tries every seed below `count`, or the one that `DUTYLOG_SEED` names; returns how many it tried.
///
/// # Panics
/// If one fails; the message names every seed that did, and how to try it again.
pub fn each(count: u64, test: impl Fn(u64) + Sync) -> u64 {
    if let Some(seed) = number("DUTYLOG_SEED") {
        test(seed);
        return 1;
    }
    let failed = failing(count, &test);
    let shown: Vec<String> = failed.iter().map(|(seed, why)| format!("  seed {seed}: {why}")).collect();
    assert!(
        failed.is_empty(),
        "{} of {count} seeds failed; again with DUTYLOG_SEED=<seed>\n{}",
        failed.len(),
        shown.join("\n")
    );
    count
}

/// The seeds below `count` that fail, and why. Stops looking soon after the first few.
pub fn failing(count: u64, test: impl Fn(u64) + Sync) -> Vec<(u64, String)> {
    const ENOUGH: usize = 5;
    let next = AtomicU64::new(0);
    let failed = Mutex::new(Vec::new());
    let work = || {
        while let seed = next.fetch_add(1, Ordering::SeqCst)
            && seed < count
            && failed.lock().expect("no worker panics with it").len() < ENOUGH
        {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| test(seed))) {
                failed.lock().expect("no worker panics with it").push((seed, said(&*panic)));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(work);
        }
    });
    let mut failed = failed.into_inner().expect("no worker panics with it");
    failed.sort();
    failed
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic").to_owned()
}
