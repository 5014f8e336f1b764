//! What is measured: a limit, or the product. Each part is its own trait, since no limit does everything.

use std::path::Path;

use super::Outcome;
use crate::site_year::Action;

/// SQLite's `synchronous`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A commit survives a dead battery.
    Full,
    /// A commit survives a killed program.
    Normal,
}

/// Keeps the actions of one site in a folder of its own. Goals 1 to 6 and 8.
pub(crate) trait Recorder: Sized {
    /// What it is called.
    const NAME: &'static str;

    /// Actions as another phone or the server sends them.
    type Parcel;

    /// Opens what the folder holds, or begins.
    fn open(folder: &Path, durability: Durability) -> Outcome<Self>;

    /// Does what a phone does between two actions, while nobody waits: never inside the time measured.
    fn ready(&mut self, _next: &Action) -> Outcome<()> {
        Ok(())
    }

    /// Records one action of this phone: durable when it returns.
    fn commit(&mut self, action: &Action) -> Outcome<()>;

    /// Makes what the sender of these actions would send. Never inside the time measured.
    fn pack(actions: &[Action]) -> Outcome<Self::Parcel>;

    /// Takes in what was sent: verified where the subject verifies, durable and queryable when it returns.
    fn apply(&mut self, parcel: &Self::Parcel) -> Outcome<()>;

    /// Closes it with nothing left to write, so that the folder shows its size.
    fn close(self) -> Outcome<()>;
}

/// Shows lists of records. Goal 9.
pub(crate) trait Lister: Recorder {
    /// Reads what a list of the newest `count` records shows; how many there were.
    fn list_last(&mut self, count: u32) -> Outcome<usize>;
}

/// Writes actions for the wire. Goal 7.
pub(crate) trait Wire {
    /// What it is called.
    const NAME: &'static str;

    /// How many bytes the actions of one phone take, everything included.
    fn bytes(actions: &[Action]) -> Outcome<usize>;
}
