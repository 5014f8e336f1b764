//! For tests of whoever uses the core: an organisation in miniature that records real, signed segments.

mod author;
mod world;

pub use author::{Author, Sealed};
pub use world::{DAY, HOUR, MINUTE, START, World};
