//! A round as it stands, with the checklist it was started with.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{PersonId, RecordId};
use crate::capture::{CaptureError, Context, Rejection};
use crate::merge::{Lookup, RecordState};
use crate::records::checklist::{Checklist, Item};
use crate::records::round::{
    REACHED, REST_NORMAL, RESULT, ROUND_SKIPPED, Reached, RoundFindings, RoundStarted, SIGNED, SKIPPED,
    STARTED,
};
use crate::records::{Bilingual, FieldValue, Member, Members, RecordKind};

/// A round as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundInHand<'c> {
    /// How it began.
    pub started: RoundStarted,
    /// The version of the checklist it began with.
    pub checklist: &'c Checklist,
    /// What was found so far.
    pub findings: RoundFindings,
    /// Items with several answers that nobody has settled.
    pub disputed: BTreeSet<u32>,
    /// The proofs of presence.
    pub reached: Vec<Reached>,
    /// Who has signed it.
    pub signed: BTreeSet<PersonId>,
    /// Whether it was left out as a whole.
    pub skipped: bool,
}

impl<'c> RoundInHand<'c> {
    /// Loads a round.
    ///
    /// # Errors
    /// [`CaptureError`]; [`Rejection::NotHere`] if it, or the checklist it began with, is not held.
    pub fn load<L: Lookup>(ctx: &Context<'c, L>, round: RecordId) -> Result<Self, CaptureError<L::Error>> {
        let state = ctx.record(round)?;
        let started = state.get(STARTED).ok_or(Rejection::NotHere { kind: RecordKind::Round })?;
        let checklist = ctx.config.checklist_version(started.checklist, started.checklist_version);
        let checklist = checklist.ok_or(Rejection::NotHere { kind: RecordKind::Checklist })?;
        Ok(Self::read(&state, started, checklist))
    }

    /// Loads a round that takes results: neither signed nor left out.
    pub(super) fn open<L: Lookup>(
        ctx: &Context<'c, L>,
        round: RecordId,
    ) -> Result<Self, CaptureError<L::Error>> {
        let round = Self::load(ctx, round)?;
        if !round.signed.is_empty() {
            return Err(Rejection::RoundSigned.into());
        }
        if round.skipped { Err(Rejection::RoundSkipped.into()) } else { Ok(round) }
    }

    fn read(state: &RecordState, started: RoundStarted, checklist: &'c Checklist) -> Self {
        let answers = numbered(state, RESULT);
        let disputed = answers.iter().filter(|(_, values)| values.len() > 1).map(|(n, _)| *n).collect();
        let rest_normal =
            numbered(state, REST_NORMAL).into_iter().filter(|(_, values)| values.contains(&true));
        let findings = RoundFindings {
            answers: first(answers),
            rest_normal: rest_normal.map(|(number, _)| number).collect(),
            skipped: first(numbered(state, SKIPPED)),
        };
        Self {
            started,
            checklist,
            findings,
            disputed,
            reached: state.added(REACHED).into_iter().map(|a| a.value).collect(),
            signed: state.added(SIGNED).into_iter().map(|a| a.value.person).collect(),
            skipped: !state.written(ROUND_SKIPPED).is_empty(),
        }
    }

    pub(super) fn item(&self, number: u32) -> Result<&'c Item, Rejection> {
        self.checklist.item(number).ok_or(Rejection::NoSuchItem { item: number })
    }

    pub(super) fn has_checkpoint(&self, number: u32) -> Result<(), Rejection> {
        let stops = self.checklist.items.iter().any(|i| i.checkpoint == number);
        if stops { Ok(()) } else { Err(Rejection::NoSuchCheckpoint { checkpoint: number }) }
    }
}

impl<L> Context<'_, L> {
    /// What people call a checkpoint; its number if it is not described.
    pub(super) fn checkpoint_name(&self, number: u32) -> Bilingual {
        let known = self.config.checkpoint_numbered(number).map(|c| c.name.clone());
        known.unwrap_or_else(|| Bilingual::new(number.to_string(), number.to_string()))
    }
}

/// The live values of the members that have a number.
fn numbered<T: FieldValue>(state: &RecordState, field: Members<T>) -> BTreeMap<u32, Vec<T>> {
    let members = state.members(field).into_iter();
    let numbers = members.filter_map(|(member, written)| match member {
        Member::Number(number) => Some((number, written.into_iter().map(|w| w.value).collect())),
        _ => None,
    });
    numbers.collect()
}

fn first<T>(values: BTreeMap<u32, Vec<T>>) -> BTreeMap<u32, T> {
    values.into_iter().filter_map(|(number, values)| Some((number, values.into_iter().next()?))).collect()
}
