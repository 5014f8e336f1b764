//! Sync.
pub mod frame;
pub use frame::{Fit, Frame, FrameError, FrameWriter, Item, Signatures};
