//! Deliveries: repeated, all at once, and into a database that cannot keep them.

use crate::support::phone::Phone;
use crate::support::wire::Got;
use crate::{held, push, world};

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

/// From now on no segment can be committed, or all can be again.
async fn break_commits(server: &crate::support::Server, broken: bool) {
    let database = server.running.state.database.clone();
    let mut writer = database.write().await.expect("the writer");
    let statements: &[&'static str] = match broken {
        true => &[
            "CREATE TABLE anchors (id INTEGER PRIMARY KEY)",
            "CREATE TABLE dangling (id INTEGER REFERENCES anchors DEFERRABLE INITIALLY DEFERRED)",
            "CREATE TRIGGER dangle AFTER INSERT ON segments BEGIN INSERT INTO dangling VALUES (1); END",
        ],
        false => &["DROP TRIGGER dangle"],
    };
    for statement in statements {
        sqlx::query(*statement).execute(&mut *writer).await.expect("changed");
    }
    writer.commit().await.expect("committed");
}

#[tokio::test]
async fn without_a_commit_there_is_no_receipt() {
    let (server, site, mut phone) = world().await;
    let segment = phone.record(3, "x");
    break_commits(&server, true).await;
    let got = phone.exchange(&server, &push(std::slice::from_ref(&segment))).await;
    assert!(got.status >= 500, "{got:?}");
    assert_eq!(held(&server, site, &phone).await, 0);
    break_commits(&server, false).await;
    let got = phone.exchange(&server, &push(&[segment])).await;
    assert_eq!((got.status, got.response().receipts.len()), (200, 1));
    assert_eq!(held(&server, site, &phone).await, 3);
}
