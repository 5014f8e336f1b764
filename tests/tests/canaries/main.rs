//! Planted bugs: each breaks one promise, and must be noticed.
//!
//! Built with the feature `canary` only; the bugs are not in the product's own build.

mod checks;
mod suites;
