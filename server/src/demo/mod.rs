//! The demonstration: a real server, real phones, thirty days of duty at three sites, and the proof that nothing was lost.
//!
//! `story` says what happens, as plain data made from a seed; `phone` is the real core with real HTTP and a journal of what it was told is
//! saved; `headquarters` acts through the desk; `director` plays the steps; `judge` holds the journals against the server's log.

mod chance;
mod clock;
mod director;
mod error;
mod folder;
mod headquarters;
mod judge;
mod live;
mod phone;
mod progress;
mod report;
mod run;
mod story;
mod world;

pub use error::DemoError;
pub use phone::PhoneError;
pub use report::Report;
pub use run::{Demo, History, Login, Options, free_folder};
