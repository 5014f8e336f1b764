//! From what a person typed to what may be recorded. Pure: state, rights and time are handed in.

mod intent;

pub use intent::{About, Change, Intent, Target, ToSign};
