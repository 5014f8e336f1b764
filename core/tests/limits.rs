//! The benches' limits do the work they are measured by: a limit that forgot a row would be too fast.

#[path = "../benches/limits/mod.rs"]
#[allow(dead_code, unused_imports, reason = "this test reads only part of the limits")]
mod limits;
#[path = "../benches/ratios/mod.rs"]
#[allow(dead_code, unused_imports, reason = "this test reads only part of the harness")]
mod ratios;
#[path = "../benches/site_year/mod.rs"]
#[allow(dead_code, unused_imports, reason = "this test reads only part of the workload")]
mod site_year;

use std::collections::BTreeSet;
use std::path::Path;

use limits::{L0, L1, W2, W5};
use ratios::{Durability, Lister, Outcome, Recorder, Wire};
use rusqlite::Connection;
use site_year::{Action, site_year};

fn rows(folder: &Path, table: &str) -> Outcome<usize> {
    let db = Connection::open(folder.join("site.db"))?;
    let count: u32 = db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
    Ok(usize::try_from(count)?)
}

#[test]
fn the_raw_log_keeps_a_row_for_every_action() -> Outcome<()> {
    let (folder, actions) = (tempfile::tempdir()?, site_year().second);
    let mut log = L0::open(folder.path(), Durability::Normal)?;
    actions[..100].iter().try_for_each(|action| log.commit(action))?;
    log.apply(&L0::pack(&actions[100..])?)?;
    log.close()?;
    assert_eq!(rows(folder.path(), "log")?, actions.len());
    Ok(())
}

#[test]
fn raw_rows_keep_one_row_a_field_and_list_the_newest_records() -> Outcome<()> {
    let (folder, actions) = (tempfile::tempdir()?, site_year().second);
    let mut raw = L1::open(folder.path(), Durability::Normal)?;
    raw.apply(&L1::pack(&actions)?)?;
    assert_eq!(raw.list_last(50)?, 50);
    raw.close()?;
    let fields = actions.iter().flat_map(|a| a.fields.iter().map(|f| (a.record, f.item, f.name)));
    assert_eq!(rows(folder.path(), "field")?, fields.collect::<BTreeSet<_>>().len());
    Ok(())
}

#[test]
fn the_last_writer_wins_in_either_order() -> Outcome<()> {
    let year = site_year();
    let edit = &year.second[9_000];
    let same = |a: &&Action| {
        a.record == edit.record && a.kind == edit.kind && a.fields[0].item == edit.fields[0].item
    };
    let original = year.first.iter().find(same).expect("every edit is of something the first phone wrote");
    let newest = original.at_ms.max(edit.at_ms) / 1_000;
    for order in [[original, edit], [edit, original]] {
        let folder = tempfile::tempdir()?;
        let mut raw = L1::open(folder.path(), Durability::Full)?;
        order.into_iter().try_for_each(|action| raw.commit(action))?;
        raw.close()?;
        let db = Connection::open(folder.path().join("site.db"))?;
        let key = u32::from(edit.fields[0].item) << 4 | u32::from(edit.fields[0].name);
        let kept: i64 = db.query_row("SELECT at_s FROM field WHERE field = ?1", [key], |row| row.get(0))?;
        assert_eq!(kept, newest);
    }
    Ok(())
}

#[test]
fn the_streams_have_the_size_their_goals_were_set_by() -> Outcome<()> {
    let year = site_year().first;
    let (w2, w5) = (W2::bytes(&year)?, W5::bytes(&year)?);
    assert!((1_400_000..1_480_000).contains(&w2), "W2 took {w2} bytes");
    assert!((1_040_000..1_120_000).contains(&w5), "W5 took {w5} bytes");
    Ok(())
}
