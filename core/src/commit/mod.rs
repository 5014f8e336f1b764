//! From what a person wants to record to an entry in the chain's open tail.

mod clock;
mod stamp;

pub use clock::{ClockWatch, JUMP, MAX_PULL, Observed};
pub use stamp::{Stamp, Stamped, TooLarge};
