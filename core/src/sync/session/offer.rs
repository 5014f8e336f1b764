//! What to push: segments that no receipt covers, oldest first, each once in a session unless the server asks again.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{ChainId, Digest, Seq};
use crate::log::{Holdings, Segment, Unsent};
use crate::sync::frame::{Fit, FrameWriter, MAX_UNPACKED, Signatures};

/// Bytes of a frame that is pushed; with the rest of the message it stays below 256 KiB.
const MAX_WIRE: usize = 252 << 10;
/// Packed bytes that one chain is asked for at a time.
const BATCH: usize = 512 << 10;

/// A segment that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) chain: ChainId,
    pub(super) first: Seq,
    pub(super) last: Seq,
    pub(super) id: Digest,
    pub(super) prev: Digest,
}

/// What of the unsent was offered in this session.
#[derive(Debug, Default)]
pub(super) struct Offers {
    /// Of each chain: after which segment to go on, if not after what is confirmed.
    after: BTreeMap<ChainId, Option<Digest>>,
    offered: BTreeSet<Digest>,
    /// Chains that cannot go on now.
    stuck: BTreeSet<ChainId>,
    /// How often the server asked again for a stretch.
    asked: BTreeMap<(ChainId, Seq), u32>,
}

/// A frame to push, and a segment that no frame can carry, if that is what comes next.
#[derive(Debug, Default)]
pub(super) struct Push {
    pub(super) frame: Vec<u8>,
    pub(super) sent: Vec<Sent>,
    pub(super) too_large: Option<Sent>,
}

impl Offers {
    /// The next push of at most so many segments.
    pub(super) fn gather<H: Holdings>(&self, holdings: &H, max: usize) -> Result<Push, H::Error> {
        let mut segments = Vec::new();
        let mut bytes = 0;
        for unsent in holdings.unsent()?.iter().filter(|u| !self.stuck.contains(&u.chain)) {
            if segments.len() >= max || bytes >= BATCH {
                break;
            }
            let batch = self.batch(holdings, unsent)?;
            bytes += batch.iter().flat_map(|s| &s.entries).map(Vec::len).sum::<usize>();
            segments.extend(batch);
        }
        Ok(fill(&segments, max))
    }

    /// What comes next of one chain, up to a segment that carries its signature.
    fn batch<H: Holdings>(&self, holdings: &H, unsent: &Unsent) -> Result<Vec<Segment>, H::Error> {
        let confirmed = unsent.confirmed.map(|head| head.segment);
        let mut after = self.after.get(&unsent.chain).copied().unwrap_or(confirmed);
        let mut bytes = BATCH;
        // After one tip of a forked chain come the other branches, and after theirs the first again.
        let mut passed = BTreeSet::new();
        while passed.insert((after, bytes)) {
            let batch = holdings.segments_after(unsent.chain, after, bytes)?;
            let new = |s: &Segment| !self.offered.contains(&s.header.id());
            let signed = batch.iter().rposition(|s| s.signature.is_some() && new(s));
            if let Some(last) = signed {
                return Ok(batch.into_iter().take(last + 1).filter(new).collect());
            }
            if batch.iter().any(new) && bytes < MAX_UNPACKED {
                bytes *= 4;
            } else if let Some(newest) = batch.last() {
                after = Some(newest.header.id());
            }
        }
        Ok(Vec::new())
    }

    /// Remembers what was sent.
    pub(super) fn sent(&mut self, sent: &[Sent]) {
        for segment in sent {
            self.offered.insert(segment.id);
            self.after.insert(segment.chain, Some(segment.id));
        }
    }

    /// It never arrived, or is to be sent again in smaller pieces.
    pub(super) fn unsend(&mut self, sent: &[Sent]) {
        for segment in sent {
            self.offered.remove(&segment.id);
            self.after.remove(&segment.chain);
        }
    }

    /// The chain goes on after another segment.
    pub(super) fn resume(&mut self, chain: ChainId, after: Option<Digest>, again: &[Digest]) {
        self.after.insert(chain, after);
        self.offered.retain(|id| !again.contains(id));
    }

    /// Counts how often the server asked for a stretch again.
    pub(super) fn asked(&mut self, chain: ChainId, seq: Seq) -> u32 {
        let times = self.asked.entry((chain, seq)).or_default();
        *times += 1;
        *times
    }

    pub(super) fn give_up(&mut self, chain: ChainId) {
        self.stuck.insert(chain);
    }
}

/// As many of the segments as fit a push, and no run without its signature.
fn fill(segments: &[Segment], max: usize) -> Push {
    let mut take = segments.len().min(max.max(1));
    loop {
        // Cut back to a signature; if there is none before, go on to the next one: a run cannot be cut.
        let signed = |n: &usize| segments[n - 1].signature.is_some();
        let end = (1..=take).rev().find(signed).or_else(|| (take + 1..=segments.len()).find(signed));
        let Some(end) = end else { return Push::default() };
        let mut writer = FrameWriter::new(Signatures::All, None);
        let fits = segments[..end].iter().take_while(|s| writer.segment(s) == Fit::Taken).count();
        let frame = writer.finish();
        let whole = fits == end && frame.len() <= MAX_WIRE;
        if whole {
            return Push { frame, sent: segments[..end].iter().map(sent).collect(), too_large: None };
        }
        if take == 1 || end > take {
            return Push { too_large: Some(sent(&segments[0])), ..Push::default() };
        }
        take = (end.min(fits) / 2).max(1);
    }
}

fn sent(segment: &Segment) -> Sent {
    let header = &segment.header;
    Sent { chain: header.chain, first: header.first, last: header.last(), id: header.id(), prev: header.prev }
}
