//! The handover document, `docs/log-format.md` 6.1: its bytes, and reading them back.

use super::codec::{CodecError, Reader, Writer};
use super::merkle::{Head, SiteRoot};
use crate::base::{ChainId, Digest, Millis, OrgId, PersonId, RecordId, SiteId};
use crate::records::calendar::Date;

/// Members of the document that this version knows.
const MEMBERS: usize = 16;

/// A record as it was at the cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FrozenItem {
    /// The record.
    pub record: RecordId,
    /// The number of its kind.
    pub kind: u16,
    /// What it looked like (`capture::handover::view_hash`).
    pub view: Digest,
}

/// Something that is handed on to a named person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenItem {
    /// The record.
    pub record: RecordId,
    /// What it is, as shown.
    pub summary: String,
    /// Who takes it on.
    pub next_owner: PersonId,
}

/// What both leads sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoverDocument {
    /// The organisation.
    pub org: OrgId,
    /// The site.
    pub site: SiteId,
    /// The handover's record.
    pub record: RecordId,
    /// The day on which the outgoing shift started.
    pub date: Date,
    /// The outgoing shift's short name.
    pub shift: String,
    /// The outgoing lead.
    pub from: PersonId,
    /// The incoming lead; none if nobody is there.
    pub to: Option<PersonId>,
    /// The causal cut: the heads of the chains that were held, sorted, none twice.
    pub heads: Vec<(ChainId, Head)>,
    /// The records it is about, sorted, none twice.
    pub items: Vec<FrozenItem>,
    /// What is handed on to whom.
    pub open: Vec<OpenItem>,
    /// The checklist that was answered and its version; zeros if the site has none.
    pub template: (RecordId, u32),
    /// The language of the text.
    pub lang: String,
    /// The digest of the text that was shown.
    pub text: Digest,
    /// The phones whose records it may lack.
    pub gaps: Vec<String>,
    /// The newest site root whose prefix had been folded.
    pub checkpoint: Option<SiteRoot>,
    /// When it was frozen.
    pub frozen_at: Millis,
}

impl HandoverDocument {
    /// The digest that both leads sign.
    #[must_use]
    pub fn digest(bytes: &[u8]) -> Digest {
        Digest::tagged("dutylog/handover/v1", bytes)
    }

    /// The canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(MEMBERS).uint(1).bytes(&self.org.0).bytes(&self.site.0).bytes(&self.record.0);
        w.array(2).text(&self.date.to_string()).text(&self.shift);
        w.bytes(&self.from.0).maybe_bytes(self.to.as_ref().map(|p| &p.0[..]));
        w.array(self.heads.len());
        for (chain, head) in &self.heads {
            w.array(3).bytes(&chain.0).uint(head.seq).bytes(&head.segment.0);
        }
        w.array(self.items.len());
        for item in &self.items {
            w.array(3).bytes(&item.record.0).uint(item.kind.into()).bytes(&item.view.0);
        }
        w.array(self.open.len());
        for item in &self.open {
            w.array(3).bytes(&item.record.0).text(&item.summary).bytes(&item.next_owner.0);
        }
        self.write_shown(&mut w);
        w.finish()
    }

    fn write_shown(&self, w: &mut Writer) {
        w.array(2).bytes(&self.template.0.0).uint(self.template.1.into());
        w.text(&self.lang).bytes(&self.text.0).array(self.gaps.len());
        for gap in &self.gaps {
            w.text(gap);
        }
        match &self.checkpoint {
            Some(root) => w.array(2).uint(root.size).bytes(&root.root.0),
            None => w.null(),
        };
        w.int(self.frozen_at);
    }

    /// Reads canonical bytes. Members that a newer version appended are passed over; the digest covers them.
    ///
    /// # Errors
    /// [`CodecError`] if they are not canonical or not a handover document.
    pub fn parse(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes)?;
        r.at_least(MEMBERS as u64)?;
        if r.uint()? != 1 {
            return Err(CodecError::Shape { what: "a handover of version 1" });
        }
        let (org, site, record) = (OrgId(r.fixed()?), SiteId(r.fixed()?), RecordId(r.fixed()?));
        let (date, shift) = read_shift(&mut r)?;
        let document = Self {
            org,
            site,
            record,
            date,
            shift,
            from: PersonId(r.fixed()?),
            to: r.maybe(|r| r.fixed().map(PersonId))?,
            heads: r.list(read_head)?,
            items: r.list(read_item)?,
            open: r.list(read_open)?,
            template: read_template(&mut r)?,
            lang: r.text()?.to_owned(),
            text: Digest(r.fixed()?),
            gaps: r.list(|r| r.text().map(str::to_owned))?,
            checkpoint: r.maybe(read_root)?,
            frozen_at: r.int()?,
        };
        let ordered = document.heads.is_sorted_by(|a, b| a < b)
            && document.items.is_sorted_by(|a, b| a.record < b.record);
        if ordered { Ok(document) } else { Err(CodecError::Shape { what: "heads and items in order" }) }
    }
}

fn read_shift(r: &mut Reader<'_>) -> Result<(Date, String), CodecError> {
    r.array(2)?;
    let date = r.text()?.parse().map_err(|_| CodecError::Shape { what: "a day" })?;
    Ok((date, r.text()?.to_owned()))
}

fn read_head(r: &mut Reader<'_>) -> Result<(ChainId, Head), CodecError> {
    r.array(3)?;
    Ok((ChainId(r.fixed()?), Head { seq: r.uint()?, segment: Digest(r.fixed()?) }))
}

fn read_item(r: &mut Reader<'_>) -> Result<FrozenItem, CodecError> {
    r.array(3)?;
    Ok(FrozenItem { record: RecordId(r.fixed()?), kind: r.small()?, view: Digest(r.fixed()?) })
}

fn read_open(r: &mut Reader<'_>) -> Result<OpenItem, CodecError> {
    r.array(3)?;
    let (record, summary) = (RecordId(r.fixed()?), r.text()?.to_owned());
    Ok(OpenItem { record, summary, next_owner: PersonId(r.fixed()?) })
}

fn read_template(r: &mut Reader<'_>) -> Result<(RecordId, u32), CodecError> {
    r.array(2)?;
    Ok((RecordId(r.fixed()?), r.small()?))
}

fn read_root(r: &mut Reader<'_>) -> Result<SiteRoot, CodecError> {
    r.array(2)?;
    Ok(SiteRoot { size: r.uint()?, root: Digest(r.fixed()?) })
}
