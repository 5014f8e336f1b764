//! Figures for whoever keeps the server running: on an address of their own, only if asked for, about nobody.

mod support;

use std::net::{Ipv4Addr, SocketAddr};

use dutylog_server::config::MetricsSettings;
use support::phone::Phone;
use support::{PASSWORD, Server};

fn asked_for() -> MetricsSettings {
    MetricsSettings { listen: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))), remote: false }
}

async fn text(url: String) -> (u16, String) {
    let answer = reqwest::get(url).await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

/// The value of a figure.
fn figure(all: &str, name: &str) -> f64 {
    let line = all.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} is missing:\n{all}")).parse().expect("a number")
}

#[tokio::test]
async fn operators_see_what_the_server_does() {
    let server = Server::start_with(|config| config.metrics = asked_for()).await;
    let at = server.running.metrics.expect("it listens");
    assert_ne!(at, server.running.addr, "on an address of its own");
    let scope = server.planned_site().await;
    let mut phone = Phone::enrol(&server, scope, 1).await;
    phone.record(3, "gate");
    phone.record(2, "roof");
    assert_eq!(phone.sync(&server).await.problems, []);
    assert_eq!(text(server.url("/healthz")).await.0, 200);
    server.running.state.projector.catch_up(scope).await.expect("folded");
    let (status, all) = text(format!("http://{at}/metrics")).await;
    assert_eq!(status, 200);
    assert!(figure(&all, "dutylog_requests_total{route=\"/healthz\",status=\"200\"}") >= 1.0);
    assert!(figure(&all, "dutylog_requests_total{route=\"/v1/enrol\",status=\"200\"}") >= 1.0);
    assert!(figure(&all, "dutylog_ingest_entries_total") >= 5.0);
    let site = scope.site();
    assert!(figure(&all, &format!("dutylog_site_segments{{site=\"{site}\"}}")) >= 3.0);
    assert_eq!(figure(&all, &format!("dutylog_site_fold_lag_segments{{site=\"{site}\"}}")), 0.0);
    server.clock.advance(90_000);
    let (_, later) = text(format!("http://{at}/metrics")).await;
    assert!(figure(&later, &format!("dutylog_site_last_contact_age_seconds{{site=\"{site}\"}}")) >= 90.0);
    assert!(figure(&later, "dutylog_database_bytes") > 0.0);
}

#[tokio::test]
async fn they_are_off_unless_asked_for_and_never_where_people_and_phones_are_answered() {
    let quiet = Server::start().await;
    assert_eq!(quiet.running.metrics, None);
    let server = Server::start_with(|config| config.metrics = asked_for()).await;
    for server in [&quiet, &server] {
        assert_eq!(text(server.url("/metrics")).await.0, 404);
    }
    let at = server.running.metrics.expect("it listens");
    for path in ["/", "/healthz", "/login", "/v1/openapi.json"] {
        assert_eq!(text(format!("http://{at}{path}")).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn refusals_and_open_pages_are_counted_and_nobody_is_named() {
    let server = Server::start_with(|config| config.metrics = asked_for()).await;
    let scope = server.planned_site().await;
    let mut phone = Phone::enrol(&server, scope, 1).await;
    let mut copy = phone.clone();
    phone.record(1, "broken");
    copy.record(1, "fine");
    phone.sync(&server).await;
    copy.nonce = phone.nonce;
    copy.sync(&server).await;
    server.add("zhang.wei", dutylog_server::accounts::Role::Hq).await;
    let browser = server.browser();
    browser.sign_in("zhang.wei", PASSWORD).await;
    let news = browser.client.get(server.url("/events")).send().await.expect("opens");
    let at = server.running.metrics.expect("it listens");
    let (_, all) = text(format!("http://{at}/metrics")).await;
    assert!(figure(&all, "dutylog_ingest_remarks_total{code=\"fork_detected\"}") >= 1.0);
    assert_eq!(figure(&all, "dutylog_event_streams"), 1.0);
    drop(news);
    for secret in ["zhang", "broken", "127.0.0.1", PASSWORD, &phone.device.to_string()] {
        assert!(!all.contains(secret), "{secret}");
    }
}
