//! `kill -9` of a server under load, 200 times: what it acknowledged it has, what it promised holds. Phones deliver, and headquarters is at
//! work at the console.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use dutylog_core::base::ChainId;
use dutylog_core::log::{EntryRef, Op, SiteRoot};
use dutylog_core::records::comment::Comment;
use dutylog_core::records::site_plan::site_id;
use dutylog_core::records::{FieldValue as _, Kind};
use dutylog_core::sync::{End, ShortReceipt};
use dutylog_server::app::Parts;
use dutylog_server::clock::{Clock as _, HOUR, SystemClock};
use dutylog_server::ingest::Outcome;
use dutylog_server::ledger::{SiteScope, Stored};

use super::desk::Reviewer;
use super::phone::{Dice, Events, Phone, Receipts};
use super::program::{PLAN, Program, SITE, must, open};

/// How often the server is killed.
fn kills() -> usize {
    std::env::var("DUTYLOG_KILLS").map_or(200, |text| text.parse().expect("DUTYLOG_KILLS is a number"))
}
/// A device may push about twenty times in a row.
const PHONES: u8 = 36;

pub(crate) fn scope_of(parts: &Parts) -> SiteScope {
    SiteScope::enter(site_id(parts.keys.org(), SITE), &*parts.keys).expect("the server enters every site")
}

/// A server with a site, and phones enrolled there.
pub(crate) async fn site(data: &Path, phones: u8) -> (Program, Vec<Phone>) {
    must(data, &["admin", "apply", PLAN]);
    let program = Program::start(data, 0);
    let parts = open(data).await;
    let mut all = Vec::new();
    for n in 1..=phones {
        let origin = format!("http://{}", program.address);
        let invitation = parts.desk.invite_phone(scope_of(&parts), None, origin).await;
        all.push(Phone::enrol(&invitation.expect("a code").to_text(), n).await);
    }
    parts.database.close().await;
    (program, all)
}

/// The whole log of the site.
pub(crate) async fn log(parts: &Parts) -> Vec<Stored> {
    let mut all = Vec::new();
    loop {
        let page = parts.ledger().page(scope_of(parts), all.len() as u64, 1 << 20).await.expect("a page");
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// Every entry of a log, and how often it is there.
pub(crate) fn entries(log: &[Stored]) -> BTreeMap<EntryRef, usize> {
    let mut all = BTreeMap::new();
    for Stored { segment, .. } in log {
        for (seq, leaf) in (segment.header.first..).zip(segment.leaves()) {
            *all.entry(EntryRef { chain: segment.header.chain, seq, leaf }).or_default() += 1;
        }
    }
    all
}

#[tokio::test]
async fn a_server_that_is_killed_under_load_keeps_every_promise() {
    let folder = tempfile::tempdir().expect("a folder");
    let (program, mut phones) = site(folder.path(), PHONES).await;
    let port = program.address.port();
    let (mut dice, events, receipts) = (Dice(7), Events::default(), Receipts::default());
    for phone in &mut phones {
        (phone.events, phone.receipts) = (events.clone(), receipts.clone());
    }
    let incident = phones[0].raise().records[0];
    phones[0].settle().await;
    let mut hq = Reviewer::sign_in(folder.path(), program.address, incident, events.clone()).await;
    hq.acknowledge().await;
    let mut program = Some(program);
    for _ in 0..kills() {
        let running = program.take().unwrap_or_else(|| Program::start(folder.path(), port));
        let mut busy: Vec<&mut Phone> = phones.iter_mut().collect();
        for at in (1..busy.len()).rev() {
            busy.swap(at, usize::try_from(dice.below(at as u64 + 1)).expect("small"));
        }
        let Ok([a, b, c]) = busy.get_disjoint_mut([0, 1, 2]) else { panic!("three phones") };
        // A conversation makes four, the first two for a nonce; so most moments fall where something is taken in.
        let (moments, micros) = (1 + dice.below(32), dice.below(9_000));
        events.reset();
        let kill = async {
            events.reach(moments).await;
            // Not to wait for anything: so that the moment falls anywhere in the server's work.
            tokio::time::sleep(Duration::from_micros(micros)).await;
        };
        let load = async { tokio::join!(work(a, 3), work(b, 2), work(c, 4), hq.comment(4)) };
        tokio::select! {
            () = kill => running.kill(),
            // All done before the moment came.
            _ = load => running.kill(),
        }
    }
    let receipts = receipts.take();
    judge(folder.path(), port, phones, &receipts).await;
    judge_headquarters(folder.path(), &hq).await;
}

/// Records, tells, records and tells again.
async fn work(phone: &mut Phone, count: usize) {
    for _ in 0..2 {
        (0..count).for_each(|_| drop(phone.raise()));
        phone.sync().await;
    }
}

async fn judge(data: &Path, port: u16, phones: Vec<Phone>, receipts: &[ShortReceipt]) {
    assert!(receipts.len() > kills() / 2, "too little was promised: {}", receipts.len());
    // A last word of every phone, by cable: their budgets of requests may be spent.
    let parts = open(data).await;
    let scope = scope_of(&parts);
    let mut acked: BTreeSet<EntryRef> = BTreeSet::new();
    for mut phone in phones {
        let carrier = phone.app.admitted().device().expect("its certificate").id();
        let bundle = phone.app.export(None).expect("a bundle");
        let trust = parts.keys.trust().expect("keys");
        let read = dutylog_core::sync::bundle::import(&bundle, scope.site(), &trust).expect("proven");
        let segments = read.arrivals.into_iter().map(|a| a.segment).collect();
        // An hour on, when no budget is spent any more.
        let pushed = parts.ingest.push(scope, carrier, segments, SystemClock.now_ms() + HOUR).await;
        let taken = |outcome: &Outcome| matches!(outcome, Outcome::Taken(_));
        assert!(pushed.expect("an answer").iter().all(taken), "a last word is not refused");
        acked.extend(phone.acked.iter().map(|saved| saved.by));
    }
    let log = log(&parts).await;
    let held = entries(&log);
    assert_eq!(parts.ledger().forks(scope).await.expect("an answer"), [], "no chain forked");
    assert!(held.values().all(|times| *times == 1), "nothing is there twice");
    let lost: Vec<_> = acked.iter().filter(|by| !held.contains_key(by)).collect();
    assert_eq!(lost, [] as [&EntryRef; 0], "called saved, and not at the server");
    for receipt in receipts {
        let stored = &log[usize::try_from(receipt.size - 1).expect("small")];
        let header = &stored.segment.header;
        assert_eq!((header.chain, header.last()), (receipt.chain, receipt.seq), "{receipt:?}");
        assert!(receipt.segment.is_none_or(|id| id == header.id()), "{receipt:?}");
        let root = SiteRoot { size: receipt.size, root: stored.place.root };
        assert!(receipt.root.is_none_or(|promised| promised == root.root), "{receipt:?}");
    }
    let mut numbers: BTreeMap<ChainId, u64> = BTreeMap::new();
    held.keys().for_each(|by| *numbers.entry(by.chain).or_default() += 1);
    assert!(held.keys().all(|by| by.seq <= numbers[&by.chain]), "no chain has a gap");
    parts.database.close().await;
    let running = Program::start(data, port);
    running.kill();
    assert!(must(data, &["verify"]).contains("are good"));
}

/// What the console answered for is in the log once; what it did not answer for, once at most.
async fn judge_headquarters(data: &Path, hq: &Reviewer) {
    assert!(hq.acked.len() > kills() / 2, "too little was acknowledged: {}", hq.acked.len());
    let parts = open(data).await;
    let mut comments: BTreeMap<String, usize> = BTreeMap::new();
    for Stored { segment, .. } in log(&parts).await {
        for entry in segment.decode().expect("entries").iter().filter(|e| e.kind == Kind::Commented.code()) {
            for op in entry.operations().expect("operations") {
                if let Op::Add { value, .. } = op {
                    let comment = Comment::from_value(&value).expect("a comment");
                    *comments.entry(comment.text).or_default() += 1;
                }
            }
        }
    }
    let lost: Vec<_> = hq.acked.iter().filter(|text| !comments.contains_key(*text)).collect();
    assert_eq!(lost, [] as [&String; 0], "acknowledged, and not in the log");
    assert!(comments.values().all(|times| *times == 1), "nothing is there twice");
    let attempted: BTreeSet<String> = hq.attempted().collect();
    assert!(comments.keys().all(|text| attempted.contains(text)), "nobody else commented");
    parts.database.close().await;
}

#[tokio::test]
async fn a_phone_that_comes_back_after_a_kill_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let (program, mut phones) = site(folder.path(), 1).await;
    let port = program.address.port();
    phones[0].raise();
    program.kill();
    assert_eq!(phones[0].sync().await, None, "nobody there");
    let _program = Program::start(folder.path(), port);
    let report = phones[0].settle().await;
    assert_eq!((report.end, report.receipts), (End::CaughtUp, 1));
}
