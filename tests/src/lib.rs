//! What the tests share, and the gate.

pub mod browser;
pub mod gate;
pub mod sim;
