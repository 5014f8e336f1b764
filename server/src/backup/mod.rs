//! Backups: a folder with a copy of the database, the keys, and a manifest that says what they are.
//!
//! A restore is a new epoch of the server. Which epochs were begun from a backup is noted beside it: two restores of one backup must
//! not both begin the same epoch, or HQ would contradict itself.

mod check;
mod error;
mod folder;
mod make;
mod manifest;
mod restore;

pub use check::check;
pub use error::BackupError;
pub use make::make;
pub use manifest::{Manifest, SiteMark};
pub use restore::restore;

/// The copy of the database.
const DATABASE: &str = "dutylog.sqlite";
/// The server's keys.
const KEYS: &str = "keys";
/// How far HQ has written.
const WRITTEN: &str = "written";
/// What the backup holds.
const MANIFEST: &str = "backup.json";
/// The highest epoch that was begun from this backup.
const BEGUN: &str = "restored-epoch";
