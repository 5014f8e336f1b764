//! One segment after another: links, gaps, forks, bodies that are awaited.

use dutylog_core::base::Digest;
use dutylog_core::log::{Entries, TRUNK};

use super::world::{World, entry};
use crate::ledger::{Appended, Aside, Reason, append, branches};

pub(super) async fn positions_are_dense_from_zero(world: &World) {
    let (mut a, mut b) = (world.phone(1), world.phone(2));
    for at in 0..6 {
        let phone = if at % 2 == 0 { &mut a } else { &mut b };
        let segment = phone.seal(2, 1);
        let placed = world.place(phone, &segment).await;
        assert_eq!(placed.receipt.log.size, at + 1);
        assert!(placed.fresh && placed.complete && placed.fork.is_none());
    }
    assert_eq!(world.size().await, 6);
}

pub(super) async fn a_stored_segment_reads_back_as_it_was_sealed(world: &World) {
    let mut phone = world.phone(1);
    let segment = phone.seal(256, 7);
    let placed = world.place(&phone, &segment).await;
    let stored = world.ledger.segment(world.here, segment.header.id()).await.expect("an answer");
    let stored = stored.expect("it is there");
    assert_eq!(stored.segment, segment);
    assert_eq!(stored.place.receipt(&segment.header), placed.receipt);
    assert_eq!(placed.receipt.head, segment.header.head());
}

pub(super) async fn a_repeated_push_changes_nothing_and_gets_the_same_receipt(world: &World) {
    let mut phone = world.phone(1);
    let (one, two) = (phone.seal(3, 1), phone.seal(3, 1));
    let first = world.place(&phone, &one).await;
    world.place(&phone, &two).await;
    let Appended::Placed(again) = world.push_at(&phone, &one, 99_000).await else { panic!("placed before") };
    assert!(!again.fresh);
    assert_eq!(again.receipt, first.receipt);
    assert_eq!(world.size().await, 2);
}

pub(super) async fn a_gap_is_told_and_nothing_is_stored(world: &World) {
    let mut phone = world.phone(1);
    let (one, _lost, three) = (phone.seal(45, 1), phone.seal(5, 1), phone.seal(10, 1));
    assert_eq!(world.push(&phone, &three).await, Appended::Gap { have: 0 });
    world.place(&phone, &one).await;
    assert_eq!(world.push(&phone, &three).await, Appended::Gap { have: 45 });
    assert_eq!(world.size().await, 1);
    assert!(world.ledger.set_aside(world.here).await.expect("an answer").is_empty());
}

pub(super) async fn nobody_goes_on_with_or_forks_anothers_chain(world: &World) {
    let (mut phone, stranger) = (world.phone(1), world.phone(2));
    let one = phone.seal(3, 1);
    world.place(&phone, &one).await;
    let mut behind = phone.clone();
    behind.take_over(&stranger);
    assert_eq!(world.push(&behind, &behind.clone().seal(2, 1)).await, Appended::Broken, "goes on");
    let mut again = stranger.clone();
    again.call_itself(&phone);
    assert_eq!(world.push(&again, &again.clone().seal(3, 9)).await, Appended::Broken, "begins it again");
    assert_eq!(world.size().await, 1);
    assert!(world.ledger.forks(world.here).await.expect("an answer").is_empty());
    world.place(&phone, &phone.clone().seal(1, 1)).await;
}

pub(super) async fn a_fork_is_kept_whole_with_receipts_for_both_branches(world: &World) {
    let mut phone = world.phone(1);
    let trunk = phone.seal(3, 1);
    world.place(&phone, &trunk).await;
    let mut copy = phone.clone();
    let (left, right) = (phone.seal(2, 1), copy.seal(2, 2));
    let (one, two) = (world.place(&phone, &left).await, world.place(&copy, &right).await);
    assert_eq!((one.fork, two.fork), (None, Some(4)));
    assert_eq!((one.receipt.log.size, two.receipt.log.size), (2, 3));
    assert!(two.complete);
    for segment in [&left, &right] {
        let stored = world.ledger.segment(world.here, segment.header.id()).await.expect("an answer");
        assert_eq!(stored.expect("kept").segment, *segment);
    }
    let forks = world.ledger.forks(world.here).await.expect("an answer");
    assert_eq!(forks.len(), 1);
    assert_eq!((forks[0].at, forks[0].segment, forks[0].position), (4, right.header.id(), 2));
    let Appended::Placed(again) = world.push(&copy, &right).await else { panic!("placed before") };
    assert_eq!((again.fork, again.receipt), (Some(4), two.receipt));
}

pub(super) async fn branches_grow_on_after_a_fork(world: &World) {
    let mut phone = world.phone(1);
    world.place(&phone.clone(), &phone.seal(2, 1)).await;
    let mut copy = phone.clone();
    for tag in [1, 1] {
        world.place(&phone.clone(), &phone.seal(2, tag)).await;
    }
    let mut ends = Vec::new();
    for _ in 0..4 {
        let segment = copy.seal(2, 2);
        world.place(&copy, &segment).await;
        ends.push(segment);
    }
    let map = branches(&*world.ledger, world.here, phone.chain).await.expect("an answer");
    assert_eq!(map.fork(), Some(3));
    let label = |seg: &dutylog_core::log::Segment, at: usize| {
        map.label(seg.header.first + at as u64, seg.leaves()[at].mark())
    };
    assert_eq!(label(&ends[3], 1), label(&ends[0], 0));
    assert!(label(&ends[3], 1).is_some_and(|label| label != TRUNK));
    assert_eq!(map.branches().count(), 2);
    let heads = world.ledger.heads(world.here, None).await.expect("an answer");
    let seqs: Vec<u64> = heads[&phone.chain].iter().map(|head| head.seq).collect();
    assert_eq!(seqs, [6, 10]);
}

pub(super) async fn the_same_entries_cut_differently_are_no_fork(world: &World) {
    let mut phone = world.phone(1);
    let mut copy = phone.clone();
    let whole = phone.seal(6, 1);
    let parts = [copy.seal(2, 1), copy.seal(4, 1)];
    world.place(&phone, &whole).await;
    for part in &parts {
        let placed = world.place(&copy, part).await;
        assert_eq!(placed.fork, None);
    }
    assert_eq!(world.size().await, 3);
    assert!(world.ledger.forks(world.here).await.expect("an answer").is_empty());
}

pub(super) async fn an_overlap_that_goes_further_extends(world: &World) {
    let mut phone = world.phone(1);
    let mut copy = phone.clone();
    let short = phone.seal(3, 1);
    world.place(&phone, &short).await;
    let long = copy.seal(8, 1);
    assert_eq!(world.place(&copy, &long).await.fork, None);
    let next = copy.seal(2, 1);
    assert_eq!(world.place(&copy, &next).await.fork, None);
    // A phone that goes on from the short cut with other entries is a fork at the first that differs.
    let other = phone.seal(2, 9);
    assert_eq!(world.place(&phone, &other).await.fork, Some(4));
}

pub(super) async fn a_header_that_contradicts_itself_is_broken(world: &World) {
    let mut phone = world.phone(1);
    world.place(&phone.clone(), &phone.seal(3, 1)).await;
    let mut header = phone.header();
    header.first = 7;
    let segment = phone.sign(header, vec![entry(7, 1)]);
    assert_eq!(world.push(&phone, &segment).await, Appended::Broken);
    assert_eq!(world.size().await, 1);
}

pub(super) async fn a_predecessor_in_another_chain_does_not_count(world: &World) {
    let (mut phone, mut other) = (world.phone(1), world.phone(2));
    let foreign = other.seal(3, 1);
    world.place(&other, &foreign).await;
    phone.seal(3, 1);
    let mut header = phone.header();
    header.prev = foreign.header.id();
    let segment = phone.sign(header, vec![entry(4, 1)]);
    assert_eq!(world.push(&phone, &segment).await, Appended::Gap { have: 0 });
}

pub(super) async fn a_chain_goes_on_behind_a_body_that_is_awaited(world: &World) {
    let mut phone = world.phone(1);
    let (one, two, three) = (phone.seal(32, 1), phone.seal(26, 1), phone.seal(5, 1));
    let first = world.place(&phone, &one).await;
    let mut damaged = two.clone();
    damaged.entries[7][3] ^= 1;
    assert_eq!(world.push_header(&phone, &damaged).await, Appended::Awaited);
    let heads = |heads: crate::ledger::Heads| heads[&phone.chain].clone();
    assert_eq!(heads(world.ledger.heads(world.here, None).await.expect("heads")), [two.header.head()]);
    // What follows is stored, but a receipt would promise what is missing.
    assert!(!world.place(&phone, &three).await.complete);
    assert!(world.place(&phone, &one).await.complete);
    assert_eq!(heads(world.ledger.heads(world.here, None).await.expect("heads")), [three.header.head()]);
    let waiting = world.ledger.set_aside(world.here).await.expect("an answer");
    assert_eq!((waiting.len(), waiting[0].reason, &waiting[0].segment), (1, Reason::AwaitsBody, &damaged));

    assert!(world.place(&phone, &two).await.complete);
    let third = world.place(&phone, &three).await;
    assert!(third.complete && !third.fresh);
    assert!(third.receipt.log.size > first.receipt.log.size);
    assert!(world.ledger.set_aside(world.here).await.expect("an answer").is_empty());
    assert_eq!(heads(world.ledger.heads(world.here, None).await.expect("heads")), [three.header.head()]);
    assert!(world.ledger.forks(world.here).await.expect("an answer").is_empty());
}

pub(super) async fn a_body_is_awaited_once(world: &World) {
    let mut phone = world.phone(1);
    let mut segment = phone.seal(3, 1);
    let good = segment.clone();
    segment.entries = Entries::default();
    for _ in 0..3 {
        assert_eq!(world.push_header(&phone, &segment).await, Appended::Awaited);
    }
    assert_eq!(world.ledger.set_aside(world.here).await.expect("an answer").len(), 1);
    world.place(&phone, &good).await;
    // A damaged copy of what is held is a duplicate like any other.
    assert!(matches!(world.push_header(&phone, &segment).await, Appended::Placed(p) if !p.fresh));
}

pub(super) async fn a_body_that_comes_late_may_show_a_fork(world: &World) {
    let mut phone = world.phone(1);
    let mut copy = phone.clone();
    let (left, right) = (phone.seal(3, 1), copy.seal(3, 2));
    assert_eq!(world.push_header(&phone, &left).await, Appended::Awaited);
    assert_eq!(world.place(&copy, &right).await.fork, None);
    assert_eq!(world.place(&phone, &left).await.fork, Some(1));
    let heads = world.ledger.heads(world.here, Some(&[phone.chain])).await.expect("an answer");
    assert_eq!(heads[&phone.chain].len(), 2);
}

pub(super) async fn what_is_set_aside_is_seen_and_kept_once(world: &World) {
    let mut phone = world.phone(1);
    let segment = phone.seal(3, 1);
    let aside = Aside { segment, reason: Reason::Review, carrier: phone.certificate.id(), received: 9 };
    for _ in 0..2 {
        let mut writer = world.ledger.begin(world.here).await.expect("the lock");
        writer.set_aside(aside.clone()).await.expect("kept");
        writer.commit().await.expect("a commit");
    }
    assert_eq!(world.ledger.set_aside(world.here).await.expect("an answer"), std::slice::from_ref(&aside));
    assert!(world.ledger.heads(world.here, None).await.expect("an answer").is_empty());
    // Confirmed by people, it comes in like any other, and is not aside any more.
    world.place(&phone, &aside.segment).await;
    assert!(world.ledger.set_aside(world.here).await.expect("an answer").is_empty());
}

pub(super) async fn one_bad_segment_does_not_hold_up_the_others(world: &World) {
    let (mut good, mut bad) = (world.phone(1), world.phone(2));
    bad.seal(1, 1);
    let segments = [good.seal(2, 1), bad.seal(2, 1), good.seal(2, 1)];
    let phones = [&good, &bad, &good];
    let mut writer = world.ledger.begin(world.here).await.expect("the lock");
    let mut answers = Vec::new();
    for (phone, segment) in phones.into_iter().zip(&segments) {
        answers.push(append(&mut *writer, &phone.prove(segment), 1).await.expect("an answer"));
    }
    writer.commit().await.expect("a commit");
    assert!(matches!(answers[..], [Appended::Placed(_), Appended::Gap { have: 0 }, Appended::Placed(_)]));
    let ids: Vec<Digest> = [&segments[0], &segments[2]].map(|segment| segment.header.id()).to_vec();
    assert_eq!(world.ledger.site_log(world.here, 0, 9).await.expect("an answer"), ids);
}
