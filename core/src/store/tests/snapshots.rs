//! Snapshots: a phone that begins with one holds what a phone with the whole log holds, and one that is not proven changes nothing.

use std::collections::BTreeMap;

use super::world::{ORG, Phone, SITE, server_log, states};
use crate::base::{ChainId, Digest, SiteId};
use crate::log::{Absorbed, Arrival, Holdings, Peaks, Pulled, Segment, SiteRoot, TakenOver, merkle};
use crate::merge::Lookup;
use crate::snapshot::{Row, SnapshotWriter, Told};
use crate::sync::{Fit, FrameWriter, Signatures};

/// A server that took everything in the order it came, and tells of it.
#[derive(Default)]
struct Server {
    log: Vec<Segment>,
    peaks: Peaks,
}

impl Server {
    fn take(&mut self, phone: &mut Phone) {
        phone.seal();
        for segment in phone.segments() {
            if !self.log.contains(&segment) {
                self.peaks.push(merkle::site_leaf(self.peaks.size(), &segment.header.id()));
                self.log.push(segment);
            }
        }
    }

    fn pages(&self, from: usize) -> (Vec<Arrival>, Pulled) {
        let arrivals = (from as u64..).zip(&self.log[from..]);
        let arrivals = arrivals.map(|(n, s)| Arrival { position: Some(n), segment: s.clone() }).collect();
        (arrivals, Pulled { epoch: 1, peaks: self.peaks.clone() })
    }

    /// What a phone that holds the whole log would tell, with the segments at some positions.
    fn snapshot(&self, whole: &Phone, site: SiteId, change: impl Fn(Row) -> Row, with: &[usize]) -> Vec<u8> {
        let mut writer = SnapshotWriter::default();
        let mut heads: BTreeMap<ChainId, Told> = BTreeMap::new();
        for segment in &self.log {
            let (chain, key, head) = (segment.header.chain, segment.key, segment.header.head());
            heads.insert(chain, Told { chain, key, head, whole: false });
        }
        heads.values().for_each(|told| writer.row(&change(Row::Head(*told))));
        self.peaks.hashes().iter().for_each(|peak| writer.row(&Row::Peak(*peak)));
        let numbers = heads.keys().copied().zip(1..).collect();
        for id in whole.store.records().expect("read") {
            writer.record(&whole.store.reader().record(id).expect("read"), &numbers).expect("numbered");
        }
        let mut frame = FrameWriter::new(Signatures::All, None);
        for at in with {
            assert_eq!(frame.segment(&self.log[*at]), Fit::Taken);
        }
        if !with.is_empty() {
            writer.frame(&frame.finish());
        }
        let (key, certificate) = server_log();
        let log = SiteRoot { size: self.peaks.size(), root: self.peaks.root() };
        let sign = |m: &[u8]| Ok::<_, std::convert::Infallible>(key.sign(m));
        let Ok(bytes) = writer.finish(site, 1, log).seal(ORG, certificate.id(), sign);
        bytes
    }
}

fn same(row: Row) -> Row {
    row
}

/// Two phones with some records, all of it at the server, and a third that holds all of it.
fn story() -> (Server, [Phone; 3]) {
    let (mut one, mut two, mut whole) = (Phone::new(1), Phone::new(2), Phone::new(3));
    let mut server = Server::default();
    let incident = one.raise(None, "北门");
    one.add_line(incident, "到达");
    server.take(&mut one);
    two.hear(&one);
    two.raise(Some(incident), "东门");
    two.raise(None, "机房");
    server.take(&mut two);
    let (arrivals, pulled) = server.pages(0);
    whole.store.absorb(arrivals, Some(pulled)).expect("taken in");
    (server, [one, two, whole])
}

fn begun(server: &Server, whole: &Phone, with: &[usize]) -> Phone {
    let mut new = Phone::new(4);
    assert!(new.store.wants_snapshot().expect("read"));
    let bytes = server.snapshot(whole, SITE, same, with);
    assert_eq!(new.store.take_over(&bytes).expect("stored"), TakenOver::Taken);
    new
}

/// Whether two phones show the same, now and after deriving everything again.
fn alike(a: &mut Phone, b: &mut Phone) {
    let records = a.store.records().expect("read");
    assert_eq!(records, b.store.records().expect("read"));
    assert_eq!(states(a, &records), states(b, &records));
    a.store.rebuild().expect("rebuilt");
    b.store.rebuild().expect("rebuilt");
    assert_eq!(states(a, &records), states(b, &records), "rebuilt");
}

#[test]
fn a_phone_that_begins_with_one_goes_on_like_any_other() {
    let (mut server, [mut one, mut two, mut whole]) = story();
    for with in [&[][..], &[0], &[1]] {
        let mut new = begun(&server, &whole, with);
        alike(&mut new, &mut whole);
        assert_eq!(new.store.heads().expect("heads").len(), 2);
        assert_eq!(new.store.pulled().expect("a mark").peaks, server.peaks);
        assert!(!new.store.wants_snapshot().expect("read"));
        assert_eq!(new.store.check().expect("readable"), []);
    }
    let mut new = begun(&server, &whole, &[1]).reopen();
    let at = server.log.len();
    let incident = whole.store.records().expect("read")[0];
    one.raise(Some(incident), "西门");
    one.add_line(incident, "离开");
    two.raise(None, "仓库");
    server.take(&mut one);
    server.take(&mut two);
    let mine = new.raise(None, "新手机");
    new.seal();
    let (arrivals, pulled) = server.pages(at);
    for phone in [&mut new, &mut whole] {
        let became = phone.store.absorb(arrivals.clone(), Some(pulled.clone())).expect("taken in");
        assert!(became.iter().all(|a| *a == Absorbed::Stored), "{became:?}");
    }
    whole.hear(&new);
    assert_eq!(new.places(mine), ["新手机"]);
    alike(&mut new, &mut whole);
    assert_eq!(new.store.check().expect("readable"), []);
}

#[test]
fn what_is_older_is_held_as_told() {
    let (server, [one, _, mut whole]) = story();
    let mut new = begun(&server, &whole, &[]);
    let became = new.absorb(one.segments()).expect("taken in");
    assert!(became.iter().all(|a| *a == Absorbed::Held), "{became:?}");
    alike(&mut new, &mut whole);
}

#[test]
fn a_branch_beneath_the_snapshot_is_kept_and_offered_on() {
    let (mut server, [_, _, mut whole]) = story();
    let mut new = begun(&server, &whole, &[]);
    let at = server.log.len();
    // A copy of the first phone has recorded something under numbers that the snapshot tells of, and only this phone has met it.
    let mut copy = Phone::new(1);
    let lost = copy.raise(None, "副本");
    copy.seal();
    let became = new.absorb(copy.segments()).expect("taken in");
    assert_eq!(became, [Absorbed::Pending { have: 2 }]);
    assert_eq!(new.absorb(copy.segments()).expect("taken in"), [Absorbed::Pending { have: 2 }]);
    let mut new = new.reopen();
    let branch = copy.segments().remove(0);
    let unsent = new.store.unsent().expect("read");
    assert_eq!(unsent.iter().map(|u| u.chain).collect::<Vec<_>>(), [ChainId([1; 16])]);
    let offered = new.store.segments_after(ChainId([1; 16]), None, usize::MAX).expect("read");
    assert_eq!(offered, std::slice::from_ref(&branch));
    // HQ takes it, numbers it and confirms it.
    server.take(&mut copy);
    let head = branch.header.head();
    let log = SiteRoot { size: server.peaks.size(), root: server.peaks.root() };
    let receipt =
        crate::log::Receipt { site: SITE, epoch: 1, chain: ChainId([1; 16]), head, log, received: 0 };
    new.store.confirm(&[(receipt, Vec::new())]).expect("confirmed");
    assert_eq!(new.store.unsent().expect("read"), []);
    let (arrivals, pulled) = server.pages(at);
    new.store.absorb(arrivals, Some(pulled)).expect("taken in");
    let (arrivals, pulled) = server.pages(0);
    for phone in [&mut new, &mut whole] {
        phone.store.absorb(arrivals.clone(), Some(pulled.clone())).expect("taken in");
    }
    assert!(new.places(lost).contains(&"副本".to_owned()));
    alike(&mut new, &mut whole);
}

#[test]
fn what_rows_cannot_answer_brings_the_whole_history() {
    let (mut server, [_, mut two, mut whole]) = story();
    let mut new = begun(&server, &whole, &[1]);
    new.raise(None, "新手机");
    new.seal();
    let at = server.log.len();
    // A copy of the first phone had recorded something else under a number that the snapshot told of.
    let mut copy = Phone::new(1);
    copy.raise(None, "副本");
    server.take(&mut copy);
    two.raise(None, "之后");
    server.take(&mut two);
    let (arrivals, pulled) = server.pages(at);
    let root = new.store.site_root().expect("read").expect("proven");
    new.store.absorb(arrivals, Some(pulled)).expect("taken in");
    assert_eq!(new.store.pulled().expect("a mark").peaks, Peaks::default(), "it begins again");
    let mut new = new.reopen();
    assert_eq!(new.store.promised().expect("read"), Some((1, root)), "and must come to where it was");
    let (arrivals, pulled) = server.pages(0);
    for phone in [&mut new, &mut whole] {
        phone.store.absorb(arrivals.clone(), Some(pulled.clone())).expect("taken in");
    }
    assert_eq!(new.store.promised().expect("read"), None);
    whole.hear(&new);
    alike(&mut new, &mut whole);
    assert_eq!(new.store.pulled().expect("a mark").peaks, server.peaks);
    assert_eq!(new.store.check().expect("readable"), []);
}

#[test]
fn a_chain_that_forks_where_the_snapshot_ends_brings_the_whole_history_too() {
    let (mut server, [mut one, _, mut whole]) = story();
    let mut new = begun(&server, &whole, &[]);
    let at = server.log.len();
    // A copy of the first phone goes on where the snapshot ends.
    let mut copy = Phone::new(1);
    copy.now = one.now - 10_000;
    let incident = copy.raise(None, "北门");
    copy.add_line(incident, "到达");
    assert_eq!(copy.seal().map(|s| s.header.id()), one.segments().first().map(|s| s.header.id()));
    one.raise(None, "原机");
    copy.now += 1;
    copy.raise(None, "副本");
    server.take(&mut one);
    server.take(&mut copy);
    let (arrivals, pulled) = server.pages(at);
    new.store.absorb(arrivals, Some(pulled)).expect("taken in");
    assert_eq!(new.store.pulled().expect("a mark").peaks, Peaks::default(), "it begins again");
    let (arrivals, pulled) = server.pages(0);
    for phone in [&mut new, &mut whole] {
        phone.store.absorb(arrivals.clone(), Some(pulled.clone())).expect("taken in");
    }
    alike(&mut new, &mut whole);
}

#[test]
fn a_snapshot_that_was_damaged_costs_nothing_that_was_recorded_here() {
    let (server, [_, _, whole]) = story();
    let mut new = begun(&server, &whole, &[0]);
    let mine = new.raise(None, "新手机");
    new.seal();
    let flip = "UPDATE snapshot SET document = CAST(substr(document, 1, 60) || x'ffffff' || substr(document, 64) AS BLOB);
        UPDATE store SET fold = 0;";
    new.store.db.execute_batch(flip).expect("flipped");
    let new = new.reopen();
    assert!(new.store.report().salvage.is_some(), "folding anew comes upon it");
    assert_eq!(new.places(mine), ["新手机"]);
    assert!(!new.reopen().store.report().rebuilt);
}

#[test]
fn a_restored_server_with_less_than_that_begins_again_too() {
    let (server, [_, _, whole]) = story();
    let mut new = begun(&server, &whole, &[0]);
    let mine = new.raise(None, "新手机");
    new.seal();
    new.store.restored(2, 1, &BTreeMap::new()).expect("accepted");
    let pulled = new.store.pulled().expect("a mark");
    assert_eq!((pulled.epoch, pulled.peaks), (2, Peaks::default()));
    assert_eq!(new.places(mine), ["新手机"]);
    // What it holds from the start it offers again, its own and others'.
    assert_eq!(new.store.unsent().expect("read").len(), 2);
}

#[test]
fn one_that_is_not_proven_changes_nothing() {
    let (server, [one, _, whole]) = story();
    let good = server.snapshot(&whole, SITE, same, &[0]);
    let stranger = |row| match row {
        Row::Head(told) => Row::Head(Told { chain: ChainId([77; 16]), ..told }),
        row => row,
    };
    let foreign_head = |row| match row {
        Row::Head(mut told) => {
            told.head.segment = Digest([1; 32]);
            Row::Head(Told { whole: true, ..told })
        }
        row => row,
    };
    let mut tampered = good.clone();
    *tampered.last_mut().expect("bytes") ^= 1;
    let mut row = good.clone();
    row[good.len() / 2] ^= 1;
    for (what, bytes) in [
        ("another site's", server.snapshot(&whole, SiteId([9; 16]), same, &[])),
        ("a segment of a chain that is not told", server.snapshot(&whole, SITE, stranger, &[0])),
        ("a chain said to be whole that is not", server.snapshot(&whole, SITE, foreign_head, &[])),
        ("a damaged segment", tampered),
        ("a damaged row", row),
        ("cut off", good[..good.len() - 1].to_vec()),
        ("no snapshot", b"<html>".to_vec()),
    ] {
        let mut new = Phone::new(4);
        let before = new.derived();
        assert_eq!(new.store.take_over(&bytes).expect("answered"), TakenOver::Unproven, "{what}");
        assert_eq!(new.derived(), before, "{what}");
        assert!(new.store.wants_snapshot().expect("read"), "{what}");
        assert_eq!(new.store.take_over(&good).expect("stored"), TakenOver::Taken, "{what}");
    }
    let mut busy = Phone::new(4);
    busy.hear(&one);
    assert_eq!(busy.store.take_over(&good).expect("answered"), TakenOver::NotEmpty);
    let mut recorded = Phone::new(5);
    recorded.raise(None, "先记的");
    assert_eq!(recorded.store.take_over(&good).expect("answered"), TakenOver::NotEmpty);
}
