//! Answering a handover: the incoming lead signs what the outgoing lead signed.

use super::{Companion, CompanionError, Saved};
use crate::base::{DraftId, Reading, RecordId};
use crate::capture::{AnswerHandover, Entered, Rejection};
use crate::merge::Lookup as _;
use crate::records::handover::{Decision, Role, SIGNATURES};
use crate::records::{Bytes, RecordKind};

impl Companion {
    /// Answers a handover that was offered, under the outgoing lead's own statement.
    ///
    /// # Errors
    /// [`CompanionError`]; [`Rejection::NotHere`] if nobody has offered it, as far as this phone knows.
    pub fn answer_handover(
        &mut self,
        draft: DraftId,
        record: RecordId,
        decision: Decision,
        remarks: Entered,
        now: Reading,
    ) -> Result<Saved, CompanionError> {
        let outgoing = self.offered_with(record)?;
        self.act(draft, AnswerHandover { record, decision, remarks, outgoing }, now)
    }

    /// The statement of the newest entry with which the outgoing lead signed.
    fn offered_with(&self, record: RecordId) -> Result<Bytes, CompanionError> {
        let signatures = self.store().reader().record(record)?.added(SIGNATURES);
        let offers = signatures.iter().filter(|signature| signature.value.role == Role::Outgoing);
        let missing = || CompanionError::Rejected(Rejection::NotHere { kind: RecordKind::Handover });
        let newest = offers.max_by_key(|signature| (signature.value.at, signature.by)).ok_or_else(missing)?;
        let statement = self.store().entry(newest.by)?.and_then(|entry| entry.statement);
        Ok(Bytes(statement.ok_or_else(missing)?))
    }
}
