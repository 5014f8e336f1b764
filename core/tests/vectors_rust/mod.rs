//! One module for each side of the comparison.

mod bad;
mod good;
mod good_log;
mod json;
mod proofs;
mod second_opinion;
mod show;
mod tampering;
mod world;
mod written;
