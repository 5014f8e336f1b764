//! What was recorded before a handover's cut and came to this phone after it.

use std::collections::BTreeMap;

use super::{Companion, CompanionError};
use crate::base::{ChainId, Digest, Millis, PersonId, RecordId, Seq};
use crate::locales::{AddendumLine, addendum_text};
use crate::log::{Entry, EntryRef, HandoverDocument, text_digest};
use crate::merge::Lookup as _;
use crate::records::calendar::Zone;
use crate::records::handover::{ADDENDUM_ACK, DOCUMENT};
use crate::records::{Kind, RecordKind};
use crate::store::Listed;

/// How long before the cut records are looked through that something may have come to.
const EARLIER: Millis = 3 * 24 * 60 * 60_000;

/// What came after the cut, as it is shown and taken notice of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addendum {
    /// The exact text, in the host's language.
    pub text: String,
    /// What names it.
    pub digest: Digest,
    /// How many entries came.
    pub entries: usize,
    /// Who has taken notice of this very text.
    pub acknowledged: Vec<PersonId>,
}

impl Companion {
    /// What was recorded about rounds, incidents and attendance before a handover's cut, as its phone claimed, and was not held by who
    /// froze it. None if nothing has come, or the handover was not offered as far as this phone knows.
    ///
    /// # Errors
    /// The store's.
    pub fn addendum(&self, handover: RecordId) -> Result<Option<Addendum>, CompanionError> {
        let state = self.store().reader().record(handover)?;
        let document =
            state.get(DOCUMENT).and_then(|document| HandoverDocument::parse(&document.bytes.0).ok());
        let Some(document) = document else { return Ok(None) };
        let mut late = self.late(&document)?;
        if late.is_empty() {
            return Ok(None);
        }
        late.sort_by_key(|(entry, by, _)| (entry.at, *by));
        let lines: Vec<_> = late.iter().map(|(entry, _, record)| self.late_line(entry, *record)).collect();
        let zone = self.store().knowledge().now().zone().unwrap_or(Zone::UTC);
        let (date, frozen_at) = (document.date, document.frozen_at);
        let text = addendum_text(date, &document.shift, frozen_at, &lines, zone, self.host.locale);
        let digest = text_digest(&text);
        let known = state.added(ADDENDUM_ACK).into_iter().map(|added| added.value);
        let acknowledged = known.filter(|ack| ack.addendum == digest).map(|ack| ack.person).collect();
        Ok(Some(Addendum { text, digest, entries: lines.len(), acknowledged }))
    }

    fn late(&self, document: &HandoverDocument) -> Result<Vec<(Entry, EntryRef, RecordId)>, CompanionError> {
        let mut cut: BTreeMap<ChainId, Seq> = BTreeMap::new();
        for (chain, head) in &document.heads {
            let included = cut.entry(*chain).or_default();
            *included = head.seq.max(*included);
        }
        let beyond = |by: &EntryRef| cut.get(&by.chain).is_none_or(|included| by.seq > *included);
        let since = document.frozen_at.saturating_sub(EARLIER);
        let recent =
            |listed: &Listed| listed.summary.first_at < document.frozen_at && listed.summary.last_at >= since;
        let mut late = Vec::new();
        for kind in [RecordKind::Incident, RecordKind::Round, RecordKind::Shift] {
            for record in self.records(kind, recent)? {
                let entries = self.store().reader().entries(record.id)?.into_iter();
                let came = entries.filter(|(_, by, entry)| entry.at < document.frozen_at && beyond(by));
                late.extend(came.map(|(_, by, entry)| (entry, by, record.id)));
            }
        }
        // One entry may be about several records.
        late.sort_by_key(|(_, by, record)| (*by, *record));
        late.dedup_by_key(|(_, by, _)| *by);
        Ok(late)
    }

    fn late_line(&self, entry: &Entry, record: RecordId) -> AddendumLine {
        let config = self.store().knowledge().now();
        let called =
            |person: PersonId| config.person(person).map_or_else(|| person.to_string(), |p| p.name.clone());
        let id = record.to_string();
        AddendumLine {
            at: entry.at,
            kind: Kind::from_code(entry.kind),
            by: entry.author.map(called).unwrap_or_default(),
            record: id.get(..6).unwrap_or(&id).to_owned(),
        }
    }
}
