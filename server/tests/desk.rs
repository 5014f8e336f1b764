//! HQ as one more device: configuration, certificates, comments, and what a restore takes from it.

mod support;

use dutylog_core::base::{PersonId, RecordId, SiteId};
use dutylog_core::capture::Comment;
use dutylog_server::desk::DeskError;
use dutylog_server::ledger::SiteScope;
use support::Server;
use support::phone::Phone;

async fn name_of(server: &Server, scope: SiteScope) -> String {
    let known = server.running.state.projector.known(scope, |k| k.now().site().map(|s| s.name.zh.clone()));
    known.await.expect("an answer").unwrap_or_default()
}

#[tokio::test]
async fn a_plan_becomes_entries_that_phones_read() {
    let server = Server::start().await;
    let scope = server.planned_site().await;
    assert_eq!(name_of(&server, scope).await, "青石岭泵站");
    let mut phone = Phone::enrol(&server, scope, 1).await;
    let report = phone.sync(&server).await;
    assert_eq!(report.problems, []);
    let held = phone.log.segments().count() as u64;
    let size = server.running.state.api.ledger().state(scope).await.expect("a state").log().size;
    assert_eq!(held, size);
}

#[tokio::test]
async fn people_of_hq_act_by_their_posts_and_views_show_it_at_once() {
    let server = Server::start().await;
    let scope = server.planned_site().await;
    let (desk, views) = (&server.running.state.desk, &server.running.state.views);
    let record = RecordId([4; 16]);
    let comment = |text: &str| Comment { record, text: text.into() };
    desk.act(scope, Some(server.person("B001")), comment("请复核压力读数")).await.expect("a comment");
    let state = views.record(scope, record).await.expect("an answer").expect("a record");
    assert_eq!(state.added(dutylog_core::records::comment::COMMENTS).len(), 1);
    let stranger = desk.act(scope, Some(PersonId([9; 16])), comment("x")).await;
    assert!(matches!(stranger, Err(DeskError::Rejected(_))), "{stranger:?}");
    let empty = desk.act(scope, Some(server.person("B001")), comment("  ")).await;
    assert!(matches!(empty, Err(DeskError::Rejected(_))), "{empty:?}");
}

#[tokio::test]
async fn many_hands_at_hq_never_write_one_number_twice() {
    let server = Server::start().await;
    let scope = server.planned_site().await;
    let person = server.person("B001");
    let mut hands = tokio::task::JoinSet::new();
    for n in 0..20 {
        let desk = server.running.state.desk.clone();
        let comment = Comment { record: RecordId([4; 16]), text: format!("{n}").into() };
        hands.spawn(async move { desk.act(scope, Some(person), comment).await.expect("a comment").seq });
    }
    let mut numbers = hands.join_all().await;
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 20);
    assert_eq!(server.running.state.api.ledger().forks(scope).await.expect("forks"), []);
}

#[tokio::test]
async fn a_database_put_back_in_silence_is_noticed_before_hq_forks_itself() {
    let server = Server::start().await;
    let scope = server.planned_site().await;
    let guard = server.data.path().join("written");
    let file = std::fs::read_dir(&guard).expect("notes").next().expect("one").expect("readable").path();
    std::fs::write(&file, "99999\n").expect("as if more had been written");
    let act = server.running.state.desk.act(
        scope,
        Some(server.person("B001")),
        Comment { record: RecordId([4; 16]), text: "x".into() },
    );
    assert!(matches!(act.await, Err(DeskError::RolledBack { .. })));
}

#[tokio::test]
async fn rebuilt_views_are_the_same() {
    let server = Server::start().await;
    let scope = server.planned_site().await;
    Phone::enrol(&server, scope, 1).await;
    let projector = &server.running.state.projector;
    projector.catch_up(scope).await.expect("folded");
    let before = projector.dump(scope).await.expect("rows");
    projector.rebuild(scope).await.expect("rebuilt");
    assert_eq!(projector.dump(scope).await.expect("rows"), before);
}

#[tokio::test]
async fn a_restored_server_gets_back_what_hq_wrote() {
    let first = Server::start().await;
    let scope = first.planned_site().await;
    let mut phone = Phone::enrol(&first, scope, 1).await;
    phone.sync(&first).await;
    let copy = first.copy().await;
    // After the copy: HQ comments and enrols another phone; the first phone hears of it.
    let person = first.person("B001");
    let record = RecordId([4; 16]);
    let comment = Comment { record, text: "备份之后".into() };
    first.running.state.desk.act(scope, Some(person), comment).await.expect("a comment");
    let mut other = Phone::enrol(&first, scope, 2).await;
    let lost = other.record(2, "备份之后");
    other.sync(&first).await;
    phone.sync(&first).await;
    // The copy takes over, as a new epoch; the keys were not put back.
    let second = first.restored(copy).await;
    phone.origin.clone_from(&second.running.origin);
    phone.nonce = None;
    let report = phone.sync(&second).await;
    assert_eq!(report.problems, [], "{report:?}");
    second.running.state.projector.catch_up(scope).await.expect("folded");
    second.running.state.desk.adopt(scope).await.expect("adopted");
    let ledger = second.running.state.api.ledger();
    assert!(ledger.segment(scope, lost.header.id()).await.expect("an answer").is_some());
    let state = second.running.state.views.record(scope, record).await.expect("an answer").expect("a record");
    assert_eq!(state.added(dutylog_core::records::comment::COMMENTS).len(), 1);
    assert_eq!(ledger.forks(scope).await.expect("forks"), []);
    // The other phone is known again, by HQ's own entry that came back.
    other.origin.clone_from(&second.running.origin);
    other.nonce = None;
    assert_eq!(other.sync(&second).await.problems, []);
    let comment = Comment { record, text: "新的纪元".into() };
    second.running.state.desk.act(scope, Some(person), comment).await.expect("a comment");
}

#[tokio::test]
async fn a_site_that_is_not_there_is_an_error() {
    let server = Server::start().await;
    let keys = &server.running.state.api.keys;
    let nowhere = SiteScope::enter(SiteId([7; 16]), &**keys).expect("the server enters every site");
    let act =
        server.running.state.desk.act(nowhere, None, Comment { record: RecordId([4; 16]), text: "x".into() });
    assert!(act.await.is_err());
}
