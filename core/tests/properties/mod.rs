//! One module for each part of the log.

mod branches;
mod codec;
mod facts;
mod packed;
mod sealed;
