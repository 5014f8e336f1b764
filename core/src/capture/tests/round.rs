use super::site::{AUDITOR, MORNING, PATROL, PLAN, ROUND_LIST};
use super::world::{World, locked, phone, plain};
use crate::base::{Digest, RecordId};
use crate::capture::{
    Action, AnswerItem, Asked, ReachCheckpoint, Rejection, RestNormal, SignRound, SkipCheckpoint, SkipRound,
    SkipWhat, StartRound, StartWhat,
};
use crate::log::text_digest;
use crate::records::checklist::Verdict;
use crate::records::round::{ItemStatus, PresenceGrade, Window};
use crate::records::{Bilingual, Capability, RecordKind};

const WALKER: super::world::Actor = super::world::Actor { device: 2, person: Some(PATROL) };
/// 08:00 to 09:00.
const WINDOW: Window = Window { start: MORNING - 30 * 60_000, end: MORNING + 30 * 60_000 };

fn answer(round: RecordId, item: u32, status: ItemStatus, reading: Option<i64>) -> AnswerItem {
    AnswerItem { round, item, status, reading, note: None }
}

fn started() -> (World, RecordId) {
    let mut world = World::new();
    let round = world.done(WALKER, StartRound { what: StartWhat::Plan(PLAN, WINDOW) }).record();
    (world, round)
}

fn pump(n: u32) -> Bilingual {
    Bilingual::new(format!("{n} 号泵"), format!("pump {n}"))
}

fn lights() -> Bilingual {
    Bilingual::new("指示灯", "indicator lights")
}

fn pressure() -> Bilingual {
    Bilingual::new("出口压力", "outlet pressure")
}

fn lock() -> Bilingual {
    Bilingual::new("门锁", "door lock")
}

#[test]
fn a_round_starts_by_a_plan_or_by_a_checklist_alone() {
    let mut world = World::new();
    world.done(WALKER, StartRound { what: StartWhat::Checklist(ROUND_LIST) });
    world.done(WALKER, StartRound { what: StartWhat::Plan(PLAN, WINDOW) });
    let odd = Window { end: WINDOW.end + 1, ..WINDOW };
    let plan = Bilingual::new("早巡检", "morning round");
    let table = [
        (WALKER, StartWhat::Plan(PLAN, odd), Rejection::NoSuchWindow { plan }),
        (WALKER, StartWhat::Plan(ROUND_LIST, WINDOW), Rejection::NotHere { kind: RecordKind::RoundPlan }),
        (WALKER, StartWhat::Checklist(PLAN), Rejection::NotHere { kind: RecordKind::Checklist }),
        (locked(2), StartWhat::Checklist(ROUND_LIST), Rejection::NobodySignedIn),
        (
            phone(2, AUDITOR),
            StartWhat::Checklist(ROUND_LIST),
            Rejection::NotAllowed { capability: Capability::Patrol },
        ),
    ];
    for (actor, what, expected) in table {
        assert_eq!(world.act(actor, StartRound { what }).expect_err("rejected"), expected);
    }
}

#[test]
fn what_is_answered_must_be_what_is_asked() {
    let (mut world, round) = started();
    use ItemStatus::{Abnormal, Normal, NotApplicable};
    let reach = |checkpoint, grade, evidence: &str| -> Action {
        ReachCheckpoint { round, checkpoint, grade, evidence: evidence.into() }.into()
    };
    let skip = SkipCheckpoint { round, checkpoint: 2, reason: " ".into() };
    let table: [(Action, Result<(), Rejection>); 15] = [
        (answer(round, 1, Normal, Some(1)).into(), Err(Rejection::ReadingNotAsked { item: lights() })),
        (answer(round, 2, Normal, None).into(), Err(Rejection::ReadingMissing { item: pressure() })),
        (answer(round, 9, Normal, None).into(), Err(Rejection::NoSuchItem { item: 9 })),
        (answer(PLAN, 1, Normal, None).into(), Err(Rejection::NotHere { kind: RecordKind::Round })),
        (answer(round, 2, NotApplicable, None).into(), Ok(())),
        (answer(round, 2, Abnormal, Some(85)).into(), Ok(())),
        (reach(1, PresenceGrade::Nfc, "T-2"), Err(Rejection::WrongTag { checkpoint: pump(1) })),
        (reach(2, PresenceGrade::Qr, "T-2"), Err(Rejection::NoTagOnRecord { checkpoint: pump(2) })),
        (reach(3, PresenceGrade::Typed, ""), Err(Rejection::NoSuchCheckpoint { checkpoint: 3 })),
        (reach(2, PresenceGrade::Position, ""), Err(Rejection::TextMissing { asked: Asked::Evidence })),
        (reach(1, PresenceGrade::Nfc, "T-1"), Ok(())),
        (reach(2, PresenceGrade::Typed, ""), Ok(())),
        (RestNormal { round, checkpoint: 1 }.into(), Ok(())),
        (
            RestNormal { round, checkpoint: 1 }.into(),
            Err(Rejection::NothingLeftNormal { checkpoint: pump(1) }),
        ),
        (skip.into(), Err(Rejection::TextMissing { asked: Asked::Reason })),
    ];
    for (action, expected) in table {
        assert_eq!(world.act(WALKER, action.clone()).map(drop), expected, "{action:?}");
    }
}

#[test]
fn the_verdict_is_known_while_a_reading_is_typed() {
    let (world, round) = started();
    for (reading, verdict) in [(60, Verdict::Normal), (61, Verdict::Warning), (81, Verdict::Alarm)] {
        let typed = answer(round, 2, ItemStatus::Normal, Some(reading));
        assert_eq!(plain(typed.verdict(&world.context(WALKER))), Ok(verdict));
    }
}

fn sign(world: &World, round: RecordId) -> Result<SignRound, Rejection> {
    let text = plain(SignRound::text(&world.context(WALKER), round, world.now))?;
    Ok(SignRound { round, shown_at: world.now, shown: text_digest(&text) })
}

#[test]
fn a_round_is_signed_whole_and_as_shown_and_then_stands() {
    let (mut world, round) = started();
    let open = Rejection::ItemsOpen { items: vec![lights(), pressure(), lock()] };
    assert_eq!(sign(&world, round).expect_err("open"), open);
    world.done(WALKER, RestNormal { round, checkpoint: 1 });
    world.done(WALKER, answer(round, 2, ItemStatus::Normal, Some(55)));
    let open = Rejection::ItemsOpen { items: vec![lock()] };
    assert_eq!(sign(&world, round).expect_err("open"), open);
    world.done(WALKER, SkipCheckpoint { round, checkpoint: 2, reason: "积雪封门".into() });

    let shown = sign(&world, round).expect("whole");
    world.done(WALKER, answer(round, 2, ItemStatus::Normal, Some(56)));
    assert_eq!(world.act(WALKER, shown).expect_err("changed"), Rejection::ShownTextChanged);
    let shown = sign(&world, round).expect("whole");
    let other = SignRound { shown: Digest::default(), ..shown };
    assert_eq!(world.act(WALKER, other).expect_err("other text"), Rejection::ShownTextChanged);
    let mut later = world.clone();
    later.now += 3_600_000;
    assert_eq!(later.act(WALKER, shown.clone()).expect_err("old"), Rejection::ShownTextChanged);

    let signed = world.done(WALKER, shown.clone());
    assert!(signed.intent.seals && signed.entry.statement.is_some());
    assert_eq!(world.act(WALKER, shown).expect_err("twice"), Rejection::AlreadySigned);
    let late = answer(round, 1, ItemStatus::Abnormal, None);
    assert_eq!(world.act(WALKER, late).expect_err("signed"), Rejection::RoundSigned);
}

#[test]
fn a_round_is_left_out_with_a_reason() {
    let (mut world, round) = started();
    let skip = |what, reason: &str| SkipRound { what, reason: reason.into() };
    let nothing = world.act(WALKER, skip(SkipWhat::Begun(round), ""));
    assert_eq!(nothing.expect_err("no reason"), Rejection::TextMissing { asked: Asked::Reason });
    world.done(WALKER, skip(SkipWhat::Begun(round), "台风"));
    world.done(WALKER, skip(SkipWhat::Planned(PLAN, WINDOW), "台风"));
    let late = world.act(WALKER, answer(round, 1, ItemStatus::Normal, None));
    assert_eq!(late.expect_err("left out"), Rejection::RoundSkipped);
    assert_eq!(sign(&world, round).expect_err("left out"), Rejection::RoundSkipped);
}
