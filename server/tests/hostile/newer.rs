//! What a newer app writes.

use dutylog_core::log::Writer;
use dutylog_core::sync::OutcomeKind;
use dutylog_server::accounts::Role;

use crate::support::phone::Phone;
use crate::support::{PASSWORD, Server};
use crate::{held, outcomes, push, told};

/// Not known in this version: a kind alone, its operations readable; and operations of a form that is new too.
fn unknown_operations() -> Vec<u8> {
    let mut w = Writer::default();
    w.array(1).array(2).uint(7).text("new");
    w.finish()
}

#[tokio::test]
async fn a_kind_from_the_future_is_stored() {
    let server = Server::with_account(Role::Hq).await;
    let site = server.planned_site().await;
    let mut phone = Phone::enrol(&server, site, 1).await;
    for (seq, ops) in [(1, None), (2, Some(unknown_operations()))] {
        let mut entry = phone.entry(seq, "x");
        entry.kind = 9_999;
        entry.ops = ops.unwrap_or(entry.ops);
        let segment = phone.sign(phone.header(), vec![entry.to_bytes()]);
        phone.keep(&segment);
        let got = phone.exchange(&server, &push(&[segment])).await;
        assert_eq!((got.status, got.code()), (200, "stored_opaque"), "entry {seq}");
        assert_eq!(outcomes(&got), [(OutcomeKind::Opaque, seq, seq)]);
        assert_eq!(got.response().receipts.len(), 1);
        let [zh, en] = told(&got);
        let stored = format!("Records {seq}–{seq} are stored; some of them need a newer server to display.");
        assert!(en.starts_with(&stored), "{en}");
        assert!(zh.starts_with(&format!("第 {seq}–{seq} 条记录已保存")), "{zh}");
    }
    assert_eq!(held(&server, site, &phone).await, 2);
    // Headquarters sees how many there are, and what they need.
    server.running.state.desk.adopt(site).await.expect("folded");
    let browser = server.browser();
    browser.sign_in("hq", PASSWORD).await;
    for (language, needs) in [("en", "needs a newer version"), ("zh-CN", "需要新版本")] {
        let page = browser.get(&format!("/?lang={language}")).await.body;
        let shown = page.split("problem=opaque").nth(1).expect("what needs attention");
        let shown: String = shown.chars().take(160).collect();
        assert!(shown.contains(needs) && shown.contains('2'), "{shown}");
    }
}
