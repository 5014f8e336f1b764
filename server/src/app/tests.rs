//! The layers, around handlers that misbehave.

use std::future::pending;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::get;
use serde_json::Value;
use tokio::sync::Notify;
use tower::ServiceExt as _;

use super::*;
use crate::clock::SimClock;
use crate::shutdown;

async fn state(change: impl FnOnce(&mut Limits)) -> (AppState, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("folder");
    let mut config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
    config.listen.set_port(0);
    change(&mut config.limits);
    let (_, shutdown) = shutdown::channel();
    let running = serve(config, Arc::new(SimClock::at(0)), shutdown).await.expect("starts");
    (running.state, folder)
}

async fn answer(router: Router) -> (StatusCode, Value) {
    let request = Request::get("/").body(Body::empty()).expect("request");
    let response = router.oneshot(request).await.into_response();
    let status = response.status();
    assert!(response.headers().contains_key("content-security-policy"));
    let body = to_bytes(response.into_body(), 10_000).await.expect("body");
    (status, serde_json::from_slice(&body).expect("a problem"))
}

#[tokio::test]
async fn a_panic_answers_500_without_saying_why() {
    let (state, _folder) = state(|_| ()).await;
    let routes = Router::new().route("/", get(async || -> &'static str { panic!("王芳 at 30.1, 120.2") }));
    let (status, problem) = answer(layered(routes, &state).with_state(state)).await;
    assert_eq!((status, &problem["code"]), (StatusCode::INTERNAL_SERVER_ERROR, &Value::from("internal")));
    assert!(!problem.to_string().contains("王芳"));
}

#[tokio::test]
async fn a_handler_that_never_answers_is_cut() {
    let (state, _folder) = state(|limits| limits.request = Duration::from_millis(20)).await;
    let routes = Router::new().route("/", get(async || -> &'static str { pending().await }));
    let (status, problem) = answer(layered(routes, &state).with_state(state)).await;
    assert_eq!((status, &problem["code"]), (StatusCode::REQUEST_TIMEOUT, &Value::from("too_slow")));
}

#[tokio::test]
async fn more_than_can_be_done_is_refused_at_once() {
    let (state, _folder) = state(|limits| limits.requests = 1).await;
    let at_work = Arc::new(Notify::new());
    let begun = Arc::clone(&at_work);
    let busy = async move || -> &'static str {
        begun.notify_one();
        pending().await
    };
    let router = layered(Router::new().route("/", get(busy)), &state).with_state(state);
    let first = tokio::spawn(answer(router.clone()));
    at_work.notified().await;
    let (status, problem) = answer(router).await;
    assert_eq!((status, &problem["code"]), (StatusCode::SERVICE_UNAVAILABLE, &Value::from("busy")));
    first.abort();
}
