//! What the arguments of a handler let through: every kind of guard with every role.

mod support;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::get;
use dutylog_server::accounts::Role;
use dutylog_server::http::extract::{Administrator, Reviewer, SignedIn};
use support::{PASSWORD, Server};
use tower::ServiceExt as _;

async fn status(router: &Router, path: &str, cookie: &str) -> u16 {
    let request = Request::get(path).header("cookie", cookie).body(Body::empty()).expect("request");
    router.clone().oneshot(request).await.expect("answer").status().as_u16()
}

#[tokio::test]
async fn each_guard_lets_its_roles_through_and_nobody_else() {
    let server = Server::start().await;
    let router = Router::new()
        .route("/look", get(async |_: SignedIn| "ok"))
        .route("/act", get(async |_: Reviewer| "ok"))
        .route("/administer", get(async |_: Administrator| "ok"))
        .with_state(server.running.state.clone());
    for (role, expected) in
        [(Role::Admin, [200, 200, 200]), (Role::Hq, [200, 200, 403]), (Role::Auditor, [200, 403, 403])]
    {
        server.add(role.code(), role).await;
        let set_cookie = server.browser().sign_in(role.code(), PASSWORD).await.cookies[0].clone();
        let cookie = set_cookie.split(';').next().expect("pair");
        for (path, expected) in ["/look", "/act", "/administer"].into_iter().zip(expected) {
            assert_eq!(status(&router, path, cookie).await, expected, "{role} {path}");
        }
    }
    for path in ["/look", "/act", "/administer"] {
        assert_eq!(status(&router, path, "dutylog-session=0000").await, 401, "nobody {path}");
    }
}
