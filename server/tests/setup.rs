//! The first administrator, and the token that lets somebody make it.

mod support;

use std::os::unix::fs::PermissionsExt as _;

use dutylog_server::clock::HOUR;
use support::{Answer, Browser, PASSWORD, Server};

async fn set_up(browser: &Browser<'_>, token: &str, name: &str) -> Answer {
    let fields = [
        ("token", token),
        ("name", name),
        ("display_name", "李伟"),
        ("password", PASSWORD),
        ("repeat", PASSWORD),
    ];
    browser.submit("/setup", "/setup", &fields).await
}

#[tokio::test]
async fn the_token_makes_one_administrator() {
    let server = Server::start().await;
    let browser = server.browser();
    assert_eq!(browser.get("/login").await.location, "/setup", "there is nobody to sign in yet");
    let token = server.setup_token();
    let made = set_up(&browser, &token, "li.wei").await;
    assert_eq!((made.status, made.location.as_str()), (303, "/"));
    let account = browser.get("/account").await.body;
    assert!(account.contains("李伟") && account.contains("管理员"));

    let other = server.browser();
    assert_eq!(other.get("/setup").await.location, "/login");
    let login = other.get("/login").await.form_token();
    let fields = [
        ("form_token", login.as_str()),
        ("token", &token),
        ("name", "second"),
        ("password", PASSWORD),
        ("repeat", PASSWORD),
    ];
    let again = other.post_bare("/setup", &fields).await;
    assert!(again.status == 403 && again.body.contains("设置码不正确"), "it works once");
}

#[tokio::test]
async fn a_wrong_token_makes_nobody() {
    let server = Server::start().await;
    let browser = server.browser();
    for wrong in ["", "0000", &"0".repeat(64)] {
        assert_eq!(set_up(&browser, wrong, "li.wei").await.status, 403);
    }
    assert!(!server.running.state.accounts.any().await.expect("database"));
    assert_eq!(
        set_up(&browser, &server.setup_token(), "li.wei").await.status,
        303,
        "a wrong try does not use it up"
    );
}

#[tokio::test]
async fn after_a_day_the_token_is_too_old() {
    let server = Server::start().await;
    let token = server.setup_token();
    server.clock.advance(24 * HOUR);
    assert_eq!(set_up(&server.browser(), &token, "li.wei").await.status, 403);
    server.clock.advance(-1);
    assert_eq!(set_up(&server.browser(), &token, "li.wei").await.status, 303);
}

#[tokio::test]
async fn only_the_owner_can_read_the_file() {
    let server = Server::start().await;
    let file = server.running.setup_token_file.as_ref().expect("a file");
    let mode = std::fs::metadata(file).expect("file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn what_was_typed_wrong_is_said_and_nothing_is_lost() {
    let server = Server::start().await;
    let browser = server.browser();
    let token = server.setup_token();
    let bad_name = set_up(&browser, &token, "li wei").await;
    assert!(bad_name.body.contains("账户名只能用"));
    assert!(bad_name.body.contains("value=\"李伟\""), "the form keeps what was typed");
    assert!(!bad_name.body.contains(PASSWORD) && !bad_name.body.contains(&token), "but no secrets");
    let fields = [
        ("token", token.as_str()),
        ("name", "a"),
        ("password", "qwertyuiop123"),
        ("repeat", "qwertyuiop123"),
    ];
    assert!(browser.submit("/setup", "/setup", &fields).await.body.contains("很容易被猜到"));
}

#[tokio::test]
async fn two_at_once_make_one() {
    let server = Server::start().await;
    let token = server.setup_token();
    let (one, two) = (server.browser(), server.browser());
    let (a, b) = tokio::join!(set_up(&one, &token, "one"), set_up(&two, &token, "two"));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 403]);
}
