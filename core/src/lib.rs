//! The core of Dutylog: the same rules on phone, server and in tests.
#![deny(missing_docs)]

pub mod base;
pub mod capture;
pub mod commit;
#[cfg(feature = "store")]
pub mod companion;
pub mod locales;
pub mod log;
pub mod merge;
pub mod records;
pub mod snapshot;
#[cfg(feature = "store")]
pub mod store;
pub mod sync;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
