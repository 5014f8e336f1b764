//! What the tests share, and the gate.

pub mod browser;
pub mod capturing;
pub mod gate;
pub mod sim;
