//! Dutylog for phones: the core behind a boundary that Kotlin, Swift and Python call.
//!
//! `Logbook` is one site's logbook on one phone, with a method for each thing a person does (the core's `companion`; that word belongs to Kotlin); `Enrolling` makes a phone one of a site;
//! `SyncRun` is one conversation with the server, step by step, over the phone's own HTTP. What the phone lends is in `host`. Rules are
//! not here: they are in `dutylog_core`, the same for phones and server.

#![allow(
    clippy::needless_pass_by_value,
    reason = "what crosses the boundary arrives owned, whatever is done with it"
)]

mod changes;
#[cfg(feature = "drill")]
mod drill;
mod enrolling;
mod error;
mod forms;
mod host;
mod keys;
mod logbook;
mod rows;
mod seed;
mod sync;
mod words;

pub use changes::{ChangeListener, ChangeSet, Subscription, Topic};
pub use enrolling::{Enrolling, pending_enrolment};
pub use error::DutylogError;
pub use forms::*;
pub use host::{KeyStore, KeyStoreError, Language, Options, Reading};
pub use keys::software_key_store;
pub use logbook::Logbook;
pub use rows::*;
pub use sync::{
    Delivered, HttpFailure, HttpHeader, HttpRequest, HttpResponse, Step, SyncProblem, SyncReport, SyncRun,
};
pub use words::*;

uniffi::setup_scaffolding!();

/// What crosses the boundary as an object shows nothing of what it holds, least of all in a log.
macro_rules! opaque {
    ($($object:ty),+) => {$(
        impl std::fmt::Debug for $object {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($object), "(…)"))
            }
        }
    )+};
}

opaque!(Logbook, Enrolling, Subscription, SyncRun);
