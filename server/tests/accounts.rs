//! Looking after accounts in the console: what an administrator does holds at once, and nobody locks everybody out.

mod support;

use dutylog_server::accounts::Role;
use support::{Answer, Browser, PASSWORD, Server};

async fn administered(server: &Server) -> Browser<'_> {
    let admin = server.browser();
    admin.sign_in("admin", PASSWORD).await;
    admin
}

async fn change(admin: &Browser<'_>, change: &str, name: &str) -> Answer {
    admin.submit("/accounts", "/accounts", &[("change", change), ("name", name)]).await
}

/// What a page shows once.
fn password(page: &Answer) -> String {
    let after = page.body.split("class=\"secret\">").nth(1).expect("a password");
    after.split('<').next().expect("its end").to_owned()
}

#[tokio::test]
async fn a_new_account_gets_a_password_that_is_shown_once_and_rights_that_hold() {
    let server = Server::with_account(Role::Admin).await;
    let admin = administered(&server).await;
    let fields = [
        ("change", "add"),
        ("name", "Li.Wei"),
        ("display_name", "李伟"),
        ("staff_number", ""),
        ("role", "hq"),
        ("scope", "all"),
    ];
    let made = admin.submit("/accounts", "/accounts", &fields).await;
    assert_eq!((made.status, made.header("cache-control")), (200, "no-store"));
    let first = password(&made);
    assert!(!admin.get("/accounts").await.body.contains(&first), "shown once");
    let li = server.browser();
    assert_eq!(li.sign_in("li.wei", &first).await.status, 303);
    assert_eq!(li.get("/accounts").await.status, 403, "for administrators only");

    let rights = [("change", "rights"), ("name", "li.wei"), ("role", "auditor"), ("scope", "all")];
    assert_eq!(admin.submit("/accounts", "/accounts", &rights).await.location, "/accounts?done=changed");
    assert_eq!(li.get("/account").await.status, 303, "its sessions have ended");
    let second = password(&change(&admin, "password", "li.wei").await);
    assert_eq!(server.browser().sign_in("li.wei", &first).await.status, 403);
    li.sign_in("li.wei", &second).await;
    assert!(li.get("/account").await.body.contains("审计员"));

    assert_eq!(change(&admin, "disable", "li.wei").await.status, 303);
    assert_eq!(li.get("/account").await.status, 303);
    assert_eq!(change(&admin, "enable", "li.wei").await.status, 303);
    assert_eq!(li.sign_in("li.wei", &second).await.status, 303);
    assert_eq!(change(&admin, "end_sessions", "li.wei").await.status, 303);
    assert_eq!(li.get("/account").await.status, 303);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let server = Server::with_account(Role::Admin).await;
    let admin = administered(&server).await;
    let refused = change(&admin, "disable", "admin").await;
    assert!(refused.body.contains("最后一位管理员"), "{}", refused.body);
    let rights = [("change", "rights"), ("name", "admin"), ("role", "hq"), ("scope", "all")];
    assert!(admin.submit("/accounts", "/accounts", &rights).await.body.contains("最后一位管理员"));
    assert_eq!(admin.get("/accounts").await.status, 200, "nothing has changed");
    assert_eq!(change(&admin, "disable", "nobody").await.status, 200);
}
