//! Networks that lose, refuse or pretend.

use super::two;
use crate::base::Digest;
use crate::log::Holdings as _;
use crate::sync::auth::CODE_HEADER;
use crate::sync::tests::world::{Fate, Reply, Server, same};
use crate::sync::{End, Failure, HttpRequest};

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
