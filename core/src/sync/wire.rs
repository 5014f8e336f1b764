//! The bytes of an exchange: `varint length ‖ canonical array ‖ frame`, `docs/sync-protocol.md` 2.
//!
//! Arrays may have more members than this version knows; those are skipped.

use super::message::{Nonce, OLDEST, Outcome, OutcomeKind, Request, Response, ShortReceipt, VERSION, Wishes};
use super::verify::Cause;
use crate::base::{ChainId, Digest, KeyId};
use crate::log::pack::{Cursor, put};
use crate::log::{CodecError, Head, Reader, Signature, SiteRoot, Writer};

/// Bytes of the array before the frame.
const MAX_HEAD: usize = 1 << 20;

/// Why a message could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Not a message of this protocol.
    #[error("not a message of this protocol")]
    Foreign,
    /// Of a version too old or too new to understand.
    #[error("a message of version {0}")]
    Version(u64),
    /// Not canonical, or not what this version expects.
    #[error(transparent)]
    Codec(#[from] CodecError),
}

impl Request {
    /// The request's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let wishes = &self.wishes;
        let flags = [wishes.whole, wishes.signatures, wishes.certificates, wishes.heads, self.told];
        let mut w = Writer::default();
        w.array(7).uint(VERSION).uint(self.epoch.into()).uint(self.position).bytes(&self.mark);
        maybe_uint(&mut w, self.from).uint(self.max_unpacked);
        w.uint(flags.iter().rev().fold(0, |bits, flag| bits << 1 | u64::from(*flag)));
        message(w, &self.frame)
    }

    /// Reads a request.
    ///
    /// # Errors
    /// [`WireError`]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let (head, frame) = split(bytes)?;
        let mut r = Reader::new(head)?;
        let members = open(&mut r, 7)?;
        let (epoch, position, mark) = (r.small()?, r.uint()?, r.fixed()?);
        let (from, max_unpacked, flags) = (r.maybe(Reader::uint)?, r.uint()?, r.uint()?);
        let (wishes, told) = (wishes(flags), flags >> 4 & 1 == 1);
        let request = Self { epoch, position, mark, from, max_unpacked, wishes, told, frame: frame.to_vec() };
        skip(&mut r, members - 7)?;
        Ok(request)
    }
}

fn wishes(flags: u64) -> Wishes {
    let has = |bit: u64| flags >> bit & 1 == 1;
    Wishes { whole: has(0), signatures: has(1), certificates: has(2), heads: has(3) }
}

impl Response {
    /// The response's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(11).uint(VERSION).uint(self.epoch.into()).int(self.time).bytes(&self.nonce).uint(self.size);
        w.maybe_bytes(self.checkpoint.as_deref());
        w.array(self.receipts.len());
        self.receipts.iter().for_each(|receipt| write_receipt(&mut w, receipt, self.time));
        w.array(self.outcomes.len());
        for o in &self.outcomes {
            w.array(4).uint(code(o.kind)).bytes(&o.chain.0).uint(o.first).uint(o.last);
        }
        w.array(self.heads.len());
        for (chain, head) in &self.heads {
            w.array(3).bytes(&chain.0).uint(head.seq).bytes(&head.segment.0);
        }
        maybe_uint(&mut w, self.backup);
        match &self.restored {
            Some(root) => w.array(2).uint(root.size).bytes(&root.root.0),
            None => w.null(),
        };
        message(w, &self.frame)
    }

    /// Reads a response.
    ///
    /// # Errors
    /// [`WireError`]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let (head, frame) = split(bytes)?;
        let mut r = Reader::new(head)?;
        let members = open(&mut r, 11)?;
        let (epoch, time) = (r.small()?, r.int()?);
        let response = Self {
            epoch,
            time,
            nonce: r.fixed::<{ size_of::<Nonce>() }>()?,
            size: r.uint()?,
            checkpoint: r.maybe(|r| r.bytes().map(<[u8]>::to_vec))?,
            receipts: r.list(|r| read_receipt(r, time))?,
            outcomes: r.list(read_outcome)?,
            heads: r.list(|r| {
                record(r, 3, |r| {
                    Ok((ChainId(r.fixed()?), Head { seq: r.uint()?, segment: Digest(r.fixed()?) }))
                })
            })?,
            backup: r.maybe(Reader::uint)?,
            restored: r
                .maybe(|r| record(r, 2, |r| Ok(SiteRoot { size: r.uint()?, root: Digest(r.fixed()?) })))?,
            frame: frame.to_vec(),
        };
        skip(&mut r, members - 11)?;
        Ok(response)
    }
}

fn write_receipt(w: &mut Writer, receipt: &ShortReceipt, time: i64) {
    w.array(8).bytes(&receipt.chain.0).uint(receipt.seq);
    w.maybe_bytes(receipt.segment.as_ref().map(|d| &d.0[..])).uint(receipt.size);
    w.maybe_bytes(receipt.root.as_ref().map(|d| &d.0[..]));
    w.int(time.wrapping_sub(receipt.received)).bytes(&receipt.key.0).bytes(&receipt.signature.0);
}

fn read_receipt(r: &mut Reader<'_>, time: i64) -> Result<ShortReceipt, CodecError> {
    record(r, 8, |r| {
        Ok(ShortReceipt {
            chain: ChainId(r.fixed()?),
            seq: r.uint()?,
            segment: r.maybe(|r| r.fixed().map(Digest))?,
            size: r.uint()?,
            root: r.maybe(|r| r.fixed().map(Digest))?,
            received: time.wrapping_sub(r.int()?),
            key: KeyId(r.fixed()?),
            signature: Signature(r.fixed()?),
        })
    })
}

fn read_outcome(r: &mut Reader<'_>) -> Result<Outcome, CodecError> {
    record(r, 4, |r| {
        Ok(Outcome { kind: kind(r.uint()?), chain: ChainId(r.fixed()?), first: r.uint()?, last: r.uint()? })
    })
}

/// What may be said, and the number it goes by.
const KINDS: [(OutcomeKind, u64); 12] = [
    (OutcomeKind::Gap, 1),
    (OutcomeKind::HeldForReview, 2),
    (OutcomeKind::Fork, 3),
    (OutcomeKind::Opaque, 4),
    (OutcomeKind::Refused(Cause::BadSegment), 16),
    (OutcomeKind::Refused(Cause::NotCanonical), 17),
    (OutcomeKind::Refused(Cause::WrongSuite), 18),
    (OutcomeKind::Refused(Cause::UnknownSigner), 19),
    (OutcomeKind::Refused(Cause::Elsewhere), 20),
    (OutcomeKind::Refused(Cause::TooDeep), 21),
    (OutcomeKind::Refused(Cause::TooManyHeads), 22),
    (OutcomeKind::Refused(Cause::BrokenLink), 23),
];

fn code(kind: OutcomeKind) -> u64 {
    match kind {
        OutcomeKind::Other(code) => code,
        known => KINDS.iter().find(|(k, _)| *k == known).map_or(0, |(_, code)| *code),
    }
}

fn kind(code: u64) -> OutcomeKind {
    KINDS.iter().find(|(_, c)| *c == code).map_or(OutcomeKind::Other(code), |(kind, _)| *kind)
}

fn maybe_uint(w: &mut Writer, n: Option<u64>) -> &mut Writer {
    match n {
        Some(n) => w.uint(n),
        None => w.null(),
    }
}

fn message(head: Writer, frame: &[u8]) -> Vec<u8> {
    let head = head.finish();
    let mut out = Vec::with_capacity(head.len() + frame.len() + 5);
    put(&mut out, head.len() as u64);
    out.extend_from_slice(&head);
    out.extend_from_slice(frame);
    out
}

fn split(bytes: &[u8]) -> Result<(&[u8], &[u8]), WireError> {
    let mut rest = Cursor(bytes);
    let head = rest.len().ok().filter(|len| *len <= MAX_HEAD).and_then(|len| rest.take(len).ok());
    head.map(|head| (head, rest.0)).ok_or(WireError::Foreign)
}

/// Opens a message's array of at least so many members and checks its version; returns how many members there are.
fn open(r: &mut Reader<'_>, least: u64) -> Result<u64, WireError> {
    let members = r.any_array().map_err(|_| WireError::Foreign)?;
    let version = r.uint().map_err(|_| WireError::Foreign)?;
    match (OLDEST..=VERSION).contains(&version) {
        true if members >= least => Ok(members),
        true => Err(WireError::Foreign),
        false => Err(WireError::Version(version)),
    }
}

/// An array of at least so many members, of which the rest is skipped.
fn record<T>(
    r: &mut Reader<'_>,
    least: u64,
    read: impl FnOnce(&mut Reader<'_>) -> Result<T, CodecError>,
) -> Result<T, CodecError> {
    let members = r.any_array()?;
    let more = members.checked_sub(least).ok_or(CodecError::Shape { what: "more members" })?;
    let value = read(r)?;
    skip(r, more)?;
    Ok(value)
}

fn skip(r: &mut Reader<'_>, members: u64) -> Result<(), CodecError> {
    (0..members).try_for_each(|_| r.value().map(drop))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_round_trips_and_nothing_new_is_small() {
        let request = Request { epoch: 1, position: 4_223, mark: [7; 8], ..Request::default() };
        assert_eq!(Request::from_bytes(&request.to_bytes()), Ok(request.clone()));
        assert!(request.to_bytes().len() <= 24, "{}", request.to_bytes().len());
        let full = Request {
            from: Some(9),
            wishes: Wishes { whole: true, heads: true, ..Wishes::default() },
            told: true,
            frame: vec![1, 2, 3],
            ..request
        };
        assert_eq!(Request::from_bytes(&full.to_bytes()), Ok(full));
    }

    #[test]
    fn a_response_round_trips_and_nothing_new_is_small() {
        let empty = Response { epoch: 1, time: 1_790_000_000_000, size: 4_223, ..Response::default() };
        assert!(empty.to_bytes().len() <= 33, "{}", empty.to_bytes().len());
        let full = Response {
            checkpoint: Some(vec![1]),
            receipts: vec![ShortReceipt {
                chain: ChainId([1; 16]),
                seq: 26,
                segment: None,
                size: 3,
                root: Some(Digest([2; 32])),
                received: 5,
                key: KeyId([3; 8]),
                signature: Signature([4; 64]),
            }],
            outcomes: KINDS
                .iter()
                .map(|(kind, _)| *kind)
                .chain([OutcomeKind::Other(99)])
                .map(|kind| Outcome { chain: ChainId([1; 16]), kind, first: 1, last: 2 })
                .collect(),
            heads: vec![(ChainId([1; 16]), Head { seq: 1, segment: Digest([9; 32]) })],
            backup: Some(2),
            restored: Some(SiteRoot { size: 1, root: Digest([6; 32]) }),
            frame: b"frame".to_vec(),
            ..empty
        };
        assert_eq!(Response::from_bytes(&full.to_bytes()), Ok(full));
    }

    #[test]
    fn members_of_a_newer_version_are_skipped_and_foreign_bytes_refused() {
        let mut w = Writer::default();
        w.array(8).uint(1).uint(0).uint(0).bytes(&[0; 8]).null().uint(5).uint(0).text("new");
        let longer = message(w, b"");
        assert_eq!(Request::from_bytes(&longer), Ok(Request { max_unpacked: 5, ..Request::default() }));
        let mut w = Writer::default();
        w.array(1).uint(9);
        assert_eq!(Request::from_bytes(&message(w, b"")), Err(WireError::Version(9)));
        for page in [&b"<html><body>Welcome to the hotel</body></html>"[..], b"", b"\x01\x05", b"{}"] {
            assert!(Response::from_bytes(page).is_err());
        }
    }
}
