//! Goal 10: a year as the server takes it in, verified, receipted and folded into views.

use std::path::Path;
use std::time::{Duration, Instant};

use dutylog_core::base::Millis;
use dutylog_core::sync::{Frame, Item, Signatures};
use dutylog_core::testing::START;
use dutylog_server::app::Parts;
use dutylog_server::ingest::Outcome as Became;
use dutylog_server::ledger::SiteScope;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::bare::Rows;
use super::phone::Phone;
use super::place::{self, Place};
use super::wire::Wire;
use crate::ratios::{Outcome, Pair, Report, by_turns};
use crate::recorded::frames;
use crate::site_year::site_year;

const DATABASE: &str = "dutylog.sqlite";
const DAY: Millis = 24 * 60 * 60 * 1000;

/// Measures it: the goal is a quarter of the speed at which SQLite takes the same rows.
pub(crate) fn ingest(runtime: &Runtime, report: &mut Report) -> Outcome<()> {
    let (data, scope, phone, pushes) = runtime.block_on(prepare())?;
    let ours = || runtime.block_on(take_in(data.path(), scope, &phone, &pushes)).map(|(took, _)| took);
    let (_, taken) = runtime.block_on(take_in(data.path(), scope, &phone, &pushes))?;
    let rows = Rows::of(&taken.path().join(DATABASE))?;
    let paired = by_turns(1, ours, || rows.insert())?;
    let pair = Pair { subject: "Dutylog", against: "same rows" };
    let name = format!("ingest of a year, {} rows", rows.count());
    report.entry(10, name, pair).p50(&paired, Some(4.0)).spreads(&paired);
    Ok(())
}

/// A data folder with the site and a phone that has not pushed yet, and its pushes of the whole year.
async fn prepare() -> Outcome<(TempDir, SiteScope, Phone, Vec<Vec<u8>>)> {
    let place = Place::new().await?;
    let mut phone = place.phone().await?;
    let mut wire = Wire::to(place.addr())?;
    phone.sync(&mut wire)?;
    phone.sign_in();
    let segments = phone.record(&site_year().first)?;
    let pushes = frames(&segments, Signatures::All, None)?;
    let scope = place.scope;
    drop(wire);
    Ok((place.stop().await?, scope, phone, pushes))
}

/// Takes the pushes into a copy of the folder; how long that takes, and the copy.
async fn take_in(
    data: &Path,
    scope: SiteScope,
    phone: &Phone,
    pushes: &[Vec<u8>],
) -> Outcome<(Duration, TempDir)> {
    let folder = copy(data)?;
    let parts = place::parts(folder.path()).await?;
    let started = Instant::now();
    for (at, push) in (0..).zip(pushes) {
        // A phone may push once a second for long; here it is a day, so that no budget is used up.
        receive(&parts, scope, phone, push, START + 400 * DAY + at * DAY).await?;
    }
    parts.projector.catch_up(scope).await?;
    let took = started.elapsed();
    parts.database.close().await;
    everything_counts(&folder.path().join(DATABASE))?;
    Ok((took, folder))
}

async fn receive(parts: &Parts, scope: SiteScope, phone: &Phone, push: &[u8], now: Millis) -> Outcome<()> {
    let frame = Frame::decode(parts.keys.org(), scope.site(), push)?;
    let segments = frame.items.into_iter().map(|item| match item {
        Item::Segment(segment) => Ok(*segment),
        Item::Held { .. } => Err("a phone does not say what is held".into()),
    });
    let segments = segments.collect::<Outcome<_>>()?;
    let became = parts.ingest.push(scope, phone.author.certificate.id(), segments, now).await?;
    let taken = |one: &Became| matches!(one, Became::Taken(taken) if taken.fresh && taken.receipt.is_some());
    if became.iter().all(taken) { Ok(()) } else { Err(format!("not taken: {became:?}").into()) }
}

/// That nothing was set aside: what does not count costs less.
fn everything_counts(database: &Path) -> Outcome<()> {
    let db = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let idle = "SELECT count(*) FROM view_entries WHERE verdict <> 0";
    let idle: i64 = db.query_row(idle, (), |row| row.get(0))?;
    if idle == 0 { Ok(()) } else { Err(format!("{idle} entries do not count").into()) }
}

fn copy(from: &Path) -> Outcome<TempDir> {
    let folder = tempfile::tempdir()?;
    copy_into(from, folder.path())?;
    Ok(folder)
}

fn copy_into(from: &Path, to: &Path) -> Outcome<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            std::fs::create_dir(&to)?;
            std::fs::set_permissions(&to, std::fs::metadata(entry.path())?.permissions())?;
            copy_into(&entry.path(), &to)?;
        } else {
            std::fs::copy(entry.path(), &to)?;
        }
    }
    Ok(())
}
