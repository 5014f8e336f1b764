//! Clocks that are wrong by decades.

use dutylog_core::locales::{Locale, clock_wrong_text};

use crate::support::START_MS;
use crate::{held, outcomes, push, world};

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
