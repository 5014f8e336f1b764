//! The demonstration.
mod chance;
mod clock;
mod story;
mod world;
