//! Saving what can be saved of a damaged database into a new one. The damaged file is kept; what vouches for itself is taken over.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::columns::{fixed, maybe_fixed};
use super::error::{At, StoreError};
use super::files::{self, Replace, beside};
use super::open::{Config, insert_identity};
use super::segments::{self, New, Stored};
use super::{pragma, running, schema};
use crate::base::{ChainId, Hasher};

/// The setting that says that the chain written before must not be gone on with.
pub(super) const SALVAGED: &str = "salvaged";

/// What was saved of a damaged database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Salvage {
    /// Sealed entries that vouch for themselves.
    pub entries: u64,
    /// Segments that could not be read, or are not what was written.
    pub lost_segments: u64,
    /// Where the damaged file was kept.
    pub kept_as: PathBuf,
}

/// Replaces a damaged database by what can be read of it.
///
/// Derived rows are not taken over: opening makes them again from the log.
pub(super) fn salvage(config: &Config) -> Result<Salvage, StoreError> {
    let source = beside(&config.path, "salvage");
    copy_with_log(&config.path, &source)?;
    let into = pragma::copy(&files::scratch(&config.path))?;
    for (version, step) in (0..).zip(schema::STEPS) {
        schema::step(&into, version, step)?;
    }
    let transaction = into.unchecked_transaction()?;
    insert_identity(&into, &config.identity)?;
    // A file that is no database at all has nothing to give.
    let mut saved = match pragma::writer(&source, config.durability) {
        Ok(from) => take_over(&from, &into)?,
        Err(_) => Salvage::default(),
    };
    into.execute("INSERT OR REPLACE INTO settings (key, value) VALUES (?1, x'01')", [SALVAGED])?;
    into.execute("UPDATE store SET fold = 0", ())?;
    transaction.commit()?;
    into.close().map_err(|(_, error)| error)?;
    files::replace(&config.path, Replace::Salvaged)?;
    files::remove_database(&source)?;
    saved.kept_as = Replace::Salvaged.kept_files(&config.path).pop().unwrap_or_default();
    Ok(saved)
}

/// Copies a database with its write-ahead log, so that reading it changes nothing in the original.
fn copy_with_log(from: &Path, to: &Path) -> Result<(), StoreError> {
    files::remove_database(to)?;
    fs::copy(from, to).at("copying", from)?;
    match fs::copy(files::wal(from), files::wal(to)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).at("copying", from),
        _ => Ok(()),
    }
}

fn take_over(from: &Connection, into: &Connection) -> Result<Salvage, StoreError> {
    let mut saved = Salvage::default();
    let found = sealed(from, &mut saved);
    chains(from, into, &found)?;
    for stored in &found {
        let prev = segments::place(into, stored.chain, &stored.segment.header.prev)?.map_or(0, |(n, _)| n);
        let new = New { chain: stored.chain, prev, id: stored.id, segment: &stored.segment };
        segments::insert(into, new)?;
        saved.entries += stored.segment.entries.len() as u64;
    }
    for table in ["certificates", "tail", "stranded", "aside", "site_log", "receipts"] {
        rows(from, into, table)?;
    }
    for table in ["settings", "people", "drafts", "done"] {
        rows(from, into, table)?;
    }
    into.execute("UPDATE segments SET placed = 1 WHERE id IN (SELECT segment FROM site_log)", ())?;
    pulled(from, into)?;
    running::compute_all(into)?;
    Ok(saved)
}

/// A segment that vouches for itself, with the number of its chain.
struct Sealed {
    chain: u32,
    id: crate::base::Digest,
    segment: crate::log::Segment,
}

/// The segments whose entries are those that were signed, in the order they arrived.
fn sealed(from: &Connection, saved: &mut Salvage) -> Vec<Sealed> {
    let sql = format!("SELECT {}, chain FROM segments WHERE n = ?1", segments::COLUMNS);
    let mut all = Vec::new();
    for n in 1..=last(from, "segments") {
        let row = from.query_row(&sql, [n], |row| Ok((segments::read(row)?, row.get(7)?))).optional();
        let good = match row {
            Ok(None) => continue,
            Ok(Some((Ok(Stored { id, segment, .. }), chain))) => Some(Sealed { chain, id, segment }),
            _ => None,
        };
        match good.filter(|s| s.segment.header.id() == s.id && s.segment.check_body().is_ok()) {
            Some(sealed) => all.push(sealed),
            None => saved.lost_segments += 1,
        }
    }
    all
}

/// The highest row of a table, as well as it can be told.
fn last(from: &Connection, table: &str) -> i64 {
    /// Where to stop looking when even that is lost.
    const FAR: i64 = 100_000;
    let sql = format!("SELECT coalesce(max(n), 0) FROM {table}");
    from.query_row(&sql, (), |row| row.get(0)).unwrap_or(FAR).min(i64::from(u32::MAX))
}

/// The chains: from their rows, or where a row is lost from the segments that name them.
fn chains(from: &Connection, into: &Connection, found: &[Sealed]) -> Result<(), StoreError> {
    let named: BTreeMap<u32, ChainId> = found.iter().map(|s| (s.chain, s.segment.header.chain)).collect();
    let last = last(from, "chains").min(10_000).max(named.keys().last().copied().unwrap_or(0).into());
    for n in 1..=last {
        let columns = |row: &rusqlite::Row<'_>| {
            Ok((fixed::<16>(row, 0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        };
        let sql = "SELECT id, certificate, own, tangled, fork FROM chains WHERE n = ?1";
        let row = from.query_row(sql, [n], columns);
        let lost = || Hasher::tagged("dutylog/lost-chain").with(&n.to_be_bytes()).finish();
        let id = u32::try_from(n).ok().and_then(|n| named.get(&n)).map(|id| id.0);
        let (id, certificate, own, tangled, fork): ([u8; 16], Option<Vec<u8>>, i64, i64, Option<i64>) = row
            .unwrap_or_else(|_| {
                let mut unknown = [0; 16];
                unknown.copy_from_slice(&lost().0[..16]);
                (id.unwrap_or(unknown), None, 0, 1, None)
            });
        into.execute(
            "INSERT INTO chains (n, id, certificate, own, tangled, fork) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![n, id, certificate, own, tangled, fork],
        )?;
        let running =
            from.query_row("SELECT running FROM chains WHERE n = ?1", [n], |r| maybe_fixed::<32>(r, 0));
        into.execute("UPDATE chains SET running = ?2 WHERE n = ?1", params![n, running.ok().flatten()])?;
    }
    Ok(())
}

/// Takes over the rows of a table from both ends, up to where they cannot be read.
fn rows(from: &Connection, into: &Connection, table: &str) -> Result<(), StoreError> {
    let names: Vec<String> = into
        .prepare(&format!("SELECT * FROM {table}"))?
        .column_names()
        .iter()
        .map(ToString::to_string)
        .collect();
    let columns = names.join(", ");
    let marks = vec!["?"; names.len()].join(", ");
    let insert = format!("INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})");
    for order in ["", "ORDER BY 1 DESC"] {
        let Ok(mut select) = from.prepare(&format!("SELECT {columns} FROM {table} {order}")) else {
            continue;
        };
        let Ok(mut found) = select.query(()) else { continue };
        while let Ok(Some(row)) = found.next() {
            let values = (0..names.len()).map(|i| row.get::<_, Value>(i)).collect::<Result<Vec<_>, _>>();
            if let Ok(values) = values {
                // A row that the tables' rules refuse is not what was written.
                drop(into.execute(&insert, params_from_iter(values)));
            }
        }
    }
    Ok(())
}

/// How much of the site's log was held without a hole; from the start again if that cannot be told.
fn pulled(from: &Connection, into: &Connection) -> Result<(), StoreError> {
    let columns = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let row: Option<(i64, i64, Vec<u8>)> =
        from.query_row("SELECT epoch, size, peaks FROM store WHERE one = 1", (), columns).ok();
    let held: i64 = into.query_row("SELECT count(*) FROM site_log", (), |row| row.get(0))?;
    let missing = into.query_row(
        "SELECT EXISTS (SELECT 1 FROM site_log WHERE segment NOT IN (SELECT id FROM segments UNION SELECT id FROM aside))",
        (),
        |row| row.get::<_, bool>(0),
    )?;
    match row {
        Some((epoch, size, peaks)) if size == held && !missing => {
            into.execute("UPDATE store SET epoch = ?1, size = ?2, peaks = ?3", params![epoch, size, peaks])?;
        }
        // What was lost is pulled again; what is held is recognised.
        _ => drop(into.execute("DELETE FROM site_log", ())?),
    }
    Ok(())
}
