//! The segment, `docs/log-format.md` section 4: a run of entries under one signature of the device.

use super::certificate::{Certificate, Role};
use super::codec::{CodecError, Reader, Writer};
use super::entries::Entries;
use super::entry::Entry;
use super::merkle::{Head, SiteRoot};
use super::op::check_ops;
use super::seal::{Envelope, EnvelopeKind, SealError, Signature};
use crate::base::{BootId, ChainId, Digest, Hasher, KeyId, Millis, OrgId, Seq, ServerSample, SiteId, Value};

/// Entries in a segment.
pub const MAX_SEGMENT: usize = 256;
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

/// A sealed run of entries: all that ever leaves a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// What the entries share.
    pub header: Header,
    /// Which key signed.
    pub key: KeyId,
    /// The device's signature; absent inside a run whose newest segment carries one.
    pub signature: Option<Signature>,
    /// The entries.
    pub entries: Entries,
}

/// Why a segment was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SegmentError {
    /// Its entries do not have the header's root, number or count.
    #[error("the entries do not match what was signed")]
    BadBody,
    /// It belongs to another site, organisation or device.
    #[error("the segment belongs elsewhere: {0}")]
    Elsewhere(&'static str),
    /// Its header or an entry has the wrong form.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// Its envelope is wrong.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl SegmentError {
    /// The stable code of the refusal, `docs/log-format.md` section 9.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadBody | Self::Elsewhere(_) => "bad_segment",
            Self::Codec(error) => error.code(),
            Self::Seal(error) => error.code(),
        }
    }
}

impl Segment {
    /// Seals entries under a header whose `count` and `root` it fills in.
    ///
    /// # Errors
    /// Whatever `sign` fails with.
    pub fn seal<E>(
        mut header: Header,
        key: KeyId,
        entries: Vec<Vec<u8>>,
        sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
    ) -> Result<Self, E> {
        let entries = Entries::from(entries);
        header.count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        header.root = entries.root();
        let envelope = Envelope::seal(EnvelopeKind::Segment, header.org, key, header.to_bytes(), sign)?;
        Ok(Self { header, key, signature: Some(envelope.signature), entries })
    }

    /// The envelope, if the segment carries its signature.
    #[must_use]
    pub fn envelope(&self) -> Option<Envelope> {
        Some(Envelope {
            kind: EnvelopeKind::Segment,
            key: self.key,
            payload: self.header.to_bytes(),
            signature: self.signature?,
        })
    }

    /// From an envelope and the entries' bytes; nothing is verified yet.
    ///
    /// # Errors
    /// [`SegmentError`] if the envelope or header has the wrong form.
    pub fn parse(envelope: &[u8], entries: Vec<Vec<u8>>) -> Result<Self, SegmentError> {
        let envelope = Envelope::parse(EnvelopeKind::Segment, envelope)?;
        let header = Header::from_bytes(&envelope.payload)?;
        Ok(Self { header, key: envelope.key, signature: Some(envelope.signature), entries: entries.into() })
    }

    /// Checks that the entries are those of the header: count, root, canonical form, numbers and limits, and that their operations
    /// are well-formed as far as this version knows them.
    ///
    /// # Errors
    /// [`SegmentError::BadBody`] or the codec's error.
    pub fn check_body(&self) -> Result<(), SegmentError> {
        let header = &self.header;
        if self.entries.len() != header.count as usize || self.entries.root() != header.root {
            return Err(SegmentError::BadBody);
        }
        for (entry, seq) in self.entries.decoded()?.iter().zip(header.first..) {
            if entry.seq != seq || !entry.within_limits() {
                return Err(SegmentError::BadBody);
            }
            check_ops(&entry.ops, entry.records.len())?;
        }
        Ok(())
    }

    /// Checks that a device of this site may have sealed it, leaving the signature itself aside: for a segment that a proven one names as the
    /// one before.
    ///
    /// # Errors
    /// [`SegmentError`]
    pub fn check_place(&self, org: OrgId, site: SiteId, device: &Certificate) -> Result<(), SegmentError> {
        if self.header.org != org || self.header.site != site {
            return Err(SegmentError::Elsewhere("another site"));
        }
        if !matches!(device.claims.role, Role::Phone | Role::Headquarters) {
            return Err(SealError::NotCertified("only devices seal segments").into());
        }
        if device.claims.site != Some(site) {
            return Err(SegmentError::Elsewhere("a device of another site"));
        }
        if device.id() != self.key {
            return Err(SealError::BadEnvelope("under another device's key").into());
        }
        Ok(())
    }

    /// Checks that the device of this certificate sealed the header, for this organisation and site.
    ///
    /// # Errors
    /// [`SegmentError`]; a missing signature is [`SealError::BadSignature`].
    pub fn check_seal(&self, org: OrgId, site: SiteId, device: &Certificate) -> Result<(), SegmentError> {
        self.check_place(org, site, device)?;
        let envelope = self.envelope().ok_or(SealError::BadSignature)?;
        Ok(envelope.verify(org, &device.claims.key)?)
    }

    /// The entries, decoded.
    ///
    /// # Errors
    /// [`CodecError`]
    pub fn decode(&self) -> Result<Vec<Entry>, CodecError> {
        self.entries.decoded().map(<[Entry]>::to_vec)
    }

    /// The entries' leaves.
    #[must_use]
    pub fn leaves(&self) -> Vec<Digest> {
        self.entries.leaves().to_vec()
    }
}
