//! The header of a segment, `docs/log-format.md` section 4: what its entries share, and what is signed.

use super::certificate::Certificate;
use super::codec::{CodecError, Reader, Writer};
use super::merkle::{Head, SiteRoot};
use super::segment::MAX_SEGMENT;
use crate::base::{BootId, ChainId, Digest, Hasher, Millis, OrgId, Seq, ServerSample, SiteId, Value};

/// Heads a segment may name.
pub const MAX_SEEN: usize = 32;

/// How far the claimed time can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quality {
    /// A: compared with the server since the last boot.
    Sampled,
    /// B: rebooted since the comparison.
    Rebooted,
    /// C: the wall clock was moved.
    Moved,
    /// D: never compared.
    Unchecked,
}

impl Quality {
    const ALL: [Self; 4] = [Self::Sampled, Self::Rebooted, Self::Moved, Self::Unchecked];
}

/// What the clocks said at a segment's first entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockEvidence {
    /// The wall clock.
    pub wall: Millis,
    /// Its zone, minutes east of UTC.
    pub zone: i32,
    /// The hybrid clock, physical part. Orders display only.
    pub hlc: Millis,
    /// The hybrid clock, counter.
    pub hlc_counter: u32,
    /// Milliseconds since boot.
    pub mono: i64,
    /// The boot.
    pub boot: BootId,
    /// How far to trust it.
    pub quality: Quality,
    /// The last comparison with the server.
    pub sample: Option<ServerSample>,
}

/// The HQ entry up to which the author had folded the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConfigCite {
    /// HQ's chain.
    pub chain: ChainId,
    /// The number in it.
    pub seq: Seq,
}

/// What a segment's entries share, and what is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The organisation.
    pub org: OrgId,
    /// The site.
    pub site: SiteId,
    /// The chain.
    pub chain: ChainId,
    /// The number of the first entry.
    pub first: Seq,
    /// How many entries.
    pub count: u32,
    /// The identifier of the chain's previous segment, see [`genesis`].
    pub prev: Digest,
    /// The clocks at the first entry.
    pub clock: ClockEvidence,
    /// The configuration the author acted under.
    pub config: Option<ConfigCite>,
    /// The newest site root whose prefix the phone had folded.
    pub checkpoint: Option<SiteRoot>,
    /// Heads held beyond that root, or on forked chains; sorted.
    pub seen: Vec<(ChainId, Head)>,
    /// The Merkle root over the entries.
    pub root: Digest,
    /// Members that a newer version appended.
    pub beyond: Vec<Value>,
}

/// What stands for "the previous segment" before a chain's first.
#[must_use]
pub fn genesis(device: &Certificate, site: SiteId, chain: ChainId) -> Digest {
    Hasher::tagged("dutylog/genesis/v1").with(&device.bytes).with(&site.0).with(&chain.0).finish()
}

impl Header {
    /// The number of the last entry.
    #[must_use]
    pub fn last(&self) -> Seq {
        self.first.saturating_add(Seq::from(self.count).saturating_sub(1))
    }

    /// The identifier, which leaves the signature out.
    #[must_use]
    pub fn id(&self) -> Digest {
        Digest::tagged("dutylog/segment-id/v1", &self.to_bytes())
    }

    /// The chain's head once this segment is appended.
    #[must_use]
    pub fn head(&self) -> Head {
        Head { seq: self.last(), segment: self.id() }
    }

    /// The canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(320 + 64 * self.seen.len());
        w.array(12 + self.beyond.len()).uint(1).bytes(&self.org.0).bytes(&self.site.0).bytes(&self.chain.0);
        w.uint(self.first).uint(self.count.into()).bytes(&self.prev.0);
        write_clock(&mut w, &self.clock);
        match &self.config {
            Some(cfg) => w.array(2).bytes(&cfg.chain.0).uint(cfg.seq),
            None => w.null(),
        };
        match &self.checkpoint {
            Some(at) => w.array(2).uint(at.size).bytes(&at.root.0),
            None => w.null(),
        };
        w.array(self.seen.len());
        for (chain, head) in &self.seen {
            w.array(3).bytes(&chain.0).uint(head.seq).bytes(&head.segment.0);
        }
        w.bytes(&self.root.0);
        self.beyond.iter().for_each(|value| {
            w.value(value);
        });
        w.finish()
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// [`CodecError`]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes)?;
        let beyond = r.at_least(12)?;
        if r.uint()? != 1 {
            return Err(CodecError::Shape { what: "a segment of version 1" });
        }
        let header = Self {
            org: OrgId(r.fixed()?),
            site: SiteId(r.fixed()?),
            chain: ChainId(r.fixed()?),
            first: r.seq()?,
            count: r.small()?,
            prev: Digest(r.fixed()?),
            clock: read_clock(&mut r)?,
            config: r.maybe(|r| {
                r.array(2)?;
                Ok(ConfigCite { chain: ChainId(r.fixed()?), seq: r.seq()? })
            })?,
            checkpoint: r.maybe(|r| {
                r.array(2)?;
                Ok(SiteRoot { size: r.uint()?, root: Digest(r.fixed()?) })
            })?,
            seen: r.list(|r| {
                r.array(3)?;
                Ok((ChainId(r.fixed()?), Head { seq: r.seq()?, segment: Digest(r.fixed()?) }))
            })?,
            root: Digest(r.fixed()?),
            beyond: r.beyond(beyond)?,
        };
        let counted = header.count >= 1 && header.count as usize <= MAX_SEGMENT;
        let last = counted && i64::try_from(header.last()).is_ok();
        let seen = header.seen.len() <= MAX_SEEN && header.seen.is_sorted_by(|a, b| a < b);
        match last && seen {
            true => Ok(header),
            false => Err(CodecError::Shape {
                what: "a segment of 1 to 256 entries, with at most 32 heads in order",
            }),
        }
    }
}

fn write_clock(w: &mut Writer, clock: &ClockEvidence) {
    w.array(8).int(clock.wall).int(clock.zone.into()).int(clock.hlc).uint(clock.hlc_counter.into());
    w.int(clock.mono).bytes(&clock.boot.0).uint(clock.quality as u64);
    match &clock.sample {
        Some(s) => w.array(4).int(s.server).int(s.mono).int(s.rtt).bytes(&s.boot.0),
        None => w.null(),
    };
}

fn read_clock(r: &mut Reader<'_>) -> Result<ClockEvidence, CodecError> {
    r.array(8)?;
    Ok(ClockEvidence {
        wall: r.int()?,
        zone: r.small()?,
        hlc: r.int()?,
        hlc_counter: r.small()?,
        mono: r.int()?,
        boot: BootId(r.fixed()?),
        quality: *Quality::ALL
            .get(r.small::<usize>()?)
            .ok_or(CodecError::Shape { what: "a clock quality this version knows" })?,
        sample: r.maybe(|r| {
            r.array(4)?;
            Ok(ServerSample { server: r.int()?, mono: r.int()?, rtt: r.int()?, boot: BootId(r.fixed()?) })
        })?,
    })
}
