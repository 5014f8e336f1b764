//! A right is looked at again at the moment it is used: what took it away is never overtaken.

mod support;

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;

use dutylog_core::base::RecordId;
use dutylog_core::capture::Comment;
use dutylog_core::records::site_plan::{SitePlan, person_id};
use dutylog_server::accounts::Role;
use dutylog_server::desk::{DeskError, Standing};
use support::{PASSWORD, Server};

const PLAN: &str = include_str!("../../core/tests/fixtures/site.json");

/// A right that was lost between the page and the lock.
#[derive(Debug)]
struct Lost;

impl Standing for Lost {
    fn holds(&self) -> Pin<Box<dyn Future<Output = Result<bool, DeskError>> + Send + '_>> {
        Box::pin(ready(Ok(false)))
    }
}

#[tokio::test]
async fn a_right_that_was_lost_before_the_lock_writes_nothing() {
    let server = Server::start().await;
    let (keys, desk) = (&server.running.state.api.keys, &server.running.state.desk);
    let plan = SitePlan::from_json(PLAN.as_bytes()).expect("a plan").resolve(keys.org()).expect("sound");
    let (scope, reviewer) = (server.site(plan.site).await, person_id(keys.org(), "B001"));
    desk.apply(scope, None, plan).await.expect("applied");
    let size = async || server.running.state.api.ledger().state(scope).await.expect("a state").log().size;
    let before = size().await;
    let comment = Comment { record: RecordId([4; 16]), text: "x".into() };
    let refused = desk.act_while(Arc::new(Lost), scope, reviewer, comment).await;
    assert!(matches!(refused, Err(DeskError::NoLonger)), "{refused:?}");
    assert_eq!(size().await, before);
}

#[tokio::test]
async fn a_session_stands_until_it_rests_too_long_or_its_account_is_barred() {
    let server = Server::with_account(Role::Hq).await;
    let site = server.bare_site(0xa).await.site();
    let accounts = &server.running.state.accounts;
    let token = async || {
        let cookie = server.browser().sign_in("hq", PASSWORD).await.cookies[0].clone();
        let value = cookie.split(['=', ';']).nth(1).expect("a value");
        dutylog_server::accounts::Token::parse(value).expect("a token")
    };
    let first = token().await;
    assert!(accounts.may_act(&first, site).await.expect("an answer"));
    server.clock.advance(20 * 60_000);
    assert!(!accounts.may_act(&first, site).await.expect("an answer"), "it rested");
    let second = token().await;
    assert!(accounts.may_act(&second, site).await.expect("an answer"));
    assert!(accounts.disable("hq").await.expect("an answer"));
    assert!(!accounts.may_act(&second, site).await.expect("an answer"), "it is barred");
}
