//! What happens before a handler is reached: slow clients, large requests, wrong methods, headers of every answer.

mod support;

use std::time::{Duration, Instant};

use dutylog_server::accounts::Role;
use dutylog_server::config::Config;
use support::{Answer, Server};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

fn impatient(config: &mut Config) {
    config.limits.first_byte = Duration::from_millis(50);
    config.limits.first_header = Duration::from_millis(100);
    config.limits.keep_alive = Duration::from_millis(150);
    config.limits.body_stall = Duration::from_millis(100);
}

/// Says something and reads until the server hangs up.
async fn said(server: &Server, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.running.addr).await.expect("connects");
    stream.write_all(bytes).await.expect("sends");
    let mut answer = Vec::new();
    let end = timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
    // Closed with unread bytes, the system may report a reset instead of the end: both are the server hanging up.
    let _ = end.expect("the server hangs up by itself");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_silent_socket_is_closed() {
    let server = Server::start_with(impatient).await;
    assert_eq!(said(&server, b"").await, "");
}

#[tokio::test]
async fn half_a_header_is_closed() {
    let server = Server::start_with(impatient).await;
    assert_eq!(said(&server, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await, "");
}

/// One byte every nine seconds, until the server hangs up.
async fn drip(server: &Server) {
    let mut stream = TcpStream::connect(server.running.addr).await.expect("connects");
    let mut nothing = [0];
    for byte in b"GET" {
        // Closed already, the byte goes nowhere.
        let _ = stream.write_all(&[*byte]).await;
        if let Ok(end) = timeout(Duration::from_secs(9), stream.read(&mut nothing)).await {
            assert!(matches!(end, Ok(0) | Err(_)), "an answer to {end:?} bytes of a header");
            return;
        }
    }
    panic!("still open after three bytes in 27 seconds");
}

async fn seconds(what: impl Future) -> f64 {
    let began = Instant::now();
    what.await;
    began.elapsed().as_secs_f64()
}

#[tokio::test]
async fn silence_ends_after_five_seconds_and_a_dripping_header_after_ten() {
    let server = Server::start().await;
    let (silent, dripping) = tokio::join!(seconds(said(&server, b"")), seconds(drip(&server)));
    assert!((5.0..9.0).contains(&silent), "closed after {silent} s");
    assert!((10.0..18.0).contains(&dripping), "closed after {dripping} s");
}

#[tokio::test]
async fn half_of_the_http2_greeting_is_closed() {
    let server = Server::start_with(impatient).await;
    assert_eq!(said(&server, b"PRI * HT").await, "");
}

#[tokio::test]
async fn a_kept_connection_that_falls_silent_is_closed() {
    let server = Server::start_with(impatient).await;
    let answer = said(&server, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok\n"), "{answer}");
}

#[tokio::test]
async fn a_body_that_stalls_is_refused() {
    let server = Server::start_with(impatient).await;
    let head = "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 50\r\n\r\nname=";
    let answer = said(&server, head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
}

#[tokio::test]
async fn one_address_cannot_take_every_connection() {
    let server = Server::start_with(|config| config.limits.connections_per_ip = 1).await;
    let request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut first = TcpStream::connect(server.running.addr).await.expect("connects");
    first.write_all(request).await.expect("sends");
    let mut byte = [0];
    first.read_exact(&mut byte).await.expect("is served");
    assert_eq!(said(&server, request).await, "");
    drop(first);
}

#[tokio::test]
async fn too_large_a_header_is_refused() {
    let server = Server::start().await;
    let many: String = (0..100).map(|n| format!("X-{n}: 1\r\n")).collect();
    let answer = said(&server, format!("GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn too_large_a_body_is_refused() {
    let server = Server::with_account(Role::Hq).await;
    let large = "x".repeat(5_000);
    let answer = server.browser().sign_in("hq", &large).await;
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains("body_too_large"), "{}", answer.body);
}

const HEADERS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
         font-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
         object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    ),
];

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = Server::with_account(Role::Hq).await;
    let browser = server.browser();
    let answers = [
        browser.get("/login").await,
        browser.get("/").await,
        browser.get("/no-such-page").await,
        browser.post_bare("/login", &[]).await,
        browser.post_bare("/healthz", &[]).await,
        browser.get("/assets/console-0.css").await,
        browser.get("/healthz").await,
    ];
    assert_eq!(answers.each_ref().map(|answer| answer.status), [200, 303, 404, 403, 405, 404, 200]);
    for answer in &answers {
        for (name, value) in HEADERS {
            assert_eq!(answer.header(name), value, "{name} of {}", answer.status);
        }
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("strict-transport-security"), "", "only over TLS");
        assert_eq!(answer.header("x-request-id").len(), 12);
    }
}

#[tokio::test]
async fn over_tls_browsers_are_told_to_stay_there() {
    let server =
        Server::start_with(|config| config.public_origin = Some("https://hq.example.org".into())).await;
    let answer = server.browser().get("/healthz").await;
    assert_eq!(answer.header("strict-transport-security"), "max-age=63072000; includeSubDomains");
}

#[tokio::test]
async fn only_declared_methods_are_taken() {
    let server = Server::start().await;
    for (method, path) in
        [("TRACE", "/login"), ("OPTIONS", "/login"), ("DELETE", "/account"), ("PUT", "/healthz")]
    {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("method");
        let request = server.browser().client.request(method.clone(), server.url(path));
        let answer = Answer::of(request.send().await.expect("answer")).await;
        assert_eq!(answer.status, 405, "{method} {path}");
        assert!(answer.header("allow").contains("GET"), "{method} {path}");
        let problem: serde_json::Value = serde_json::from_str(&answer.body).expect("a problem");
        assert_eq!(problem["code"], "method_not_allowed");
    }
}

#[tokio::test]
async fn problems_speak_both_languages_and_name_the_request() {
    let server = Server::start().await;
    let request = server.browser().client.get(server.url("/nowhere")).header("accept-language", "en");
    let answer = Answer::of(request.send().await.expect("answer")).await;
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem: serde_json::Value = serde_json::from_str(&answer.body).expect("a problem");
    assert_eq!(problem["code"], "not_found");
    assert_eq!(problem["status"], 404);
    assert_eq!(problem["title"], "There is no such page or record.");
    assert_eq!(problem["zh"]["title"], "没有这个页面或记录。");
    assert_eq!(problem["support_id"], answer.header("x-request-id"));
}

#[tokio::test]
async fn people_get_a_page_in_their_language() {
    let server = Server::start().await;
    let browser = server.browser();
    let chinese = browser.get("/nowhere").await;
    assert!(chinese.body.contains("没有这个页面或记录。") && chinese.body.contains("<html lang=\"zh-CN\">"));
    let english = browser.get("/nowhere?lang=en").await;
    assert!(english.body.contains("There is no such page or record."));
    assert!(english.cookies[0].starts_with("dutylog-language=en; HttpOnly; SameSite=Lax; Path=/; Max-Age="));
    assert!(browser.get("/nowhere").await.body.contains("There is no such page"), "the choice is remembered");
}

#[tokio::test]
async fn the_machines_that_watch_get_an_answer() {
    let server = Server::start().await;
    assert_eq!(server.browser().get("/healthz").await.body, "ok\n");
    assert_eq!(server.browser().get("/readyz").await.body, "ready\n");
    server.running.state.database.close().await;
    assert_eq!(server.browser().get("/readyz").await.status, 503);
    assert_eq!(server.browser().get("/healthz").await.status, 200);
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_their_content() {
    let server = Server::start().await;
    let browser = server.browser();
    let page = browser.get("/setup").await.body;
    let href = page
        .split("rel=\"stylesheet\" href=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a style");
    let style = browser.get(href).await;
    assert_eq!(style.status, 200);
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(style.header("cache-control"), "public, max-age=31536000, immutable");
}

#[tokio::test]
async fn it_stops_when_asked_even_with_an_open_connection() {
    let data = tempfile::tempdir().expect("folder");
    let mut config = Config { data_dir: data.path().to_owned(), ..Config::default() };
    config.listen.set_port(0);
    let (trigger, shutdown) = dutylog_server::shutdown::channel();
    let running = dutylog_server::serve(config, std::sync::Arc::new(dutylog_server::SystemClock), shutdown)
        .await
        .expect("starts");
    let client = reqwest::Client::new();
    let answer = client.get(format!("http://{}/healthz", running.addr)).send().await.expect("answer");
    assert_eq!(answer.status(), 200);
    trigger.stop();
    running.stopped().await.expect("stops");
}
