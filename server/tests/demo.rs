//! The demonstration: whole, and judged without mercy.

#![cfg(feature = "demo")]

use dutylog_server::demo::{Demo, History, Options, Report};
use dutylog_server::shutdown;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

async fn history(days: u32, folder: &std::path::Path) -> (History, shutdown::Trigger) {
    let (trigger, stop) = shutdown::channel();
    let options = Options { data: folder.join("demo"), days, port: Some(0), seed: 42, live: false };
    let demo = Demo::start(options, stop).await.expect("starts");
    assert_eq!(demo.logins().len(), 2);
    (demo.make_history().await.expect("history"), trigger)
}

/// Takes the entries of one phone's newest segment out of the database, past its own locks.
async fn delete_one(history: &History) {
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
    let newest = "DELETE FROM segments WHERE (site, position) IN \
                  (SELECT site, max(position) FROM segments GROUP BY site LIMIT 1)";
    let gone = sqlx::query(newest).execute(&mut db).await.expect("deleted").rows_affected();
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
async fn five_days_are_sound_and_one_deleted_segment_is_not() {
    let folder = tempfile::tempdir().expect("folder");
    let (history, _trigger) = history(5, folder.path()).await;
    let report = history.judge().await.expect("judged");
    everything_came_up(&report);
    assert!(report.is_sound(), "{report:?}");

    delete_one(&history).await;
    let found_out = history.judge().await.map(|report| (report.is_sound(), report.entries_lost));
    match found_out {
        Ok((sound, lost)) => assert!(!sound && lost > 0),
        Err(error) => panic!("{error}"),
    }
}
