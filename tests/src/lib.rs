//! What the tests share.

pub mod browser;
pub mod capturing;
pub mod sim;
