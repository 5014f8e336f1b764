//! Starting a round, or leaving it out as a whole.

use crate::base::{RecordId, Value};
use crate::capture::{Asked, Capture, CaptureError, Context, Entered, Intent, Rejection};
use crate::merge::Lookup;
use crate::records::round::{ROUND_SKIPPED, RoundStarted, STARTED, Window};
use crate::records::{FieldValue, Kind, Parts, RecordKind, list_value};

use super::RoundInHand;

/// What a round follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartWhat {
    /// A plan, in one of its windows.
    Plan(RecordId, Window),
    /// A checklist, without any plan.
    Checklist(RecordId),
}

impl FieldValue for StartWhat {
    fn to_value(&self) -> Value {
        match self {
            Self::Plan(plan, window) => Value::List(vec![Value::Int(0), plan.to_value(), window.to_value()]),
            Self::Checklist(checklist) => Value::List(vec![Value::Int(1), checklist.to_value()]),
        }
    }

    fn from_value(value: &Value) -> Option<Self> {
        let mut parts = Parts::of(value)?;
        match parts.take::<u32>()? {
            0 => Some(Self::Plan(parts.take()?, parts.take()?)),
            1 => parts.take().map(Self::Checklist),
            _ => None,
        }
    }
}

/// Starts a round. Early or late is stored, never refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartRound {
    /// What it follows.
    pub what: StartWhat,
}
list_value!(StartRound { what });

impl Capture for StartRound {
    fn kind(&self) -> Kind {
        Kind::RoundStarted
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let started = match self.what {
            StartWhat::Plan(plan, window) => planned(ctx, plan, window)?,
            StartWhat::Checklist(checklist) => begun(ctx, checklist, None)?,
        };
        Ok(Intent::creating(self.kind()).set(STARTED, &started).done())
    }
}

/// Which round is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipWhat {
    /// One that was begun.
    Begun(RecordId),
    /// One of a plan that nobody began.
    Planned(RecordId, Window),
}

impl FieldValue for SkipWhat {
    fn to_value(&self) -> Value {
        match self {
            Self::Begun(round) => Value::List(vec![Value::Int(0), round.to_value()]),
            Self::Planned(plan, window) => {
                Value::List(vec![Value::Int(1), plan.to_value(), window.to_value()])
            }
        }
    }

    fn from_value(value: &Value) -> Option<Self> {
        let mut parts = Parts::of(value)?;
        match parts.take::<u32>()? {
            0 => parts.take().map(Self::Begun),
            1 => Some(Self::Planned(parts.take()?, parts.take()?)),
            _ => None,
        }
    }
}

/// Leaves a whole round out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkipRound {
    /// Which.
    pub what: SkipWhat,
    /// Why.
    pub reason: Entered,
}
list_value!(SkipRound { what, reason });

impl Capture for SkipRound {
    fn kind(&self) -> Kind {
        Kind::RoundSkipped
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let reason = self.reason.required(Asked::Reason)?;
        let about = match self.what {
            SkipWhat::Begun(round) => {
                RoundInHand::open(ctx, round)?;
                Intent::about(self.kind(), round)
            }
            SkipWhat::Planned(plan, window) => {
                Intent::creating(self.kind()).set(STARTED, &planned(ctx, plan, window)?)
            }
        };
        Ok(about.set(ROUND_SKIPPED, &reason).done())
    }
}

fn planned<L>(ctx: &Context<'_, L>, id: RecordId, window: Window) -> Result<RoundStarted, Rejection> {
    let plan = ctx.config.plan(id).ok_or(Rejection::NotHere { kind: RecordKind::RoundPlan })?;
    let (_, zone) = ctx.site_and_zone()?;
    let opens = |date| plan.windows_on(date, zone).contains(&window);
    // A window may open after midnight of the day its plan counts from: minutes may be 1440 and more.
    let day = zone.date(window.start);
    if !day.into_iter().chain(day.and_then(|d| d.previous())).any(opens) {
        return Err(Rejection::NoSuchWindow { plan: plan.name.clone() });
    }
    begun(ctx, plan.checklist, Some((id, window)))
}

fn begun<L>(
    ctx: &Context<'_, L>,
    checklist: RecordId,
    plan: Option<(RecordId, Window)>,
) -> Result<RoundStarted, Rejection> {
    let newest = ctx.config.checklist(checklist).ok_or(Rejection::NotHere { kind: RecordKind::Checklist })?;
    Ok(RoundStarted {
        plan: plan.map(|(plan, _)| plan),
        checklist,
        checklist_version: newest.version,
        window: plan.map(|(_, window)| window),
        started_at: ctx.now,
    })
}
