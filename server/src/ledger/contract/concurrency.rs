//! Many at once: real tasks on real threads.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::world::{World, push};
use crate::ledger::{Appended, Ledger, append};

pub(super) async fn fifty_copies_in_twenty_tasks_are_one_segment(world: &World) {
    let mut phone = world.phone(1);
    let segment = phone.seal(5, 1);
    let mut tasks = JoinSet::new();
    for task in 0..20 {
        let (ledger, phone, segment) = (Arc::clone(&world.ledger), phone.clone(), segment.clone());
        tasks.spawn(async move {
            let mut receipts = Vec::new();
            for push_number in 0..50 {
                let now = 10_000 + task * 100 + push_number;
                match push(&ledger, &phone, &segment, now).await.expect("an answer") {
                    Appended::Placed(placed) => receipts.push((placed.fresh, placed.receipt)),
                    other => panic!("not placed: {other:?}"),
                }
            }
            receipts
        });
    }
    let receipts: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    assert_eq!(receipts.iter().filter(|(fresh, _)| *fresh).count(), 1);
    assert!(receipts.iter().all(|(_, receipt)| *receipt == receipts[0].1));
    assert_eq!((receipts.len(), world.size().await), (1_000, 1));
}

pub(super) async fn positions_stay_dense_under_eight_writers_and_a_follower_misses_none(world: &World) {
    const WRITERS: u64 = 8;
    const EACH: u64 = 40;
    let mut tasks = JoinSet::new();
    for seed in 0..WRITERS {
        let (ledger, mut phone) = (Arc::clone(&world.ledger), world.phone(seed + 1));
        tasks.spawn(async move {
            for _ in 0..EACH {
                let segment = phone.seal(1, 1);
                let answer = push(&ledger, &phone, &segment, 1).await.expect("an answer");
                assert!(matches!(answer, Appended::Placed(_)));
                tokio::task::yield_now().await;
            }
        });
    }
    let follower = tokio::spawn(follow(Arc::clone(&world.ledger), world.here, WRITERS * EACH));
    tasks.join_all().await;
    let followed = follower.await.expect("the follower");
    let log = world.ledger.site_log(world.here, 0, WRITERS * EACH + 1).await.expect("an answer");
    assert_eq!(followed, log);
    assert_eq!(log.iter().collect::<BTreeSet<_>>().len() as u64, WRITERS * EACH);
}

/// Reads the log as it grows, never looking back.
async fn follow(
    ledger: Arc<dyn Ledger>,
    scope: crate::ledger::SiteScope,
    until: u64,
) -> Vec<dutylog_core::base::Digest> {
    let mut followed = Vec::new();
    while (followed.len() as u64) < until {
        for stored in ledger.page(scope, followed.len() as u64, 4_096).await.expect("a page") {
            assert_eq!(stored.place.position, followed.len() as u64);
            followed.push(stored.segment.header.id());
        }
        tokio::task::yield_now().await;
    }
    followed
}

pub(super) async fn readers_see_only_what_is_committed(world: &World) {
    let mut phone = world.phone(1);
    let segment = phone.seal(2, 1);
    let mut writer = world.ledger.begin(world.here).await.expect("the lock");
    append(&mut *writer, &phone.prove(&segment), 1).await.expect("an answer");
    assert_eq!(writer.state().log().size, 1);
    assert!(writer.find(segment.header.id()).await.expect("an answer").is_some());
    assert_eq!(world.size().await, 0);
    assert!(world.ledger.segment(world.here, segment.header.id()).await.expect("an answer").is_none());
    writer.commit().await.expect("a commit");
    assert_eq!(world.size().await, 1);
}

pub(super) async fn a_dropped_writer_leaves_nothing_behind(world: &World) {
    let mut phone = world.phone(1);
    let segment = phone.seal(2, 1);
    for _ in 0..50 {
        let mut writer = world.ledger.begin(world.here).await.expect("the lock");
        append(&mut *writer, &phone.prove(&segment), 1).await.expect("an answer");
        drop(writer);
    }
    assert_eq!(world.size().await, 0);
    assert_eq!(world.place(&phone, &segment).await.receipt.log.size, 1);
}

pub(super) async fn a_request_dropped_while_it_waits_leaves_no_lock(world: &World) {
    let mut phone = world.phone(1);
    let segment = phone.seal(2, 1);
    let holder = world.ledger.begin(world.here).await.expect("the lock");
    for _ in 0..20 {
        let (ledger, phone, segment) = (Arc::clone(&world.ledger), phone.clone(), segment.clone());
        let waiting = tokio::spawn(async move { push(&ledger, &phone, &segment, 1).await });
        tokio::task::yield_now().await;
        waiting.abort();
        assert!(waiting.await.is_err());
    }
    drop(holder);
    for polls in 0..40 {
        // Cut off after so many steps, wherever that is.
        let ledger = Arc::clone(&world.ledger);
        let (phone, segment) = (phone.clone(), segment.clone());
        let mut pushing = Box::pin(async move { push(&ledger, &phone, &segment, 1).await });
        for _ in 0..polls {
            tokio::select! {
                biased;
                _ = &mut pushing => break,
                () = tokio::task::yield_now() => {}
            }
        }
    }
    world.place(&phone, &segment).await;
    assert_eq!(world.size().await, 1);
}

pub(super) async fn two_forks_at_once_are_both_kept(world: &World) {
    let mut tasks = JoinSet::new();
    let phone = world.phone(1);
    for tag in 1..=8 {
        let (ledger, mut copy) = (Arc::clone(&world.ledger), phone.clone());
        tasks.spawn(async move {
            let segment = copy.seal(2, tag);
            push(&ledger, &copy, &segment, 1).await.expect("an answer")
        });
    }
    let answers = tasks.join_all().await;
    let forks = answers.iter().filter(|a| matches!(a, Appended::Placed(p) if p.fork == Some(1))).count();
    assert_eq!((forks, world.size().await), (7, 8));
    let heads = world.ledger.heads(world.here, None).await.expect("an answer");
    assert_eq!(heads[&phone.chain].len(), 8);
}
