//! What a handover is about, gathered by rule from what the phone holds: nobody has to remember it, and no phone gathers otherwise.

use std::collections::BTreeSet;

use crate::base::{DeviceId, Millis, PersonId, RecordId};
use crate::capture::handover::unsettled;
use crate::capture::{CaptureError, Context, RoundInHand, incident_facts};
use crate::merge::{Lookup, RecordState};
use crate::records::Bilingual;
use crate::records::calendar::Date;
use crate::records::checklist::{Item, ItemKind, Verdict, reading_text};
use crate::records::handover::{HandoverItem, SilentPhone, Subject, collect};
use crate::records::incident::{KIND, NATURE, ORIGIN, PLACE};
use crate::records::round::{
    Outcome, Phone, Progress, ROUND_SKIPPED, RoundPlan, RoundStatus, SIGNED, STARTED, Standing, Window,
    round_status,
};
use crate::records::rules::RuleId;

/// A phone of which nothing was heard for so long is named as silent.
pub const SILENT_AFTER: Millis = 4 * 60 * 60_000;

/// A phone of the site, as far as this one has heard of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardPhone {
    /// Which.
    pub device: DeviceId,
    /// What people call it.
    pub name: String,
    /// Who can sign in on it.
    pub people: BTreeSet<PersonId>,
    /// The time of the newest record that came from it; none if none ever did.
    pub heard_until: Option<Millis>,
    /// How it stands.
    pub standing: Standing,
}

/// A round that a plan asks for, as far as this phone knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRound {
    /// The plan.
    pub plan: RecordId,
    /// What people call it.
    pub name: Bilingual,
    /// The post whose holders walk it.
    pub post: RecordId,
    /// When.
    pub window: Window,
    /// How it stands.
    pub status: RoundStatus,
    /// The round that was begun for it, or left out; of several the first.
    pub round: Option<RecordId>,
}

/// What is read of the phone's records before a handover.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    /// Incidents that may be open.
    pub incidents: Vec<RecordState>,
    /// Rounds since the shift began, and the ones before that incidents may have come from.
    pub rounds: Vec<RecordState>,
    /// All phones of the site, this one included.
    pub phones: Vec<HeardPhone>,
    /// When the outgoing shift began: planned rounds that were due since then are looked at.
    pub since: Millis,
}

impl Gathered {
    /// Everything that is to be handed over, in its blocks; next owners are still to be named.
    ///
    /// # Errors
    /// [`CaptureError`]
    pub fn items<L: Lookup>(
        &self,
        ctx: &Context<'_, L>,
    ) -> Result<Vec<HandoverItem>, CaptureError<L::Error>> {
        let mut open = self.open_incidents();
        open.extend(self.findings(ctx)?);
        open.extend(self.planned_rounds(ctx));
        let records = self.incidents.iter().chain(&self.rounds);
        open.extend(records.filter_map(|record| Some((record.id, unsettled(record)?))));
        Ok(collect(open))
    }

    /// The phones whose records the handover may lack, seen from `now`.
    #[must_use]
    pub fn silent(&self, own: DeviceId, now: Millis) -> Vec<SilentPhone> {
        let silent = |phone: &&HeardPhone| {
            phone.device != own
                && phone.standing != Standing::WrittenOff
                && phone.heard_until.is_none_or(|heard| heard < now.saturating_sub(SILENT_AFTER))
        };
        let phones = self.phones.iter().filter(silent);
        phones.map(|p| SilentPhone { name: p.name.clone(), heard_until: p.heard_until }).collect()
    }

    fn open_incidents(&self) -> Vec<(RecordId, Subject)> {
        let subject = |state: &RecordState| {
            let facts = incident_facts(state, None);
            let about: Vec<_> = [state.get(NATURE), state.get(PLACE)].into_iter().flatten().collect();
            let (kind, severity) = (state.get(KIND), facts.severity);
            let about = about.join("，");
            (state.id, Subject::Incident { kind, severity, state: facts.state(), about })
        };
        self.incidents.iter().map(subject).collect()
    }

    /// What rounds found wrong and no incident has taken up.
    fn findings<L: Lookup>(
        &self,
        ctx: &Context<'_, L>,
    ) -> Result<Vec<(RecordId, Subject)>, CaptureError<L::Error>> {
        let origins = self.incidents.iter().filter_map(|incident| incident.get(ORIGIN));
        let raised: BTreeSet<_> = origins.map(|origin| (origin.round, origin.item)).collect();
        let mut found = Vec::new();
        for state in &self.rounds {
            // One whose checklist is not held can say nothing yet.
            let Ok(round) = RoundInHand::load(ctx, state.id) else { continue };
            for (item, verdict) in round.findings.failed(round.checklist) {
                if !raised.contains(&(state.id, item.number)) {
                    let place = ctx.config.checkpoint_numbered(item.checkpoint);
                    let checkpoint = place.map(|place| place.name.clone()).unwrap_or_default();
                    found.push((state.id, finding(checkpoint, item, verdict, round.findings.outcome(item))));
                }
            }
        }
        Ok(found)
    }

    /// The planned rounds of the shift; those that are done hand nothing over.
    fn planned_rounds<L>(&self, ctx: &Context<'_, L>) -> Vec<(RecordId, Subject)> {
        let planned = self.planned(ctx, ctx.now).into_iter();
        let subject = |p: PlannedRound| Subject::Round { plan: p.name, window: p.window, status: p.status };
        planned.map(|planned| (planned.plan, subject(planned))).collect()
    }

    /// The planned rounds whose windows open until then, by plan and window.
    #[must_use]
    pub fn planned<L>(&self, ctx: &Context<'_, L>, until: Millis) -> Vec<PlannedRound> {
        let mut planned = Vec::new();
        for (id, plan) in ctx.config.plans().filter(|(_, plan)| plan.active) {
            for window in self.windows(ctx, plan, until) {
                let progress = self.progress(id, window);
                let grace =
                    plan.grace_minutes.unwrap_or_else(|| ctx.config.rules().value(RuleId::RoundGrace));
                let status = round_status(window, grace, progress, &self.granted(ctx, plan), ctx.now);
                let round = self.of_window(id, window).next().map(|state| state.id);
                planned.push(PlannedRound {
                    plan: id,
                    name: plan.name.clone(),
                    post: plan.post,
                    window,
                    status,
                    round,
                });
            }
        }
        planned
    }

    fn windows<L>(&self, ctx: &Context<'_, L>, plan: &RoundPlan, until: Millis) -> Vec<Window> {
        let Some(zone) = ctx.config.zone() else { return Vec::new() };
        let first = zone.date(self.since);
        let days = std::iter::successors(first, |date: &Date| date.next()).take(3);
        let all = days.flat_map(|date| plan.windows_on(date, zone));
        all.filter(|window| (self.since..=until).contains(&window.start)).collect()
    }

    fn of_window(&self, plan: RecordId, window: Window) -> impl Iterator<Item = &RecordState> {
        self.rounds.iter().filter(move |state| {
            state.get(STARTED).is_some_and(|s| s.plan == Some(plan) && s.window == Some(window))
        })
    }

    fn progress(&self, plan: RecordId, window: Window) -> Progress {
        self.of_window(plan, window).fold(Progress::default(), |known, state| {
            let started = state.get(STARTED).map(|s| s.started_at);
            let signed = state.added(SIGNED).into_iter().map(|signed| signed.value.at);
            Progress {
                started: known.started.into_iter().chain(started).min(),
                done: known.done.into_iter().chain(signed).min(),
                skipped: known.skipped || !state.written(ROUND_SKIPPED).is_empty(),
            }
        })
    }

    /// The phones on which somebody can sign in who holds the plan's post.
    fn granted<L>(&self, ctx: &Context<'_, L>, plan: &RoundPlan) -> Vec<Phone> {
        let holders: BTreeSet<_> = ctx.config.holders(plan.post, ctx.now).collect();
        let phones = self.phones.iter().filter(|phone| !phone.people.is_disjoint(&holders));
        let known = |phone: &HeardPhone| Phone {
            device: phone.device,
            heard_until: phone.heard_until,
            awaited: false,
            standing: phone.standing,
        };
        phones.map(known).collect()
    }
}

fn finding(checkpoint: Bilingual, item: &Item, verdict: Verdict, outcome: Outcome<'_>) -> Subject {
    let answer = match outcome {
        Outcome::Answered(answer, _) => Some(answer),
        _ => None,
    };
    let reading = match (&item.kind, answer.and_then(|answer| answer.reading)) {
        (ItemKind::Reading(spec), Some(reading)) => {
            Some(format!("{} {}", reading_text(reading, spec.decimals), spec.unit))
        }
        _ => None,
    };
    let note = answer.and_then(|answer| answer.note.clone());
    Subject::Finding { checkpoint, item: item.text.clone(), verdict, reading, note }
}
