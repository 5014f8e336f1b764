//! A server restored from an older copy, with what HQ wrote in between: by the commands, over real HTTP.

use std::path::Path;

use dutylog_core::base::{PersonId, RecordId};
use dutylog_core::capture::{Acknowledge, Comment};
use dutylog_core::log::EntryRef;
use dutylog_core::records::comment::COMMENTS;
use dutylog_core::records::incident::ACKNOWLEDGED;
use dutylog_core::records::site_plan::person_id;
use dutylog_core::sync::{Alarm, End};

use super::kill::{entries, log, scope_of, site};
use super::phone::Phone;
use super::program::{Program, must, open, run};

/// HQ acknowledges an incident and comments on it, as another process on the same folder.
async fn headquarters(data: &Path, incident: RecordId, text: &str) -> Vec<EntryRef> {
    let parts = open(data).await;
    let reviewer: PersonId = person_id(parts.keys.org(), "B001");
    let scope = scope_of(&parts);
    let acknowledged =
        parts.desk.act(scope, Some(reviewer), Acknowledge { incident }).await.expect("written");
    let comment = Comment { record: incident, text: text.into() };
    let commented = parts.desk.act(scope, Some(reviewer), comment).await.expect("written");
    parts.database.close().await;
    vec![acknowledged, commented]
}

async fn tell(phone: &mut Phone) {
    let report = phone.settle().await;
    assert_eq!((report.end, report.problems), (End::CaughtUp, vec![]));
}

#[tokio::test]
async fn nothing_is_lost_and_hq_does_not_contradict_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let [data, backup, restored] = ["data", "backup", "restored"].map(|name| folder.path().join(name));
    let (program, mut phones) = site(&data, 3).await;
    let port = program.address.port();
    let first = phones[0].raise().records[0];
    tell(&mut phones[0]).await;
    let mut written = headquarters(&data, first, "备份之前").await;
    must(&data, &["backup", "--to", text(&backup)]);
    tell(&mut phones[1]).await;
    let [one, two, three] = &mut phones[..] else { panic!("three phones") };
    // After the backup: phones record and are promised, HQ acts, and one phone hears of all of it.
    let second = one.raise().records[0];
    tell(one).await;
    two.raise();
    tell(two).await;
    written.extend(headquarters(&data, second, "备份之后").await);
    tell(one).await;
    three.raise();
    let report = two.settle().await;
    assert!(report.backup.is_some_and(|size| size > 0), "the watermark of the backup");
    // What the last phone delivers now nobody else hears of: only that phone can bring it back, though it has a receipt for it.
    tell(three).await;
    two.raise();
    program.kill();

    must(&restored, &["restore", "--from", text(&backup)]);
    let twice = run(&restored, &["restore", "--from", text(&backup)]);
    let why = String::from_utf8_lossy(&twice.stderr).into_owned();
    assert!(
        !twice.status.success() && why.contains("不会覆盖") && why.contains("nothing is overwritten"),
        "{why}"
    );
    let program = Program::start(&restored, port);
    for phone in [&mut *two, three, one] {
        tell(phone).await;
    }
    // HQ takes its own lost entries over, and goes on.
    written.extend(comment_again(&restored, second).await);
    for phone in [&mut *one, two, three] {
        tell(phone).await;
    }
    program.kill();

    let parts = open(&restored).await;
    let scope = scope_of(&parts);
    let held = entries(&log(&parts).await);
    let acked = [&*one, two, three].into_iter().flat_map(|phone| phone.acked.iter().map(|saved| saved.by));
    for by in acked.chain(written) {
        assert_eq!(held.get(&by), Some(&1), "{by:?}");
    }
    assert_eq!(parts.ledger().forks(scope).await.expect("an answer"), []);
    assert_eq!(parts.ledger().epoch().await.expect("an answer"), 2);
    let state = parts.views.record(scope, second).await.expect("an answer").expect("a record");
    assert_eq!((state.added(ACKNOWLEDGED).len(), state.added(COMMENTS).len()), (1, 2));
    for phone in [&*one, two, three] {
        let root = phone.app.store().site_root().expect("read").expect("a root");
        assert_eq!(root, parts.ledger().state(scope).await.expect("an answer").log());
        assert!(phone.folder().exists());
    }
    parts.database.close().await;
    assert!(must(&restored, &["verify"]).contains("are good"));
}

/// HQ comments in the new epoch, once what it had written before is taken over.
async fn comment_again(data: &Path, incident: RecordId) -> Vec<EntryRef> {
    let parts = open(data).await;
    let scope = scope_of(&parts);
    parts.projector.catch_up(scope).await.expect("folded");
    parts.desk.adopt(scope).await.expect("taken over");
    let reviewer = person_id(parts.keys.org(), "B001");
    let comment = Comment { record: incident, text: "新纪元".into() };
    let commented = parts.desk.act(scope, Some(reviewer), comment).await.expect("written");
    parts.database.close().await;
    vec![commented]
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in text")
}

#[tokio::test]
async fn a_server_put_back_in_silence_is_found_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let [data, backup] = ["data", "backup"].map(|name| folder.path().join(name));
    let (program, mut phones) = site(&data, 1).await;
    let port = program.address.port();
    phones[0].raise();
    tell(&mut phones[0]).await;
    must(&data, &["backup", "--to", text(&backup)]);
    phones[0].raise();
    tell(&mut phones[0]).await;
    program.kill();
    // The copy in the database's place, and no new epoch.
    for beside in ["dutylog.sqlite-wal", "dutylog.sqlite-shm"] {
        drop(std::fs::remove_file(data.join(beside)));
    }
    std::fs::copy(backup.join("dutylog.sqlite"), data.join("dutylog.sqlite")).expect("copied");
    let _program = Program::start(&data, port);
    phones[0].raise();
    let report = phones[0].settle().await;
    assert_eq!(report.end, End::Alarm(Alarm::WentBack));
    assert!(report.evidence.is_some(), "signed by the server itself");
}

#[tokio::test]
async fn two_restores_of_one_backup_are_two_epochs_and_a_damaged_one_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    must(&at("data"), &["admin", "apply", super::program::PLAN]);
    must(&at("data"), &["backup", "--to", text(&at("backup"))]);
    assert!(must(&at("one"), &["restore", "--from", text(&at("backup"))]).contains("epoch 2"));
    assert!(must(&at("two"), &["restore", "--from", text(&at("backup"))]).contains("epoch 3"));
    let again = run(&at("data"), &["backup", "--to", text(&at("backup"))]);
    assert!(!again.status.success(), "a backup is never overwritten");
    let database = at("backup").join("dutylog.sqlite");
    let mut bytes = std::fs::read(&database).expect("read");
    bytes[5_000] ^= 1;
    std::fs::write(&database, bytes).expect("written");
    let damaged = run(&at("three"), &["restore", "--from", text(&at("backup"))]);
    let why = String::from_utf8_lossy(&damaged.stderr).into_owned();
    assert!(!damaged.status.success() && why.contains("已损坏") && why.contains("is damaged"), "{why}");
    assert!(!at("three").exists(), "nothing is begun");
}

#[tokio::test]
async fn an_exported_file_is_verified_without_a_server() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let (program, mut phones) = site(&at("data"), 1).await;
    phones[0].raise();
    tell(&mut phones[0]).await;
    let file = at("site.dutylog");
    let said = must(&at("data"), &["export", "--site", "qingshiling", "--to", text(&file)]);
    program.kill();
    let root = said.trim().rsplit(' ').next().expect("the root key").to_owned();
    let verify =
        |file: &Path, root: &str| run(&at("none"), &["verify", "--file", text(file), "--root", root]);
    let good = verify(&file, &root);
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
    assert!(String::from_utf8_lossy(&good.stdout).contains("complete: the first"));
    assert!(!at("none").exists(), "no server, no data folder");
    let other: String = root.chars().rev().collect();
    assert!(!verify(&file, &other).status.success(), "another organisation's key proves nothing");
    let mut bytes = std::fs::read(&file).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).expect("written");
    assert!(!verify(&file, &root).status.success(), "changed");
    std::fs::write(&file, &bytes[..middle]).expect("written");
    let torn = verify(&file, &root);
    assert!(!torn.status.success() && String::from_utf8_lossy(&torn.stderr).contains("核对"), "torn");
}

#[tokio::test]
async fn two_backups_never_begin_the_same_epoch() {
    let folder = tempfile::tempdir().expect("a folder");
    let [data, monday, tuesday] = ["data", "monday", "tuesday"].map(|name| folder.path().join(name));
    let (program, mut phones) = site(&data, 1).await;
    program.kill();
    must(&data, &["backup", "--to", text(&monday)]);
    phones[0].raise();
    must(&data, &["backup", "--to", text(&tuesday)]);
    for (n, from) in [&tuesday, &monday, &tuesday].into_iter().enumerate() {
        let place = folder.path().join(n.to_string());
        must(&place, &["restore", "--from", text(from)]);
        let parts = open(&place).await;
        assert_eq!(parts.ledger().epoch().await.expect("an answer") as usize, n + 2);
        parts.database.close().await;
    }
}

#[tokio::test]
async fn without_its_own_keys_a_database_is_not_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let [data, backup, restored] = ["data", "backup", "restored"].map(|name| folder.path().join(name));
    let (program, _phones) = site(&data, 1).await;
    program.kill();
    must(&data, &["backup", "--to", text(&backup)]);
    std::fs::remove_dir_all(backup.join("keys")).expect("removed");
    assert!(!run(&restored, &["restore", "--from", text(&backup)]).status.success());
    std::fs::rename(data.join("keys"), folder.path().join("keys")).expect("moved away");
    let refused = run(&data, &["verify"]);
    assert!(!refused.status.success(), "keys were made up");
    assert!(!data.join("keys").exists());
    // Another organisation's are no better.
    let (program, _) = site(&folder.path().join("other"), 0).await;
    program.kill();
    std::fs::rename(folder.path().join("other/keys"), data.join("keys")).expect("moved");
    let refused = run(&data, &["verify"]);
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(why.contains("不属于这个数据库") && why.contains("are not those of this database"), "{why}");
}
