//! What people do: one action after another, on records that their phone shows them.

use dutylog_core::base::{Millis, Reading, RecordId};
use dutylog_core::capture::{
    Acknowledge, Action, AddTimelineLine, AnswerItem, AssignPerson, ChangeSeverity, CheckIn, CheckOut,
    CloseIncident, Comment, Context, DetailIncident, Intake, RaiseIncident, ReachCheckpoint, ReportByPhone,
    RestNormal, SettleConflict, ShiftName, SignRound, SkipCheckpoint, SkipRound, SkipWhat, StartRound,
    StartWhat,
};
use dutylog_core::companion::Companion;
use dutylog_core::log::text_digest;
use dutylog_core::merge::Lookup as _;
use dutylog_core::records::incident::{IncidentKind, Severity};
use dutylog_core::records::round::{ItemStatus, PresenceGrade};
use dutylog_core::records::{Cell, RecordKind};
use dutylog_core::store::Reader;

use super::site::{CREW, SiteFacts};
use super::{Dice, handover};

/// Whoever is about to do something, and what they see.
pub(super) struct Pick<'a> {
    pub(super) app: &'a Companion,
    pub(super) dice: &'a mut Dice,
    pub(super) now: Reading,
    pub(super) facts: SiteFacts,
}

type Choose = fn(&mut Pick<'_>) -> Option<Action>;

/// How often each is done, of all.
const MENU: &[(usize, Choose)] = &[
    (6, raise),
    (8, timeline),
    (8, severity),
    (5, detail),
    (2, assign),
    (3, acknowledge),
    (5, comment),
    (1, by_phone),
    (2, close),
    (5, settle),
    (4, start_round),
    (10, answer_item),
    (4, reach),
    (2, rest_normal),
    (1, skip_checkpoint),
    (5, sign_round),
    (1, skip_round),
    (3, attend),
    (3, handover::offer),
    (3, handover::answer),
    (1, handover::withdraw),
    (1, handover::addendum),
];

impl<'a> Pick<'a> {
    /// Something to do, if there is anything to do it to. Not all of it is lawful.
    pub(super) fn action(&mut self) -> Option<Action> {
        let mut n = self.dice.below(MENU.iter().map(|(weight, _)| weight).sum());
        let chosen = MENU.iter().find(|(weight, _)| {
            let here = n < *weight;
            n = n.saturating_sub(*weight);
            here
        });
        chosen.and_then(|(_, choose)| choose(self))
    }

    pub(super) fn context(&self) -> Option<Context<'a, Reader>> {
        self.app.context(self.now).ok()
    }

    /// A record of a kind, rather a newer one.
    pub(super) fn record(&mut self, kind: RecordKind) -> Option<RecordId> {
        let shown = if self.dice.percent(70) { 3 } else { 30 };
        let page = self.app.store().reader().list(kind, None, shown).expect("a list");
        self.dice.pick(&page).map(|listed| listed.id)
    }

    pub(super) fn text(&mut self) -> String {
        format!("说明 {}", self.dice.below(1_000))
    }

    fn shift(&mut self) -> Option<ShiftName> {
        let date = self.context()?.config.zone()?.date(self.now.wall)?;
        let key = if self.dice.percent(50) { "day" } else { "night" };
        Some(ShiftName { date, key: key.into() })
    }
}

fn some_severity(dice: &mut Dice) -> Severity {
    *dice.pick(Severity::ALL).expect("there are some")
}

pub(super) fn raise(pick: &mut Pick<'_>) -> Option<Action> {
    let kind = *pick.dice.pick(IncidentKind::ALL)?;
    let severity = pick.dice.percent(50).then(|| some_severity(pick.dice));
    Some(RaiseIncident { kind, severity, origin: None, intake: Intake::default() }.into())
}

fn timeline(pick: &mut Pick<'_>) -> Option<Action> {
    let incident = pick.record(RecordKind::Incident)?;
    Some(AddTimelineLine { incident, text: pick.text().into(), at: None }.into())
}

fn severity(pick: &mut Pick<'_>) -> Option<Action> {
    let incident = pick.record(RecordKind::Incident)?;
    Some(ChangeSeverity { incident, severity: some_severity(pick.dice) }.into())
}

fn detail(pick: &mut Pick<'_>) -> Option<Action> {
    let incident = pick.record(RecordKind::Incident)?;
    let mut some = |share| pick.dice.percent(share).then(|| format!("{}", pick.dice.below(50)).into());
    let intake = Intake {
        occurred: Some(pick.now.wall - 60_000),
        place: some(60),
        nature: some(60),
        reporter: some(40),
        contact: some(40),
        first_state: some(40),
        suggestion: some(40),
        received: None,
    };
    Some(DetailIncident { incident, intake }.into())
}

fn assign(pick: &mut Pick<'_>) -> Option<Action> {
    let incident = pick.record(RecordKind::Incident)?;
    let (person, _) = *pick.dice.pick(&CREW)?;
    Some(AssignPerson { incident, person, assigned: pick.dice.percent(60) }.into())
}

fn acknowledge(pick: &mut Pick<'_>) -> Option<Action> {
    let incident = pick.record(RecordKind::Incident)?;
    Some(Acknowledge { incident }.into())
}

fn comment(pick: &mut Pick<'_>) -> Option<Action> {
    let kinds = [RecordKind::Incident, RecordKind::Round, RecordKind::Handover];
    let kind = *pick.dice.pick(&kinds)?;
    let record = pick.record(kind)?;
    Some(Comment { record, text: pick.text().into() }.into())
}

fn by_phone(pick: &mut Pick<'_>) -> Option<Action> {
    let incident = pick.record(RecordKind::Incident)?;
    Some(ReportByPhone { incident, to: "本部值班".into() }.into())
}

fn close(pick: &mut Pick<'_>) -> Option<Action> {
    let incident = pick.record(RecordKind::Incident)?;
    let told = Some("已处理".into());
    let closing = CloseIncident {
        incident,
        result: told.clone(),
        cause: told.clone(),
        responsibility: told.clone(),
        countermeasure: told,
        shown: None,
    };
    let shown = closing.text(&pick.context()?).ok().map(|text| text_digest(&text));
    Some(CloseIncident { shown, ..closing }.into())
}

fn settle(pick: &mut Pick<'_>) -> Option<Action> {
    let reader = pick.app.store().reader();
    let kinds = [RecordKind::Incident, RecordKind::Round];
    let listed = reader.list(*pick.dice.pick(&kinds)?, None, 30).expect("a list");
    let disputed: Vec<_> = listed.into_iter().filter(|l| l.summary.conflicts > 0).collect();
    let record = pick.dice.pick(&disputed)?.id;
    let state = reader.record(record).expect("a record");
    let open: Vec<_> = state.cells.iter().filter(|(_, register)| register.in_conflict()).collect();
    let ((field, member), register) = *pick.dice.pick(&open)?;
    let values: Vec<_> = register.values().cloned().collect();
    let value = pick.dice.pick(&values)?.clone();
    Some(
        SettleConflict { cell: Cell { record, field: *field, member: *member }, value, is_new: false }.into(),
    )
}

fn start_round(pick: &mut Pick<'_>) -> Option<Action> {
    let what =
        if pick.dice.percent(60) { planned(pick)? } else { StartWhat::Checklist(pick.facts.checklist()) };
    Some(StartRound { what }.into())
}

fn planned(pick: &mut Pick<'_>) -> Option<StartWhat> {
    let config = pick.context()?.config;
    let (plan, zone) = (pick.facts.plan(), config.zone()?);
    let windows = config.plan(plan)?.windows_on(zone.date(pick.now.wall)?, zone);
    Some(StartWhat::Plan(plan, *pick.dice.pick(&windows)?))
}

fn answer_item(pick: &mut Pick<'_>) -> Option<Action> {
    let round = pick.record(RecordKind::Round)?;
    let item = u32::try_from(1 + pick.dice.below(5)).expect("small");
    let status = *pick.dice.pick(ItemStatus::ALL)?;
    let reading = (item == 2).then(|| pick.dice.between(20, 50));
    Some(AnswerItem { round, item, status, reading, note: None }.into())
}

fn stop(pick: &mut Pick<'_>) -> u32 {
    u32::try_from(1 + pick.dice.below(2)).expect("small")
}

fn reach(pick: &mut Pick<'_>) -> Option<Action> {
    let (round, checkpoint) = (pick.record(RecordKind::Round)?, stop(pick));
    let grade = *pick.dice.pick(PresenceGrade::ALL)?;
    Some(ReachCheckpoint { round, checkpoint, grade, evidence: pick.text().into() }.into())
}

fn rest_normal(pick: &mut Pick<'_>) -> Option<Action> {
    Some(RestNormal { round: pick.record(RecordKind::Round)?, checkpoint: stop(pick) }.into())
}

fn skip_checkpoint(pick: &mut Pick<'_>) -> Option<Action> {
    let (round, checkpoint) = (pick.record(RecordKind::Round)?, stop(pick));
    Some(SkipCheckpoint { round, checkpoint, reason: pick.text().into() }.into())
}

fn sign_round(pick: &mut Pick<'_>) -> Option<Action> {
    let round = pick.record(RecordKind::Round)?;
    let shown_at: Millis = pick.now.wall;
    let text = SignRound::text(&pick.context()?, round, shown_at).ok()?;
    Some(SignRound { round, shown_at, shown: text_digest(&text) }.into())
}

fn skip_round(pick: &mut Pick<'_>) -> Option<Action> {
    let what = SkipWhat::Begun(pick.record(RecordKind::Round)?);
    Some(SkipRound { what, reason: pick.text().into() }.into())
}

fn attend(pick: &mut Pick<'_>) -> Option<Action> {
    let person = pick.app.signed_in()?;
    let (_, template) = CREW.into_iter().find(|(p, _)| *p == person)?;
    let (shift, post) = (pick.shift()?, pick.facts.post(template));
    Some(match pick.dice.percent(60) {
        true => CheckIn { shift, post, place: None }.into(),
        false => CheckOut { shift, post, place: None }.into(),
    })
}
