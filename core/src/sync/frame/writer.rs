//! Writing a frame.

use std::collections::BTreeMap;

use super::columns::Columns;
use super::line::{Line, form};
use super::planes::write_bytes;
use super::squeeze::squeeze;
use super::{
    MAX_CERTIFICATES, MAX_EXPANDED, MAX_ITEMS, MAX_LINES, MAX_UNPACKED, SIGN_EVERY, VERSION, header,
};
use crate::base::{ChainId, Digest, KeyId, Seq};
use crate::log::pack::{self, pack_columns, put, put_signed};
use crate::log::{Entry, Segment, Signature, merkle};

/// zstd's level: what it saves over 3 is worth more on a weak link than the time it takes.
const LEVEL: i32 = 9;
/// More than the bytes that a frame's fixed parts and the lengths of its columns take.
const FIXED: usize = 512;

/// Which signatures a frame carries, of those its segments have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signatures {
    /// All: what is pushed, and what is asked for again.
    All,
    /// The newest of each run and one in every [`SIGN_EVERY`] bytes: history.
    Runs,
}

/// Whether something was taken into a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Fit {
    /// It was.
    Taken,
    /// It was not: the frame is full. An empty frame is full only for a segment that no frame can carry.
    Full,
}

/// A frame being put together.
#[derive(Debug)]
pub struct FrameWriter {
    signatures: Signatures,
    start: Option<u64>,
    max_unpacked: usize,
    expanded: usize,
    items: usize,
    certificates: Vec<Vec<u8>>,
    lines: Vec<Line>,
    index: BTreeMap<(ChainId, KeyId), usize>,
    columns: Columns,
    segments: Vec<Placed>,
}

/// What [`FrameWriter::finish`] still has to know of a segment.
#[derive(Debug)]
struct Placed {
    line: usize,
    mask: u64,
    id: Digest,
    prev: Digest,
    size: usize,
    signature: Option<Signature>,
}

impl FrameWriter {
    /// An empty frame; `start` is the position of its first item, if it is a stretch of the site's log.
    #[must_use]
    pub fn new(signatures: Signatures, start: Option<u64>) -> Self {
        Self {
            signatures,
            start,
            max_unpacked: MAX_UNPACKED,
            expanded: 0,
            items: 0,
            certificates: Vec::new(),
            lines: Vec::new(),
            index: BTreeMap::new(),
            columns: Columns::default(),
            segments: Vec::new(),
        }
    }

    /// Takes nothing beyond so many unpacked bytes, save for the first segment.
    #[must_use]
    pub fn limit(mut self, max_unpacked: usize) -> Self {
        self.max_unpacked = max_unpacked.min(MAX_UNPACKED);
        self
    }

    /// How many items it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items
    }

    /// Whether it has no items.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items == 0
    }

    /// Adds a certificate; issuers must come before those they issued. Adding one twice is harmless.
    pub fn certificate(&mut self, bytes: &[u8]) -> Fit {
        if self.certificates.iter().any(|c| c == bytes) {
            return Fit::Taken;
        }
        if self.certificates.len() == MAX_CERTIFICATES {
            return Fit::Full;
        }
        self.certificates.push(bytes.to_vec());
        Fit::Taken
    }

    /// Adds a segment.
    pub fn segment(&mut self, segment: &Segment) -> Fit {
        let expanded = segment.entries.iter().map(Vec::len).sum::<usize>();
        if self.items == MAX_ITEMS || self.expanded + expanded > MAX_EXPANDED {
            return Fit::Full;
        }
        let Some(at) = self.line(segment.header.chain, segment.key) else { return Fit::Full };
        let (mark, before) = (self.columns.lens(), self.lines[at].clone());
        let placed = self.place(at, segment);
        let max = if self.items == 0 { MAX_UNPACKED } else { self.max_unpacked };
        if self.unpacked() > max {
            self.columns.truncate(mark);
            self.lines[at] = before;
            return Fit::Full;
        }
        self.expanded += expanded;
        self.items += 1;
        self.segments.push(placed);
        Fit::Taken
    }

    /// Adds a segment that the receiver holds.
    pub fn held(&mut self, chain: ChainId, first: Seq, count: u32) -> Fit {
        if self.items == MAX_ITEMS {
            return Fit::Full;
        }
        let known = self.lines.iter().position(|line| line.chain == chain);
        let Some(at) = known.or_else(|| self.line(chain, KeyId::default())) else { return Fit::Full };
        let line = &mut self.lines[at];
        put(&mut self.columns.line, at as u64 * 2 + 1);
        put_signed(&mut self.columns.first, first.wrapping_sub(line.next).cast_signed());
        put(&mut self.columns.count, count.into());
        line.skip(first, count);
        self.items += 1;
        Fit::Taken
    }

    fn line(&mut self, chain: ChainId, key: KeyId) -> Option<usize> {
        let next = self.lines.len();
        let at = *self.index.entry((chain, key)).or_insert(next);
        if at == next {
            if next == MAX_LINES {
                self.index.remove(&(chain, key));
                return None;
            }
            self.lines.push(Line::new(chain, key));
        }
        Some(at)
    }

    /// Writes a segment's columns and moves its line on.
    fn place(&mut self, at: usize, segment: &Segment) -> Placed {
        let (line, columns) = (&mut self.lines[at], &mut self.columns);
        let before = columns.len();
        let header = &segment.header;
        let root = merkle::root(&segment.leaves()) != header.root;
        let mut mask = header::differences(line, header, root);
        put(&mut columns.line, at as u64 * 2);
        match understood(segment) {
            Some(entries) => {
                header::write(columns, line, header, mask);
                pack_columns(frame_of(segment), &entries, &mut columns.entries);
                line.follow(header, entries.last().map_or(header.clock.wall, |e| e.at));
            }
            None => {
                mask |= form::RAW;
                header::write(columns, line, header, mask);
                put(&mut columns.raw, segment.entries.len() as u64);
                segment.entries.iter().for_each(|entry| write_bytes(&mut columns.raw, entry));
                line.follow(header, header.clock.wall);
            }
        }
        Placed {
            line: at,
            mask,
            id: header.id(),
            prev: header.prev,
            size: columns.len() - before,
            signature: segment.signature,
        }
    }

    /// How many bytes the frame has before it is compressed, give or take a few; never fewer than it will have.
    fn unpacked(&self) -> usize {
        let certificates = self.certificates.iter().map(|c| c.len() + 3).sum::<usize>();
        let signatures = (self.segments.len() + 1) * 66;
        FIXED + certificates + self.lines.len() * 24 + self.columns.len() + signatures
    }

    /// The frame's bytes.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        let signed = self.signed();
        for (placed, signed) in self.segments.iter().zip(signed) {
            let signature = placed.signature.filter(|_| signed);
            let bit = if signature.is_some() { form::SIGNED } else { 0 };
            put(&mut self.columns.form, placed.mask | bit);
            self.columns.signatures.extend(signature.iter().flat_map(|s| s.0));
        }
        let mut body = vec![VERSION];
        put(&mut body, self.start.map_or(0, |start| start + 1));
        put(&mut body, self.certificates.len() as u64);
        self.certificates.iter().for_each(|c| write_bytes(&mut body, c));
        put(&mut body, self.lines.len() as u64);
        for line in &self.lines {
            body.extend_from_slice(&line.chain.0);
            body.extend_from_slice(&line.key.0);
        }
        self.columns.write(&mut body);
        squeeze(&body, LEVEL)
    }

    /// Which segments carry their signature.
    fn signed(&self) -> Vec<bool> {
        // Of every segment that a later one of its line names: how many bytes lie between it and the next signature.
        let mut named: BTreeMap<(usize, Digest), usize> = BTreeMap::new();
        let mut signed: Vec<bool> = Vec::with_capacity(self.segments.len());
        for placed in self.segments.iter().rev() {
            let since = match self.signatures {
                Signatures::All => None,
                Signatures::Runs => named.get(&(placed.line, placed.id)).copied(),
            };
            let leave_out = since.is_some_and(|since| since + placed.size <= SIGN_EVERY);
            let since = if leave_out { since.unwrap_or(0) } else { 0 } + placed.size;
            named.insert((placed.line, placed.prev), since);
            signed.push(!leave_out);
        }
        signed.reverse();
        signed
    }
}

pub(super) fn frame_of(segment: &Segment) -> pack::Frame {
    let header = &segment.header;
    pack::Frame { chain: header.chain, first: header.first, wall: header.clock.wall, boot: header.clock.boot }
}

/// The entries, if packing and unpacking gives the same bytes again: all that this version wrote or understands.
fn understood(segment: &Segment) -> Option<Vec<Entry>> {
    let matches = |(bytes, seq): (&Vec<u8>, Seq)| {
        let entry = Entry::from_bytes(bytes).ok()?;
        let plain = entry.beyond.is_empty() && entry.within_limits();
        (entry.seq == seq && plain && &entry.to_bytes() == bytes).then_some(entry)
    };
    let counted = segment.entries.len() == segment.header.count as usize;
    segment.entries.iter().zip(segment.header.first..).map(matches).collect::<Option<_>>().filter(|_| counted)
}
