//! What people take away and check without a server: proofs of entries and of forks; and what headquarters says about a fork.

mod support;

use std::path::Path;
use std::process::{Command, Output};

use dutylog_core::base::ChainId;
use dutylog_core::log::{ConfigCite, Proof, Proved, Segment};
use dutylog_core::records::chain::ForkCause;
use dutylog_core::sync::{Fit, FrameWriter, Request, Signatures};
use dutylog_server::accounts::{Added, NewAccount, Role};
use dutylog_server::ledger::SiteScope;
use dutylog_server::verify;
use reqwest::StatusCode;
use support::phone::Phone;
use support::{Browser, PASSWORD, Server};

/// A server with a site that has people, a phone that was copied, and both branches delivered.
struct Forked {
    server: Server,
    scope: SiteScope,
    phone: Phone,
    branches: [Segment; 2],
}

impl Forked {
    async fn new() -> Self {
        let server = Server::start().await;
        let scope = server.planned_site().await;
        let mut phone = Phone::enrol(&server, scope, 1).await;
        let trunk = phone.record(2, "gate");
        let mut copy = phone.clone();
        let branches = [phone.record(2, "broken"), copy.record(1, "fine")];
        assert_eq!(push(&server, &mut phone, &[trunk, branches[0].clone()]).await, 200);
        assert_eq!(push(&server, &mut phone, &branches[1..]).await, 202);
        let forked = Self { server, scope, phone, branches };
        forked.fold().await;
        forked
    }

    async fn fold(&self) {
        self.server.running.state.projector.catch_up(self.scope).await.expect("folded");
    }

    /// Somebody in a role, who is this person at the site, signed in.
    async fn browser(&self, role: Role, staff_number: &str) -> Browser<'_> {
        let (name, person) =
            (format!("{role}-{staff_number}").to_lowercase(), self.server.person(staff_number));
        let scope = dutylog_server::accounts::SiteScope::All;
        let new = NewAccount { name: name.clone(), display_name: String::new(), role, person, scope };
        let added = self.server.running.state.accounts.add(new, PASSWORD.into()).await.expect("database");
        assert!(matches!(added, Added::Account(_)), "{added:?}");
        let browser = self.server.browser();
        assert_eq!(browser.sign_in(&name, PASSWORD).await.status, 303);
        browser
    }

    fn page(&self) -> String {
        format!("/sites/{}/forks/{}", self.scope.site(), self.phone.chain)
    }

    fn root(&self) -> dutylog_core::log::PublicKey {
        self.server.running.state.api.keys.root()
    }

    fn marks(&self) -> [String; 2] {
        self.branches.each_ref().map(|branch| hex(&branch.leaves()[0].mark()))
    }
}

async fn push(server: &Server, phone: &mut Phone, segments: &[Segment]) -> u16 {
    let mut frame = FrameWriter::new(Signatures::All, None);
    segments.iter().for_each(|segment| assert_eq!(frame.segment(segment), Fit::Taken));
    let request = Request { max_unpacked: 1 << 20, frame: frame.finish(), ..Request::default() };
    phone.exchange(server, &request).await.status
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn download(browser: &Browser<'_>, server: &Server, path: &str) -> (StatusCode, Vec<u8>) {
    let answer = browser.client.get(server.url(path)).send().await.expect("an answer");
    let (status, kind) = (answer.status(), answer.headers().get("content-disposition").cloned());
    let bytes = answer.bytes().await.expect("a body").to_vec();
    if status.is_success() {
        let kind = kind.expect("a file to keep");
        assert!(kind.to_str().expect("text").starts_with("attachment; filename=\"dutylog-"), "{kind:?}");
    }
    (status, bytes)
}

/// The independent program's opinion.
fn python(file: &Path, root: &str) -> Output {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/tests/vectors/make_vectors.py");
    let mut python = Command::new("python3");
    python.arg(program).arg("verify").arg(file).args(["--root", root]).output().expect("python3 runs")
}

fn program(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dutylog-server"));
    let command = command.env_clear().args(["--data-dir".as_ref(), data.as_os_str()]);
    command.args(arguments).output().expect("runs")
}

fn said(output: &Output) -> String {
    [&output.stdout[..], &output.stderr[..]].map(String::from_utf8_lossy).concat()
}

#[tokio::test]
async fn a_fork_can_be_taken_away_and_shown_to_anybody() {
    let world = Forked::new().await;
    let reviewer = world.browser(Role::Hq, "B001").await;
    let site = format!("/sites/{}", world.scope.site());
    let phones = reviewer.get(&format!("{site}/phones")).await.body;
    assert!(phones.contains(&world.page()), "the phones' page leads there");
    assert!(
        reviewer.get(&site).await.body.contains("1 chain contradicts itself")
            || reviewer.get(&site).await.body.contains("有 1 条记录链出现分叉"),
        "people see it wherever they are"
    );
    let page = reviewer.get(&world.page()).await;
    for mark in world.marks() {
        assert!(page.body.contains(&mark), "{mark}");
    }
    let (status, bytes) = download(&reviewer, &world.server, &format!("{}/proof", world.page())).await;
    assert_eq!(status, 200);
    let Ok(Proved::Fork(branches)) = verify::proof(&bytes, world.root()) else { panic!("a fork") };
    let mut leaves = branches.each_ref().map(|branch| branch.leaf);
    let mut expected = world.branches.each_ref().map(|branch| branch.leaves()[0]);
    leaves.sort();
    expected.sort();
    assert_eq!(leaves, expected);
    assert!(branches.iter().all(|b| (b.header.chain, b.entry.seq) == (world.phone.chain, 3)));
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("fork.proof");
    std::fs::write(&file, &bytes).expect("written");
    let told = python(&file, &hex(&world.root().0));
    assert!(told.status.success() && said(&told).contains("\"kind\": \"fork\""), "{}", said(&told));
}

#[tokio::test]
async fn who_may_not_review_gets_neither_proof_nor_form() {
    let world = Forked::new().await;
    for (role, person) in [(Role::Auditor, "B001"), (Role::Hq, "Q004")] {
        let reader = world.browser(role, person).await;
        let page = reader.get(&world.page()).await;
        assert_eq!(page.status, 200, "everybody who sees the site sees the fork");
        assert!(!page.body.contains("name=\"cause\""), "{role} {person}");
        assert_eq!(download(&reader, &world.server, &format!("{}/proof", world.page())).await.0, 403);
        let token = reader.get("/account").await.form_token();
        let fields = [("form_token", token.as_str()), ("cause", "2"), ("own", ""), ("note", "x")];
        let refused = reader.post_bare(&world.page(), &fields).await.status;
        assert!([403, 422].contains(&refused), "{role} {person}: {refused}");
    }
    let reviewer = world.browser(Role::Hq, "B001").await;
    let whole = format!("/sites/{}/forks/{}", world.scope.site(), ChainId([7; 16]));
    assert_eq!(reviewer.get(&whole).await.status, 404, "a chain that has not forked");
}

#[tokio::test]
async fn a_review_closes_the_chain_for_whoever_has_read_it_and_for_nobody_else() {
    let mut world = Forked::new().await;
    let [own, _] = world.marks();
    let (page, before) = (world.page(), world.phone.record(1, "offline since before"));
    {
        let reviewer = world.browser(Role::Hq, "B001").await;
        let cause = ForkCause::Copied.code().to_string();
        let fields = [("cause", cause.as_str()), ("own", own.as_str()), ("note", "旧手机被人拷走")];
        let done = reviewer.submit(&page, &page, &fields).await;
        assert_eq!((done.status, done.location), (303, format!("{page}?done=fork")));
        let after = reviewer.get(&page).await.body;
        for told in ["旧手机被人拷走", "手机的副本也在记录", own.as_str()] {
            assert!(after.contains(told), "{told}");
        }
        let banner = reviewer.get(&format!("/sites/{}", world.scope.site())).await.body;
        assert!(!banner.contains("出现分叉"), "it was looked at");
        for wrong in
            [[("cause", "77"), ("own", ""), ("note", "x")], [("cause", "2"), ("own", "00"), ("note", "x")]]
        {
            assert_eq!(reviewer.submit(&page, &page, &wrong).await.status, 400);
        }
        let empty = reviewer.submit(&page, &page, &[("cause", "2"), ("own", ""), ("note", " ")]).await;
        assert_eq!(empty.status, 422);
    }
    let state = &world.server.running.state;
    let newest = state.projector.known(world.scope, |known| known.newest_config()).await.expect("an answer");
    let (chain, seq) = newest.expect("HQ has written");
    let mut header = world.phone.header();
    header.config = Some(ConfigCite { chain, seq });
    let knowing = [world.phone.entry(header.first, "knowing").to_bytes()].to_vec();
    let knowing = world.phone.sign(header, knowing);
    assert_eq!(push(&world.server, &mut world.phone, &[before, knowing]).await, 200, "both are kept");
    let heads = state.api.ledger().heads(world.scope, Some(&[world.phone.chain])).await.expect("heads");
    assert_eq!(heads[&world.phone.chain].iter().map(|head| head.seq).max(), Some(6));
}

#[tokio::test]
async fn one_entry_can_be_taken_away_from_its_page_and_from_the_command_line() {
    let world = Forked::new().await;
    let reader = world.browser(Role::Auditor, "B002").await;
    let [mark, _] = world.marks();
    let page = format!("/sites/{}/entries/{}/3/{mark}", world.scope.site(), world.phone.chain);
    assert!(reader.get(&page).await.body.contains(&format!("{page}/proof")), "the page offers it");
    let (status, bytes) = download(&reader, &world.server, &format!("{page}/proof")).await;
    assert_eq!(status, 200);
    let Ok(Proved::Entry(entry, receipt)) = verify::proof(&bytes, world.root()) else { panic!("an entry") };
    assert_eq!((entry.leaf, entry.entry.seq), (world.branches[0].leaves()[0], 3));
    assert_eq!(receipt.head, world.branches[0].header.head());
    let unknown =
        format!("/sites/{}/entries/{}/3/{}/proof", world.scope.site(), world.phone.chain, "0".repeat(16));
    assert_eq!(download(&reader, &world.server, &unknown).await.0, 404);

    let folder = tempfile::tempdir().expect("folder");
    let (file, fork) = (folder.path().join("entry.proof"), folder.path().join("fork.proof"));
    let [file_name, fork_name] = [&file, &fork].map(|file| file.to_str().expect("text"));
    let (site, chain) = (world.scope.site().to_string(), world.phone.chain.to_string());
    let named = format!("{chain}/3/{mark}");
    let data = world.server.data.path();
    let made = program(data, &["export", "--site", &site, "--to", file_name, "--entry", &named]);
    assert!(made.status.success(), "{}", said(&made));
    assert_eq!(std::fs::read(&file).expect("a file"), bytes, "the same, byte for byte");
    let made = program(data, &["export", "--site", &site, "--to", fork_name, "--fork", &chain]);
    assert!(made.status.success(), "{}", said(&made));
    let root = hex(&world.root().0);
    for (name, kind, words) in
        [(file_name, "entry", ["签收", "received"]), (fork_name, "fork", ["分叉", "a fork"])]
    {
        let verified = program(folder.path(), &["verify", "--file", name, "--root", &root]);
        assert!(verified.status.success(), "{}", said(&verified));
        assert!(words.iter().all(|word| said(&verified).contains(word)), "{}", said(&verified));
        let told = python(Path::new(name), &root);
        assert!(said(&told).contains(&format!("\"kind\": \"{kind}\"")), "{}", said(&told));
    }
    let mut changed = bytes;
    let at = changed.len() / 2;
    changed[at] ^= 1;
    std::fs::write(&file, &changed).expect("written");
    let refused = program(folder.path(), &["verify", "--file", file_name, "--root", &root]);
    assert!(!refused.status.success() && said(&refused).contains(" / "), "{}", said(&refused));
    assert!(Proof::is_one(&changed));
    assert!(!python(&file, &root).status.success());
}
