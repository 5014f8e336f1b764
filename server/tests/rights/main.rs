//! Every route with every caller at every site. The paths are the router's own: one without a row in the table fails.

#![cfg(feature = "demo")]

mod body;
mod caller;
#[path = "../console/mod.rs"]
mod console;
mod effect;
mod phone;
mod place;
mod stage;
#[path = "../support/mod.rs"]
mod support;
mod table;

use std::collections::BTreeSet;

use caller::{Caller, everybody};
use console::World;
use dutylog_server::accounts::{Role, SiteScope};
use dutylog_server::app;
use effect::Before;
use place::Place;
use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use stage::Stage;
use table::{CALLERS, FIRST, TABLE};

const METHODS: [Method; 7] =
    [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS, Method::TRACE];

/// What is answered at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    status: u16,
    /// Whether what was asked for comes about.
    effect: bool,
}

/// One row of the table.
struct Row {
    method: Method,
    path: &'static str,
    /// For each caller what is answered at each site; once where the path names no site.
    expected: Vec<Vec<Cell>>,
}

fn cell(text: &str) -> Cell {
    let status = text.trim_end_matches('!').parse().expect("a status");
    Cell { status, effect: text.ends_with('!') }
}

fn rows(table: &'static str) -> Vec<Row> {
    let read = |line: &'static str| {
        let mut words = line.split_whitespace();
        let method = words.next().and_then(|word| word.parse().ok()).expect("a method");
        let path = words.next().expect("a path");
        Row { method, path, expected: words.map(|text| text.split('/').map(cell).collect()).collect() }
    };
    table.lines().filter(|line| !line.is_empty()).map(read).collect()
}

#[test]
fn every_path_of_the_router_has_a_row() {
    let named = |path: &str| {
        let records = ["{round}", "{incident}", "{handover}"];
        records.iter().fold(path.replace("{fork}", "{chain}"), |p, n| p.replace(n, "{record}"))
    };
    let listed: BTreeSet<String> = rows(TABLE).iter().map(|row| named(row.path)).collect();
    let there: BTreeSet<String> = app::paths().into_iter().map(str::to_owned).collect();
    assert_eq!(there, listed);
    assert!(rows(TABLE).iter().all(|row| row.expected.len() == CALLERS.len()), "a caller is missing");
}

/// A row in which everybody is refused would say nothing about who may: the refusal could have any reason.
#[test]
fn whatever_can_be_done_is_done_by_somebody() {
    let done = |row: &Row| row.expected.iter().flatten().any(|cell| cell.effect);
    let elsewhere: BTreeSet<_> = rows(FIRST).iter().filter(|row| done(row)).map(|row| row.path).collect();
    for row in rows(TABLE).iter().filter(|row| row.method != Method::GET) {
        assert!(done(row) || elsewhere.contains(row.path), "{} {} is done by nobody", row.method, row.path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_every_caller_at_every_site_as_the_table_says() {
    let world = World::new().await;
    let everywhere = world.reader("everywhere", Role::Hq, SiteScope::All).await;
    let sites = everywhere.sites().await;
    let (own, other) = (Place::of(&everywhere, &sites[0]).await, Place::of(&everywhere, &sites[1]).await);
    let places = [&own, &other, &other.elsewhere()];
    let callers = everybody(&world, &sites[0], &sites[1]).await;
    for (n, site) in (5..).zip(&sites[..2]) {
        Stage::fork(&world, site, n).await;
    }
    let stage = Stage::set(world, &sites[0]).await;
    let mut wrong = Vec::new();
    for row in rows(TABLE) {
        for ((caller, name), expected) in callers.iter().zip(CALLERS).zip(&row.expected) {
            let mut said = Vec::new();
            for (place, expected) in places.iter().zip(expected) {
                let (got, text) = ask(&stage, caller, &row, &place.fill(row.path)).await;
                if got != *expected {
                    wrong.push(format!("{} {} {name}: {got:?}, not {expected:?}", row.method, row.path));
                }
                said.push(text);
            }
            // What may not be seen reads like what is not there.
            let home = usize::from(["guest", "other"].contains(&name));
            for foreign in (0..said.len().min(2)).filter(|at| *at != home && expected[*at].status == 404) {
                if said[foreign] != said[2] {
                    let (hidden, absent) = (&said[foreign], &said[2]);
                    let (method, path) = (&row.method, row.path);
                    wrong.push(format!("{method} {path} {name}: {hidden}\n differs from {absent}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    what_has_no_row_is_no_method_of_its_path(&stage.world.origin).await;
}

/// What is answered, and whether anything came of it.
async fn ask(stage: &Stage, caller: &Caller, row: &Row, path: &str) -> (Cell, String) {
    let before = Before::of(stage, row.path).await;
    let told = caller.ask(stage, &row.method, row.path, path).await;
    let effect = row.method != Method::GET && before.took_effect(stage, caller, row.path, path, &told).await;
    (Cell { status: told.status, effect }, told.text)
}

#[tokio::test]
async fn the_first_server_is_set_up_by_whoever_has_its_token() {
    let server = support::Server::start().await;
    let (browser, token, password) = (server.browser(), server.setup_token(), support::PASSWORD);
    for (row, token) in rows(FIRST).iter().zip(["0", &token]) {
        let fields = [("token", token), ("name", "first"), ("password", password), ("repeat", password)];
        let answer = browser.submit(row.path, row.path, &fields).await;
        let effect = server.running.state.accounts.any().await.expect("accounts");
        assert_eq!(vec![vec![Cell { status: answer.status, effect }]], row.expected, "{}", row.path);
    }
}

async fn what_has_no_row_is_no_method_of_its_path(origin: &str) {
    let nobody = Client::builder().redirect(Policy::none()).build().expect("client");
    for path in app::paths() {
        let declared: Vec<Method> =
            rows(TABLE).iter().filter(|r| same(r.path, path)).map(|r| r.method.clone()).collect();
        for method in METHODS.iter().filter(|method| !declared.contains(method)) {
            let url = format!("{origin}{}", path.replace(['{', '}'], ""));
            let request = nobody.request(method.clone(), url).header("origin", origin);
            let status = request.send().await.expect("an answer").status().as_u16();
            assert_eq!(status, 405, "{method} {path}");
        }
    }
}

fn same(row: &str, path: &str) -> bool {
    let (mut row, mut path) = (row.split('/'), path.split('/'));
    loop {
        match (row.next(), path.next()) {
            (None, None) => return true,
            (Some(r), Some(p)) if r == p || (r.starts_with('{') && p.starts_with('{')) => (),
            _ => return false,
        }
    }
}
