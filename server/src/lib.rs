//! The Dutylog server: receives what phones recorded, and shows it to headquarters.
//!
//! [`serve`] starts the real thing, in a process of its own (`dutylog-server serve`) or inside a test.

pub mod accounts;
pub mod api;
pub mod app;
pub mod backup;
pub mod cli;
pub mod clock;
pub mod config;
pub mod console;
pub mod database;
#[cfg(feature = "demo")]
pub mod demo;
pub mod desk;
pub mod enrolment;
pub mod entropy;
pub mod evidence;
pub mod http;
pub mod i18n;
pub mod ingest;
pub mod keys;
pub mod ledger;
pub mod metrics;
pub mod shutdown;
pub mod telemetry;
pub mod verify;
pub mod views;

pub use app::{AppState, Running, StartError, router, serve};
pub use clock::{Clock, SimClock, SystemClock};
pub use config::Config;
