//! Reading a snapshot.

use std::io::{BufReader, Read};

use super::{DOMAIN, MAGIC, Row, SnapshotClaims, SnapshotError};
use crate::base::{Hasher, OrgId, SiteId};
use crate::log::pack::{Cursor, put};
use crate::log::{Envelope, EnvelopeKind, Peaks, Role, Trust};

/// Bytes of a row.
const MAX_ROW: usize = 256 << 10;
/// Bytes of the signed envelope.
const MAX_ENVELOPE: usize = 4 << 10;
/// The window that a reader must be ready for: 2²³ bytes.
const WINDOW_LOG: u32 = 23;

/// A snapshot whose seal, digest and peaks were found good.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot<'b> {
    /// What it is of.
    pub claims: SnapshotClaims,
    rows: &'b [u8],
    frames: &'b [u8],
}

impl<'b> Snapshot<'b> {
    /// Checks a snapshot of a site from end to end, in constant memory; only then are rows given out.
    ///
    /// # Errors
    /// [`SnapshotError`]
    pub fn open(bytes: &'b [u8], site: SiteId, trust: &Trust) -> Result<Self, SnapshotError> {
        let (envelope, _) = split(bytes)?;
        trust.verify(&envelope, &[Role::ServerLog])?;
        let snapshot = Self::kept(bytes, trust.org)?;
        if snapshot.claims.site != site {
            return Err(SnapshotError::OtherSite);
        }
        snapshot.check()?;
        Ok(snapshot)
    }

    fn check(&self) -> Result<(), SnapshotError> {
        let mut rows = self.rows();
        let mut peaks = Vec::new();
        for row in rows.by_ref() {
            if let Row::Peak(peak) = row? {
                peaks.push(peak);
                if peaks.len() > 64 {
                    return Err(SnapshotError::Damaged);
                }
            }
        }
        for frame in self.frames() {
            frame?;
        }
        let root = self.claims.log.root;
        let peaks = Peaks::from_parts(self.claims.log.size, peaks).filter(|peaks| peaks.root() == root);
        match peaks.filter(|_| rows.hasher.finish() == self.claims.digest) {
            Some(_) => Ok(()),
            None => Err(SnapshotError::Damaged),
        }
    }

    /// A snapshot that was checked before and kept since.
    ///
    /// # Errors
    /// [`SnapshotError`] if it was not kept as it was.
    pub fn kept(bytes: &'b [u8], org: OrgId) -> Result<Self, SnapshotError> {
        let (envelope, rest) = split(bytes)?;
        let claims = SnapshotClaims::from_bytes(&envelope.payload, org)?;
        let mut rest = Cursor(rest);
        let len = rest.len()?;
        Ok(Self { claims, rows: rest.take(len)?, frames: rest.0 })
    }

    /// The frames of segments behind the rows. They are not signed by the server: each segment proves itself.
    pub fn frames(&self) -> impl Iterator<Item = Result<&'b [u8], SnapshotError>> + use<'b> {
        let mut rest = Cursor(self.frames);
        std::iter::from_fn(move || {
            if rest.0.is_empty() {
                return None;
            }
            let frame = rest.len().and_then(|len| rest.take(len));
            if frame.is_err() {
                rest.0 = &[];
            }
            Some(frame.map_err(SnapshotError::from))
        })
    }

    /// The rows, in the order they were written.
    #[must_use]
    pub fn rows(&self) -> Rows<'b> {
        let stream = zstd::stream::Decoder::with_buffer(self.rows).ok().and_then(|mut stream| {
            stream.window_log_max(WINDOW_LOG).ok()?;
            Some(BufReader::new(stream.single_frame()))
        });
        Rows { stream, hasher: Hasher::tagged(DOMAIN) }
    }
}

/// The envelope, and what comes behind it.
fn split(bytes: &[u8]) -> Result<(Envelope, &[u8]), SnapshotError> {
    let mut rest = Cursor(bytes);
    if rest.fixed() != Ok(*MAGIC) {
        return Err(SnapshotError::Foreign);
    }
    let len = rest.len().ok().filter(|len| *len <= MAX_ENVELOPE).ok_or(SnapshotError::Foreign)?;
    let envelope = Envelope::parse(EnvelopeKind::Snapshot, rest.take(len)?)?;
    Ok((envelope, rest.0))
}

/// Rows as they are read.
pub struct Rows<'b> {
    /// None before the first error or after the end.
    stream: Option<BufReader<zstd::stream::Decoder<'static, &'b [u8]>>>,
    hasher: Hasher,
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rows(…)")
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, SnapshotError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.read().transpose();
        if !matches!(row, Some(Ok(_))) {
            self.stream = None;
        }
        row
    }
}

impl Rows<'_> {
    fn read(&mut self) -> Result<Option<Row>, SnapshotError> {
        let Some(stream) = &mut self.stream else { return Ok(None) };
        let Some(len) = read_len(stream)? else {
            let whole = self.stream.take().is_none_or(|s| s.into_inner().finish().is_empty());
            return if whole { Ok(None) } else { Err(SnapshotError::Damaged) };
        };
        let mut body = vec![0; len];
        stream.read_exact(&mut body).map_err(|_| SnapshotError::Damaged)?;
        let mut prefix = Vec::new();
        put(&mut prefix, len as u64);
        self.hasher = std::mem::take(&mut self.hasher).with(&prefix).with(&body);
        Row::from_bytes(&body).map(Some)
    }
}

/// The length before a row; none at the end of the stream.
fn read_len(stream: &mut impl Read) -> Result<Option<usize>, SnapshotError> {
    let mut bytes = Vec::new();
    loop {
        let mut byte = [0];
        match stream.read(&mut byte).map_err(|_| SnapshotError::Damaged)? {
            0 if bytes.is_empty() => return Ok(None),
            0 => return Err(SnapshotError::Damaged),
            _ => bytes.push(byte[0]),
        }
        if byte[0] & 0x80 == 0 {
            break;
        }
        if bytes.len() > 4 {
            return Err(SnapshotError::Damaged);
        }
    }
    let len = Cursor(&bytes).len()?;
    if len <= MAX_ROW { Ok(Some(len)) } else { Err(SnapshotError::Damaged) }
}
