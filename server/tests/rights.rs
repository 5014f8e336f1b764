//! Every route with every caller at every site. The paths are the router's own: one without a row in the table fails.

#![cfg(feature = "demo")]

mod console;
#[path = "rights/phone.rs"]
mod phone;
#[path = "rights/table.rs"]
mod table;

use std::collections::{BTreeMap, BTreeSet};

use console::{Reader, World, form_token, hrefs, site_of};
use dutylog_core::base::RecordId;
use dutylog_core::records::security::RevocationKind;
use dutylog_core::sync::{CONTENT_TYPE, Request};
use dutylog_server::accounts::{Role, SiteScope};
use dutylog_server::app;
use phone::Phone;
use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use table::{CALLERS, TABLE};

const METHODS: [Method; 7] =
    [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS, Method::TRACE];
const NOWHERE: &str = "00000000000000000000000000000000";

/// One row of the table.
struct Row {
    method: Method,
    path: &'static str,
    /// For each caller what is answered at each site; once where the path names no site.
    expected: Vec<Vec<u16>>,
}

fn rows() -> Vec<Row> {
    let read = |line: &'static str| {
        let mut words = line.split_whitespace();
        let method = words.next().and_then(|word| word.parse().ok()).expect("a method");
        let path = words.next().expect("a path");
        let cell = |text: &str| text.split('/').map(|status| status.parse().expect("a status")).collect();
        Row { method, path, expected: words.map(cell).collect() }
    };
    TABLE.lines().filter(|line| !line.is_empty()).map(read).collect()
}

/// Where a path leads at one site: a record of each kind, an entry.
struct Place(BTreeMap<&'static str, String>);

impl Place {
    async fn of(reader: &Reader, site: &str) -> Self {
        let first = async |page: &str, selector: &str| {
            let all = hrefs(&reader.get(&format!("{site}{page}")).await.body, selector);
            all.into_iter().next().expect("one")
        };
        let last = |href: String| href.rsplit('/').next().expect("an identifier").to_owned();
        let entry = first("", ".proof a[href*='/entries/']").await;
        let entry: Vec<&str> = entry.rsplit('/').take(3).collect();
        let css = first("", "link[rel=stylesheet]").await;
        Self(BTreeMap::from([
            ("{site}", site.rsplit('/').next().expect("a site").to_owned()),
            ("{round}", last(first("/rounds", "main table a[href*='/rounds/']").await)),
            ("{incident}", last(first("/incidents", "main table a[href*='/incidents/']").await)),
            ("{handover}", last(first("/handovers", "main table a[href*='/handovers/']").await)),
            ("{mark}", entry[0].into()),
            ("{seq}", entry[1].into()),
            ("{chain}", entry[2].into()),
            ("{file}", last(css)),
        ]))
    }

    fn elsewhere(&self) -> Self {
        let mut all = self.0.clone();
        all.insert("{site}", NOWHERE.into());
        Self(all)
    }

    fn fill(&self, path: &str) -> String {
        self.0.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
    }
}

/// Whoever asks.
enum Caller {
    Browser { client: Client, token: String },
    Phone(Box<Phone>),
}

impl Caller {
    async fn reader(reader: Reader) -> Self {
        let token = form_token(&reader.get("/account").await.body);
        Self::Browser { client: reader.client, token }
    }

    fn body(&self, path: &str) -> (Vec<u8>, &'static str) {
        let form = "application/x-www-form-urlencoded";
        match self {
            _ if path.ends_with("/sync") => (Request::default().to_bytes(), CONTENT_TYPE),
            _ if path.starts_with("/v1/") => (b"x".to_vec(), CONTENT_TYPE),
            Self::Browser { token, .. } if path.starts_with("/sites/") || path == "/logout" => {
                let act = if path == "/logout" { "" } else { "&act=comment&text=seen" };
                (format!("form_token={token}{act}").into_bytes(), form)
            }
            Self::Browser { token, .. } if path.starts_with("/account") => {
                (format!("form_token={token}&surprise=1").into_bytes(), form)
            }
            _ => (b"form_token=0000".to_vec(), form),
        }
    }

    /// The status, and what is said without what differs from request to request.
    async fn ask(&self, origin: &str, method: &Method, path: &str) -> (u16, String) {
        let (body, kind) = if *method == Method::GET { Default::default() } else { self.body(path) };
        let url = format!("{origin}{path}");
        let bare = Client::builder().redirect(Policy::none()).build().expect("client");
        let client = if let Self::Browser { client, .. } = self { client } else { &bare };
        let mut request = client.request(method.clone(), url).body(body);
        if *method != Method::GET {
            request = request.header("content-type", kind);
        }
        let answer = match self {
            Self::Browser { .. } => {
                request.header("accept", "text/html").header("origin", origin).send().await.expect("answer")
            }
            Self::Phone(phone) => phone.send(request).await,
        };
        let status = answer.status().as_u16();
        // The stream of news does not end by itself; that it opens is enough.
        if path.ends_with("/events") && status == 200 {
            return (status, String::new());
        }
        let id = answer.headers().get("x-request-id").and_then(|v| v.to_str().ok()).map(str::to_owned);
        let bytes = answer.bytes().await.expect("a body");
        if let Self::Phone(phone) = self {
            phone.heard(&bytes);
        }
        let id = id.or_else(|| support_id(&bytes)).unwrap_or_else(|| "?".into());
        let site = path.split('/').find(|part| part.len() == 32).unwrap_or("?");
        let text = String::from_utf8_lossy(&bytes).replace(&id, "ID").replace(path, "PATH");
        (status, text.replace(site, "SITE"))
    }
}

/// What a problem document calls the request: programs get no header for it.
fn support_id(body: &[u8]) -> Option<String> {
    let problem: serde_json::Value = serde_json::from_slice(body).ok()?;
    problem["support_id"].as_str().map(str::to_owned)
}

async fn callers(world: &World, own: &str, other: &str) -> Vec<Caller> {
    let only = |site: &str| SiteScope::Only(BTreeSet::from([site_of(site)]));
    let stranger = Client::builder().redirect(Policy::none()).build().expect("client");
    let reader = async |name, role, scope| Caller::reader(world.reader(name, role, scope).await).await;
    let enrolled = async |site: &str, n| Phone::enrol(world, site_of(site), n).await;
    let cut = enrolled(own, 3).await;
    let scope = dutylog_server::ledger::SiteScope::enter(site_of(own), &*world.parts.keys).expect("ours");
    let revoked = world.parts.desk.revoke(scope, None, RecordId(cut.device.0), RevocationKind::Lost).await;
    revoked.expect("revoked");
    vec![
        Caller::Browser { client: stranger, token: String::new() },
        reader("all", Role::Admin, SiteScope::All).await,
        reader("steward", Role::Admin, only(own)).await,
        reader("hq", Role::Hq, only(own)).await,
        reader("auditor", Role::Auditor, only(own)).await,
        reader("guest", Role::Hq, only(other)).await,
        Caller::Phone(Box::new(enrolled(own, 1).await)),
        Caller::Phone(Box::new(enrolled(other, 2).await)),
        Caller::Phone(Box::new(cut)),
    ]
}

#[test]
fn every_path_of_the_router_has_a_row() {
    let named = |path: &str| {
        ["{round}", "{incident}", "{handover}"].iter().fold(path.to_owned(), |p, n| p.replace(n, "{record}"))
    };
    let listed: BTreeSet<String> = rows().iter().map(|row| named(row.path)).collect();
    let there: BTreeSet<String> = app::paths().into_iter().map(str::to_owned).collect();
    assert_eq!(there, listed);
    assert!(rows().iter().all(|row| row.expected.len() == CALLERS.len()), "a caller is missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_every_caller_at_every_site_as_the_table_says() {
    let world = World::new().await;
    let everywhere = world.reader("everywhere", Role::Hq, SiteScope::All).await;
    let sites = everywhere.sites().await;
    let (own, other) = (Place::of(&everywhere, &sites[0]).await, Place::of(&everywhere, &sites[1]).await);
    let nowhere = other.elsewhere();
    let callers = callers(&world, &sites[0], &sites[1]).await;
    let mut wrong = Vec::new();
    for row in rows() {
        for ((caller, name), expected) in callers.iter().zip(CALLERS).zip(&row.expected) {
            let mut said = Vec::new();
            for (place, expected) in [&own, &other, &nowhere].into_iter().zip(expected) {
                let (status, text) = caller.ask(&world.origin, &row.method, &place.fill(row.path)).await;
                if status != *expected {
                    wrong.push(format!("{} {} {name}: {status}, not {expected}", row.method, row.path));
                }
                said.push(text);
            }
            // What may not be seen reads like what is not there.
            let home = usize::from(["guest", "other"].contains(&name));
            for foreign in (0..said.len().min(2)).filter(|at| *at != home && expected[*at] == 404) {
                if said[foreign] != said[2] {
                    let (hidden, absent) = (&said[foreign], &said[2]);
                    wrong.push(format!(
                        "{} {} {name}: {hidden}\n differs from {absent}",
                        row.method, row.path
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    what_has_no_row_is_no_method_of_its_path(&world.origin).await;
}

async fn what_has_no_row_is_no_method_of_its_path(origin: &str) {
    let nobody = Client::builder().redirect(Policy::none()).build().expect("client");
    for path in app::paths() {
        let declared: Vec<Method> =
            rows().iter().filter(|r| same(r.path, path)).map(|r| r.method.clone()).collect();
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
