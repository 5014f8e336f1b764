//! Saving what can be saved of a damaged database into a new one. The damaged file is kept; what vouches for itself is taken over.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::columns::maybe_fixed;
use super::error::{At, StoreError};
use super::files::{self, Replace, beside};
use super::open::{Config, insert_identity};
use super::remains::{Remains, Sealed};
use super::segments::{self, New};
use super::{body, pragma, running, schema};
use crate::base::{ChainId, Digest};

/// The setting that says that the chain written before must not be gone on with.
pub(super) const SALVAGED: &str = "salvaged";

/// What was saved of a damaged database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Salvage {
    /// Sealed entries that vouch for themselves.
    pub entries: u64,
    /// Entries that are known to have been there before others that were saved: to be fetched from HQ.
    pub missing: u64,
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
    let mut saved = take_over(&source, &into, config)?;
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

/// What SQLite may still find, taken over row by row after the chains and the segments.
const TABLES: [&str; 9] =
    ["tail", "stranded", "aside", "site_log", "receipts", "settings", "people", "drafts", "done"];

/// Takes over the log from the pages, and the rest as far as SQLite still finds it.
fn take_over(source: &Path, into: &Connection, config: &Config) -> Result<Salvage, StoreError> {
    let from = pragma::writer(source, config.durability).ok();
    if let Some(from) = &from {
        // What the write-ahead log holds goes into the pages first, as far as it can.
        let _ = from.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()));
    }
    let remains = Remains::find(&fs::read(source).at("reading", source)?, &config.identity);
    chains(from.as_ref(), into, &remains)?;
    for Sealed { chain, id, segment, .. } in &remains.segments {
        let prev = segments::place(into, *chain, &segment.header.prev)?.map_or(0, |(n, _)| n);
        let (id, body) = (*id, body::encode(&segment.header, segment.entries.decoded()?));
        segments::insert(into, New { chain: *chain, prev, id, body: &body, placed: false, segment })?;
    }
    for bytes in &remains.certificates {
        into.execute("INSERT INTO certificates (bytes) VALUES (?1)", [bytes])?;
    }
    if let Some(from) = &from {
        TABLES.iter().try_for_each(|table| rows(from, into, table))?;
        into.execute("UPDATE segments SET placed = 1 WHERE id IN (SELECT segment FROM site_log)", ())?;
        pulled(from, into)?;
    }
    put_all(into, "tail", &remains.tail)?;
    if from.is_none() {
        put_all(into, "drafts", &remains.drafts)?;
    }
    mend_tail(into)?;
    running::compute_all(into)?;
    Ok(remains.count())
}

/// The chains, under the numbers by which rows name them. A number whose chain is lost is not given again.
fn chains(from: Option<&Connection>, into: &Connection, remains: &Remains) -> Result<(), StoreError> {
    for n in 1..=remains.chains.keys().last().copied().unwrap_or(0) {
        let lost = || {
            let mut id = [0; 16];
            id.copy_from_slice(&Digest::tagged("dutylog/lost-chain/v1", &n.to_be_bytes()).0[..16]);
            (ChainId(id), 0)
        };
        let (id, own) = remains.chains.get(&n).copied().unwrap_or_else(lost);
        into.execute("INSERT INTO chains (n, id, own) VALUES (?1, ?2, ?3)", params![n, id.0, own])?;
        let Some(from) = from else { continue };
        let more = from.query_row("SELECT certificate, tangled, fork FROM chains WHERE n = ?1", [n], |row| {
            Ok((row.get::<_, Option<Vec<u8>>>(0)?, row.get::<_, i64>(1)?, row.get::<_, Option<i64>>(2)?))
        });
        if let Ok((certificate, tangled, fork)) = more {
            let sql = "UPDATE chains SET certificate = ?2, tangled = ?3, fork = ?4 WHERE n = ?1";
            into.execute(sql, params![n, certificate, tangled, fork])?;
        }
        // Not there in version 0, and then computed.
        let running =
            from.query_row("SELECT running FROM chains WHERE n = ?1", [n], |row| maybe_fixed::<32>(row, 0));
        into.execute("UPDATE chains SET running = ?2 WHERE n = ?1", params![n, running.ok().flatten()])?;
    }
    Ok(())
}

/// Takes over the rows of a table from both ends, up to where they cannot be read.
fn rows(from: &Connection, into: &Connection, table: &str) -> Result<(), StoreError> {
    let names = into.prepare(&format!("SELECT * FROM {table}"))?.column_names().join(", ");
    for order in ["", "ORDER BY 1 DESC"] {
        let Ok(mut select) = from.prepare(&format!("SELECT {names} FROM {table} {order}")) else { continue };
        let count = select.column_count();
        let Ok(mut found) = select.query(()) else { continue };
        let mut rows = Vec::new();
        while let Ok(Some(row)) = found.next() {
            rows.extend((0..count).map(|i| row.get::<_, Value>(i)).collect::<Result<Vec<_>, _>>());
        }
        put_all(into, table, &rows)?;
    }
    Ok(())
}

/// Inserts rows that are not there yet. One that the table's rules refuse is not what was written.
fn put_all(into: &Connection, table: &str, rows: &[Vec<Value>]) -> Result<(), StoreError> {
    let Some(width) = rows.first().map(Vec::len) else { return Ok(()) };
    let marks = vec!["?"; width].join(", ");
    let mut insert = into.prepare(&format!("INSERT OR IGNORE INTO {table} VALUES ({marks})"))?;
    for row in rows {
        match insert.execute(params_from_iter(row)) {
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) => {
                return Err(error.into());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Sets open entries aside that cannot be sealed any more: already sealed, behind a gap, or without the header to be.
fn mend_tail(into: &Connection) -> Result<(), StoreError> {
    into.execute_batch(
        "DELETE FROM tail WHERE seq <= (SELECT coalesce(max(s.first + s.count - 1), 0) FROM segments s WHERE s.chain = tail.chain);
         DELETE FROM tail WHERE chain NOT IN (SELECT n FROM chains);",
    )?;
    let mut select = into.prepare(
        "SELECT chain, min(seq), max(seq), count(*), (SELECT opening FROM tail f WHERE f.chain = t.chain ORDER BY seq LIMIT 1)
         FROM tail t GROUP BY chain",
    )?;
    let whole = |row: &rusqlite::Row<'_>| {
        let (first, last, count): (i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let opened = row.get::<_, Option<Vec<u8>>>(4)?.is_some();
        Ok((row.get::<_, u32>(0)?, opened && last - first + 1 == count))
    };
    let tails = select.query_map((), whole)?.collect::<Result<Vec<_>, _>>()?;
    for (chain, _) in tails.into_iter().filter(|(_, whole)| !whole) {
        super::strand::set_aside(into, chain)?;
    }
    Ok(())
}

/// How much of the site's log was held without a hole; from the start again if that cannot be told.
fn pulled(from: &Connection, into: &Connection) -> Result<(), StoreError> {
    let columns = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let row: Option<(i64, i64, Vec<u8>)> =
        from.query_row("SELECT epoch, size, peaks FROM store WHERE one = 1", (), columns).ok();
    let held: i64 = into.query_row("SELECT count(*) FROM site_log", (), |row| row.get(0))?;
    let missing: bool = into.query_row(
        "SELECT EXISTS (SELECT 1 FROM site_log WHERE segment NOT IN (SELECT id FROM segments UNION SELECT id FROM aside))",
        (),
        |row| row.get(0),
    )?;
    if let Some((epoch, size, peaks)) = row.filter(|(_, size, _)| *size == held && !missing) {
        into.execute("UPDATE store SET epoch = ?1, size = ?2, peaks = ?3", params![epoch, size, peaks])?;
    } else {
        // What was lost is pulled again; what is held is recognised.
        into.execute("DELETE FROM site_log", ())?;
    }
    Ok(())
}
