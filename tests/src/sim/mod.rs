//! A site in miniature: the real core on every phone, the real server behind its real router, and between them a network, clocks and
//! people that misbehave as a seed says. The same seed gives the same run.
//!
//! [`Fleet`] is the site, [`run()`] a run of it from a seed, [`mod@check`] what must hold at its end, [`Met`] what went wrong on the way.

mod acts;
pub mod check;
mod clock;
mod device;
mod dice;
mod exchange;
mod fleet;
mod folder;
mod handover;
mod headquarters;
mod met;
mod model;
mod net;
mod newer;
mod post;
mod run;
pub mod seeds;
mod server;
mod site;
mod trace;

pub use clock::PhoneClock;
pub use device::{Acked, Device};
pub use dice::Dice;
pub use fleet::{Copied, Fleet};
pub use met::{Hazard, Met};
pub use net::Net;
pub use run::{Ran, heal, run, run_with};
pub use server::{Answer, Server};
pub use trace::Trace;
