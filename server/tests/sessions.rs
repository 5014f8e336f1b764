//! How long a session lasts and what ends it.

mod support;

use dutylog_server::accounts::Role;
use dutylog_server::clock::{HOUR, MINUTE};
use support::{Browser, PASSWORD, Server};

async fn is_in(browser: &Browser<'_>) -> bool {
    browser.get("/account").await.status == 200
}

#[tokio::test]
async fn it_ends_when_nobody_is_there() {
    for (role, idle) in [(Role::Hq, 20 * MINUTE), (Role::Auditor, 20 * MINUTE), (Role::Admin, 10 * MINUTE)] {
        let server = Server::with_account(role).await;
        let browser = server.browser();
        browser.sign_in(role.code(), PASSWORD).await;
        server.clock.advance(idle - 1);
        assert!(is_in(&browser).await, "{role} just before");
        server.clock.advance(idle - 1);
        assert!(is_in(&browser).await, "{role}: every request counts as a sign of life");
        server.clock.advance(idle);
        assert!(!is_in(&browser).await, "{role} after");
        server.clock.advance(-idle);
        assert!(!is_in(&browser).await, "{role}: an ended session stays ended");
    }
}

#[tokio::test]
async fn what_an_open_page_fetches_is_no_sign_of_life() {
    let server = Server::with_account(Role::Hq).await;
    let browser = server.browser();
    browser.sign_in("hq", PASSWORD).await;
    for _ in 0..3 {
        server.clock.advance(6 * MINUTE);
        let fetched = browser.client.get(server.url("/account")).header("accept", "text/html");
        let fetched = fetched.header("sec-fetch-mode", "cors").send().await.expect("answer");
        assert_eq!(fetched.status(), 200, "whoever is signed in sees the news");
    }
    server.clock.advance(2 * MINUTE);
    assert!(!is_in(&browser).await, "twenty minutes after the last thing a person did");
}

#[tokio::test]
async fn it_ends_some_time_in_any_case() {
    for (role, hours) in [(Role::Hq, 12), (Role::Admin, 4)] {
        let server = Server::with_account(role).await;
        let browser = server.browser();
        browser.sign_in(role.code(), PASSWORD).await;
        for _ in 0..hours * 12 - 1 {
            server.clock.advance(5 * MINUTE);
            assert!(is_in(&browser).await);
        }
        server.clock.advance(5 * MINUTE);
        assert!(!is_in(&browser).await, "{role} after {hours} h");
    }
}

#[tokio::test]
async fn signing_in_again_makes_a_new_one_and_ends_the_old() {
    let server = Server::with_account(Role::Hq).await;
    let browser = server.browser();
    let first = browser.sign_in("hq", PASSWORD).await.cookies[0].clone();
    let token = browser.get("/account").await.form_token();
    let fields = [("form_token", token.as_str()), ("name", "hq"), ("password", PASSWORD)];
    let second = browser.post_bare("/login", &fields).await.cookies[0].clone();
    assert_ne!(first, second);
    assert!(is_in(&browser).await);
    assert_eq!(with_cookie(&server, &first).await, 401);
}

#[tokio::test]
async fn signing_out_ends_it_on_the_server() {
    let server = Server::with_account(Role::Hq).await;
    let browser = server.browser();
    let cookie = browser.sign_in("hq", PASSWORD).await.cookies[0].clone();
    assert_eq!(with_cookie(&server, &cookie).await, 200);
    let out = browser.submit("/account", "/logout", &[]).await;
    assert!(
        out.cookies[0].starts_with("dutylog-session=;") && out.cookies[0].contains("Max-Age=0"),
        "{:?}",
        out.cookies
    );
    assert_eq!(with_cookie(&server, &cookie).await, 401);
}

#[tokio::test]
async fn a_new_password_ends_every_session_but_gives_a_new_one() {
    let server = Server::with_account(Role::Hq).await;
    let (here, there) = (server.browser(), server.browser());
    here.sign_in("hq", PASSWORD).await;
    there.sign_in("hq", PASSWORD).await;
    let new = "another long passphrase";
    let change = async |current: &str, new: &str, repeat: &str| {
        let fields = [("current", current), ("password", new), ("repeat", repeat)];
        here.submit("/account", "/account", &fields).await
    };
    assert!(change("wrong", new, new).await.body.contains("当前密码不正确。"));
    assert!(change(PASSWORD, "short", "short").await.body.contains("至少需要 12 个字符"));
    assert!(change(PASSWORD, new, "different").await.body.contains("不一致"));
    assert!(is_in(&there).await, "nothing has changed yet");
    assert_eq!(change(PASSWORD, new, new).await.location, "/account?changed=true");
    assert!(is_in(&here).await);
    assert!(!is_in(&there).await);
    assert_eq!(there.sign_in("hq", PASSWORD).await.status, 403);
    assert_eq!(there.sign_in("hq", new).await.status, 303);
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once() {
    let server = Server::with_account(Role::Hq).await;
    let browser = server.browser();
    browser.sign_in("hq", PASSWORD).await;
    assert!(server.running.state.accounts.disable("hq").await.expect("database"));
    assert!(!is_in(&browser).await);
    assert_eq!(browser.sign_in("hq", PASSWORD).await.status, 403);
}

#[tokio::test]
async fn a_password_reset_by_an_administrator_ends_every_session() {
    let server = Server::with_account(Role::Hq).await;
    let browser = server.browser();
    browser.sign_in("hq", PASSWORD).await;
    let new = "given over the telephone";
    assert!(server.running.state.accounts.reset_password("HQ", new.into()).await.expect("database"));
    assert!(!is_in(&browser).await);
    assert_eq!(browser.sign_in("hq", PASSWORD).await.status, 403);
    assert_eq!(browser.sign_in("hq", new).await.status, 303);
}

#[tokio::test]
async fn tokens_are_not_in_the_database() {
    let server = Server::with_account(Role::Hq).await;
    let cookie = server.browser().sign_in("hq", PASSWORD).await.cookies[0].clone();
    let token = cookie.split(['=', ';']).nth(1).expect("value").to_owned();
    let raw: Vec<u8> =
        (0..token.len()).step_by(2).map(|i| u8::from_str_radix(&token[i..i + 2], 16).expect("hex")).collect();
    server.running.state.database.close().await;
    for entry in std::fs::read_dir(server.data.path()).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            continue;
        }
        let bytes = std::fs::read(path).expect("readable");
        for secret in [raw.as_slice(), token.as_bytes(), PASSWORD.as_bytes()] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
}

#[tokio::test]
async fn a_day_later_the_old_session_is_gone_from_the_database() {
    let server = Server::with_account(Role::Hq).await;
    server.browser().sign_in("hq", PASSWORD).await;
    server.clock.advance(24 * HOUR);
    server.browser().sign_in("hq", PASSWORD).await;
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM account_session")
        .fetch_one(server.running.state.database.readers())
        .await
        .expect("database");
    assert_eq!(count, 1);
}

async fn with_cookie(server: &Server, set_cookie: &str) -> u16 {
    let pair = set_cookie.split(';').next().expect("pair");
    let request = reqwest::Client::new().get(server.url("/account")).header("cookie", pair);
    request.send().await.expect("answer").status().as_u16()
}
