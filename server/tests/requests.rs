//! Who may ask: signatures, nonces, origins, budgets, enrolment codes.

mod support;

use dutylog_core::base::{PersonId, RecordId, SiteId};
use dutylog_core::log::{Role, SecretKey};
use dutylog_core::records::security::RevocationKind;
use dutylog_core::sync::bundle::{Evidence, export};
use dutylog_core::sync::enrol::{EnrolPerson, Enrolled, person_proof};
use dutylog_core::sync::{Request, sync_path};
use dutylog_server::ledger::Enrols;
use support::phone::Phone;
use support::wire::CONTENT_TYPE;
use support::{START_MS, Server};

#[tokio::test]
async fn a_replayed_request_is_worth_nothing() {
    let server = Server::start().await;
    let site = server.bare_site(0xa).await;
    let mut phone = Phone::enrol(&server, site, 1).await;
    phone.exchange(&server, &Request::default()).await;
    let (path, body) = (sync_path(phone.site), Request::default().to_bytes());
    let signed = phone.authorize(&path, &body, phone.nonce.expect("a nonce"));
    let headers = [("authorization", signed.as_str()), ("content-type", CONTENT_TYPE)];
    assert_eq!(server.send(&path, &headers, body.clone()).await.status, 200);
    let again = server.send(&path, &headers, body).await;
    assert_eq!((again.status, again.code()), (401, "stale_nonce"));
    assert_eq!(again.header("dutylog-nonce").len(), 11);
}

#[tokio::test]
async fn a_request_meant_for_another_server_or_body_is_refused() {
    let server = Server::start().await;
    let site = server.bare_site(0xa).await;
    let mut phone = Phone::enrol(&server, site, 1).await;
    let (path, body) = (sync_path(phone.site), Request::default().to_bytes());
    let signed = phone.authorize(&path, b"another body", [0; 8]);
    let headers = [("authorization", signed.as_str()), ("content-type", CONTENT_TYPE)];
    let got = server.send(&path, &headers, body.clone()).await;
    assert_eq!((got.status, got.code(), got.header("dutylog-nonce")), (401, "wrong_signature", ""));
    phone.origin = "https://evil.example".into();
    let signed = phone.authorize(&path, &body, [0; 8]);
    let headers = [("authorization", signed.as_str()), ("content-type", CONTENT_TYPE)];
    assert_eq!(server.send(&path, &headers, body.clone()).await.code(), "wrong_signature");
    let got = server.send(&path, &[("content-type", CONTENT_TYPE)], body.clone()).await;
    assert_eq!((got.status, got.code()), (401, "signature_needed"));
    let got = server.send(&path, &[("content-type", "application/json")], body).await;
    assert_eq!((got.status, got.code()), (415, "wrong_media_type"));
}

#[tokio::test]
async fn a_device_that_asks_too_often_waits() {
    let server = Server::start().await;
    let site = server.bare_site(0xa).await;
    let mut phone = Phone::enrol(&server, site, 1).await;
    let mut last = None;
    for _ in 0..25 {
        let got = phone.exchange(&server, &Request::default()).await;
        if got.status != 200 {
            last = Some(got);
            break;
        }
    }
    let got = last.expect("a limit");
    assert_eq!((got.status, got.code(), got.header("retry-after")), (429, "too_many_requests", "1"));
    server.clock.advance(1_000);
    assert_eq!(phone.exchange(&server, &Request::default()).await.status, 200);
}

#[tokio::test]
async fn a_code_opens_once_and_for_ten_minutes() {
    let server = Server::start().await;
    let site = server.bare_site(0xa).await;
    let enrol = async |seed, code| {
        let (body, _) = Phone::asking(seed, code);
        server.send("/v1/enrol", &[("content-type", CONTENT_TYPE)], body).await
    };
    let code = server.code(site, Enrols::Phone, 1).await;
    let first = enrol(1, code).await;
    assert_eq!(first.status, 200);
    let used = enrol(2, code).await;
    assert_eq!((used.status, used.code()), (403, "code_not_valid"));
    assert_eq!(enrol(3, [7; 16]).await.problem()["title"], used.problem()["title"]);
    // Only the phone that used it may ask again, however late: the answer may have been lost on its way.
    server.clock.advance(600_000);
    let again = enrol(1, code).await;
    assert_eq!((again.status, again.body), (200, first.body));
    let code = server.code(site, Enrols::Phone, 2).await;
    server.clock.advance(600_000);
    assert_eq!(enrol(4, code).await.code(), "code_not_valid");
    for n in 0..20 {
        enrol(n, [8; 16]).await;
    }
    let got = enrol(5, [9; 16]).await;
    assert_eq!((got.status, got.code()), (429, "too_many_tries"));
    let wait: u32 = got.header("retry-after").parse().expect("seconds");
    assert!((1..=360).contains(&wait), "{wait}");
}

#[tokio::test]
async fn nothing_new_is_one_small_exchange() {
    let server = Server::start().await;
    let site = server.bare_site(0xa).await;
    let mut phone = Phone::enrol(&server, site, 1).await;
    phone.sync(&server).await;
    let (path, pulled) =
        (sync_path(phone.site), dutylog_core::log::Holdings::pulled(&phone.log).expect("a mark"));
    let request = Request {
        epoch: pulled.epoch,
        position: pulled.peaks.size(),
        mark: pulled.peaks.root().mark(),
        max_unpacked: 1 << 20,
        ..Request::default()
    };
    let body = request.to_bytes();
    let signed = phone.authorize(&path, &body, phone.nonce.expect("a nonce"));
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {}\r\nauthorization: {signed}\r\ncontent-type: {CONTENT_TYPE}\r\ncontent-length: {}\r\n\r\n",
        server.running.addr,
        body.len()
    );
    let sent = [head.as_bytes(), &body].concat();
    let answer = support::raw(&server, &sent).await;
    let text = String::from_utf8_lossy(&answer);
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
    let (up, down) = (sent.len(), answer.len());
    assert!(up + down <= 500, "{up} up, {down} down: {text}");
}

#[tokio::test]
async fn a_persons_code_gives_them_a_key_on_the_phone_that_asks() {
    let server = Server::start().await;
    let site = server.bare_site(0xa).await;
    let mut phone = Phone::enrol(&server, site, 1).await;
    let person = PersonId([6; 16]);
    let code = server.code(site, Enrols::Person(person), 9).await;
    let key = SecretKey::from_seed([5; 32]);
    let proof = key.sign(&person_proof(person, &code, phone.device, &key.public()).0);
    let asked = EnrolPerson { person, code, key: key.public(), proof };
    let path = format!("/v1/sites/{}/people", phone.site);
    // The code opens nothing for anybody else.
    let posing = EnrolPerson { person: PersonId([7; 16]), ..asked.clone() };
    let proof = key.sign(&person_proof(posing.person, &code, phone.device, &key.public()).0);
    let got = phone.post(&server, &path, EnrolPerson { proof, ..posing }.to_bytes()).await;
    assert_eq!((got.status, got.code()), (403, "code_not_valid"));
    let got = phone.post(&server, &path, asked.to_bytes()).await;
    assert_eq!(got.status, 200, "{got:?}");
    let answer = Enrolled::from_bytes(&got.body).expect("certificates");
    let mut trust = phone.trust.clone();
    let certificate = answer.certificates.iter().map(|c| trust.add(c).expect("proven").clone()).last();
    let claims = certificate.expect("the person's").claims;
    assert_eq!((claims.role, claims.subject, claims.holder), (Role::Person, person.0, Some(phone.device.0)));
    let again = phone.post(&server, &path, asked.to_bytes()).await;
    assert_eq!((again.status, again.body), (200, got.body), "the answer may have been lost on its way");
    let other = SecretKey::from_seed([4; 32]);
    let proof = other.sign(&person_proof(person, &code, phone.device, &other.public()).0);
    let got =
        phone.post(&server, &path, EnrolPerson { key: other.public(), proof, ..asked }.to_bytes()).await;
    assert_eq!((got.status, got.code()), (403, "code_not_valid"));
}

#[tokio::test]
async fn what_is_dropped_off_for_a_revoked_phone_is_kept_for_review() {
    let server = Server::start().await;
    let site = server.bare_site(0xa).await;
    let mut phone = Phone::enrol(&server, site, 1).await;
    let desk = &server.running.state.desk;
    desk.revoke(site, None, RecordId(phone.device.0), RevocationKind::Left).await.expect("revoked");
    let late = phone.record(2, "x");
    let bundle = export(phone.trust.org, phone.site, &Evidence::default(), &[late]).expect("a bundle");
    let path = format!("/v1/dropbox/{}", phone.site);
    let got = server.send(&path, &[("content-type", CONTENT_TYPE)], bundle.clone()).await;
    assert_eq!((got.status, got.body.len()), (202, 0));
    let ledger = server.running.state.api.ledger();
    assert_eq!(ledger.set_aside(site).await.expect("aside").len(), 1);
    let cut = bundle[..bundle.len() - 9].to_vec();
    assert_eq!(server.send(&path, &[("content-type", CONTENT_TYPE)], cut).await.code(), "bundle_incomplete");
    // A site of others and one that does not exist answer alike.
    server.bare_site(0xb).await;
    for foreign in [SiteId([0xb; 16]), SiteId([9; 16])] {
        let path = format!("/v1/dropbox/{foreign}");
        let got = server.send(&path, &[("content-type", CONTENT_TYPE)], bundle.clone()).await;
        assert_eq!((got.status, got.code()), (422, "bundle_of_other_site"), "{foreign}");
    }
    let mut refused = None;
    for _ in 0..10 {
        refused = Some(server.send(&path, &[("content-type", CONTENT_TYPE)], bundle.clone()).await)
            .filter(|got| got.status == 429);
    }
    assert!(refused.is_some(), "ten in an hour");
}

#[tokio::test]
async fn the_description_of_the_api_is_for_administrators() {
    let server = Server::with_account(dutylog_server::accounts::Role::Admin).await;
    let got = server.browser().get("/v1/openapi.json").await;
    assert_ne!(got.status, 200);
    let browser = server.browser();
    browser.sign_in("admin", support::PASSWORD).await;
    let got = browser.get("/v1/openapi.json").await;
    assert_eq!((got.status, got.header("content-type")), (200, "application/json"));
}

#[tokio::test]
async fn what_a_browser_sends_from_a_foreign_page_is_not_read() {
    let server = Server::start().await;
    let site = server.bare_site(0xa).await.site();
    let paths = [
        "/v1/enrol".to_owned(),
        format!("/v1/dropbox/{site}"),
        format!("/v1/sites/{site}/people"),
        format!("/v1/sites/{site}/sync"),
    ];
    for path in paths {
        for kind in
            ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json"]
        {
            let got = server.send(&path, &[("content-type", kind)], vec![0]).await;
            assert_eq!((got.status, got.code()), (415, "wrong_media_type"), "{path} {kind}");
        }
        let got = server.send(&path, &[], vec![0]).await;
        assert_eq!(got.status, 415, "{path} without a type");
    }
}

#[tokio::test]
async fn only_a_phone_that_says_so_has_told_everything() {
    let server = Server::start().await;
    let site = server.bare_site(0xa).await;
    let mut phone = Phone::enrol(&server, site, 1).await;
    let told = async || {
        let phones = server.running.state.views.phones(site).await.expect("phones");
        phones.iter().find_map(|p| p.contact.all_told)
    };
    server.running.state.projector.catch_up(site).await.expect("folded");
    let nothing_to_send = Request { max_unpacked: 1 << 20, ..Request::default() };
    assert_eq!(phone.exchange(&server, &nothing_to_send).await.status, 200);
    assert_eq!(told().await, None, "it may hold what it cannot send");
    let all_told = Request { told: true, ..nothing_to_send };
    assert_eq!(phone.exchange(&server, &all_told).await.status, 200);
    assert_eq!(told().await, Some(START_MS));
}

#[tokio::test]
async fn a_snapshot_is_for_phones_of_its_site() {
    let server = Server::start_with(|config| config.limits.snapshot_segments = 1).await;
    let (site, other) = (server.planned_site().await, server.bare_site(0xb).await);
    let (mut own, mut stranger) =
        (Phone::enrol(&server, site, 1).await, Phone::enrol(&server, other, 2).await);
    let path = dutylog_core::sync::snapshot_path(site.site());
    let got = own.get(&server, &path).await;
    assert_eq!((got.status, got.header("content-type")), (200, dutylog_core::sync::SNAPSHOT_TYPE));
    let (foreign, absent) = (
        stranger.get(&server, &path).await,
        stranger.get(&server, &dutylog_core::sync::snapshot_path(SiteId([0xc; 16]))).await,
    );
    assert_eq!((foreign.status, foreign.code()), (404, "not_found"));
    assert_eq!(foreign.problem()["title"], absent.problem()["title"]);
    assert_eq!(absent.status, 404);
}
