//! Chains that are damaged, forked, or not whole.

use dutylog_core::base::Digest;
use dutylog_core::sync::{Cause, OutcomeKind};

use crate::support::wire::Got;
use crate::{held, outcomes, push, told, world};

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
    let [zh, en] = told(&got);
    let sentence = "Records 3–4 do not match their signature. Everything before 3 is safe.";
    assert_eq!(en, format!("{sentence} The phone sends it again by itself; nothing to do."));
    assert_eq!(zh, "第 3–4 条记录与签名不符。3 之前的都已安全保存。 手机会自动重发；您不需要做任何事。");
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
    let trunk = phone.record(39, "x");
    let mut copy = phone.clone();
    let (one, two) = (phone.record(1, "broken"), copy.record(1, "fine"));
    assert_eq!(phone.exchange(&server, &push(&[trunk, one.clone()])).await.status, 200);
    copy.nonce = phone.nonce;
    let got = copy.exchange(&server, &push(std::slice::from_ref(&two))).await;
    assert_eq!((got.status, got.code()), (202, "fork_detected"));
    assert_eq!(outcomes(&got), [(OutcomeKind::Fork, 40, 40)]);
    assert_eq!(got.response().receipts.len(), 1);
    let [zh, en] = told(&got);
    assert_eq!(en, "This phone has written two different entries number 40. Both are kept. Ask HQ.");
    assert_eq!(zh, "这部手机写了两条不同的第 40 号记录，两条都已保存。 请联系本部。");
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
async fn what_follows_nothing_that_is_held_is_a_gap() {
    let (server, site, mut phone) = world().await;
    let first = phone.record(2, "x");
    assert_eq!(phone.exchange(&server, &push(&[first])).await.status, 200);
    // Its number is the next one; what it names as coming before is not what is held.
    let mut header = phone.header();
    header.prev = Digest([7; 32]);
    let astray = phone.sign(header, vec![phone.entry(3, "y").to_bytes()]);
    let got = phone.exchange(&server, &push(&[astray])).await;
    assert_eq!((got.status, got.code(), outcomes(&got)), (409, "gap", vec![(OutcomeKind::Gap, 0, 2)]));
    assert_eq!(held(&server, site, &phone).await, 2);
}
