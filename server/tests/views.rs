//! What pages read, from real segments through the ledger and the fold.

mod kit;

use dutylog_core::base::{DeviceId, RecordId, Value};
use dutylog_core::capture::Intent;
use dutylog_core::capture::handover::HandoverDocument;
use dutylog_core::log::{Purpose, Segment, text_digest};
use dutylog_core::records::checklist::Verdict;
use dutylog_core::records::handover::{
    DOCUMENT, Decision, Document, HandoverSignature, HandoverState, Role, SIGNATURES,
};
use dutylog_core::records::incident::{PLACE, ReportClock, TIMELINE, TimelineLine};
use dutylog_core::records::people::PostTemplate;
use dutylog_core::records::round::{PresenceGrade, REACHED, Reached, RoundStatus};
use dutylog_core::records::{Bytes, Kind, LongText};
use dutylog_core::testing::{DAY, HOUR, MINUTE, START, World};
use dutylog_server::views::{Family, Filter, IncidentAt, Standing};
use kit::Server;
use kit::day::{Day, day};

const NOON: i64 = START + 12 * HOUR;

async fn served(day: &Day) -> Server {
    let server = Server::new(&day.world).await;
    let all = [day.hq.clone(), day.a.clone(), day.b.clone()].concat();
    server.receive(&all, START + 9 * HOUR + 30 * MINUTE).await;
    server
}

#[tokio::test]
async fn rounds_say_what_was_done_and_never_accuse_while_a_phone_is_silent() {
    let day = day();
    let server = served(&day).await;
    let (views, scope) = (&server.views, server.scope);
    let rounds = views.rounds(scope, START, START + DAY, NOON).await.expect("rounds");
    assert_eq!(rounds.len(), 2);
    assert_eq!(rounds[1].record, Some(day.round));
    assert_eq!(rounds[1].status, Some(RoundStatus::OnTime));
    assert_eq!(rounds[0].status, Some(RoundStatus::Upcoming));
    let silent = day.phones[0].device();
    let tomorrow = START + 30 * HOUR;
    let night = views.rounds(scope, START, START + DAY, tomorrow).await.expect("rounds");
    assert_eq!(
        night[0].status,
        Some(RoundStatus::Unknown(vec![silent])),
        "the lead's phone bears no staff's key"
    );
    views.contacted(scope, silent, START + 21 * HOUR, false).await.expect("a contact");
    let night = views.rounds(scope, START, START + DAY, tomorrow).await.expect("rounds");
    assert!(matches!(night[0].status, Some(RoundStatus::Unknown(_))), "it had more to tell");
    views.contacted(scope, silent, START + 22 * HOUR, true).await.expect("a contact");
    let night = views.rounds(scope, START, START + DAY, tomorrow).await.expect("rounds");
    assert_eq!(night[0].status, Some(RoundStatus::Missed));
}

#[tokio::test]
async fn a_round_shows_answers_presence_and_a_checked_signature() {
    let mut day = day();
    let reached = Reached { checkpoint: 1, grade: PresenceGrade::Qr, evidence: "P-1".into(), at: START };
    let phone = &mut day.phones[0];
    phone.record(Intent::about(Kind::CheckpointReached, day.round).add(REACHED, &reached).done());
    day.a.push(phone.seal());
    let server = served(&day).await;
    let detail = server.views.round(server.scope, day.round, NOON).await.expect("a round").expect("held");
    assert_eq!(detail.status, Some(RoundStatus::OnTime));
    assert_eq!(detail.points.len(), 2);
    assert_eq!(detail.points[0].grade, Some(PresenceGrade::Qr));
    let reading = &detail.points[0].items[1];
    assert_eq!(reading.verdict, Some(Verdict::Warning));
    assert_eq!(reading.answers[0].author, Some(day.people[1]));
    assert!(reading.answers[0].entry.is_some() && reading.answers[0].times.is_some());
    assert_eq!(detail.signers(), [day.people[1]]);
    let incident = server.views.round(server.scope, day.incident, NOON).await.expect("an answer");
    assert!(incident.is_none(), "an incident is no round");
}

#[tokio::test]
async fn an_incident_shows_both_values_what_is_missing_and_its_clock() {
    let day = day();
    let server = served(&day).await;
    let detail = server.views.incident(server.scope, day.incident, NOON).await.expect("it").expect("held");
    assert_eq!(detail.at, IncidentAt::Acknowledged);
    let places: Vec<_> = detail.intake.texts.iter().filter(|(f, _)| *f == PLACE.id()).collect();
    let mut said: Vec<_> = places[0].1.iter().map(|s| (s.value.as_str(), s.author)).collect();
    said.sort();
    assert_eq!(said, [("basement", Some(day.people[0])), ("cellar", Some(day.people[1]))]);
    assert!(detail.missing.contains(&PLACE.id()), "what is disputed is not told");
    assert_eq!(detail.timeline.len(), 1);
    assert!(matches!(detail.clock, ReportClock::NoneEarlierYet(_)), "a phone is silent: {:?}", detail.clock);
    let open = server.views.incidents(server.scope, true, None, 10).await.expect("a list");
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].conflicts, open[0].at), (1, IncidentAt::Acknowledged));
    assert_eq!(server.views.incidents(server.scope, false, None, 10).await.expect("a list"), open);
}

#[tokio::test]
async fn the_timeline_goes_on_where_a_page_ended_and_every_line_is_proven() {
    let day = day();
    let server = served(&day).await;
    let (views, scope) = (&server.views, server.scope);
    let all = views.timeline(scope, &Filter::default(), None, 1_000).await.expect("a page");
    assert_eq!(all.next, None);
    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let page = views.timeline(scope, &Filter::default(), after, 7).await.expect("a page");
        paged.extend(page.lines);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(paged, all.lines);
    assert!(paged.is_sorted_by(|a, b| a.mark > b.mark));
    for line in &all.lines {
        let entry = views.entry(scope, line.mark.position, line.mark.n).await.expect("it").expect("held");
        assert!(entry.sealed && entry.inclusion.proven);
        assert_eq!((entry.entry.leaf(), &entry.line), (line.by.leaf, line));
        assert!(line.times.best <= line.times.not_after);
    }
    assert!(views.entry(scope, 99, 0).await.expect("an answer").is_none());
}

#[tokio::test]
async fn the_timeline_is_filtered_by_family_person_record_time_and_problem() {
    let mut day = day();
    let phone = &mut day.phones[0];
    let line = TimelineLine { text: "?".into(), at: 0 };
    phone.record(Intent::about(Kind::TimelineAdded, day.incident).add(TIMELINE, &line).done());
    phone.forge(|entry| entry.kind = 4_000);
    day.a.push(phone.seal());
    let server = served(&day).await;
    let count = async |filter: Filter| {
        server.views.timeline(server.scope, &filter, None, 1_000).await.expect("a page").lines.len()
    };
    let none = Filter::default;
    assert_eq!(count(Filter { family: Some(Family::Rounds), ..none() }).await, 5);
    assert_eq!(count(Filter { record: Some(day.incident), ..none() }).await, 6);
    assert_eq!(count(Filter { author: Some(day.people[0]), ..none() }).await, 4);
    assert_eq!(count(Filter { problem: Some(Standing::Opaque), ..none() }).await, 1);
    assert_eq!(count(Filter { problem: Some(Standing::Held), ..none() }).await, 0);
    let lead = Some(day.people[0]);
    let both = Filter { author: lead, record: Some(day.incident), from: Some(START), ..none() };
    assert_eq!(count(both).await, 3);
    assert_eq!(count(Filter { until: Some(START), family: Some(Family::Rounds), ..none() }).await, 0);
}

#[tokio::test]
async fn the_overview_counts_what_is_open_and_names_who_is_silent() {
    let day = day();
    let server = served(&day).await;
    let sites = server.views.overview(&[server.scope], START + 23 * HOUR).await.expect("the overview");
    let site = &sites[0];
    assert_eq!(site.name.en, "North Hill pump station");
    assert_eq!((site.open_incidents, site.open_major, site.conflicts), (1, 1, 1));
    assert_eq!((site.rounds.on_time, site.rounds.unknown, site.rounds.missed), (1, 1, 0));
    assert_eq!(site.rounds.silent, [day.phones[0].device()].into());
    assert_eq!((site.opaque, site.refused, site.held, site.waiting), (0, 0, 0, 0));
    assert_eq!(site.phones.len(), 2);
    assert!(site.fresh().is_some());
    assert!(server.views.overview(&[], 0).await.expect("nothing").is_empty());
}

fn handover(world: &World, day: &mut (Vec<Segment>, dutylog_core::testing::Author), record: RecordId) {
    let (segments, phone) = day;
    let people = phone.people();
    let text = "未完成事项 Unfinished\n潜在风险 Risks\n资源状态 Resources".to_owned();
    let document = HandoverDocument {
        org: world.org,
        site: world.site,
        record,
        date: "2026-03-02".parse().expect("a day"),
        shift: "day".into(),
        from: people[0],
        to: Some(people[1]),
        heads: phone.head().map(|head| vec![(phone.chain, head)]).unwrap_or_default(),
        items: vec![],
        open: vec![],
        template: (RecordId::default(), 1),
        lang: "zh".into(),
        text: text_digest(&text),
        gaps: vec!["phone 2".into()],
        checkpoint: None,
        frozen_at: phone.wall,
    };
    let bytes = document.to_bytes();
    let digest = HandoverDocument::digest(&bytes);
    let shown = Document { bytes: Bytes(bytes), text: LongText(text) };
    let sign = |person, role| HandoverSignature {
        person,
        role,
        decision: Decision::Accept,
        remarks: String::new(),
        at: START,
        document: digest,
        to: (role == Role::Outgoing).then_some(people[1]),
    };
    let details = |role: i64| Value::List(vec![role.into(), 0_i64.into(), "".into(), Value::Null]);
    phone.sign_in(people[0]);
    let offer = Intent::about(Kind::HandoverOffered, record).set(DOCUMENT, &shown);
    let offer = offer.add(SIGNATURES, &sign(people[0], Role::Outgoing));
    phone.record(offer.signed(Purpose::Handover, digest, details(0)).done());
    phone.sign_in(people[1]);
    let accept =
        Intent::about(Kind::HandoverAccepted, record).add(SIGNATURES, &sign(people[1], Role::Incoming));
    phone.record(accept.signed(Purpose::Handover, digest, details(1)).done());
    segments.push(phone.seal());
}

#[tokio::test]
async fn a_handover_shows_the_exact_text_both_signatures_and_what_came_after_the_cut() {
    let mut world = World::new(2);
    let out = world.person("Wang", PostTemplate::DutyLead);
    let incoming = world.person("Zhao", PostTemplate::DutyLead);
    let mut phone = world.phone(&[out, incoming]);
    let mut late = world.phone(&[out]);
    let hq = world.publish();
    late.wall = START + HOUR;
    late.sign_in(out);
    let line = Intent::creating(Kind::IncidentRaised)
        .set(dutylog_core::records::incident::KIND, &dutylog_core::records::incident::IncidentKind::Fire);
    late.record(line.done());
    phone.wall = START + 8 * HOUR;
    let record = RecordId([9; 16]);
    let mut shared = (Vec::new(), phone);
    handover(&world, &mut shared, record);
    let server = Server::new(&world).await;
    server.receive(&[vec![hq], shared.0, vec![late.seal()]].concat(), START + 9 * HOUR).await;
    let detail = server.views.handover(server.scope, record).await.expect("it").expect("held");
    assert_eq!(detail.state, HandoverState::Accepted);
    let document = &detail.documents[0].value;
    assert!(document.text_matches && document.text.contains("资源状态"));
    assert_eq!(document.document.as_ref().map(|d| d.gaps.len()), Some(1));
    assert_eq!(detail.signatures.len(), 2);
    assert!(detail.signatures.iter().all(|(_, check)| check.valid && !check.provisional));
    assert_eq!(detail.addenda.len(), 1, "{:?}", detail.addenda);
    assert_eq!(detail.addenda[0].line.kind, Some(Kind::IncidentRaised));
    let list = server.views.handovers(server.scope, None, 10).await.expect("a list");
    assert_eq!((list.len(), list[0].state), (1, HandoverState::Accepted));
    let people = server.views.people(server.scope).await.expect("people");
    assert_eq!(people.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["Wang", "Zhao"]);
    assert!(people[0].last_seen.is_some());
    let phones = server.views.phones(server.scope).await.expect("phones");
    assert!(phones.iter().any(|p| p.card.id() == late.device() && !p.chains.is_empty()));
    assert!(phones.iter().all(|p| p.card.id() != DeviceId::default()));
}
