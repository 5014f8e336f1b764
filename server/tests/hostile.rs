//! Hostile and unlucky inputs at the API: each has its answer, and what is good beside it is stored.

mod support;

use dutylog_core::base::{DeviceId, Digest, Seq};
use dutylog_core::capture::ReviewHeld;
use dutylog_core::locales::{Locale, clock_wrong_text};
use dutylog_core::log::{Entry, Head, Op, PublicKey, Segment, Signature, Writer, encode_ops};
use dutylog_core::merge::chain_record;
use dutylog_core::records::chain::{CLOCK_CHANGED, ClockChange, EntryMark, HeldDecision};
use dutylog_core::records::security::RevocationKind;
use dutylog_core::records::{FieldValue, Kind};
use dutylog_core::sync::enrol::EnrolDevice;
use dutylog_core::sync::{Cause, Fit, FrameWriter, OutcomeKind, Request, Signatures, sync_path};
use dutylog_server::ledger::{Enrols, SiteScope};
use dutylog_server::views::Standing;
use support::phone::{CONTENT_TYPE, Got, Phone};
use support::{START_MS, Server};

async fn world() -> (Server, SiteScope, Phone) {
    let server = Server::start().await;
    let site = server.bare_site(0xa).await;
    let phone = Phone::enrol(&server, site, 1).await;
    (server, site, phone)
}

fn frame(segments: &[Segment]) -> Vec<u8> {
    let mut writer = FrameWriter::new(Signatures::All, None);
    segments.iter().for_each(|segment| assert_eq!(writer.segment(segment), Fit::Taken));
    writer.finish()
}

fn push(segments: &[Segment]) -> Request {
    Request { max_unpacked: 1 << 20, frame: frame(segments), ..Request::default() }
}

/// The last number held of the phone's chain.
async fn held(server: &Server, site: SiteScope, phone: &Phone) -> Seq {
    let heads = server.running.state.api.ledger().heads(site, Some(&[phone.chain])).await.expect("heads");
    heads.get(&phone.chain).and_then(|heads| heads.iter().map(|head: &Head| head.seq).max()).unwrap_or(0)
}

fn outcomes(got: &Got) -> Vec<(OutcomeKind, Seq, Seq)> {
    got.response().outcomes.iter().map(|o| (o.kind, o.first, o.last)).collect()
}

#[tokio::test]
async fn a_small_body_that_unpacks_to_half_a_gigabyte_stops_at_the_limit() {
    let (server, site, mut phone) = world().await;
    let good = phone.record(2, "x");
    let mut bomb = push(&[]);
    bomb.frame = zstd::bulk::compress(&vec![0; 512 << 20], 3).expect("packs");
    assert!(bomb.frame.len() < 64 << 10, "{}", bomb.frame.len());
    let began = std::time::Instant::now();
    let got = phone.exchange(&server, &bomb).await;
    assert!(began.elapsed().as_secs() < 5, "it stops early");
    assert_eq!((got.status, got.code()), (413, "body_too_large_decompressed"));
    assert_eq!(got.problem()["en"]["title"], "This upload unpacks to more than 4 MiB.");
    assert_eq!(phone.exchange(&server, &push(&[good])).await.status, 200);
    assert_eq!(held(&server, site, &phone).await, 2);
}

#[tokio::test]
async fn more_bytes_than_a_push_may_have_are_refused_before_they_are_read() {
    let (server, _, mut phone) = world().await;
    let got = phone.post(&server, &sync_path(phone.site), vec![0; (256 << 10) + 1]).await;
    assert_eq!((got.status, got.code()), (413, "body_too_large"));
}

#[tokio::test]
async fn a_million_levels_do_not_overflow_anything() {
    let (server, site, mut phone) = world().await;
    let mut deep = vec![0x81; 200_000];
    deep.push(0);
    let mut body = Vec::new();
    let mut rest = deep.len();
    while rest >= 0x80 {
        body.push(u8::try_from(rest & 0x7f).expect("seven bits") | 0x80);
        rest >>= 7;
    }
    body.push(u8::try_from(rest).expect("seven bits"));
    body.extend(deep);
    let got = phone.post(&server, &sync_path(phone.site), body).await;
    assert_eq!((got.status, got.code()), (400, "too_deep"));
    assert_eq!(got.problem()["en"]["title"], "The record is nested more than 16 levels.");

    // The same inside a record: the segment is kept aside, and the chain beside it goes on.
    let mut other = Phone::enrol(&server, site, 2).await;
    let mut entry = phone.entry(1, "x");
    entry.ops = [vec![0x81; 40_000], vec![0]].concat();
    let bad = phone.sign(phone.header(), vec![entry.to_bytes()]);
    let good = other.record(1, "y");
    let got = phone.exchange(&server, &push(&[bad, good])).await;
    assert_eq!((got.status, got.code()), (400, "too_deep"));
    assert_eq!(outcomes(&got), [(OutcomeKind::Refused(Cause::TooDeep), 1, 1)]);
    assert_eq!(held(&server, site, &other).await, 1);
}

#[tokio::test]
async fn what_is_not_canonical_is_told_by_its_numbers() {
    let (server, site, mut phone) = world().await;
    let good = phone.record(2, "x");
    // The integer 5 in two bytes, and a byte too many.
    for tail in [&[0x18, 0x05][..], &[0x05, 0x00]] {
        let mut entry = phone.entry(3, "y");
        entry.ops = [&[0x81][..], tail].concat();
        let bad = phone.sign(phone.header(), vec![entry.to_bytes()]);
        let got = phone.exchange(&server, &push(&[good.clone(), bad])).await;
        assert_eq!((got.status, got.code()), (422, "not_canonical"));
        assert_eq!(outcomes(&got), [(OutcomeKind::Refused(Cause::NotCanonical), 3, 3)]);
        assert_eq!(got.response().receipts.len(), 1);
    }
    assert_eq!(held(&server, site, &phone).await, 2);
}

#[tokio::test]
async fn the_method_of_signing_is_the_certificates_to_say() {
    let (server, site, mut phone) = world().await;
    // A frame carries no method at all: what a sender may try is a signature of another kind under a registered key.
    let good = phone.record(1, "x");
    let mut bad = phone.record(1, "y");
    bad.signature = Some(Signature([0; 64]));
    let got = phone.exchange(&server, &push(&[good, bad])).await;
    assert_eq!((got.status, got.code()), (422, "bad_segment"));
    assert_eq!(held(&server, site, &phone).await, 1);
}

#[tokio::test]
async fn a_key_that_proves_nothing_is_not_enrolled() {
    let server = Server::start().await;
    let site = server.bare_site(0xa).await;
    let code = server.code(site, Enrols::Phone, 9).await;
    // The identity point: one signature verifies for every message under it.
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut proof = [0; 64];
    proof[0] = 1;
    let asked = EnrolDevice {
        code,
        device: DeviceId([5; 16]),
        key: PublicKey(identity),
        label: "x".into(),
        proof: Signature(proof),
    };
    let got = server.send("/v1/enrol", &[("content-type", CONTENT_TYPE)], asked.to_bytes()).await;
    assert_eq!((got.status, got.code()), (422, "weak_key"));
    // The code is still good: nothing was enrolled with it.
    let (body, _) = Phone::asking(7, code);
    assert_eq!(server.send("/v1/enrol", &[("content-type", CONTENT_TYPE)], body).await.status, 200);
}

#[tokio::test]
async fn another_sites_door_looks_like_no_door_at_all() {
    let (server, _, mut phone) = world().await;
    let other = server.bare_site(0xb).await;
    let stranger = Phone::enrol(&server, other, 2).await;
    let segment = phone.record(1, "x");
    let mut answers = Vec::new();
    for site in [other.site(), dutylog_core::base::SiteId([0xc; 16])] {
        let mut posing = phone.clone();
        posing.site = site;
        let got = posing.exchange(&server, &push(std::slice::from_ref(&segment))).await;
        assert_eq!((got.status, got.code()), (404, "not_found"));
        let mut problem = got.problem();
        problem["support_id"] = "".into();
        let mut headers = got.headers.clone();
        headers.retain(|(name, _)| name != "date");
        answers.push((problem, headers.len(), got.body.len()));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(held(&server, other, &stranger).await, 0);
    assert_eq!(held(&server, other, &phone).await, 0);
}

#[tokio::test]
async fn the_same_batch_fifty_times_from_twenty_carriers_is_one_copy() {
    let (server, site, mut phone) = world().await;
    let segments = [phone.record(3, "x"), phone.record(2, "y")];
    let mut carriers = Vec::new();
    for n in 2..22 {
        carriers.push(Phone::enrol(&server, site, n).await);
    }
    let receipts = |got: &Got| {
        assert_eq!(got.status, 200, "{got:?}");
        let receipt = got.response().receipts.pop().expect("a receipt");
        (receipt.chain, receipt.seq, receipt.size, receipt.signature)
    };
    let first = receipts(&phone.exchange(&server, &push(&segments)).await);
    let server = &server;
    let request = push(&segments);
    let all = carriers.iter_mut().map(|carrier| carrier.exchange(server, &request));
    let mut seen: Vec<_> = futures_join(all).await.iter().map(receipts).collect();
    for _ in 0..30 {
        server.clock.advance(1_000);
        seen.push(receipts(&phone.exchange(server, &push(&segments)).await));
    }
    assert!(seen.iter().all(|receipt| *receipt == first), "{seen:?}");
    assert_eq!(held(server, site, &phone).await, 5);
    let size = server.running.state.api.ledger().state(site).await.expect("a state").log().size;
    let hq = 1 + 21; // The epoch, and a certificate for each phone.
    assert_eq!(size, 2 + hq);
}

async fn futures_join<T>(all: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut done = Vec::new();
    let mut pending: Vec<_> = all.map(Box::pin).collect();
    while !pending.is_empty() {
        let (result, at) = std::future::poll_fn(|cx| {
            for (at, future) in pending.iter_mut().enumerate() {
                if let std::task::Poll::Ready(result) = future.as_mut().poll(cx) {
                    return std::task::Poll::Ready((result, at));
                }
            }
            std::task::Poll::Pending
        })
        .await;
        done.push(result);
        drop(pending.swap_remove(at));
    }
    done
}

#[tokio::test]
async fn a_flipped_byte_holds_up_its_segment_and_no_other() {
    let (server, site, mut phone) = world().await;
    let segments = [phone.record(2, "a"), phone.record(2, "b"), phone.record(2, "c")];
    let mut hurt = segments.clone();
    let last = hurt[1].entries[0].len() - 3;
    hurt[1].entries[0][last] ^= 1;
    let got = phone.exchange(&server, &push(&hurt)).await;
    assert_eq!((got.status, got.code()), (422, "bad_segment"));
    assert_eq!(outcomes(&got), [(OutcomeKind::Refused(Cause::BadSegment), 3, 4)]);
    assert_eq!(held(&server, site, &phone).await, 6, "the chain goes on behind it");
    // A receipt for what comes after would promise the missing one too.
    let receipts = |got: &Got| got.response().receipts.iter().map(|r| r.seq).collect::<Vec<_>>();
    assert_eq!(receipts(&got), [2]);
    let got = phone.exchange(&server, &push(&segments[1..])).await;
    assert_eq!((got.status, receipts(&got)), (200, vec![6]));
}

#[tokio::test]
async fn two_entries_of_one_number_are_both_kept() {
    let (server, site, mut phone) = world().await;
    let trunk = phone.record(1, "x");
    let mut copy = phone.clone();
    let (one, two) = (phone.record(1, "broken"), copy.record(1, "fine"));
    assert_eq!(phone.exchange(&server, &push(&[trunk, one.clone()])).await.status, 200);
    copy.nonce = phone.nonce;
    let got = copy.exchange(&server, &push(std::slice::from_ref(&two))).await;
    assert_eq!((got.status, got.code()), (202, "fork_detected"));
    assert_eq!(outcomes(&got), [(OutcomeKind::Fork, 2, 2)]);
    assert_eq!(got.response().receipts.len(), 1);
    let ledger = server.running.state.api.ledger();
    for segment in [one, two] {
        assert!(ledger.segment(site, segment.header.id()).await.expect("an answer").is_some());
    }
    assert_eq!(ledger.forks(site).await.expect("forks").len(), 1);
}

#[tokio::test]
async fn a_gap_names_what_is_held() {
    let (server, site, mut phone) = world().await;
    let segments = [phone.record(45, "a"), phone.record(5, "b"), phone.record(10, "c")];
    assert_eq!(phone.exchange(&server, &push(&segments[..1])).await.status, 200);
    let got = phone.exchange(&server, &push(&segments[2..])).await;
    assert_eq!((got.status, got.code()), (409, "gap"));
    assert_eq!(outcomes(&got), [(OutcomeKind::Gap, 0, 45)]);
    assert_eq!(got.response().heads[0].1.seq, 45);
    // The phone finds its way by itself: nobody sees anything.
    let report = phone.sync(&server).await;
    assert_eq!(report.problems, []);
    assert_eq!(held(&server, site, &phone).await, 60);
}

#[tokio::test]
async fn a_wrong_clock_loses_nothing() {
    let (server, site, mut phone) = world().await;
    for wall in [4_070_908_800_000, 0] {
        let mut header = phone.header();
        (header.clock.wall, header.clock.hlc) = (wall, wall);
        let mut entry = phone.entry(header.first, "x");
        entry.at = wall;
        let segment = phone.sign(header, vec![entry.to_bytes()]);
        phone.keep(&segment);
        let got = phone.exchange(&server, &push(&[segment])).await;
        assert_eq!((got.status, outcomes(&got)), (200, vec![]));
        assert_eq!(got.response().time, START_MS);
    }
    assert_eq!(held(&server, site, &phone).await, 2);
    // The log at headquarters says by how much the clock was wrong, and sorts by what can be shown instead.
    server.running.state.desk.adopt(site).await.expect("folded");
    let times: Vec<(i64, i64)> =
        sqlx::query_as("SELECT claimed_ms, best_ms FROM view_entries WHERE chain = $1 ORDER BY seq")
            .bind(phone.chain.0.to_vec())
            .fetch_all(server.running.state.database.readers())
            .await
            .expect("entries");
    let told = |locale| {
        let wrong = times.iter().map(move |(claimed, best)| clock_wrong_text(claimed - best, locale));
        wrong.flatten().collect::<Vec<_>>()
    };
    assert_eq!(told(Locale::En), ["phone clock wrong by 73 years", "phone clock wrong by 56 years"]);
    assert_eq!(told(Locale::ZhCn), ["手机时钟相差 73 年", "手机时钟相差 56 年"]);
    assert!(times.iter().all(|(_, best)| *best == START_MS), "{times:?}");
}

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
    let response = got.response();
    assert!(response.receipts.is_empty() && response.frame.is_empty() && response.checkpoint.is_none());
    let got = phone.exchange(&server, &Request::default()).await;
    assert_eq!((got.status, got.code()), (401, "device_revoked"));
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

#[tokio::test]
async fn a_kind_from_the_future_is_stored() {
    let (server, site, mut phone) = world().await;
    let header = phone.header();
    let mut entry = phone.entry(1, "x");
    entry.kind = 9_999;
    // An operation that this version does not know.
    let mut w = Writer::default();
    w.array(1).array(2).uint(7).text("new");
    entry.ops = w.finish();
    let segment = phone.sign(header, vec![entry.to_bytes()]);
    phone.keep(&segment);
    let got = phone.exchange(&server, &push(&[segment])).await;
    assert_eq!((got.status, got.code()), (200, "stored_opaque"));
    assert_eq!(outcomes(&got), [(OutcomeKind::Opaque, 1, 1)]);
    assert_eq!(held(&server, site, &phone).await, 1);
}

#[tokio::test]
async fn a_html_page_is_no_push() {
    let (server, _, mut phone) = world().await;
    let got =
        phone.post(&server, &sync_path(phone.site), b"<html>Welcome to the hotel</html>".to_vec()).await;
    assert_eq!((got.status, got.code()), (400, "bad_message"));
}

#[tokio::test]
async fn numbers_at_the_end_of_the_world_overflow_nothing() {
    let (server, site, mut phone) = world().await;
    let mut header = phone.header();
    header.first = i64::MAX as u64 - 1;
    header.prev = Digest([7; 32]);
    let segment = phone.sign(header, vec![phone.entry(i64::MAX as u64 - 1, "x").to_bytes()]);
    let got = phone.exchange(&server, &push(&[segment])).await;
    assert_eq!((got.status, got.code()), (409, "gap"));
    // 2^64 - 1 has no form in the log at all.
    let mut bytes = phone.entry(1, "x").to_bytes();
    assert_eq!(bytes[1], 1, "the number");
    bytes.splice(1..2, [&[0x1b][..], &[0xff; 8]].concat());
    let segment = phone.sign(phone.header(), vec![bytes]);
    let got = phone.exchange(&server, &push(&[segment])).await;
    assert_eq!((got.status, got.code()), (422, "not_canonical"));
    // More heads than a record may name.
    let mut header = phone.header();
    header.seen = (0..33)
        .map(|n| (dutylog_core::base::ChainId([n; 16]), Head { seq: 1, segment: Default::default() }))
        .collect();
    let segment = phone.sign(header, vec![phone.entry(1, "x").to_bytes()]);
    let got = phone.exchange(&server, &push(&[segment])).await;
    assert_eq!((got.status, got.code()), (422, "too_many_heads"));
    assert_eq!(held(&server, site, &phone).await, 0);
}
