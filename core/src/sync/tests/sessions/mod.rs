//! What a session does with each kind of answer.

mod damage;
mod network;
mod restored;

use super::world::{Counting, Fate, Org, Phone, Reply, Server, same};
use crate::log::Holdings as _;
use crate::sync::{End, Failure, HttpRequest};

/// A server and two phones that it knows.
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
