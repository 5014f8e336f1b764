//! The pure half of the server's side: what a request says once it is checked, and what an answer must carry.
//!
//! The server authenticates the request ([`super::auth`]), calls [`receive`], stores what is proven, and answers with
//! [`Answer::respond`]. It owns its database and its waiting; nothing here does.

use std::collections::{BTreeMap, BTreeSet};

use super::frame::{Fit, Frame, FrameError, FrameWriter, Signatures};
use super::message::{Outcome, OutcomeKind, Request, Response, ShortReceipt};
use super::verify::{Checked, opaque, verify};
use super::wire::WireError;
use crate::base::{ChainId, Digest, KeyId, Seq, SiteId};
use crate::log::{Certificate, Head, Receipt, SealError, Segment, SiteRoot, Trust};

/// Receipts, outcomes and heads in an answer. What is left unsaid is offered again, and said then.
const MAX_SAID: usize = 4_096;

/// A request, its segments checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// What was said and wanted.
    pub request: Request,
    /// Proven segments, in the order they were sent.
    pub segments: Vec<Segment>,
    /// Segments whose header is proven and whose entries are not those it speaks of: keep them aside.
    pub hollow: Vec<Segment>,
    /// What there is to say so far: what was refused, and which entries are opaque.
    pub outcomes: Vec<Outcome>,
    /// The identifiers of all that was offered, by chain and last number.
    pub offered: BTreeMap<(ChainId, Seq), Digest>,
}

/// Why a request as a whole could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The message.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The frame in it.
    #[error(transparent)]
    Frame(#[from] FrameError),
}

impl Unreadable {
    /// The stable code and the HTTP status it goes with.
    #[must_use]
    pub fn code(&self) -> (&'static str, u16) {
        match self {
            Self::Wire(WireError::Version(_)) => ("newer_version", 426),
            Self::Wire(WireError::Codec(crate::log::CodecError::TooDeep)) => ("too_deep", 400),
            Self::Wire(WireError::Codec(crate::log::CodecError::NotCanonical { .. })) => {
                ("not_canonical", 422)
            }
            Self::Wire(_) => ("bad_message", 400),
            Self::Frame(FrameError::TooLarge) => ("body_too_large_decompressed", 413),
            Self::Frame(FrameError::Version) => ("newer_version", 426),
            Self::Frame(error) => (error.code(), 422),
        }
    }
}

/// Reads and checks a request about a site. Certificates in it count if `trust` can prove them.
///
/// # Errors
/// [`Unreadable`]: nothing in it was taken.
pub fn receive(body: &[u8], site: SiteId, trust: &Trust) -> Result<Received, Unreadable> {
    let request = Request::from_bytes(body)?;
    let mut received = Received {
        segments: Vec::new(),
        hollow: Vec::new(),
        outcomes: Vec::new(),
        offered: BTreeMap::new(),
        request,
    };
    if !received.request.frame.is_empty() {
        let frame = Frame::decode(trust.org, site, &received.request.frame)?;
        let mut trust = trust.clone();
        for certificate in &frame.certificates {
            // One that proves nothing leaves its segments unproven, which is said of them.
            let _ = trust.add(certificate);
        }
        verify(frame.items, &trust).into_iter().for_each(|checked| received.take(checked));
    }
    Ok(received)
}

impl Received {
    fn take(&mut self, checked: Checked) {
        match checked {
            Checked::Good(segment) => {
                self.offer(&segment);
                if opaque(&segment) > 0 {
                    let (chain, kind) = (segment.header.chain, OutcomeKind::Opaque);
                    let (first, last) = (segment.header.first, segment.header.last());
                    self.outcomes.push(Outcome { chain, kind, first, last });
                }
                self.segments.push(*segment);
            }
            Checked::Hollow { segment, fault } => {
                self.offer(&segment);
                self.outcomes.push(fault.into());
                self.hollow.push(*segment);
            }
            Checked::Bad(fault) => self.outcomes.push(fault.into()),
            // Only the server says "you hold this".
            Checked::Held { .. } => {}
        }
    }

    fn offer(&mut self, segment: &Segment) {
        let header = &segment.header;
        self.offered.insert((header.chain, header.last()), header.id());
    }

    /// The chains that proven segments were offered of.
    #[must_use]
    pub fn chains(&self) -> BTreeSet<ChainId> {
        self.segments.iter().chain(&self.hollow).map(|s| s.header.chain).collect()
    }

    /// From which position the answer's frame should go on, if the phone stands on the server's own history.
    #[must_use]
    pub fn wants_from(&self) -> u64 {
        self.request.from.unwrap_or(self.request.position)
    }
}

/// A stretch of the site's log, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The frame; empty if it has no items.
    pub frame: Vec<u8>,
    /// The position after its last item.
    pub end: u64,
}

/// Puts rows of the site's log, from the position that [`Received::wants_from`] names, into a page, as many as fit.
///
/// A segment sealed under `asker` is only mentioned, unless the phone wants it whole. The certificate of a device goes with the
/// start of its chain, or whenever the phone asks for certificates; `trust` has them.
pub fn page<'s>(
    received: &Received,
    asker: KeyId,
    trust: &Trust,
    rows: impl IntoIterator<Item = &'s Segment>,
) -> Page {
    let rows: Vec<&Segment> = rows.into_iter().collect();
    let (frame, taken) = fill(received, asker, trust, &rows);
    let whole = proven(&rows[..taken]);
    // A page that would end in the middle of a run ends before it; a run longer than a page has to be cut.
    let (frame, taken) = if (1..taken).contains(&whole) {
        fill(received, asker, trust, &rows[..whole])
    } else {
        (frame, taken)
    };
    Page { frame, end: received.wants_from() + taken as u64 }
}

/// How many of the segments come before the first that lacks a signature and is named by none of those after it.
fn proven(rows: &[&Segment]) -> usize {
    let mut named = BTreeSet::new();
    let mut end = rows.len();
    for (at, segment) in rows.iter().enumerate().rev() {
        let header = &segment.header;
        let proven = segment.signature.is_some() || named.contains(&(segment.key, header.chain, header.id()));
        if proven {
            named.insert((segment.key, header.chain, header.prev));
        } else {
            end = at;
        }
    }
    end
}

/// Fills a frame; says how many segments it took.
fn fill(received: &Received, asker: KeyId, trust: &Trust, rows: &[&Segment]) -> (Vec<u8>, usize) {
    let (request, start) = (&received.request, received.wants_from());
    let signatures = if request.wishes.signatures { Signatures::All } else { Signatures::Runs };
    let max = usize::try_from(request.max_unpacked).unwrap_or(usize::MAX);
    let mut writer = FrameWriter::new(signatures, Some(start)).limit(max);
    let put = |segment: &&Segment| {
        let header = &segment.header;
        if segment.key == asker && !request.wishes.whole {
            return writer.held(header.chain, header.first, header.count);
        }
        if request.wishes.certificates || header.first == 1 {
            certify(&mut writer, segment.key, trust);
        }
        writer.segment(segment)
    };
    let taken = rows.iter().map(put).take_while(|fit| *fit == Fit::Taken).count();
    (if taken == 0 { Vec::new() } else { writer.finish() }, taken)
}

/// Adds a device's certificate after those it hangs on.
fn certify(writer: &mut FrameWriter, key: KeyId, trust: &Trust) {
    let mut line: Vec<&Certificate> = Vec::new();
    let mut at = trust.get(key);
    while let Some(certificate) = at.filter(|_| line.len() < 4) {
        line.push(certificate);
        at = trust.get(certificate.issuer);
    }
    for certificate in line.iter().rev() {
        // Without room for it the phone asks for certificates, and gets a shorter page.
        let _ = writer.certificate(&certificate.bytes);
    }
}

/// Whether the request speaks of another epoch than the server's; 0 speaks of none.
fn is_over(request: &Request, epoch: u32) -> bool {
    request.epoch != epoch && request.epoch != 0
}

/// What the server knows when it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its epoch.
    pub epoch: u32,
    /// Its clock, ms.
    pub time: i64,
    /// What the phone's next request is to sign.
    pub nonce: [u8; 8],
    /// The site's log now.
    pub now: SiteRoot,
    /// The site's log at the end of the page (at the phone's position if there is none).
    pub end: SiteRoot,
    /// The page.
    pub page: Option<Page>,
    /// Receipts with their envelopes.
    pub receipts: Vec<(Receipt, Vec<u8>)>,
    /// What storing led to, beyond [`Received::outcomes`].
    pub outcomes: Vec<Outcome>,
    /// Heads of the chains with a gap; of all chains if [`Answer::wants_heads`].
    pub heads: Vec<(ChainId, Head)>,
    /// Up to which position a backup has everything.
    pub backup: Option<u64>,
    /// What is left of the log the phone holds, if its epoch is over: the smaller of its position and of every restore's size
    /// since, with the root there.
    pub restored: Option<SiteRoot>,
}

impl Answer {
    /// Whether the answer must name the heads of all chains.
    #[must_use]
    pub fn wants_heads(epoch: u32, request: &Request) -> bool {
        request.wishes.heads || is_over(request, epoch)
    }

    /// The root that must be signed in a checkpoint for this answer, if one must: the end of a page that no receipt covers, the
    /// present after a restore, or the phone's own position where it contradicts.
    #[must_use]
    pub fn unsigned(&self, received: &Received) -> Option<SiteRoot> {
        let request = &received.request;
        let covered = self.receipts.iter().any(|(receipt, _)| receipt.log == self.end);
        let moved = self.page.as_ref().is_some_and(|page| !page.frame.is_empty());
        let contradicts = self.end.size == request.position && self.end.root.mark() != request.mark;
        if is_over(request, self.epoch) || self.now.size < request.position {
            return Some(self.now);
        }
        (contradicts || moved && !covered).then_some(self.end)
    }

    /// The response; `checkpoint` is the envelope for the root that [`Self::unsigned`] names.
    ///
    /// # Errors
    /// [`SealError`] if a receipt's envelope is not one.
    pub fn respond(self, received: &Received, checkpoint: Option<Vec<u8>>) -> Result<Response, SealError> {
        let shorten = |(receipt, bytes): &(Receipt, Vec<u8>)| {
            let offered = received.offered.get(&(receipt.chain, receipt.head.seq));
            let offered = offered == Some(&receipt.head.segment);
            ShortReceipt::shorten(receipt, bytes, offered, self.end)
        };
        Ok(Response {
            epoch: self.epoch,
            time: self.time,
            nonce: self.nonce,
            size: self.now.size,
            checkpoint,
            receipts: self.receipts.iter().take(MAX_SAID).map(shorten).collect::<Result<_, _>>()?,
            outcomes: received.outcomes.iter().copied().chain(self.outcomes).take(MAX_SAID).collect(),
            heads: self.heads.into_iter().take(MAX_SAID).collect(),
            backup: self.backup,
            restored: self.restored,
            frame: self.page.map(|page| page.frame).unwrap_or_default(),
        })
    }
}
