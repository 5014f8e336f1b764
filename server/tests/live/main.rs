//! The real program on a real data folder, and phones that run the real core over real HTTP.

mod desk;
mod kill;
mod phone;
mod program;
mod restore;
mod silence;
mod snapshot;
