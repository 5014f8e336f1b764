//! Handing over: the phone gathers what is open, freezes it, and both leads sign it.

use std::collections::BTreeMap;

use dutylog_core::base::{Entropy as _, Millis, PersonId, Reading, RecordId};
use dutylog_core::capture::handover::LineAnswer;
use dutylog_core::capture::{Action, AnswerHandover, OfferHandover, ShiftName};
use dutylog_core::merge::Lookup as _;
use dutylog_core::records::handover::{
    Decision, HandoverItem, ResourceState, Role, SIGNATURES, Subject, collect,
};
use dutylog_core::records::round::ItemStatus;
use dutylog_core::records::{Bilingual, Bytes};

use super::{Phone, PhoneError};

impl Phone {
    /// Freezes the handover of a shift, shows it, signs it and offers it to a person.
    pub(super) fn offer(
        &mut self,
        shift: &ShiftName,
        to: PersonId,
        at: Millis,
    ) -> Result<RecordId, PhoneError> {
        let now = self.watch.read(at);
        let mut id = [0; 16];
        self.chance.fill(&mut id);
        let record = RecordId(id);
        let mut freeze = self.open()?.prepare_handover(record, shift, Some(to), now)?;
        freeze.items.extend(fuel(record));
        freeze.items.iter_mut().filter(|item| item.lacks_owner()).for_each(|item| item.next_owner = Some(to));
        freeze.answers = self.lines(now)?;
        let frozen = freeze.freeze(&self.companion()?.context(now)?)?;
        self.act(OfferHandover { record, document: frozen.document }.into(), at)
    }

    /// Signs what the outgoing lead offered, naming their statement.
    pub(super) fn acceptance(&self, record: RecordId, remarks: &str) -> Result<Action, PhoneError> {
        let store = self.companion()?.store();
        let signatures = store.reader().record(record)?.added(SIGNATURES);
        let offer = signatures.iter().find(|signature| signature.value.role == Role::Outgoing);
        let offer = offer.ok_or(PhoneError::Missing("an offer"))?;
        let statement = store.entry(offer.by)?.and_then(|entry| entry.statement);
        let outgoing = Bytes(statement.ok_or(PhoneError::Missing("a statement"))?);
        let remarks = remarks.into();
        Ok(AnswerHandover { record, decision: Decision::AcceptWithRemarks, remarks, outgoing }.into())
    }

    /// Every line of the site's handover checklist, answered.
    fn lines(&self, now: Reading) -> Result<BTreeMap<u32, LineAnswer>, PhoneError> {
        let context = self.companion()?.context(now)?;
        let list = context.config.site().and_then(|site| site.handover_checklist);
        let list = list.and_then(|list| context.config.checklist(list));
        let items = list.into_iter().flat_map(|list| &list.items);
        Ok(items.map(|item| (item.number, LineAnswer { status: ItemStatus::Normal, note: None })).collect())
    }
}

/// What nobody has recorded and the lead adds.
fn fuel(handover: RecordId) -> Vec<HandoverItem> {
    let name = Bilingual::new("应急发电机油量", "emergency generator fuel");
    let note = Some("八成 / four fifths".to_owned());
    collect([(handover, Subject::Resource { name, state: ResourceState::Sound, note })])
}
