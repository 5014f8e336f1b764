//! Opening what an older version wrote, and refusing what a newer one did.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::world::{Phone, config, keys};
use crate::base::{Digest, RecordId};
use crate::store::files::{self, Replace, beside};
use crate::store::schema::{self, Found};
use crate::store::upgrade::{Stage, upgrade};
use crate::store::{Standing, Store, StoreError, pragma, rescue};

/// A database of version 0 with two sealed segments, an open entry and a draft, written by [`written`].
const VERSION_0: &str = include_str!("../../../tests/fixtures/store-0000.sql");

/// What the fixture's phone recorded.
fn recorded() -> (Phone, RecordId) {
    let mut phone = Phone::new(1);
    let record = phone.raise(None, "泵房 pump house");
    phone.add_line(record, "到达现场");
    phone.seal();
    phone.raise(Some(record), "泵房二层");
    phone.seal();
    phone.add_line(record, "恢复供电");
    (phone, record)
}

fn old_database(path: &Path) {
    let db = Connection::open(path).expect("opens");
    db.execute_batch("PRAGMA journal_mode = WAL").expect("a mode");
    db.execute_batch(VERSION_0).expect("a fixture");
    db.close().expect("closed");
}

fn content(path: &Path) -> Digest {
    Digest::of(&fs::read(path).expect("read"))
}

fn old_phone() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.db");
    old_database(&path);
    (folder, path)
}

#[test]
fn version_0_is_upgraded_with_all_it_holds() {
    let (folder, path) = old_phone();
    let before = content(&path);
    let store = Store::open(&config(&folder, 1), keys(1)).expect("upgraded");
    assert_eq!(store.report().upgraded_from, Some(0));
    assert_eq!(store.standing(), Standing::Unguarded, "the fixture came without its guard");
    let (new, record) = recorded();
    let upgraded = Phone { n: 1, folder, store, now: new.now };
    assert_eq!(upgraded.derived(), new.derived());
    assert_eq!(upgraded.segments(), new.segments());
    assert_eq!(upgraded.places(record), ["泵房二层"]);
    assert_eq!(upgraded.store.check().expect("checked"), []);
    let running = |phone: &Phone| phone.store.memory.tail.as_ref().map(|tail| tail.running);
    assert_eq!(running(&upgraded), running(&new), "the step in code computed what sealing computes");
    let kept = beside(&path, "previous-1");
    assert_eq!(content(&kept), before, "the old file is as it was");
    let mut upgraded = upgraded.reopen();
    assert!(kept.exists(), "until the host says that a sync has succeeded");
    upgraded.store.forget_previous().expect("removed");
    assert!(!kept.exists());
}

#[test]
fn an_upgraded_database_has_the_tables_of_a_new_one() {
    let (folder, path) = old_phone();
    drop(Store::open(&config(&folder, 1), keys(1)).expect("upgraded"));
    let schema = |path: &Path| -> Vec<(String, String)> {
        let db = pragma::reader(path).expect("opens");
        let mut select = db
            .prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
            .expect("sql");
        let rows = select.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
        rows.collect::<Result<_, _>>().expect("columns")
    };
    let (new, _) = recorded();
    assert_eq!(schema(&path), schema(&new.path()));
}

#[test]
fn an_upgrade_that_is_killed_anywhere_leaves_the_old_database_and_is_done_again() {
    let stages = 1 + schema::current() + 1;
    for stop in 0..stages {
        let (folder, path) = old_phone();
        let before = content(&path);
        let mut left = stop;
        let killed = upgrade(&path, 0, &mut |stage: Stage| {
            left -= 1;
            if left < 0 { Err(StoreError::damaged(format!("killed at {stage:?}"))) } else { Ok(()) }
        });
        assert!(killed.is_err());
        assert_eq!(content(&path), before, "stopped after {stop} stages");
        let store = Store::open(&config(&folder, 1), keys(1)).expect("upgraded after all");
        assert_eq!(store.report().upgraded_from, Some(0));
        assert!(!files::scratch(&path).exists());
    }
}

#[test]
fn a_replacement_that_is_killed_anywhere_is_finished_at_the_next_opening() {
    // After the copy got its final name; after the old file was moved; after its log was.
    for moved in 0..3 {
        let (folder, path) = old_phone();
        let before = content(&path);
        let killed = upgrade(&path, 0, &mut |stage| match stage {
            Stage::Verified => Err(StoreError::Paused),
            _ => Ok(()),
        });
        assert!(killed.is_err());
        fs::rename(files::scratch(&path), beside(&path, "upgraded")).expect("moved");
        fs::write(files::wal(&path), b"").expect("an empty log");
        let kept = beside(&path, "previous-1");
        if moved > 0 {
            fs::rename(&path, &kept).expect("moved");
        }
        if moved > 1 {
            fs::rename(files::wal(&path), files::wal(&kept)).expect("moved");
        }
        let store = Store::open(&config(&folder, 1), keys(1)).expect("finished");
        assert_eq!(store.report().upgraded_from, None, "the upgraded copy was put in place");
        assert_eq!(content(&kept), before);
        assert!(!beside(&path, "upgraded").exists());
        assert_eq!(Replace::Upgraded.kept_files(&path), [kept]);
    }
}

#[test]
fn a_database_of_a_newer_version_is_not_touched_and_can_be_exported() {
    let (phone, _) = recorded();
    let segments = phone.segments();
    let path = phone.path();
    let Phone { folder, store, .. } = phone;
    drop(store);
    let db = Connection::open(&path).expect("opens");
    db.pragma_update(None, "user_version", 99).expect("set");
    db.close().expect("closed");
    let before = content(&path);
    let refused = Store::open(&config(&folder, 1), keys(1));
    assert!(matches!(refused, Err(StoreError::Newer { found: 99, known }) if known == schema::current()));
    assert_eq!(content(&path), before);
    assert_eq!(rescue(&path).expect("read"), segments);
}

#[test]
fn a_file_of_another_kind_is_not_touched() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.db");
    let db = Connection::open(&path).expect("opens");
    db.execute_batch("CREATE TABLE notes (text)").expect("made");
    db.close().expect("closed");
    let before = content(&path);
    assert!(matches!(Store::open(&config(&folder, 1), keys(1)), Err(StoreError::Elsewhere { .. })));
    assert_eq!(content(&path), before);
    let db = pragma::reader(&path).expect("opens");
    assert!(schema::identify(&db).is_err());
    drop(db);
    drop(Store::open(&config(&tempfile::tempdir().expect("a folder"), 1), keys(1)).expect("a new one"));
}

#[test]
fn a_log_of_another_site_is_refused() {
    let (phone, _) = recorded();
    let mut config = phone.store.config().clone();
    let Phone { folder, store, .. } = phone;
    drop(store);
    config.identity.site = crate::base::SiteId([9; 16]);
    assert!(matches!(Store::open(&config, keys(1)), Err(StoreError::Elsewhere { .. })));
    drop(folder);
}

/// Writes the fixture anew: `cargo test -p dutylog-core written -- --ignored`. Only ever needed for a new version.
#[test]
#[ignore = "writes the fixture"]
fn written() {
    let (phone, _) = recorded();
    let old = Connection::open_in_memory().expect("opens");
    old.execute_batch(include_str!("../../../migrations/0000_log.sql")).expect("version 0");
    assert_eq!(schema::identify(&phone.store.db).expect("ours"), Found::Version(schema::current()));
    let mut out = format!(
        "-- Version 0, as its app wrote it. Made by `core/src/store/tests/upgrading.rs`; never edited.\n\
         PRAGMA application_id = {};\n",
        pragma::APPLICATION_ID
    );
    out.push_str(include_str!("../../../migrations/0000_log.sql"));
    let mut tables =
        old.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid").expect("sql");
    let tables = tables.query_map((), |row| row.get::<_, String>(0)).expect("rows");
    for table in tables.map(|name| name.expect("a name")) {
        let columns = old.prepare(&format!("SELECT * FROM {table}")).expect("a table");
        let columns = columns.column_names().join(", ");
        dump(&phone.store.db, &table, &columns, &mut out);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/store-0000.sql");
    fs::write(path, out).expect("written");
}

fn dump(db: &Connection, table: &str, columns: &str, out: &mut String) {
    let mut select = db.prepare(&format!("SELECT {columns} FROM {table}")).expect("a table");
    let count = select.column_count();
    let mut rows = select.query(()).expect("rows");
    while let Some(row) = rows.next().expect("a row") {
        let values: Vec<String> = (0..count).map(|i| literal(row.get_ref(i).expect("a column"))).collect();
        writeln!(out, "INSERT INTO {table} ({columns}) VALUES ({});", values.join(", ")).expect("text");
    }
}

fn literal(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".into(),
        ValueRef::Integer(n) => n.to_string(),
        ValueRef::Text(text) => format!("'{}'", String::from_utf8_lossy(text).replace('\'', "''")),
        ValueRef::Blob(bytes) => {
            bytes.iter().fold("x'".to_owned(), |mut hex, b| {
                write!(hex, "{b:02x}").expect("text");
                hex
            }) + "'"
        }
        ValueRef::Real(_) => unreachable!("no column holds a float"),
    }
}
