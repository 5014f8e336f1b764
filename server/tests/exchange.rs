//! Phones that enrol, push, get receipts and pull, over real HTTP.

mod support;

use dutylog_core::sync::End;
use support::Server;
use support::phone::Phone;

#[tokio::test]
async fn what_one_phone_records_another_reads() {
    let server = Server::start().await;
    let site = server.bare_site(0xa).await;
    let mut first = Phone::enrol(&server, site, 1).await;
    let mut second = Phone::enrol(&server, site, 2).await;
    let segment = first.record(3, "泵振动");
    let report = first.sync(&server).await;
    assert_eq!(report.end, End::CaughtUp, "{report:?}");
    assert_eq!((report.receipts, report.problems.len()), (1, 0), "{report:?}");
    assert!(first.log.is_confirmed(&segment.header.id()));
    let report = second.sync(&server).await;
    // HQ's epoch, the two phones' certificates, and what the other phone recorded.
    assert_eq!((report.end, report.received), (End::CaughtUp, 4));
    assert!(second.log.segments().any(|held| *held == segment));
}
