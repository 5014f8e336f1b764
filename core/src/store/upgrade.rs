//! Upgrading works on a copy. The old file is not touched until the new one is whole, checked and on the disk, and is kept then.

use std::path::Path;

use rusqlite::Connection;

use super::check::integrity_check;
use super::columns::digest;
use super::error::StoreError;
use super::files::{self, Replace};
use super::pragma;
use super::schema;
use crate::base::{Digest, Hasher};

/// How far an upgrade has come; tests interrupt it at each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// The copy exists, still of the old version.
    Copied,
    /// The copy is of this version.
    Stepped(i32),
    /// The copy holds all that the old file holds.
    Verified,
}

/// Upgrades a database from a version; `reached` may stop it.
pub(super) fn upgrade(
    path: &Path,
    from: i32,
    reached: &mut dyn FnMut(Stage) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let new = files::scratch(path);
    let old = pragma::source(path)?;
    let before = Inventory::take(&old)?;
    let target = new.to_str().ok_or(StoreError::Elsewhere { what: "the path is not text" })?;
    old.execute("VACUUM INTO ?1", [target])?;
    old.close().map_err(|(_, error)| error)?;
    reached(Stage::Copied)?;
    let copy = pragma::copy(&new)?;
    for (version, step) in (0..).zip(schema::STEPS).skip_while(|(version, _)| *version <= from) {
        schema::step(&copy, version, step)?;
        reached(Stage::Stepped(version))?;
    }
    integrity_check(&copy)?;
    if Inventory::take(&copy)? != before {
        return Err(StoreError::damaged("the upgraded copy does not hold what the old file holds"));
    }
    copy.close().map_err(|(_, error)| error)?;
    reached(Stage::Verified)?;
    files::replace(path, Replace::Upgraded)
}

/// Tables whose rows an upgrade never changes in number.
const TABLES: [&str; 9] =
    ["chains", "segments", "tail", "stranded", "aside", "site_log", "receipts", "certificates", "drafts"];

/// What must be the same before and after: how many rows, and every segment and open entry by its digest.
#[derive(Debug, PartialEq, Eq)]
struct Inventory {
    rows: Vec<i64>,
    log: Digest,
}

impl Inventory {
    fn take(db: &Connection) -> Result<Self, StoreError> {
        let count = |table| db.query_row(&format!("SELECT count(*) FROM {table}"), (), |row| row.get(0));
        let rows = TABLES.into_iter().map(count).collect::<Result<_, _>>()?;
        let mut log = Hasher::default();
        let mut select = db.prepare("SELECT id FROM segments ORDER BY n")?;
        for id in select.query_map((), |row| digest(row, 0))? {
            log = log.with(&id?.0);
        }
        let mut select = db.prepare("SELECT entry FROM tail ORDER BY chain, seq")?;
        for entry in select.query_map((), |row| row.get::<_, Vec<u8>>(0))? {
            log = log.with(&Digest::of(&entry?).0);
        }
        Ok(Self { rows, log: log.finish() })
    }
}
