//! The server's one source of time. Everything that asks for the hour asks through here, so that tests and the
//! demonstration can lend their own.

use std::fmt::Debug;
use std::sync::atomic::{AtomicI64, Ordering};

use dutylog_core::base::Millis;

/// One second, in [`Millis`].
pub const SECOND: Millis = 1_000;
/// One minute, in [`Millis`].
pub const MINUTE: Millis = 60 * SECOND;
/// One hour, in [`Millis`].
pub const HOUR: Millis = 60 * MINUTE;

/// Tells the time.
pub trait Clock: Debug + Send + Sync {
    /// Milliseconds since 1970-01-01 UTC.
    fn now_ms(&self) -> Millis;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> Millis {
        chrono::Utc::now().timestamp_millis()
    }
}

/// A clock that stands still until somebody moves it.
#[derive(Debug)]
pub struct SimClock(AtomicI64);

impl SimClock {
    /// A clock that shows `now_ms`.
    #[must_use]
    pub const fn at(now_ms: Millis) -> Self {
        Self(AtomicI64::new(now_ms))
    }

    /// Sets the hands.
    pub fn set(&self, now_ms: Millis) {
        self.0.store(now_ms, Ordering::SeqCst);
    }

    /// Moves the hands forward (or back, by a negative number) by `ms`.
    pub fn advance(&self, ms: Millis) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for SimClock {
    fn now_ms(&self) -> Millis {
        self.0.load(Ordering::SeqCst)
    }
}
