//! Signing in: who gets in, who does not, and how little a stranger learns or breaks.

mod support;

use dutylog_server::accounts::Role;
use support::{Answer, Browser, PASSWORD, Server};

#[tokio::test]
async fn the_right_password_gets_in() {
    let server = Server::with_account(Role::Hq).await;
    let browser = server.browser();
    let answer = browser.sign_in(" HQ ", PASSWORD).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/account"));
    let page = browser.get("/account").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("本部审核人"));
    assert!(page.body.contains("hq &lt;b&gt;⟪U+202E⟫"), "names are text, and steering characters are seen");
}

#[tokio::test]
async fn wrong_name_and_wrong_password_read_the_same() {
    let server = Server::with_account(Role::Hq).await;
    let browser = server.browser();
    let wrong = browser.sign_in("hq", "not the password").await;
    let unknown = browser.sign_in("nobody", "not the password").await;
    assert_eq!((wrong.status, unknown.status), (403, 403));
    assert_eq!(wrong.body.replace("value=\"hq\"", ""), unknown.body.replace("value=\"nobody\"", ""));
    assert!(wrong.body.contains("账户名或密码不正确。"));
    assert_eq!(browser.get("/account").await.location, "/login?next=%2Faccount");
}

#[tokio::test]
async fn strangers_are_slowed_down_and_the_owner_is_not() {
    let server = Server::with_account(Role::Hq).await;
    let owner = server.browser();
    assert_eq!(owner.sign_in("hq", PASSWORD).await.status, 303);
    let stranger = server.browser();
    for _ in 0..5 {
        assert_eq!(stranger.sign_in("hq", "guess guess guess").await.status, 403);
    }
    let refused = stranger.sign_in("hq", PASSWORD).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "12"));
    assert!(refused.body.contains("请在 12 秒后再试"));
    sign_out(&owner).await;
    assert_eq!(
        owner.sign_in("hq", PASSWORD).await.status,
        303,
        "a browser that was in before has its own count"
    );
    server.clock.advance(12_000);
    assert_eq!(stranger.sign_in("hq", PASSWORD).await.status, 303, "nobody is locked out for good");
}

#[tokio::test]
async fn one_address_has_thirty_tries_whatever_the_name() {
    let server = Server::with_account(Role::Hq).await;
    let browser = server.browser();
    let token = browser.get("/login").await.form_token();
    for n in 0..30 {
        let name = format!("guess{n}");
        let fields = [("form_token", token.as_str()), ("name", &name), ("password", "guess guess guess")];
        assert_eq!(browser.post_bare("/login", &fields).await.status, 403);
    }
    assert_eq!(browser.sign_in("another", "guess guess guess").await.status, 429);
}

#[tokio::test]
async fn forms_without_their_token_are_refused() {
    let server = Server::with_account(Role::Hq).await;
    let browser = server.browser();
    let fields = [("name", "hq"), ("password", PASSWORD)];
    assert_eq!(browser.post_bare("/login", &fields).await.status, 403);
    let other = server.browser().get("/login").await.form_token();
    let with_other = [("form_token", other.as_str()), ("name", "hq"), ("password", PASSWORD)];
    let refused = browser.post_bare("/login", &with_other).await;
    assert!(refused.status == 403 && refused.body.contains("form_expired"), "a token of another browser");
    browser.sign_in("hq", PASSWORD).await;
    assert_eq!(browser.post_bare("/logout", &[]).await.status, 403);
    assert_eq!(browser.get("/account").await.status, 200, "still signed in");
}

#[tokio::test]
async fn unknown_fields_and_other_formats_are_refused() {
    let server = Server::with_account(Role::Hq).await;
    let browser = server.browser();
    let extra = [("name", "hq"), ("password", PASSWORD), ("role", "admin")];
    assert_eq!(browser.submit("/login", "/login", &extra).await.status, 400);
    let twice = [("name", "hq"), ("name", "hq"), ("password", PASSWORD)];
    assert_eq!(browser.submit("/login", "/login", &twice).await.status, 400);
    let request =
        browser.client.post(server.url("/login")).header("content-type", "application/json").body("{}");
    assert_eq!(request.send().await.expect("answer").status(), 415);
}

#[tokio::test]
async fn other_sites_pages_cannot_post_here() {
    let server = Server::with_account(Role::Hq).await;
    let browser = server.browser();
    let token = browser.get("/login").await.form_token();
    let body = format!("form_token={token}&name=hq&password={}", PASSWORD.replace(' ', "+"));
    let post = |headers: &[(&'static str, &'static str)]| {
        let request = browser.client.post(server.url("/login")).body(body.clone());
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send()
    };
    for refused in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site"), ("origin", "null")],
        &[("origin", "https://evil.example.org")],
        &[("origin", "null")],
    ] {
        let answer = Answer::of(post(refused).await.expect("answer")).await;
        assert_eq!(answer.status, 403, "{refused:?}");
        assert!(answer.body.contains("foreign_origin"));
    }
    // What browsers send from our own form, whose page sends no referrer.
    let ours = post(&[("sec-fetch-site", "same-origin"), ("origin", "null")]).await.expect("answer");
    assert_eq!(ours.status(), 303);
}

#[tokio::test]
async fn cookies_are_out_of_reach_for_scripts_and_other_sites() {
    let server = Server::with_account(Role::Hq).await;
    let browser = server.browser();
    let page = browser.get("/login").await;
    assert!(page.cookies[0].starts_with("dutylog-browser="));
    assert!(page.cookies[0].contains("; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000"));
    let session = &browser.sign_in("hq", PASSWORD).await.cookies[0];
    assert!(
        session.starts_with("dutylog-session=") && session.ends_with("; HttpOnly; SameSite=Lax; Path=/"),
        "{session}"
    );

    let strict = Server::with_account(Role::Admin).await;
    let session = &strict.browser().sign_in("admin", PASSWORD).await.cookies[0];
    assert!(session.ends_with("; HttpOnly; SameSite=Strict; Path=/"), "{session}");

    let server =
        Server::start_with(|config| config.public_origin = Some("https://hq.example.org".into())).await;
    let cookie = &server.browser().get("/setup").await.cookies[0];
    assert!(
        cookie.starts_with("__Host-dutylog-browser=")
            && cookie.contains("; HttpOnly; SameSite=Lax; Secure; Path=/"),
        "{cookie}"
    );
}

#[tokio::test]
async fn after_signing_in_one_stays_on_this_server() {
    let server = Server::with_account(Role::Hq).await;
    let browser = server.browser();
    let fields = [("name", "hq"), ("password", PASSWORD), ("next", "//evil.example.org/")];
    assert_eq!(browser.submit("/login", "/login", &fields).await.location, "/");
}

#[tokio::test]
async fn programs_are_told_instead_of_sent_to_a_form() {
    let server = Server::with_account(Role::Hq).await;
    let answer =
        Answer::of(server.browser().client.get(server.url("/account")).send().await.expect("answer")).await;
    assert_eq!(answer.status, 401);
    assert!(answer.body.contains("sign_in_needed"));
}

async fn sign_out(browser: &Browser<'_>) {
    let answer = browser.submit("/account", "/logout", &[]).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/login"));
}
