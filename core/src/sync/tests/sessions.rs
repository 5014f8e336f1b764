//! What a session does with each kind of answer.

use super::world::{Counting, Fate, Org, Phone, Reply, SITE, Server, same};
use crate::base::Digest;
use crate::log::Holdings as _;
use crate::sync::auth::CODE_HEADER;
use crate::sync::{
    Alarm, End, Failure, Fit, Frame, FrameWriter, HttpRequest, Item, Request, Response, Signatures,
};

fn two() -> (Server, Phone, Phone) {
    let org = Org::new();
    let mut server = Server::new(&org);
    let phones = [11, 12].map(|n| org.phone(n, &mut server));
    let [a, b] = phones;
    (server, a, b)
}

#[test]
fn two_phones_exchange_what_they_have_in_one_round_trip_each() {
    let (mut server, mut a, mut b) = two();
    (a.nonce, b.nonce) = (Some(server.nonce), Some(server.nonce));
    a.record(26, "normal");
    b.record(3, "leak");
    let first = a.sync(&mut server);
    assert_eq!((first.end, first.round_trips, first.receipts, first.sent), (End::CaughtUp, 1, 1, 1));
    let second = b.sync(&mut server);
    assert_eq!((second.end, second.round_trips, second.received), (End::CaughtUp, 1, 1));
    assert_eq!(
        second.certificates.len(),
        1,
        "the certificate of the other phone comes with its first segment"
    );
    assert_eq!(a.sync(&mut server).received, 1);
    assert!(same([&a.log, &b.log, &server.log]));
    assert!(a.log.unsent().unwrap().is_empty());
    assert_eq!(a.log.pulled().unwrap(), b.log.pulled().unwrap());
}

/// A request or answer as HTTP/1.1 puts it on the wire, without TLS.
fn on_the_wire(request: &HttpRequest, reply: &Reply) -> (usize, usize) {
    let fields: usize = request.headers.iter().map(|(n, v)| n.len() + v.len() + 4).sum();
    let line = "POST  HTTP/1.1\r\nhost: duty.example\r\ncontent-length: 1234\r\n\r\n".len();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-dutylog\r\ncontent-length: 1234\r\n\
                date: Sat, 21 Nov 2026 12:00:00 GMT\r\n\r\n";
    (line + request.path.len() + fields + request.body.len(), head.len() + reply.body.len())
}

#[test]
fn nothing_new_is_one_small_request() {
    let (mut server, mut a, _) = two();
    a.record(26, "normal");
    a.sync(&mut server);
    let mut sizes = Vec::new();
    for _ in 0..2 {
        let report = a.sync_over(|request| {
            let reply = server.handle(request);
            sizes.push(on_the_wire(request, &reply));
            Fate::Answers(reply)
        });
        assert_eq!((report.end, report.round_trips), (End::CaughtUp, 1));
        a.record(26, "normal");
    }
    eprintln!("nothing new, then a finished round, bytes up and down with HTTP heads: {sizes:?}");
    assert!(sizes[0].0 + sizes[0].1 <= 500, "{sizes:?}");
    assert!(sizes[1].0 + sizes[1].1 <= 1_000, "{sizes:?}");
}

#[test]
fn a_stale_nonce_costs_one_retry() {
    let (mut server, mut a, _) = two();
    a.record(1, "x");
    assert_eq!(a.sync(&mut server).round_trips, 2);
    assert_eq!(a.sync(&mut server).round_trips, 1);
    server.nonce = [6; 8];
    assert_eq!(a.sync(&mut server).round_trips, 2);
}

#[test]
fn a_sign_in_page_marks_nothing_as_received() {
    let (mut server, mut a, _) = two();
    a.record(5, "x");
    for page in [Reply::new(200, b"<html>Welcome</html>"), Reply::new(302, b""), Reply::new(511, b"")] {
        let report = a.sync_over(|_| Fate::Answers(page.clone()));
        assert_eq!((report.end, report.receipts), (End::NotHq, 0));
        assert_eq!(a.log.unsent().unwrap().len(), 1);
    }
    assert_eq!(a.sync(&mut server).end, End::CaughtUp);
}

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
fn a_lost_answer_changes_nothing_but_the_number_of_requests() {
    let (mut server, mut a, _) = two();
    (0..20).for_each(|n| drop(a.record(3, &n.to_string())));
    let mut lost = 0;
    let report = a.sync_over(|request| {
        let reply = server.handle(request);
        lost += 1;
        if lost < 5 { Fate::Fails(Failure::Interrupted) } else { Fate::Answers(reply) }
    });
    assert_eq!(report.end, End::CaughtUp);
    assert_eq!(server.taken.len(), 20);
    assert!(same([&a.log, &server.log]) && a.log.unsent().unwrap().is_empty());
}

#[test]
fn a_link_that_breaks_on_large_pieces_gets_small_ones() {
    let (mut server, mut a, mut b) = two();
    (0..64).for_each(|n| drop(a.record(20, &Digest::of(&[n]).to_string().repeat(9))));
    let limited = |server: &mut Server, request: &HttpRequest| {
        if request.body.len() > 3_000 {
            return Fate::Fails(Failure::Interrupted);
        }
        let reply = server.handle(request);
        if reply.body.len() > 9_000 { Fate::Fails(Failure::Interrupted) } else { Fate::Answers(reply) }
    };
    let report = a.sync_over(|request| limited(&mut server, request));
    assert_eq!((report.end, server.taken.len()), (End::CaughtUp, 64));
    let report = b.sync_over(|request| limited(&mut server, request));
    assert_eq!(report.end, End::CaughtUp);
    assert!(same([&a.log, &b.log, &server.log]));
}

#[test]
fn nobody_there_ends_after_some_tries() {
    let (_, mut a, _) = two();
    let report = a.sync_over(|_| Fate::Fails(Failure::NoConnection));
    assert_eq!(report.end, End::Unreachable);
    let busy = Reply::new(503, b"").header("Retry-After", "2");
    assert_eq!(a.sync_over(|_| Fate::Answers(busy.clone())).end, End::Unreachable);
    assert!(a.mono >= 16_000, "waits as long as it is asked to");
}

#[test]
fn refusals_end_with_their_code() {
    let (_, mut a, _) = two();
    let revoked = Reply::new(401, b"").header(CODE_HEADER, "device_revoked");
    let report = a.sync_over(|_| Fate::Answers(revoked.clone()));
    assert_eq!(report.end, End::Refused { code: "device_revoked".into() });
    let old = Reply::new(426, b"").header(CODE_HEADER, "newer_version");
    assert_eq!(a.sync_over(|_| Fate::Answers(old.clone())).end, End::UpgradeNeeded);
}

#[test]
fn a_restored_server_gets_back_what_it_lost_whoever_wrote_it() {
    let (mut server, mut a, mut b) = two();
    a.record(5, "one");
    b.record(5, "two");
    [&mut a, &mut b].into_iter().for_each(|p| drop(p.sync(&mut server)));
    a.record(5, "three");
    a.sync(&mut server);
    b.sync(&mut server);
    server.restore(1);
    // The other phone's segments come back too, though its owner never meets the server again.
    let report = b.sync(&mut server);
    assert_eq!((report.end, report.problems.len()), (End::CaughtUp, 0));
    assert!(same([&a.log, &b.log, &server.log]));
    assert_eq!(a.sync(&mut server).end, End::CaughtUp);
    assert!(a.log.unsent().unwrap().is_empty());
    assert_eq!(a.log.pulled().unwrap(), b.log.pulled().unwrap());
    assert_eq!(a.log.pulled().unwrap().epoch, 2);
}

#[test]
fn a_server_whose_history_shrinks_or_changes_raises_the_alarm() {
    let (mut server, mut a, mut b) = two();
    (0..3).for_each(|n| drop(a.record(2, &n.to_string())));
    b.record(2, "b");
    a.sync(&mut server);
    b.sync(&mut server);
    a.sync(&mut server);
    let taken = server.taken.clone();
    let before = a.log.pulled().unwrap();
    server.rewrite(taken[..2].to_vec());
    assert_eq!(a.sync(&mut server).end, End::Alarm(Alarm::WentBack));
    server.rewrite([&taken[..2], &taken[3..], &taken[2..3]].concat());
    assert_eq!(a.sync(&mut server).end, End::Alarm(Alarm::Contradicts));
    a.record(2, "more");
    assert_eq!(
        a.sync(&mut server).end,
        End::Alarm(Alarm::Contradicts),
        "also when there is something to send"
    );
    server.restore(1);
    server.rewrite(vec![taken[3].clone(), taken[0].clone()]);
    assert_eq!(a.sync(&mut server).end, End::Alarm(Alarm::Contradicts), "a restore is no excuse for it");
    assert_eq!(a.log.pulled().unwrap(), before);
}

#[test]
fn a_gap_is_filled_from_what_the_server_says_it_holds() {
    let (mut server, mut a, _) = two();
    (0..6).for_each(|n| drop(a.record(4, &n.to_string())));
    a.sync(&mut server);
    // The same server, in the same epoch, without the last four: as after a fall back that nobody noticed.
    let kept = server.taken[..2].to_vec();
    server.rewrite(kept);
    let fresh = a.log.segments().cloned().collect::<Vec<_>>();
    let mut again = Org::new().phone(11, &mut server);
    (again.seq, again.prev, again.at) = (a.seq, a.prev, a.at);
    for segment in fresh {
        again.log.append(segment);
    }
    let head = again.log.segments().nth(3).unwrap().header.head();
    let heads = [(again.chain, vec![head])].into();
    again.log.restored(1, 0, &heads).unwrap();
    let report = again.sync(&mut server);
    assert_eq!((report.end, report.problems.len()), (End::CaughtUp, 0));
    assert!(same([&again.log, &server.log]));
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
    let frame = Frame::decode(super::world::ORG, SITE, &response.frame).unwrap();
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

#[test]
fn a_fork_is_kept_on_both_sides_and_told() {
    let (mut server, mut a, mut b) = two();
    a.record(2, "trunk");
    let mut copy = Org::new().phone(11, &mut server);
    copy.log = a.log.clone();
    (copy.seq, copy.prev, copy.at) = (a.seq, a.prev, a.at);
    a.record(2, "left");
    a.record(2, "left again");
    copy.record(3, "right");
    a.sync(&mut server);
    let report = copy.sync(&mut server);
    assert_eq!(report.end, End::CaughtUp);
    assert!(report.problems.iter().any(|p| p.code == "fork_detected" && p.first == 3), "{report:?}");
    a.sync(&mut server);
    b.sync(&mut server);
    assert!(same([&a.log, &b.log, &copy.log, &server.log]));
    assert_eq!(b.log.fork(b.log.segments().next().unwrap().header.chain), Some(3));
    assert!(a.log.unsent().unwrap().is_empty() && copy.log.unsent().unwrap().is_empty());
}

#[test]
fn an_answer_to_another_request_is_ignored() {
    let (_, mut a, _) = two();
    let mut session = a.session();
    let crate::sync::Step::Http(request) = a.step(&mut session) else { panic!("no request") };
    session.on_response(request.id + 1, 200, Vec::new(), Vec::new(), a.now());
    session.on_failure(request.id + 1, Failure::NoConnection);
    assert!(matches!(a.step(&mut session), crate::sync::Step::Wait { .. }));
    a.entropy = Counting(1);
}
