//! What people wrote is text on every page, whatever it looks like.

mod support;

use dutylog_core::base::{RecordId, SiteId};
use dutylog_core::capture::DescribeConfig;
use dutylog_core::records::Bilingual;
use dutylog_core::records::people::Person;
use dutylog_core::records::site::Site;
use dutylog_server::accounts::Role;
use support::{PASSWORD, Server};

const HOSTILE: &str = "<img src=x onerror=alert(1)>\"'\u{202e}";
const SHOWN: &str = "&lt;img src=x onerror=alert(1)&gt;&#34;&#39;⟪U+202E⟫";

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_stay_names() {
    let server = Server::with_account(Role::Hq).await;
    let scope = server.bare_site(5).await;
    let site: SiteId = scope.site();
    let described = Site {
        name: Bilingual::new(HOSTILE, HOSTILE),
        time_zone: "Asia/Shanghai".into(),
        headquarters: Bilingual::default(),
        shifts: Vec::new(),
        lead_minutes: None,
        handover_checklist: None,
    };
    let person = Person { name: HOSTILE.into(), staff_number: HOSTILE.into(), phone: None };
    let desk = &server.running.state.desk;
    let describe = DescribeConfig { record: RecordId(site.0), object: described.into() };
    desk.act(scope, None, describe).await.expect("described");
    let describe = DescribeConfig { record: RecordId([3; 16]), object: person.into() };
    desk.act(scope, None, describe).await.expect("described");

    let browser = server.browser();
    browser.sign_in(Role::Hq.code(), PASSWORD).await;
    for path in [
        "/".to_owned(),
        format!("/sites/{site}"),
        format!("/sites/{site}/people"),
        format!("/sites/{site}/phones"),
    ] {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains(SHOWN), "{path}");
        assert!(!page.body.contains("<img src=x") && !page.body.contains('\u{202e}'), "{path}");
    }
}
