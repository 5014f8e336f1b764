//! The core of Dutylog: the same rules on phone, server and in tests.
#![deny(missing_docs)]

pub mod base;
pub mod locales;
pub mod log;
pub mod records;
