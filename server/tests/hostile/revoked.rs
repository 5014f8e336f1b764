//! Phones that were cut off: what they still deliver is kept, and they read nothing.

use dutylog_core::capture::ReviewHeld;
use dutylog_core::log::{Entry, Op, Segment, encode_ops};
use dutylog_core::merge::chain_record;
use dutylog_core::records::chain::{CLOCK_CHANGED, ClockChange, EntryMark, HeldDecision};
use dutylog_core::records::security::RevocationKind;
use dutylog_core::records::{FieldValue, Kind};
use dutylog_core::sync::{OutcomeKind, Request};
use dutylog_server::views::Standing;

use crate::support::phone::Phone;
use crate::support::{START_MS, Server};
use crate::{held, outcomes, problem, push, told, world};

#[tokio::test]
async fn a_revoked_phone_delivers_and_reads_nothing() {
    let (server, site, mut phone) = world().await;
    let before = phone.record(2, "before");
    assert_eq!(phone.exchange(&server, &push(&[before])).await.status, 200);
    let subject = dutylog_core::base::RecordId(phone.device.0);
    let desk = &server.running.state.desk;
    desk.revoke(site, None, subject, RevocationKind::Lost).await.expect("revoked");
    let late = phone.record(14, "after");
    let got = phone.exchange(&server, &push(&[late])).await;
    assert_eq!((got.status, got.code()), (202, "held_for_review"));
    assert_eq!(outcomes(&got), [(OutcomeKind::HeldForReview, 3, 16)]);
    let [zh, en] = told(&got);
    assert_eq!(en, "Received and kept. A lead must confirm these 14 entries.");
    assert_eq!(zh, "已收到并保存。 须由值班长确认这 14 条记录。");
    let response = got.response();
    assert!(response.receipts.is_empty() && response.frame.is_empty() && response.checkpoint.is_none());
    let got = phone.exchange(&server, &Request::default()).await;
    assert_eq!((got.status, got.code()), (401, "device_revoked"));
    let [zh, en] = problem(&got);
    let sentence = "This device was revoked and may not read any more.";
    assert_eq!(en, format!("{sentence} Unsent records can still be delivered; ask your lead."));
    assert_eq!(zh, "这台设备已被停用，不能再读取。 未发送的记录仍可上传；请联系值班长。");
    assert_eq!(held(&server, site, &phone).await, 2);
    let ledger = server.running.state.api.ledger();
    assert_eq!(ledger.set_aside(site).await.expect("aside").len(), 1);
}

/// Entries that are in order in themselves: the device alone notes that its clock was moved.
fn lawful(phone: &mut Phone, entries: u64) -> Segment {
    let change = ClockChange { before: START_MS, after: START_MS + 1 };
    let value = FieldValue::to_value(&change);
    let ops = encode_ops(&[Op::Add { record: 0, field: CLOCK_CHANGED.id(), value }]);
    let header = phone.header();
    let entry = |seq| Entry {
        author: None,
        records: vec![chain_record(phone.chain)],
        kind: Kind::ClockChanged.code(),
        ops: ops.clone(),
        ..phone.entry(seq, "x")
    };
    let entries = (header.first..header.first + entries).map(|seq| entry(seq).to_bytes()).collect();
    let segment = phone.sign(header, entries);
    phone.keep(&segment);
    segment
}

/// How many of the phone's entries stand so.
async fn standing(server: &Server, phone: &Phone, verdict: Standing) -> i64 {
    sqlx::query_scalar("SELECT COUNT(*) FROM view_entries WHERE chain = $1 AND verdict = $2")
        .bind(phone.chain.0.to_vec())
        .bind(verdict.code())
        .fetch_one(server.running.state.database.readers())
        .await
        .expect("a count")
}

#[tokio::test]
async fn what_a_revoked_phone_delivered_counts_once_it_is_confirmed() {
    let server = Server::start().await;
    let site = server.planned_site().await;
    let mut phone = Phone::enrol(&server, site, 1).await;
    let by = Some(server.person("B001"));
    let before = lawful(&mut phone, 2);
    assert_eq!(phone.exchange(&server, &push(&[before])).await.status, 200);
    let subject = dutylog_core::base::RecordId(phone.device.0);
    let desk = &server.running.state.desk;
    desk.revoke(site, None, subject, RevocationKind::Left).await.expect("revoked");
    let late = lawful(&mut phone, 14);
    let got = phone.exchange(&server, &push(std::slice::from_ref(&late))).await;
    assert_eq!((got.status, got.code()), (202, "held_for_review"));
    assert_eq!(standing(&server, &phone, Standing::Counts).await, 2, "what the server held stands");
    let mark = |n: usize| EntryMark {
        chain: phone.chain,
        seq: late.header.first + n as u64,
        mark: late.leaves()[n].mark(),
    };
    let review = |first, last, decision| ReviewHeld { first, last, decision, note: "核实".into() };
    let accept = review(3, mark(9), HeldDecision::Accepted);
    desk.review_held(site, by, accept).await.expect("decided");
    let ledger = server.running.state.api.ledger();
    assert_eq!(ledger.set_aside(site).await.expect("aside").len(), 0);
    assert_eq!(held(&server, site, &phone).await, 16);
    let counts = standing(&server, &phone, Standing::Counts).await;
    let waits = standing(&server, &phone, Standing::Held).await;
    assert_eq!((counts, waits), (12, 4), "no more than was looked at");
    let exclude = review(13, mark(13), HeldDecision::Excluded);
    desk.review_held(site, by, exclude).await.expect("decided");
    assert_eq!(standing(&server, &phone, Standing::Refused).await, 4, "kept, and does not count");
    // What a key wrote that may be in other hands stays evidence, whoever accepts it.
    desk.revoke(site, None, subject, RevocationKind::Compromised).await.expect("revoked");
    assert_eq!(
        standing(&server, &phone, Standing::Counts).await,
        12,
        "the newest cut holds what was held then"
    );
    assert_eq!(phone.exchange(&server, &Request::default()).await.code(), "device_revoked");
}
