//! The session against a small server made of [`serve`](super::serve), and decoders against hostile bytes.

mod bundles;
mod convergence;
mod frames;
mod promises;
mod sessions;
mod world;
