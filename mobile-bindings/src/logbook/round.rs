//! Walking a round: starting, answering, being there, leaving out, signing.

use dutylog_core::capture::{
    AnswerItem, ReachCheckpoint, RestNormal, SignRound, SkipCheckpoint, SkipRound, SkipWhat, StartRound,
    StartWhat,
};
use dutylog_core::log::text_digest;
use dutylog_core::records::round::Window;

use super::{Answer as Answered, Logbook, id, record};
use crate::error::DutylogError;
use crate::forms::{Answer, Proof, RoundTask, SkippedRound, entered, told};
use crate::host::Reading;
use crate::rows::{Saved, ToSign, Verdict};

#[uniffi::export]
impl Logbook {
    /// Starts a round; `Saved.record` names it. Early or late is recorded, never refused.
    pub fn start_round(
        &self,
        draft: String,
        task: RoundTask,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            let what = match &task {
                RoundTask::Planned { plan, starts_ms, ends_ms } => {
                    StartWhat::Plan(record(plan, "plan")?, Window { start: *starts_ms, end: *ends_ms })
                }
                RoundTask::Checklist { checklist } => StartWhat::Checklist(record(checklist, "checklist")?),
            };
            Ok(StartRound { what }.into())
        })
    }

    /// Answers one item. Answering again replaces the answer; both stay in the log.
    pub fn answer_item(
        &self,
        draft: String,
        answer: Answer,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| Ok(answer_item(&answer)?.into()))
    }

    /// What an answer would mean by the item's limits, while it is being typed. Nothing is recorded.
    pub fn judge_answer(&self, answer: Answer, reading: Reading) -> Result<Verdict, DutylogError> {
        self.look(&reading, |ctx| Ok(answer_item(&answer)?.verdict(ctx)?.into()))
    }

    /// Shows presence at a checkpoint. A tag or code that was read must be the checkpoint's own.
    pub fn reach_checkpoint(
        &self,
        draft: String,
        round: String,
        checkpoint: u32,
        proof: Proof,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            let (grade, evidence) = (proof.presence.into(), entered(&proof.evidence));
            Ok(ReachCheckpoint { round: record(&round, "round")?, checkpoint, grade, evidence }.into())
        })
    }

    /// Says that everything at a checkpoint that has no answer yet is normal. Never stands for a reading.
    pub fn rest_normal(
        &self,
        draft: String,
        round: String,
        checkpoint: u32,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| Ok(RestNormal { round: record(&round, "round")?, checkpoint }.into()))
    }

    /// Leaves a checkpoint out, for a reason.
    pub fn skip_checkpoint(
        &self,
        draft: String,
        round: String,
        checkpoint: u32,
        reason: String,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            let reason = entered(&reason);
            Ok(SkipCheckpoint { round: record(&round, "round")?, checkpoint, reason }.into())
        })
    }

    /// Leaves a whole round out, for a reason.
    pub fn skip_round(
        &self,
        draft: String,
        round: SkippedRound,
        reason: String,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            Ok(SkipRound { what: skipped(&round)?, reason: entered(&reason) }.into())
        })
    }

    /// The text that a round is signed by. Fails with `Rejected` while required items are open, naming them.
    pub fn round_text(&self, round: String, reading: Reading) -> Result<ToSign, DutylogError> {
        self.look(&reading, |ctx| {
            let text = SignRound::text(ctx, record(&round, "round")?, ctx.now)?;
            Ok(ToSign { digest: text_digest(&text).to_string(), text, shown_at_ms: ctx.now })
        })
    }

    /// Signs a round with the person's own key: exactly the text of `roundText`, within the hour. Its results stand from then on.
    pub fn sign_round(
        &self,
        draft: String,
        round: String,
        digest: String,
        shown_at_ms: i64,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            let shown = id(&digest, "digest")?;
            Ok(SignRound { round: record(&round, "round")?, shown_at: shown_at_ms, shown }.into())
        })
    }
}

fn answer_item(answer: &Answer) -> Answered<AnswerItem> {
    Ok(AnswerItem {
        round: record(&answer.round, "answer.round")?,
        item: answer.item,
        status: answer.status.into(),
        reading: answer.reading,
        note: told(answer.note.as_ref()),
    })
}

fn skipped(round: &SkippedRound) -> Answered<SkipWhat> {
    Ok(match round {
        SkippedRound::Begun { round } => SkipWhat::Begun(record(round, "round")?),
        SkippedRound::Planned { plan, starts_ms, ends_ms } => {
            SkipWhat::Planned(record(plan, "plan")?, Window { start: *starts_ms, end: *ends_ms })
        }
    })
}
