//! Walking a round: starting, answering, being there, leaving out.

mod in_hand;
mod sign;
mod start;

pub use in_hand::RoundInHand;
pub use sign::SignRound;
pub use start::{SkipRound, SkipWhat, StartRound, StartWhat};

use super::{Asked, Capture, CaptureError, Context, Entered, Intent, Rejection};
use crate::base::RecordId;
use crate::merge::Lookup;
use crate::records::checklist::{Item, ItemKind, Verdict};
use crate::records::round::{
    Answer, ItemStatus, Outcome, PresenceGrade, REACHED, REST_NORMAL, RESULT, Reached, SKIPPED,
};
use crate::records::{Kind, list_value};

/// Answers one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerItem {
    /// The round.
    pub round: RecordId,
    /// The item's number.
    pub item: u32,
    /// How it was found.
    pub status: ItemStatus,
    /// The reading, in the smallest step of the item's unit.
    pub reading: Option<i64>,
    /// What the person adds.
    pub note: Option<Entered>,
}
list_value!(AnswerItem { round, item, status, reading, note });

impl AnswerItem {
    /// What the answer means by the item's limits: shown as it is typed, before anything is saved.
    ///
    /// # Errors
    /// [`CaptureError`], as capturing it would.
    pub fn verdict<L: Lookup>(&self, ctx: &Context<'_, L>) -> Result<Verdict, CaptureError<L::Error>> {
        let round = RoundInHand::load(ctx, self.round)?;
        let item = round.item(self.item)?;
        Ok(self.answer(item)?.verdict(item))
    }

    fn answer(&self, item: &Item) -> Result<Answer, Rejection> {
        match (&item.kind, self.reading, self.status) {
            (ItemKind::Status, Some(_), _) => Err(Rejection::ReadingNotAsked { item: item.text.clone() }),
            (ItemKind::Reading(_), None, ItemStatus::Normal) => {
                Err(Rejection::ReadingMissing { item: item.text.clone() })
            }
            _ => Ok(Answer {
                status: self.status,
                reading: self.reading,
                note: Entered::told(self.note.as_ref())?,
            }),
        }
    }
}

impl Capture for AnswerItem {
    fn kind(&self) -> Kind {
        Kind::ItemAnswered
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let round = RoundInHand::open(ctx, self.round)?;
        let answer = self.answer(round.item(self.item)?)?;
        Ok(Intent::about(self.kind(), self.round).set_member(RESULT, self.item, &answer).done())
    }
}

/// Shows that a checkpoint was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachCheckpoint {
    /// The round.
    pub round: RecordId,
    /// The checkpoint's number.
    pub checkpoint: u32,
    /// How well it is proven.
    pub grade: PresenceGrade,
    /// What was read.
    pub evidence: Entered,
}
list_value!(ReachCheckpoint { round, checkpoint, grade, evidence });

impl Capture for ReachCheckpoint {
    fn kind(&self) -> Kind {
        Kind::CheckpointReached
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let round = RoundInHand::open(ctx, self.round)?;
        round.has_checkpoint(self.checkpoint)?;
        let evidence = self.proof(ctx)?;
        let (checkpoint, grade) = (self.checkpoint, self.grade);
        let reached = Reached { checkpoint, grade, evidence, at: ctx.now };
        Ok(Intent::about(self.kind(), self.round).add(REACHED, &reached).done())
    }
}

impl ReachCheckpoint {
    /// What was read, which must be the checkpoint's own code if a code was read.
    fn proof<L>(&self, ctx: &Context<'_, L>) -> Result<String, Rejection> {
        let name = || ctx.checkpoint_name(self.checkpoint);
        match self.grade {
            PresenceGrade::Typed => self.evidence.text(),
            PresenceGrade::Position => self.evidence.required(Asked::Evidence),
            PresenceGrade::Nfc | PresenceGrade::Qr => {
                let read = self.evidence.required(Asked::Evidence)?;
                let place = ctx.config.checkpoint_numbered(self.checkpoint);
                match place.and_then(|c| c.tag.as_deref()) {
                    None => Err(Rejection::NoTagOnRecord { checkpoint: name() }),
                    Some(tag) if tag.trim() == read => Ok(read),
                    Some(_) => Err(Rejection::WrongTag { checkpoint: name() }),
                }
            }
        }
    }
}

/// Says that everything at a checkpoint that has no answer yet is normal. Never stands for a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestNormal {
    /// The round.
    pub round: RecordId,
    /// The checkpoint's number.
    pub checkpoint: u32,
}
list_value!(RestNormal { round, checkpoint });

impl Capture for RestNormal {
    fn kind(&self) -> Kind {
        Kind::RestNormal
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let round = RoundInHand::open(ctx, self.round)?;
        round.has_checkpoint(self.checkpoint)?;
        let covered = |i: &&Item| {
            i.checkpoint == self.checkpoint
                && i.kind == ItemKind::Status
                && round.findings.outcome(i) == Outcome::Open
        };
        if !round.checklist.items.iter().any(|i| covered(&i)) {
            let checkpoint = ctx.checkpoint_name(self.checkpoint);
            return Err(Rejection::NothingLeftNormal { checkpoint }.into());
        }
        Ok(Intent::about(self.kind(), self.round).set_member(REST_NORMAL, self.checkpoint, &true).done())
    }
}

/// Leaves a checkpoint out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkipCheckpoint {
    /// The round.
    pub round: RecordId,
    /// The checkpoint's number.
    pub checkpoint: u32,
    /// Why.
    pub reason: Entered,
}
list_value!(SkipCheckpoint { round, checkpoint, reason });

impl Capture for SkipCheckpoint {
    fn kind(&self) -> Kind {
        Kind::CheckpointSkipped
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let round = RoundInHand::open(ctx, self.round)?;
        round.has_checkpoint(self.checkpoint)?;
        let reason = self.reason.required(Asked::Reason)?;
        Ok(Intent::about(self.kind(), self.round).set_member(SKIPPED, self.checkpoint, &reason).done())
    }
}
