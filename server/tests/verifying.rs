//! Verifying reads and changes nothing; what new phones are told is on record, and a replay holds it against the log.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use dutylog_core::base::{Digest, RecordId};
use dutylog_core::capture::{Comment, EnterSnapshot};
use dutylog_core::merge::chain_record;
use dutylog_core::records::chain::{CODE_ISSUED, SnapshotTaken, hq_chain};
use dutylog_server::app::Parts;
use dutylog_server::ledger::SiteScope;
use dutylog_server::verify::{self, Failed};
use dutylog_server::{Config, SystemClock, backup};
use support::Server;
use support::phone::Phone;

/// The content of every file below a folder. SQLite's scratch index of a log in progress is no content.
fn content(folder: &Path) -> BTreeMap<String, Digest> {
    let mut files = BTreeMap::new();
    for file in fs::read_dir(folder).expect("a folder") {
        let path = file.expect("a file").path();
        let name = path.display().to_string();
        if path.is_dir() {
            files.extend(content(&path));
        } else if !name.ends_with("-shm") {
            files.insert(name, Digest::of(&fs::read(&path).expect("readable")));
        }
    }
    files
}

fn at(folder: &Path) -> Config {
    Config { data_dir: folder.to_owned(), ..Config::default() }
}

/// A server with a site, a phone that has recorded, and a snapshot that was handed out.
async fn told() -> (Server, SiteScope, Phone) {
    let server = Server::start_with(|config| config.limits.snapshot_segments = 1).await;
    let scope = server.planned_site().await;
    let mut phone = Phone::enrol(&server, scope, 1).await;
    phone.record(3, "gate");
    phone.sync(&server).await;
    let path = format!("/v1/sites/{}/snapshot", scope.site());
    assert_eq!(phone.get(&server, &path).await.status, 200);
    (server, scope, phone)
}

#[tokio::test]
async fn what_new_phones_are_told_is_on_record_once_and_a_replay_agrees() {
    let (server, scope, mut phone) = told().await;
    let views = &server.running.state.views;
    let entered = views.entered_snapshots(scope).await.expect("an answer");
    assert_eq!(entered.len(), 1);
    let path = format!("/v1/sites/{}/snapshot", scope.site());
    assert_eq!(phone.get(&server, &path).await.status, 200);
    let again = views.entered_snapshots(scope).await.expect("an answer");
    assert!(again.len() <= 2 && again[0] == entered[0], "once for each position: {again:?}");
    phone.record(2, "roof");
    phone.sync(&server).await;
    let config = at(server.data.path());
    let verified = verify::folder(&config).await.expect("all is as it was told");
    assert!(verified[0].segments > entered[0].told.size);
}

#[tokio::test]
async fn a_snapshot_that_says_something_else_than_the_log_is_named() {
    let (server, scope, _) = told().await;
    let log = server.running.state.api.ledger().root_at(scope, 3).await.expect("an answer").expect("a root");
    let digest = Digest::of(b"something else");
    let snapshot = SnapshotTaken { size: log.size, root: log.root, certificates: 2, digest };
    server.running.state.desk.act(scope, None, EnterSnapshot { snapshot }).await.expect("entered");
    let failed = verify::folder(&at(server.data.path())).await;
    let named = matches!(failed, Err(Failed::Snapshot { site, size: 3 }) if site == scope.site());
    assert!(named, "{failed:?}");
    let state = &server.running.state;
    let differ = verify::replay(&state.projector, &state.views, state.api.ledger(), scope).await;
    assert_eq!(differ.expect("folded").into_iter().map(|s| s.told).collect::<Vec<_>>(), [snapshot]);
}

#[tokio::test]
async fn verifying_changes_no_byte_of_a_data_folder_or_a_backup() {
    let (server, scope, _) = told().await;
    let parts = Parts::open(&at(server.data.path()), Arc::new(SystemClock)).await.expect("the same folder");
    let outside = tempfile::tempdir().expect("a folder");
    let copy = outside.path().join("backup");
    backup::make(&parts, &at(server.data.path()), &copy, 5).await.expect("a backup");
    parts.database.close().await;
    for folder in [server.data.path(), &copy] {
        let before = content(folder);
        let verified = verify::folder(&at(folder)).await.expect("verified");
        assert_eq!(verified.iter().map(|v| v.site).collect::<Vec<_>>(), [scope.site()]);
        assert_eq!(content(folder), before, "{}", folder.display());
    }
    let text = outside.path().join("backup/backup.json");
    let changed =
        fs::read_to_string(&text).expect("text").replacen("\"database\": \"", "\"database\": \"0", 1);
    fs::write(&text, changed).expect("written");
    assert!(matches!(verify::folder(&at(&copy)).await, Err(Failed::Backup(_))));
}

#[tokio::test]
async fn a_folder_without_keys_or_database_is_not_made_one() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(verify::folder(&at(folder.path())).await.is_err());
    assert!(content(folder.path()).is_empty());
}

#[tokio::test]
async fn who_made_a_code_is_on_record_before_it_is_used_or_not() {
    let server = Server::start().await;
    let scope = server.planned_site().await;
    let (desk, administrator) = (&server.running.state.desk, server.person("B002"));
    let invited =
        desk.invite_phone(scope, Some(administrator), "http://127.0.0.1".into()).await.expect("a code");
    desk.invite_person(scope, None, server.person("Q004")).await.expect("a code");
    let refused = desk.invite_phone(scope, Some(server.person("Q004")), String::new()).await;
    assert!(refused.is_err(), "nobody without the right");
    let record = chain_record(hq_chain(scope.site(), 1));
    let views = &server.running.state.views;
    let held = views.record(scope, record).await.expect("an answer").expect("a record");
    let codes = views.behind(scope, record).await.expect("an answer").added(held.added(CODE_ISSUED));
    let told: Vec<_> = codes.iter().map(|said| (said.author, said.value.person)).collect();
    assert_eq!(told, [(Some(administrator), None), (None, Some(server.person("Q004")))]);
    assert_eq!(codes[0].value.expires, invited.expires);
    let mark = dutylog_server::enrolment::code_digest(&invited.code).mark();
    assert_eq!(codes[0].value.mark, mark);
}

#[tokio::test]
async fn what_a_phone_calls_itself_is_shown() {
    let server = Server::start().await;
    let scope = server.planned_site().await;
    let phone = Phone::enrol(&server, scope, 1).await;
    let phones = server.running.state.views.phones(scope).await.expect("an answer");
    let card = phones.iter().find(|p| p.card.id() == phone.device).expect("it is there");
    assert_eq!(card.card.label, "手机 1");
    server
        .running
        .state
        .desk
        .act(scope, Some(server.person("B001")), Comment { record: RecordId([4; 16]), text: "x".into() })
        .await
        .expect("a comment");
    let rebuilt = server.running.state.projector.rebuild(scope).await;
    rebuilt.expect("folded");
    let phones = server.running.state.views.phones(scope).await.expect("an answer");
    assert!(phones.iter().any(|p| p.card.label == "手机 1"), "it follows from the log");
}
