//! The session against a small server made of [`serve`](super::serve).

mod convergence;
mod sessions;
mod world;
