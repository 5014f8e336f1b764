//! Who may see and do what: every route of a site with every role, at one's own site, another one and one that does not exist.

#![cfg(feature = "demo")]

mod console;

use std::collections::BTreeSet;

use console::{Reader, World, form_token, hrefs, site_of};
use dutylog_server::accounts::{Role, SiteScope};

/// One address of each kind at a site; `first` finds the records to name.
async fn addresses(first: &Reader, site: &str) -> Vec<String> {
    let one = async |list: &str, selector: &str| {
        hrefs(&first.get(&format!("{site}{list}")).await.body, selector).into_iter().next().expect("a record")
    };
    let lists = ["", "/events", "/conflicts", "/people", "/phones", "/rounds", "/incidents", "/handovers"];
    let mut all: Vec<String> = lists.iter().map(|list| format!("{site}{list}")).collect();
    all.push(one("/rounds", "main table a[href*='/rounds/']").await);
    all.push(one("/incidents", "main table a[href*='/incidents/']").await);
    all.push(one("/handovers", "main table a[href*='/handovers/']").await);
    all.push(one("", ".proof a").await);
    all
}

/// What a refusal says, without what differs from request to request.
fn said(body: &str) -> String {
    let start = body.find("<h1>").unwrap_or_default();
    body[start..].split("support").next().unwrap_or_default().chars().take(200).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_looks_like_one_that_does_not_exist_for_every_role_and_route() {
    let world = World::new().await;
    let everywhere = world.reader("all", Role::Hq, SiteScope::All).await;
    let sites = everywhere.sites().await;
    let (own, other) = (&sites[0], &sites[1]);
    let (own_pages, other_pages) = (addresses(&everywhere, own).await, addresses(&everywhere, other).await);
    for role in Role::ALL {
        let scope = SiteScope::Only(BTreeSet::from([site_of(own)]));
        let reader = world.reader(&format!("own-{role}"), role, scope).await;
        assert_eq!(reader.sites().await, std::slice::from_ref(own), "{role}");
        for (mine, theirs) in own_pages.iter().zip(&other_pages) {
            // The stream of news does not end by itself; that it opens is enough.
            if !mine.ends_with("/events") {
                assert_eq!(reader.get(mine).await.status, 200, "{role} {mine}");
            }
            let nowhere = theirs.replace(other.as_str(), "/sites/00000000000000000000000000000000");
            let (hidden, absent) = (reader.get(theirs).await, reader.get(&nowhere).await);
            assert_eq!((hidden.status, absent.status), (404, 404), "{role} {theirs}");
            assert_eq!(said(&hidden.body), said(&absent.body), "{role} {theirs}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn auditors_look_and_change_nothing() {
    let world = World::new().await;
    let auditor = world.reader("auditor", Role::Auditor, SiteScope::All).await;
    let site = auditor.sites().await.remove(0);
    for record in addresses(&auditor, &site).await.into_iter().filter(|a| a.split('/').count() == 5) {
        let page = auditor.get(&record).await;
        assert!(!page.body.contains("name=\"act\""), "no form for auditors: {record}");
        let token = form_token(&page.body);
        let fields = [("form_token", token.as_str()), ("act", "comment"), ("text", "seen")];
        assert_eq!(auditor.post(&record, &fields).await.status, 403, "{record}");
        assert!(!auditor.get(&record).await.body.contains(">seen<"), "{record}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_its_token_changes_nothing() {
    let world = World::new().await;
    let reader = world.reader("forger", Role::Hq, SiteScope::All).await;
    let site = reader.sites().await.remove(0);
    let incident =
        addresses(&reader, &site).await.into_iter().find(|a| a.contains("/incidents/")).expect("one");
    let fields = [("form_token", "0000"), ("act", "comment"), ("text", "forged")];
    assert_eq!(reader.post(&incident, &fields).await.status, 403);
    assert!(!reader.get(&incident).await.body.contains("forged"));
}
