//! Servers that have gone back to an older copy, said so or not.

use super::two;
use crate::log::Holdings as _;
use crate::sync::tests::world::{Org, same};
use crate::sync::{Alarm, End};

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
