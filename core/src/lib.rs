//! The core of Dutylog: the same rules on phone, server and in tests.
#![deny(missing_docs)]

pub mod base;
pub mod log;
pub mod records;
pub mod sync;
