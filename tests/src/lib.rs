//! What the tests share, and the gate.

pub mod gate;
pub mod sim;
