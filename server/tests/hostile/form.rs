//! Bytes of the wrong form: refused by name, and nothing beside them.

use dutylog_core::base::Digest;
use dutylog_core::log::{Head, Signature};
use dutylog_core::sync::{Cause, OutcomeKind, sync_path};

use crate::support::phone::Phone;
use crate::{held, outcomes, problem, push, told, world};

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
    let [zh, en] = problem(&got);
    assert!(en.starts_with("The record is nested more than 16 levels. "), "{en}");
    assert!(zh.starts_with("记录的嵌套超过 16 层。 "), "{zh}");

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
        let [zh, en] = told(&got);
        assert_eq!(en, "Records 3–3 are not in the exact form that was signed. Tell HQ this code.");
        assert_eq!(zh, "第 3–3 条记录不是签名时的原样。 请把此代码告诉本部。");
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
    let [zh, en] = problem(&got);
    assert_eq!(en, "A record names more than 32 others. Tell HQ this code.");
    assert_eq!(zh, "一条记录引用的来源超过 32 个。 请把此代码告诉本部。");
    assert_eq!(held(&server, site, &phone).await, 0);
}
