//! Rounds as screens show them.

use std::collections::BTreeMap;

use dutylog_core::base::{Millis, RecordId};
use dutylog_core::capture::handover::PlannedRound;
use dutylog_core::capture::{Context, RoundInHand};
use dutylog_core::locales::{Locale, Words as _, outcome_text};
use dutylog_core::records::checklist::{Item, ItemKind, Limits, NO_CHECKPOINT};
use dutylog_core::records::config::ConfigView;
use dutylog_core::records::round::{
    Outcome, PresenceGrade, RESULT, ROUND_SKIPPED, RoundStarted, SIGNED, STARTED, best_grades,
};
use dutylog_core::records::{FieldValue as _, RecordKind};
use dutylog_core::store::{self, Listed, Reader};

use super::{Answer, Logbook, at, paging, record};
use crate::error::DutylogError;
use crate::host::Reading;
use crate::rows::{
    CheckpointRow, ItemRow, PlannedRoundRow, RoundDetail, RoundPage, RoundRow, RoundState, name_of,
};

#[uniffi::export]
impl Logbook {
    /// The planned rounds of the running shift and of today with how they stand, by the time their windows open.
    pub fn planned_rounds(&self, reading: Reading) -> Result<Vec<PlannedRoundRow>, DutylogError> {
        let locale = self.lending.locale;
        self.read(|app| {
            let config = app.store().knowledge().now();
            let planned = app.planned_rounds(at(&reading))?.into_iter();
            Ok(planned.map(|planned| planned_row(&config, planned, locale)).collect())
        })
    }

    /// A page of the rounds this phone holds, the newest first. `cursor` is the `next` of the page before, none for the first;
    /// `limit` is 1 to 200.
    pub fn rounds(&self, cursor: Option<String>, limit: u32) -> Result<RoundPage, DutylogError> {
        self.read(|app| {
            let (after, limit) = paging(cursor.as_deref(), limit)?;
            let listed = app.store().reader().list(RecordKind::Round, after, limit)?;
            let waiting = app.store().waiting()?;
            let next = listed.get(limit - 1).map(|last| last.cursor.to_text());
            let config = app.store().knowledge().now();
            let rows = listed.iter().map(|listed| row(&config, listed, &waiting, self.lending.locale));
            Ok(RoundPage { rows: rows.collect(), next })
        })
    }

    /// A round with every item and what became of it.
    pub fn round(&self, round: String, reading: Reading) -> Result<RoundDetail, DutylogError> {
        self.read(|app| {
            let id = record(&round, "round")?;
            let ctx = app.context(at(&reading))?;
            let delivery = delivery(&app.store().waiting()?, id);
            detail(&ctx, id, delivery)
        })
    }
}

/// How far a record has come.
pub(super) fn delivery(waiting: &BTreeMap<RecordId, store::Delivery>, id: RecordId) -> store::Delivery {
    waiting.get(&id).copied().unwrap_or(store::Delivery::Received)
}

fn planned_row(config: &ConfigView<'_>, planned: PlannedRound, locale: Locale) -> PlannedRoundRow {
    let post_name = config.post(planned.post).map(|post| post.name.get(locale).to_owned());
    PlannedRoundRow {
        plan: planned.plan.to_string(),
        name: planned.name.get(locale).to_owned(),
        post: planned.post.to_string(),
        post_name: post_name.unwrap_or_default(),
        starts_ms: planned.window.start,
        ends_ms: planned.window.end,
        status: (&planned.status).into(),
        status_text: planned.status.words(locale).to_owned(),
        round: planned.round.map(|round| round.to_string()),
    }
}

fn row(
    config: &ConfigView<'_>,
    listed: &Listed,
    waiting: &BTreeMap<RecordId, store::Delivery>,
    locale: Locale,
) -> RoundRow {
    let summary = &listed.summary;
    let values = |field| summary.headline.get(&field).into_iter().flatten();
    let started = values(STARTED.id()).find_map(RoundStarted::from_value);
    let skipped = values(ROUND_SKIPPED.id()).any(|value| !value.is_null());
    RoundRow {
        id: listed.id.to_string(),
        name: started.as_ref().map(|started| name(config, started, locale)).unwrap_or_default(),
        state: state(skipped, summary.count(SIGNED.id()) > 0),
        started_ms: started.map_or(summary.first_at, |started| started.started_at),
        changed_ms: summary.last_at,
        answered: summary.count(RESULT.id()),
        flagged: summary.flagged,
        conflicts: summary.conflicts,
        delivery: delivery(waiting, listed.id).into(),
    }
}

const fn state(skipped: bool, signed: bool) -> RoundState {
    match (skipped, signed) {
        (true, _) => RoundState::Skipped,
        (_, true) => RoundState::Signed,
        _ => RoundState::Running,
    }
}

/// The plan's name, or the checklist's.
fn name(config: &ConfigView<'_>, started: &RoundStarted, locale: Locale) -> String {
    let plan = started.plan.and_then(|plan| config.plan(plan)).map(|plan| &plan.name);
    let list = || config.checklist_version(started.checklist, started.checklist_version).map(|l| &l.name);
    plan.or_else(list).map(|name| name.get(locale).to_owned()).unwrap_or_default()
}

fn detail(ctx: &Context<'_, Reader>, id: RecordId, delivery: store::Delivery) -> Answer<RoundDetail> {
    let round = RoundInHand::load(ctx, id)?;
    let grades = best_grades(&round.reached);
    let stops = round.checklist.checkpoints().into_iter();
    let open = round.findings.open(round.checklist).count();
    let signers = round.signed.iter().map(|person| name_of(&ctx.config, *person)).collect();
    let edge =
        |pick: fn(&dutylog_core::records::round::Window) -> Millis| round.started.window.as_ref().map(pick);
    Ok(RoundDetail {
        id: id.to_string(),
        name: name(&ctx.config, &round.started, ctx.locale),
        state: state(round.skipped, !round.signed.is_empty()),
        started_ms: round.started.started_at,
        window_starts_ms: edge(|window| window.start),
        window_ends_ms: edge(|window| window.end),
        checkpoints: stops.map(|number| checkpoint(ctx, &round, number, grades.get(&number))).collect(),
        open: u32::try_from(open).unwrap_or(u32::MAX),
        signers,
        delivery: delivery.into(),
    })
}

fn checkpoint(
    ctx: &Context<'_, Reader>,
    round: &RoundInHand<'_>,
    number: u32,
    grade: Option<&PresenceGrade>,
) -> CheckpointRow {
    let known = ctx.config.checkpoint_numbered(number).filter(|_| number != NO_CHECKPOINT);
    let items = round.checklist.items.iter().filter(|item| item.checkpoint == number);
    CheckpointRow {
        number,
        name: known.map(|place| place.name.get(ctx.locale).to_owned()).unwrap_or_default(),
        place: known.map(|place| place.place.get(ctx.locale).to_owned()).unwrap_or_default(),
        presence: grade.map(|grade| grade.words(ctx.locale).to_owned()).unwrap_or_default(),
        skipped: round.findings.skipped.get(&number).cloned().unwrap_or_default(),
        items: items.map(|item| item_row(round, item, ctx.locale)).collect(),
    }
}

fn item_row(round: &RoundInHand<'_>, item: &Item, locale: Locale) -> ItemRow {
    let outcome = round.findings.outcome(item);
    let (unit, decimals, limits) = match &item.kind {
        ItemKind::Status => (String::new(), 0, Limits::default()),
        ItemKind::Reading(spec) => (spec.unit.clone(), spec.decimals, spec.limits),
    };
    ItemRow {
        number: item.number,
        text: item.text.get(locale).to_owned(),
        required: item.required,
        asks_reading: item.kind != ItemKind::Status,
        unit,
        decimals,
        low_alarm: limits.low_alarm,
        low_warn: limits.low_warn,
        high_warn: limits.high_warn,
        high_alarm: limits.high_alarm,
        done: outcome != Outcome::Open,
        outcome: outcome_text(item, &outcome, locale),
        verdict: outcome.verdict().map(Into::into),
        reading: if let Outcome::Answered(answer, _) = outcome { answer.reading } else { None },
        disputed: round.disputed.contains(&item.number),
    }
}
