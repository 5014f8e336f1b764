//! Handing over: the phone collects what is open, freezes it, and both leads sign it.

use std::collections::BTreeMap;

use dutylog_core::base::ChainId;
use dutylog_core::base::{Entropy as _, Millis, PersonId, Reading, RecordId};
use dutylog_core::capture::handover::{Freeze, LineAnswer};
use dutylog_core::capture::{Action, AnswerHandover, OfferHandover, RoundInHand, ShiftName, incident_facts};
use dutylog_core::companion::CompanionError;
use dutylog_core::log::{Head, Holdings as _, Role as CertifiedRole};
use dutylog_core::merge::{Lookup as _, RecordState};
use dutylog_core::records::checklist::{Item, ItemKind, Verdict, reading_text};
use dutylog_core::records::handover::{
    Decision, HandoverItem, ResourceState, Role, SIGNATURES, SilentPhone, Subject, collect,
};
use dutylog_core::records::incident::{KIND, NATURE, ORIGIN, PLACE};
use dutylog_core::records::round::{ItemStatus, Outcome};
use dutylog_core::records::{Bilingual, Bytes, RecordKind};

use super::{Phone, PhoneError};
use crate::clock::HOUR;

/// Rounds of one shift, with one to spare.
const ROUNDS: usize = 3;
/// A phone that was heard less than so long ago is not called silent.
const SILENT_AFTER: Millis = 4 * HOUR;

type Open = Vec<(RecordId, Subject)>;

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
        let freeze = Freeze {
            record,
            shift: shift.clone(),
            to: Some(to),
            heads: self.cut()?,
            items: self.items(record, to, now)?,
            answers: self.lines(now)?,
            silent: self.silent(now)?,
            checkpoint: self.companion()?.store().site_root()?,
        };
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

    /// The heads of all that is held.
    fn cut(&self) -> Result<Vec<(ChainId, Head)>, PhoneError> {
        let heads = self.companion()?.heads()?.into_iter();
        Ok(heads.flat_map(|(chain, heads)| heads.into_iter().map(move |head| (chain, head))).collect())
    }

    /// All that is open, each with the incoming lead as its next owner.
    fn items(&self, handover: RecordId, to: PersonId, now: Reading) -> Result<Vec<HandoverItem>, PhoneError> {
        let (mut open, raised) = self.incidents()?;
        open.extend(self.findings(&raised, now)?);
        let name = Bilingual::new("应急发电机油量", "emergency generator fuel");
        let note = Some("八成 / four fifths".to_owned());
        open.push((handover, Subject::Resource { name, state: ResourceState::Sound, note }));
        let items = collect(open).into_iter();
        Ok(items.map(|item| HandoverItem { next_owner: item.lacks_owner().then_some(to), ..item }).collect())
    }

    /// The incidents that are not closed, and the checks that any incident came from.
    fn incidents(&self) -> Result<(Open, Vec<(RecordId, u32)>), PhoneError> {
        let (mut open, mut raised) = (Vec::new(), Vec::new());
        for state in self.newest(RecordKind::Incident, usize::MAX)? {
            raised.extend(state.get(ORIGIN).map(|origin| (origin.round, origin.item)));
            let facts = incident_facts(&state, None);
            let about: Vec<_> = [state.get(NATURE), state.get(PLACE)].into_iter().flatten().collect();
            let (kind, severity) = (state.get(KIND), facts.severity);
            let about = about.join("，");
            open.push((state.id, Subject::Incident { kind, severity, state: facts.state(), about }));
        }
        Ok((open, raised))
    }

    /// What the last rounds found wrong and no incident has taken up.
    fn findings(&self, raised: &[(RecordId, u32)], now: Reading) -> Result<Open, PhoneError> {
        let context = self.companion()?.context(now)?;
        let mut found = Vec::new();
        for state in self.newest(RecordKind::Round, ROUNDS)? {
            let round = RoundInHand::load(&context, state.id)?;
            for (item, verdict) in round.findings.failed(round.checklist) {
                if raised.contains(&(state.id, item.number)) {
                    continue;
                }
                let place = context.config.checkpoint_numbered(item.checkpoint);
                let checkpoint = place.map(|place| place.name.clone()).unwrap_or_default();
                found.push((state.id, finding(checkpoint, item, verdict, round.findings.outcome(item))));
            }
        }
        Ok(found)
    }

    fn newest(&self, kind: RecordKind, limit: usize) -> Result<Vec<RecordState>, PhoneError> {
        let reader = self.companion()?.store().reader();
        let listed = reader.list(kind, None, limit).map_err(CompanionError::from)?;
        listed.into_iter().map(|listed| Ok(reader.record(listed.id)?)).collect()
    }

    /// Every line of the site's handover checklist, answered.
    fn lines(&self, now: Reading) -> Result<BTreeMap<u32, LineAnswer>, PhoneError> {
        let context = self.companion()?.context(now)?;
        let list = context.config.site().and_then(|site| site.handover_checklist);
        let list = list.and_then(|list| context.config.checklist(list));
        let items = list.into_iter().flat_map(|list| &list.items);
        Ok(items.map(|item| (item.number, LineAnswer { status: ItemStatus::Normal, note: None })).collect())
    }

    /// The other phones of the site of which nothing recent is held.
    fn silent(&self, now: Reading) -> Result<Vec<SilentPhone>, PhoneError> {
        let companion = self.companion()?;
        let (store, heads) = (companion.store(), companion.heads()?);
        let knowledge = store.knowledge();
        let mut silent = Vec::new();
        for certificate in knowledge.trust().certificates() {
            let device = certificate.claims.subject;
            if certificate.claims.role != CertifiedRole::Phone || device == companion.device().0 {
                continue;
            }
            let mut heard_until = None;
            for head in knowledge.chains_of(device).filter_map(|chain| heads.get(&chain)).flatten() {
                let segment = store.segment(&head.segment)?;
                heard_until = heard_until.max(segment.map(|segment| segment.header.clock.wall));
            }
            if heard_until.is_none_or(|heard| heard < now.wall - SILENT_AFTER) {
                let name = self.names.get(&dutylog_core::base::DeviceId(device));
                let name = name.map_or_else(|| "手机 / phone".to_owned(), |name| (*name).to_owned());
                silent.push(SilentPhone { name, heard_until });
            }
        }
        Ok(silent)
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
