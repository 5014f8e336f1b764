//! Another site's door.

use crate::support::phone::Phone;
use crate::{held, problem, push, world};

#[tokio::test]
async fn another_sites_door_looks_like_no_door_at_all() {
    let (server, site, mut phone) = world().await;
    let other = server.bare_site(0xb).await;
    let stranger = Phone::enrol(&server, other, 2).await;
    let segment = phone.record(1, "x");
    let mut answers = Vec::new();
    for door in [other.site(), dutylog_core::base::SiteId([0xc; 16])] {
        let mut posing = phone.clone();
        posing.site = door;
        let got = posing.exchange(&server, &push(std::slice::from_ref(&segment))).await;
        assert_eq!((got.status, got.code()), (404, "not_found"));
        let [zh, en] = problem(&got);
        assert_eq!(en, "There is no such site or record. Check the site.");
        assert_eq!(zh, "没有这个站点或记录。 请检查站点。");
        let mut problem = got.problem();
        problem["support_id"] = "".into();
        let mut headers = got.headers.clone();
        headers.retain(|(name, _)| name != "date");
        answers.push((problem, headers.len(), got.body.len()));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(held(&server, other, &stranger).await, 0);
    assert_eq!(held(&server, other, &phone).await, 0);
    // At its own site it is taken; by its name it is found there and nowhere else.
    assert_eq!(phone.exchange(&server, &push(std::slice::from_ref(&segment))).await.status, 200);
    let ledger = server.running.state.api.ledger();
    for (scope, found) in [(site, true), (other, false)] {
        let segment = ledger.segment(scope, segment.header.id()).await.expect("an answer");
        assert_eq!(segment.is_some(), found);
    }
}
