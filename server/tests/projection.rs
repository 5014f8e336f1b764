//! The fold on the server: rows are a function of the log, whatever the order, and nothing stops them.

mod kit;

use dutylog_core::base::RecordId;
use dutylog_core::capture::Intent;
use dutylog_core::log::Segment;
use dutylog_core::records::Kind;
use dutylog_core::records::chain::{EntryMark, HELD_REVIEWED, HeldDecision, HeldReview};
use dutylog_core::records::comment::{COMMENTS, Comment};
use dutylog_core::records::incident::{PLACE, SEVERITY, Severity, TIMELINE, TimelineLine};
use dutylog_core::records::security::{Revocation, RevocationKind};
use dutylog_core::testing::{Author, HOUR, START, World};
use kit::Server;
use kit::day::day;

async fn state_of(world: &World, segments: &[Segment]) -> String {
    let server = Server::new(world).await;
    server.receive(segments, START + 10 * HOUR).await;
    rebuilds_alike(&server).await;
    server.projector.dump_state(server.scope).await.expect("a dump")
}

async fn rebuilds_alike(server: &Server) {
    let live = server.projector.dump(server.scope).await.expect("a dump");
    server.projector.rebuild(server.scope).await.expect("a rebuild");
    let rebuilt = server.projector.dump(server.scope).await.expect("a dump");
    for (live, rebuilt) in live.lines().zip(rebuilt.lines()) {
        assert_eq!(live, rebuilt);
    }
    assert_eq!(live.lines().count(), rebuilt.lines().count());
}

/// Every way to interleave chains, each in its own order.
fn interleavings(chains: &[&[Segment]]) -> Vec<Vec<Segment>> {
    if chains.iter().all(|c| c.is_empty()) {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (n, chain) in chains.iter().enumerate() {
        if let Some((first, rest)) = chain.split_first() {
            let mut left = chains.to_vec();
            left[n] = rest;
            all.extend(interleavings(&left).into_iter().map(|mut tail| {
                tail.insert(0, first.clone());
                tail
            }));
        }
    }
    all
}

async fn same_in_every_order(world: &World, chains: &[&[Segment]]) -> String {
    let orders = interleavings(chains);
    assert!(orders.len() > 1);
    let expected = state_of(world, &orders[0]).await;
    for order in &orders[1..] {
        let got = state_of(world, order).await;
        for (expected, got) in expected.lines().zip(got.lines()) {
            assert_eq!(expected, got);
        }
        assert_eq!(expected.len(), got.len());
    }
    expected
}

fn entry_at(segments: &[Segment], seq: u64) -> EntryMark {
    let held = segments.iter().find(|s| (s.header.first..=s.header.last()).contains(&seq)).expect("held");
    let n = usize::try_from(seq - held.header.first).expect("small");
    EntryMark { chain: held.header.chain, seq, mark: held.leaves()[n].mark() }
}

fn count(state: &str, what: &str) -> usize {
    state.lines().filter(|line| line.contains(what)).count()
}

#[tokio::test]
async fn a_day_is_folded_and_comes_to_the_same_in_every_order() {
    let day = day();
    let state = same_in_every_order(&day.world, &[&day.hq, &day.a, &day.b]).await;
    assert_eq!(
        count(&state, "verdict=1") + count(&state, "verdict=2") + count(&state, "verdict=4"),
        0,
        "{state}"
    );
    assert_eq!(count(&state, "view_records record="), count(&state, "summary="));
    assert!(state.contains("severity=3 conflicts=1"), "two places wait to be settled: {state}");
}

#[tokio::test]
async fn what_waits_for_the_configuration_is_folded_when_it_comes() {
    let day = day();
    let server = Server::new(&day.world).await;
    server.receive(&[day.a.clone(), day.b.clone()].concat(), START).await;
    let before = server.projector.dump_state(server.scope).await.expect("a dump");
    assert!(count(&before, "verdict=4") > 0);
    server.receive(&day.hq, START + HOUR).await;
    let after = server.projector.dump_state(server.scope).await.expect("a dump");
    assert_eq!(count(&after, "verdict=4"), 0);
    rebuilds_alike(&server).await;
}

#[tokio::test]
async fn a_copied_phone_forks_and_both_branches_are_kept() {
    let mut day = day();
    let mut copy = day.phones[0].clone();
    let [original, second] = &mut day.phones;
    let remark = |phone: &mut Author, text: &str| {
        let comment = Comment { person: day.people[1], text: text.into(), at: phone.wall };
        phone.record(Intent::about(Kind::Commented, day.incident).add(COMMENTS, &comment).done());
        phone.record(
            Intent::about(Kind::IncidentDetailed, day.incident).set(PLACE, &format!("at {text}")).done(),
        );
    };
    remark(original, "one");
    copy.wall += 7;
    remark(&mut copy, "two");
    let (mut one, mut two) = (vec![original.seal()], vec![copy.seal()]);
    // Somebody who knows one branch only replaces its value.
    second.hear(&one[0]);
    second.record(Intent::about(Kind::IncidentDetailed, day.incident).set(PLACE, &"roof".to_owned()).done());
    let b = [day.b.clone(), vec![second.seal()]].concat();
    remark(original, "three");
    one.push(original.seal());
    remark(&mut copy, "four");
    two.push(copy.seal());
    let head = [day.hq.clone(), day.a.clone()].concat();
    let orders = interleavings(&[&one, &two, &b]);
    let mut states = std::collections::BTreeSet::new();
    for order in orders {
        states.insert(state_of(&day.world, &[head.clone(), order].concat()).await);
    }
    assert_eq!(states.len(), 1);
    let state = states.pop_first().expect("one");
    assert_eq!(count(&state, "kind=96"), 4, "all four remarks are kept");
}

#[tokio::test]
async fn what_comes_from_a_revoked_phone_is_held_until_it_is_reviewed() {
    let mut day = day();
    let revocation = Revocation {
        subject: RecordId(day.phones[0].device().0),
        kind: RevocationKind::Lost,
        cut: vec![entry_at(&day.a, 4)],
        decided_at: START,
        written_off: None,
    };
    day.world.configure(revocation.subject, revocation);
    day.hq.push(day.world.publish());
    let state = same_in_every_order(&day.world, &[&day.hq, &day.a]).await;
    assert!(count(&state, "verdict=3") > 0, "{state}");
    let last = entry_at(&day.a, 6);
    let review =
        HeldReview { first: 5, last, decision: HeldDecision::Accepted, note: "it was found again".into() };
    let about = || Intent::about_chain(Kind::HeldReviewed, last.chain).add(HELD_REVIEWED, &review).done();
    day.world.hq.record(about());
    day.hq.push(day.world.publish());
    let by_hq = same_in_every_order(&day.world, &[&day.hq, &day.a]).await;
    assert_eq!(
        count(&state, "verdict=3"),
        count(&by_hq, "verdict=3"),
        "of a lost phone a lead must confirm too"
    );
    day.phones[1].record(about());
    day.b.push(day.phones[1].seal());
    let confirmed = same_in_every_order(&day.world, &[&day.hq, &day.a, &day.b]).await;
    assert_eq!(count(&state, "verdict=3"), count(&confirmed, "verdict=3") + 2);
}

#[tokio::test]
async fn a_server_started_again_after_every_segment_comes_to_the_same() {
    let mut day = day();
    let mut copy = day.phones[0].clone();
    for (phone, text) in [(&mut day.phones[0], "one"), (&mut copy, "two")] {
        phone.record(Intent::about(Kind::IncidentDetailed, day.incident).set(PLACE, &text.to_owned()).done());
    }
    day.a.push(day.phones[0].seal());
    let revocation = Revocation {
        subject: RecordId(day.phones[1].device().0),
        kind: RevocationKind::Lost,
        cut: vec![entry_at(&day.b, 2)],
        decided_at: START,
        written_off: None,
    };
    day.world.configure(revocation.subject, revocation);
    // The configuration comes in the middle, so that entries wait across a restart.
    let order = [&day.a[..2], &day.hq, &day.b, &[copy.seal()], &day.a[2..], &[day.world.publish()]].concat();
    let expected = state_of(&day.world, &order).await;
    let server = Server::new(&day.world).await;
    for (n, segment) in (0..).zip(&order) {
        server.take(segment, START + 10 * HOUR + n * 60_000).await;
        let next = server.restarted().catch_up(server.scope).await.expect("the fold");
        assert_eq!(next, n.unsigned_abs() + 1);
    }
    let state = server.restarted().dump_state(server.scope).await.expect("a dump");
    assert_eq!(state, expected);
    assert!(count(&state, "verdict=3") > 0);
    rebuilds_alike(&server).await;
}

#[tokio::test]
async fn one_bad_entry_stops_nothing() {
    let mut day = day();
    let phone = &mut day.phones[0];
    let line = |text: &str| TimelineLine { text: text.into(), at: 0 };
    let about = || Intent::about(Kind::TimelineAdded, day.incident);
    phone.record(about().add(TIMELINE, &line("from a newer version")).done());
    phone.forge(|entry| entry.kind = 4_000);
    phone.record(about().add(TIMELINE, &line("unreadable operations")).done());
    phone.forge(|entry| entry.ops = vec![0x81, 0x81, 0x18, 0x63]);
    phone.record(about().set(SEVERITY, &Severity::Low).done());
    phone.record(about().add(TIMELINE, &line("after all that")).done());
    day.a.push(phone.seal());
    let state = state_of(&day.world, &[day.hq, day.a].concat()).await;
    for reason in ["unknown_kind", "unknown_operations", "foreign_field:65"] {
        assert_eq!(count(&state, reason), 1, "{reason}");
    }
    let hex: String = "after all that".bytes().map(|b| format!("{b:02x}")).collect();
    assert_eq!(count(&state, &hex), 1);
}
