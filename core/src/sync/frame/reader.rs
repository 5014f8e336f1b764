//! Reading a frame. Every count is bounded before anything is allocated for it.

use super::columns::{Columns, Cursors};
use super::line::{Line, form};
use super::planes::read_bytes;
use super::squeeze::{Unsqueeze, unsqueeze};
use super::writer::frame_of;
use super::{
    Frame, FrameError, Item, MAX_CERTIFICATES, MAX_EXPANDED, MAX_ITEMS, MAX_LINES, MAX_UNPACKED, VERSION,
    header,
};
use crate::base::{ChainId, KeyId, Millis, OrgId, SiteId};
use crate::log::pack::{Cursor, PackError, unpack_columns};
use crate::log::{Entries, MAX_SEGMENT, Segment, Signature};

impl Frame {
    /// Reads a frame of a site, however hostile; nothing is verified yet.
    ///
    /// # Errors
    /// [`FrameError`]
    pub fn decode(org: OrgId, site: SiteId, bytes: &[u8]) -> Result<Self, FrameError> {
        let body = unsqueeze(bytes, MAX_UNPACKED).map_err(|error| match error {
            Unsqueeze::TooLarge => FrameError::TooLarge,
            Unsqueeze::Damaged => FrameError::Damaged("not a compressed stream"),
        })?;
        let mut body = Cursor(&body);
        if body.fixed()? != [VERSION] {
            return Err(FrameError::Version);
        }
        let start = header::number(&mut body)?.checked_sub(1);
        let certificates =
            read_list(&mut body, MAX_CERTIFICATES, |body| read_bytes(body).map(|bytes| bytes.0.to_vec()))?;
        let lines = read_list(&mut body, MAX_LINES, |body| {
            Ok(Line::new(ChainId(body.fixed()?), KeyId(body.fixed()?)))
        })?;
        let columns = Columns::read(&mut body)?;
        let mut reader = Reader { org, site, lines, cursors: columns.cursors(), expanded: 0 };
        let items = reader.items()?;
        reader.cursors.done()?;
        Ok(Self { start, certificates, items })
    }
}

fn read_list<'b, T>(
    body: &mut Cursor<'b>,
    max: usize,
    read: impl Fn(&mut Cursor<'b>) -> Result<T, PackError>,
) -> Result<Vec<T>, PackError> {
    let count = body.len()?;
    if count > max {
        return Err(PackError("a table that is too long"));
    }
    (0..count).map(|_| read(body)).collect()
}

struct Reader<'c> {
    org: OrgId,
    site: SiteId,
    lines: Vec<Line>,
    cursors: Cursors<'c>,
    expanded: usize,
}

impl Reader<'_> {
    fn items(&mut self) -> Result<Vec<Item>, FrameError> {
        let mut items = Vec::new();
        while !self.cursors.line.0.is_empty() {
            if items.len() == MAX_ITEMS {
                return Err(FrameError::TooLarge);
            }
            let tag = self.cursors.line.varint()?;
            let at = usize::try_from(tag >> 1).map_err(|_| PackError("a line out of range"))?;
            if at >= self.lines.len() {
                return Err(PackError("a line out of range").into());
            }
            items.push(if tag & 1 == 0 { self.segment(at)? } else { self.held(at)? });
        }
        Ok(items)
    }

    fn held(&mut self, at: usize) -> Result<Item, FrameError> {
        let line = &mut self.lines[at];
        let first = line.next.wrapping_add(self.cursors.first.signed()?.cast_unsigned());
        let count = u32::try_from(self.cursors.count.varint()?).unwrap_or(0);
        let ends = first.checked_add(count.into()).is_some_and(|end| i64::try_from(end).is_ok());
        if first == 0 || count == 0 || count as usize > MAX_SEGMENT || !ends {
            return Err(PackError("a held segment out of range").into());
        }
        line.skip(first, count);
        Ok(Item::Held { chain: line.chain, first, count })
    }

    fn segment(&mut self, at: usize) -> Result<Item, FrameError> {
        let line = &self.lines[at];
        let (header, mask) = header::read(&mut self.cursors, line, self.org, self.site)?;
        let signature = match mask & form::SIGNED {
            0 => None,
            _ => Some(Signature(self.cursors.signatures.fixed()?)),
        };
        let mut segment = Segment { header, key: line.key, signature, entries: Entries::default() };
        let last_at = self.entries(&mut segment, mask & form::RAW != 0)?;
        if mask & form::ROOT == 0 {
            segment.header.root = segment.entries.root();
        }
        self.lines[at].follow(&segment.header, last_at);
        Ok(Item::Segment(Box::new(segment)))
    }

    /// Expands the segment's entries; returns the claimed time of the last.
    fn entries(&mut self, segment: &mut Segment, raw: bool) -> Result<Millis, FrameError> {
        let wall = segment.header.clock.wall;
        if raw {
            let column = &mut self.cursors.raw;
            segment.entries = read_list(column, MAX_SEGMENT, |c| read_bytes(c).map(|b| b.0.to_vec()))?.into();
            self.expand(segment)?;
            return Ok(wall);
        }
        let entries = unpack_columns(frame_of(segment), segment.header.count, &mut self.cursors.entries)?;
        let last_at = entries.last().map_or(wall, |entry| entry.at);
        segment.entries = entries.into();
        self.expand(segment)?;
        Ok(last_at)
    }

    fn expand(&mut self, segment: &Segment) -> Result<(), FrameError> {
        self.expanded += segment.entries.size();
        if self.expanded > MAX_EXPANDED { Err(FrameError::TooLarge) } else { Ok(()) }
    }
}
