//! How far the story is: a bar at a terminal, a line for each day otherwise. Always on standard error.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::sync::atomic::{AtomicI64, Ordering};

use dutylog_core::base::Millis;
use indicatif::{ProgressBar, ProgressStyle};

use crate::clock::HOUR;

const DAY: Millis = 24 * HOUR;

/// How far the story is.
#[derive(Debug)]
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    first: Millis,
    days: i64,
    told: AtomicI64,
}

impl Progress {
    /// For a story that begins at a midnight and lasts so many days.
    pub(super) fn new(first: Millis, days: i64) -> Self {
        let bar = stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(days.unsigned_abs());
            let style =
                ProgressStyle::with_template("{bar:40} 第 {pos}/{len} 天 / day {pos} of {len} {elapsed}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { bar, first, days, told: AtomicI64::new(-1) }
    }

    /// The story has come to this time.
    pub(super) fn played(&self, at: Millis) {
        let day = (at - self.first).div_euclid(DAY).clamp(0, self.days);
        if self.told.swap(day, Ordering::Relaxed) == day {
            return;
        }
        match &self.bar {
            Some(bar) => bar.set_position(day.unsigned_abs()),
            None => say(&format!("第 {day}/{} 天 / day {day} of {}", self.days, self.days)),
        }
    }

    /// The story is over.
    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Writes to standard error; a reader that went away is no error of ours.
fn say(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}
