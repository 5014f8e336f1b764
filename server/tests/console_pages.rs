//! Every page that can be reached by links: whole, in both languages, with headings and labels in order, and nothing leads nowhere.

#![cfg(feature = "demo")]

mod console;

use std::collections::{BTreeMap, VecDeque};

use console::{Reader, World, hrefs};
use dutylog_server::accounts::{Role, SiteScope};
use scraper::{ElementRef, Html, Selector};

/// Pages of one kind that are looked at: the tenth round is like the first.
const EACH: usize = 6;

fn all<'h>(html: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    html.select(&Selector::parse(selector).expect("a selector")).collect()
}

/// What kind of page an address leads to: identifiers and numbers are left out.
fn kind(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let is_id = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_hexdigit());
    path.split('/').map(|part| if is_id(part) { "*" } else { part }).collect::<Vec<_>>().join("/")
}

fn headings_are_in_order(html: &Html, at: &str) {
    let levels: Vec<u8> =
        all(html, "h1, h2, h3, h4").iter().map(|h| h.value().name().as_bytes()[1] - b'0').collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "one h1: {at}");
    assert_eq!(levels.first(), Some(&1), "{at}");
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "a level is left out: {at} {levels:?}");
}

fn controls_have_labels(html: &Html, at: &str) {
    let labelled: Vec<_> = all(html, "label[for]").iter().filter_map(|label| label.attr("for")).collect();
    for control in all(html, "input:not([type=hidden]), select, textarea") {
        let wrapped = control.ancestors().filter_map(ElementRef::wrap).any(|e| e.value().name() == "label");
        let by_id = control.attr("id").is_some_and(|id| labelled.contains(&id));
        assert!(wrapped || by_id, "no label: {at} {}", control.html());
    }
    for button in all(html, "button, a[href]") {
        let says = button.text().any(|text| !text.trim().is_empty()) || button.attr("aria-label").is_some();
        assert!(says, "says nothing: {at} {}", button.html());
    }
}

fn nothing_is_inline(html: &Html, at: &str) {
    assert!(all(html, "style, [style]").is_empty(), "inline style: {at}");
    assert!(all(html, "script").iter().all(|script| script.attr("src").is_some()), "inline script: {at}");
    let handlers =
        all(html, "*").into_iter().filter(|e| e.value().attrs().any(|(name, _)| name.starts_with("on")));
    assert_eq!(handlers.count(), 0, "{at}");
}

fn ids_are_unique(html: &Html, at: &str) {
    let mut ids: Vec<_> = all(html, "[id]").iter().filter_map(|e| e.attr("id")).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id stands twice: {at}");
}

fn is_whole(body: &str, lang: &str, at: &str) {
    let html = Html::parse_document(body);
    assert_eq!(all(&html, "html")[0].attr("lang"), Some(lang), "{at}");
    headings_are_in_order(&html, at);
    controls_have_labels(&html, at);
    nothing_is_inline(&html, at);
    ids_are_unique(&html, at);
    assert!(all(&html, "svg[role=img]").iter().all(|svg| svg.attr("aria-label").is_some()), "{at}");
    let captioned = Selector::parse("caption").expect("a selector");
    assert!(
        all(&html, "table").iter().all(|table| table.select(&captioned).next().is_some()),
        "no caption: {at}"
    );
    // Pieces of pages are HTML, never text that looks like it.
    let text: String = all(&html, "main").iter().flat_map(|main| main.text()).collect();
    for sign in ["<span", "<time", "<svg", "<a ", "&lt;", "&#"] {
        assert!(!text.contains(sign), "{sign} is shown as text: {at}");
    }
}

/// What is offered as a download is there, and no page.
async fn is_a_file(reader: &Reader, address: &str) {
    let file = reader.get(address).await;
    assert_eq!(file.status, 200, "{address}");
    assert!(!file.body.is_empty() && !file.body.to_lowercase().contains("<html"), "{address}");
}

/// Follows links, at most [`EACH`] of a kind, and holds every page to the same.
async fn crawl(reader: &Reader, lang: &str) -> BTreeMap<String, usize> {
    let mut visited: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen = std::collections::BTreeSet::new();
    let mut waiting = VecDeque::from([format!("/?lang={lang}")]);
    while let Some(address) = waiting.pop_front() {
        let count = visited.entry(kind(&address)).or_default();
        if *count >= EACH || !seen.insert(address.clone()) {
            continue;
        }
        *count += 1;
        let page = reader.get(&address).await;
        assert_eq!(page.status, 200, "{address}");
        is_whole(&page.body, lang, &address);
        for file in hrefs(&page.body, "a[download]") {
            is_a_file(reader, &file).await;
        }
        let ours = hrefs(&page.body, "a[href^='/']:not([download])").into_iter();
        waiting.extend(ours.filter(|href| !href.contains("lang=") && !href.starts_with("/assets/")));
    }
    visited
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_whole_in_both_languages_and_every_link_leads_somewhere() {
    let world = World::new().await;
    let reader = world.reader("looker", Role::Hq, SiteScope::All).await;
    let chinese = crawl(&reader, "zh-CN").await;
    // The language asked for first is remembered.
    let english = crawl(&reader, "en").await;
    for kind in [
        "/",
        "/sites/*",
        "/sites/*/rounds",
        "/sites/*/rounds/*",
        "/sites/*/incidents",
        "/sites/*/incidents/*",
        "/sites/*/handovers",
        "/sites/*/handovers/*",
        "/sites/*/people",
        "/sites/*/phones",
        "/sites/*/entries/*/*/*",
    ] {
        let reached = |visited: &BTreeMap<String, usize>| visited.iter().any(|(k, n)| k == kind && *n > 0);
        assert!(reached(&chinese) && reached(&english), "{kind} was not reached: {chinese:?}");
    }
}
