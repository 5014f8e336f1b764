//! Freezing a handover: from what is open to the exact bytes and text that both leads sign.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::view_hash;
use crate::base::{ChainId, Digest, PersonId, RecordId};
use crate::capture::{CaptureError, Context, Entered, Rejection, ShiftName};
use crate::locales::{HandoverSheet, handover_text, subject_text};
use crate::log::{FrozenItem, HandoverDocument, Head, OpenItem, SiteRoot, text_digest};
use crate::merge::Lookup;
use crate::records::calendar::Zone;
use crate::records::checklist::Checklist;
use crate::records::handover::{CheckLine, Document, HandoverItem, SilentPhone, Subject};
use crate::records::round::ItemStatus;
use crate::records::site::{ShiftDefinition, Site};
use crate::records::{Bytes, Kind, LongText, RecordKind};

/// The answer to one line of the handover's checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineAnswer {
    /// How it was found.
    pub status: ItemStatus,
    /// What the person adds.
    pub note: Option<Entered>,
}

/// What a handover is frozen from. The outgoing lead is whoever is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze {
    /// The handover's record: sixteen bytes that nothing else is called by, chosen when the draft is begun.
    pub record: RecordId,
    /// The outgoing shift.
    pub shift: ShiftName,
    /// The incoming lead; none if nobody is there.
    pub to: Option<PersonId>,
    /// The heads of all chains that are held.
    pub heads: Vec<(ChainId, Head)>,
    /// What is handed over ([`crate::records::handover::collect`]), with the next owners chosen.
    pub items: Vec<HandoverItem>,
    /// Answers to the lines of the site's handover checklist, by item number.
    pub answers: BTreeMap<u32, LineAnswer>,
    /// The phones whose records it may lack.
    pub silent: Vec<SilentPhone>,
    /// The newest site root whose prefix has been folded.
    pub checkpoint: Option<SiteRoot>,
}

/// A frozen handover, to be shown, and then offered as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// The handover's record.
    pub record: RecordId,
    /// The bytes and the text.
    pub document: Document,
    /// What both leads sign.
    pub digest: Digest,
}

/// What the site's configuration says around a handover.
struct Frame<'c> {
    site: &'c Site,
    zone: Zone,
    shift: &'c ShiftDefinition,
    checklist: Option<(RecordId, &'c Checklist)>,
}

impl Freeze {
    /// Freezes the handover.
    ///
    /// # Errors
    /// [`CaptureError`]; [`Rejection::OwnersMissing`] and [`Rejection::LinesUnanswered`] name what is still to be done.
    pub fn freeze<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Frozen, CaptureError<L::Error>> {
        ctx.permit(Kind::HandoverOffered)?;
        let frame = Frame::of(ctx, &self.shift)?;
        let from = self.people(ctx)?;
        self.owners(ctx, frame.zone)?;
        let lines = self.lines(&frame)?;
        let text = self.text(ctx, &frame, from, &lines);
        let items = self.frozen_items(ctx)?;
        let document = self.document(ctx, &frame, from, items, text_digest(&text))?;
        let bytes = document.to_bytes();
        let digest = HandoverDocument::digest(&bytes);
        let document = Document { bytes: Bytes(bytes), text: LongText(text) };
        Ok(Frozen { record: self.record, document, digest })
    }

    /// The outgoing lead, once everybody named is known and nobody hands over to themselves.
    fn people<L>(&self, ctx: &Context<'_, L>) -> Result<PersonId, Rejection> {
        let from = ctx.person()?;
        if self.to == Some(from) {
            return Err(Rejection::OwnHandover);
        }
        let named = self.items.iter().filter_map(|i| i.next_owner).chain(self.to);
        for person in named {
            ctx.config.person(person).ok_or(Rejection::NotHere { kind: RecordKind::Person })?;
        }
        Ok(from)
    }

    fn owners<L>(&self, ctx: &Context<'_, L>, zone: Zone) -> Result<(), Rejection> {
        let lacking = self.items.iter().filter(|i| i.lacks_owner());
        let items: Vec<_> = lacking.map(|i| subject_text(&i.subject, zone, ctx.locale)).collect();
        if items.is_empty() { Ok(()) } else { Err(Rejection::OwnersMissing { items }) }
    }

    fn lines(&self, frame: &Frame<'_>) -> Result<Vec<CheckLine>, Rejection> {
        let mut lines = Vec::new();
        let mut unanswered = Vec::new();
        for item in frame.checklist.iter().flat_map(|(_, list)| &list.items) {
            let Some(answer) = self.answers.get(&item.number) else {
                unanswered.push(item.text.clone());
                continue;
            };
            let note = Entered::told(answer.note.as_ref())?;
            lines.push(CheckLine { text: item.text.clone(), status: Some(answer.status), note });
        }
        if unanswered.is_empty() { Ok(lines) } else { Err(Rejection::LinesUnanswered { lines: unanswered }) }
    }

    fn text<L>(
        &self,
        ctx: &Context<'_, L>,
        frame: &Frame<'_>,
        from: PersonId,
        lines: &[CheckLine],
    ) -> String {
        let owners = self.items.iter().filter_map(|i| i.next_owner);
        let to = self.to.map(|to| ctx.name(to));
        let sheet = HandoverSheet {
            site: &frame.site.name,
            zone: frame.zone,
            date: self.shift.date,
            shift: &frame.shift.name,
            from: &ctx.name(from),
            to: to.as_deref(),
            items: &self.items,
            lines,
            silent: &self.silent,
            names: &owners.map(|owner| (owner, ctx.name(owner))).collect(),
            frozen_at: ctx.now,
        };
        handover_text(&sheet, ctx.locale)
    }

    fn frozen_items<L: Lookup>(
        &self,
        ctx: &Context<'_, L>,
    ) -> Result<Vec<FrozenItem>, CaptureError<L::Error>> {
        let mut frozen = BTreeMap::new();
        for item in &self.items {
            if let Entry::Vacant(place) = frozen.entry(item.record) {
                let state = ctx.record(item.record)?;
                let kind = state.summary.kind.unwrap_or_else(|| kind_of(&item.subject)).code();
                place.insert(FrozenItem { record: item.record, kind, view: view_hash(&state) });
            }
        }
        Ok(frozen.into_values().collect())
    }

    fn document<L>(
        &self,
        ctx: &Context<'_, L>,
        frame: &Frame<'_>,
        from: PersonId,
        items: Vec<FrozenItem>,
        text: Digest,
    ) -> Result<HandoverDocument, Rejection> {
        let mut heads = self.heads.clone();
        heads.sort_unstable();
        heads.dedup();
        let open = self.items.iter().filter_map(|item| {
            let summary = subject_text(&item.subject, frame.zone, ctx.locale);
            item.next_owner.map(|next_owner| OpenItem { record: item.record, summary, next_owner })
        });
        let gaps = self.silent.iter().map(|phone| Entered(phone.name.clone()).text());
        Ok(HandoverDocument {
            org: ctx.org,
            site: ctx.site,
            record: self.record,
            date: self.shift.date,
            shift: self.shift.key.clone(),
            from,
            to: self.to,
            heads,
            items,
            open: open.collect(),
            template: frame.checklist.map(|(id, list)| (id, list.version)).unwrap_or_default(),
            lang: ctx.locale.tag().to_owned(),
            text,
            gaps: gaps.collect::<Result<_, _>>()?,
            checkpoint: self.checkpoint,
            frozen_at: ctx.now,
        })
    }
}

impl<'c> Frame<'c> {
    fn of<L>(ctx: &Context<'c, L>, name: &ShiftName) -> Result<Self, Rejection> {
        let (site, zone) = ctx.site_and_zone()?;
        let unknown = || Rejection::NoSuchShift { date: name.date, key: name.key.clone() };
        let shift = site.shift(&name.key).ok_or_else(unknown)?;
        let missing = Rejection::NotHere { kind: RecordKind::Checklist };
        let checklist = match site.handover_checklist {
            Some(id) => Some((id, ctx.config.checklist(id).ok_or(missing)?)),
            None => None,
        };
        Ok(Self { site, zone, shift, checklist })
    }
}

/// What kind of record a subject is about, where nothing about the record itself is held.
const fn kind_of(subject: &Subject) -> RecordKind {
    match subject {
        Subject::Incident { .. } => RecordKind::Incident,
        Subject::Finding { .. } => RecordKind::Round,
        Subject::Round { .. } => RecordKind::RoundPlan,
        Subject::PostGap { .. } => RecordKind::Post,
        Subject::Conflict { kind: Some(kind), .. } => *kind,
        Subject::Conflict { kind: None, .. } | Subject::Watch { .. } | Subject::Resource { .. } => {
            RecordKind::Handover
        }
    }
}
