//! Tests of the store as a whole, on real files.

mod absorbing;
mod committing;
mod damage;
mod frozen;
mod guarding;
mod reading;
mod sending;
mod snapshots;
mod upgrading;
mod world;
