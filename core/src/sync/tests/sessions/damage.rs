//! What arrives damaged: named, asked for again, and never in the way of the rest.

use super::two;
use crate::log::Holdings as _;
use crate::sync::tests::world::{Fate, ORG, SITE, same};
use crate::sync::{End, Fit, Frame, FrameWriter, Item, Request, Response, Signatures};

#[test]
fn a_receipt_that_does_not_verify_counts_for_nothing() {
    let (mut server, mut a, _) = two();
    a.nonce = Some(server.nonce);
    a.record(5, "x");
    let report = a.sync_over(|request| {
        let mut reply = server.handle(request);
        let mut response = Response::from_bytes(&reply.body).unwrap();
        response.receipts.iter_mut().for_each(|r| r.signature.0[5] ^= 1);
        response.frame.clear();
        response.size = 0;
        reply.body = response.to_bytes();
        Fate::Answers(reply)
    });
    assert_eq!(report.receipts, 0);
    assert_eq!(report.problems[0].code, "not_receipted");
    assert_eq!(a.log.unsent().unwrap().len(), 1);
}

#[test]
fn a_damaged_segment_does_not_block_the_others() {
    let (mut server, mut a, mut b) = two();
    let good = a.record(4, "good");
    let mut bad = a.seal(4, "rotten");
    bad.entries[1][20] ^= 1;
    (a.seq, a.prev) = (bad.header.last(), bad.header.id());
    a.log.append(bad.clone());
    a.record(4, "after");
    let carried = b.record(2, "elsewhere");
    a.log.append(carried);
    let report = a.sync(&mut server);
    assert_eq!(report.end, End::CaughtUp);
    assert!(
        report.problems.iter().any(|p| p.code == "bad_segment" && p.first == 5 && p.last == 8),
        "{report:?}"
    );
    let held: Vec<_> = server.taken.iter().map(|s| s.header.id()).collect();
    assert!(held.contains(&good.header.id()) && held.len() == 2, "{held:?}");
}

/// Damages the first segment of a page in a way only its signature shows, leaving the frame readable.
fn tamper(response: &mut Response) {
    let frame = Frame::decode(ORG, SITE, &response.frame).unwrap();
    let mut writer = FrameWriter::new(Signatures::All, frame.start);
    frame.certificates.iter().for_each(|c| assert_eq!(writer.certificate(c), Fit::Taken));
    for (n, item) in frame.items.iter().enumerate() {
        let Item::Segment(segment) = item else { continue };
        let mut segment = segment.clone();
        if n == 0 {
            segment.header.clock.zone += 1;
        }
        assert_eq!(writer.segment(&segment), Fit::Taken);
    }
    response.frame = writer.finish();
}

#[test]
fn a_damaged_run_is_asked_for_again_with_all_signatures() {
    let (mut server, mut a, mut b) = two();
    (0..8).for_each(|n| drop(a.record(4, &n.to_string())));
    a.sync(&mut server);
    let mut wishes = Vec::new();
    b.nonce = Some(server.nonce);
    let report = b.sync_over(|request| {
        wishes.push(Request::from_bytes(&request.body).unwrap().wishes.signatures);
        let mut reply = server.handle(request);
        let mut response = Response::from_bytes(&reply.body).unwrap();
        if wishes.len() == 1 {
            tamper(&mut response);
        }
        reply.body = response.to_bytes();
        Fate::Answers(reply)
    });
    assert_eq!((report.end, report.problems.len()), (End::CaughtUp, 0));
    assert_eq!(wishes, [false, true]);
    assert!(same([&a.log, &b.log]));
}

#[test]
fn a_stretch_that_stays_damaged_is_named_and_the_rest_is_read() {
    let (mut server, mut a, mut b) = two();
    (0..3).for_each(|n| drop(a.record(4, &n.to_string())));
    a.sync(&mut server);
    server.taken[1].entries[0][30] ^= 1;
    let report = b.sync(&mut server);
    assert_eq!(report.end, End::CaughtUp);
    assert_eq!(report.problems.iter().map(|p| (p.first, p.last)).collect::<Vec<_>>(), [(5, 8)]);
    assert_eq!(b.log.segments().count() + b.log.pending().count(), 2);
    assert_eq!(b.log.pulled().unwrap().peaks.size(), 0, "the mark does not move over what is not proven");
    server.taken[1].entries[0][30] ^= 1;
    assert_eq!(b.sync(&mut server).problems, []);
    assert!(same([&a.log, &b.log]));
}
