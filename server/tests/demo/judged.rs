//! The demonstration in this process: whole, and judged without mercy.

use dutylog_core::log::{Header, leaf_of, merkle, pack};
use dutylog_core::records::chain::hq_chain;
use dutylog_server::demo::{Demo, History, Options, Report};
use dutylog_server::shutdown;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

async fn history(days: u32, seed: u64, folder: &std::path::Path) -> (History, shutdown::Trigger) {
    let (trigger, stop) = shutdown::channel();
    let options = Options { data: folder.join("demo"), days, port: Some(0), seed, live: false };
    let demo = Demo::start(options, stop).await.expect("starts");
    assert_eq!(demo.logins().len(), 2);
    (demo.make_history().await.expect("history"), trigger)
}

/// The database, past its own locks.
async fn unlocked(history: &History) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(history.database_file());
    let mut db = SqliteConnection::connect_with(&options).await.expect("the database");
    let triggers: Vec<(String,)> = sqlx::query_as("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        .fetch_all(&mut db)
        .await
        .expect("triggers");
    for (name,) in triggers {
        let drop = sqlx::AssertSqlSafe(format!("DROP TRIGGER \"{name}\""));
        sqlx::query(drop).execute(&mut db).await.expect("dropped");
    }
    sqlx::query("PRAGMA foreign_keys = OFF").execute(&mut db).await.expect("off");
    db
}

/// Takes one entry of a phone out of the log so that nothing else there contradicts it: what an administrator of the database could do
/// who knows every format and lacks the phone's key.
async fn delete_one_entry(db: &mut SqliteConnection) {
    type Row = (Vec<u8>, i64, Vec<u8>, Vec<u8>);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT site, position, header, body FROM segments WHERE last > first ORDER BY position DESC",
    )
    .fetch_all(&mut *db)
    .await
    .expect("segments");
    let read = |(site, position, header, body): Row| {
        let header = Header::from_bytes(&header).expect("a header");
        (header.chain != hq_chain(header.site, 1)).then_some((site, position, header, body))
    };
    let (site, position, mut header, body) = rows.into_iter().find_map(read).expect("a phone's segment");
    let frame = || pack::Frame {
        chain: header.chain,
        first: header.first,
        wall: header.clock.wall,
        boot: header.clock.boot,
    };
    let mut entries = pack::unpack(frame(), header.count, &body).expect("its entries");
    entries.pop();
    let body = pack::pack(frame(), &entries);
    let leaves: Vec<_> = entries.iter().map(|entry| leaf_of(&entry.to_bytes())).collect();
    (header.count, header.root) = (header.count - 1, merkle::root(&leaves));
    let changed = sqlx::query(
        "UPDATE segments SET header = $3, body = $4, id = $5, last = last - 1 WHERE site = $1 AND position = $2",
    )
    .bind(site)
    .bind(position)
    .bind(header.to_bytes())
    .bind(body)
    .bind(header.id().0.to_vec())
    .execute(db)
    .await;
    assert_eq!(changed.expect("changed").rows_affected(), 1);
}

/// Takes the newest segment of a site out of the database.
async fn delete_one_segment(db: &mut SqliteConnection) {
    let newest = "DELETE FROM segments WHERE (site, position) IN \
                  (SELECT site, max(position) FROM segments GROUP BY site LIMIT 1)";
    let gone = sqlx::query(newest).execute(db).await.expect("deleted").rows_affected();
    assert_eq!(gone, 1);
}

fn everything_came_up(report: &Report) {
    let figures = [
        report.entries_recorded,
        report.segments,
        report.rounds,
        report.incidents,
        report.handovers_signed,
        report.handovers_offline,
        report.conflicts,
        report.sync_round_trips,
        report.bytes_up,
        report.bytes_down,
    ];
    assert!(figures.iter().all(|figure| *figure > 0), "{report:?}");
    assert_eq!(report.phones, 9);
    assert_eq!(report.entries_received, report.entries_recorded);
}

#[tokio::test(flavor = "multi_thread")]
async fn five_days_are_sound_and_one_deleted_entry_is_not() {
    let folder = tempfile::tempdir().expect("folder");
    let (history, _trigger) = history(5, 42, folder.path()).await;
    let report = history.judge().await.expect("judged");
    everything_came_up(&report);
    assert!(report.is_sound(), "{report:?}");

    let mut db = unlocked(&history).await;
    delete_one_entry(&mut db).await;
    let found_out = history.judge().await.expect("judged");
    assert_eq!((found_out.is_sound(), found_out.entries_lost), (false, 1));

    delete_one_segment(&mut db).await;
    let found_out = history.judge().await.expect("judged");
    assert!(!found_out.is_sound() && found_out.entries_lost > 1, "{found_out:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_story_shows_everything_too() {
    let folder = tempfile::tempdir().expect("folder");
    let (history, _trigger) = history(6, 7, folder.path()).await;
    let report = history.judge().await.expect("judged");
    everything_came_up(&report);
    assert!(report.is_sound(), "{report:?}");
}
