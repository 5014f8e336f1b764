//! Time as it is handed in. `core` never asks for it.

use super::BootId;

/// Milliseconds since 1970-01-01 UTC; what a clock *claims*.
pub type Millis = i64;

/// The last time the phone compared its clock with the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerSample {
    /// What the server's clock said.
    pub server: Millis,
    /// The phone's monotonic clock at that moment, ms since boot.
    pub mono: i64,
    /// How long the exchange took, ms; half of it is the sample's error.
    pub rtt: i64,
    /// The boot in which it was taken.
    pub boot: BootId,
}

/// Everything a device's clocks say at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The wall clock.
    pub wall: Millis,
    /// The wall clock's zone, minutes east of UTC.
    pub zone: i32,
    /// Milliseconds since boot, sleep included.
    pub mono: i64,
    /// Which boot `mono` counts from.
    pub boot: BootId,
}
