//! What travels in a bundle beside segments.

use std::collections::BTreeSet;

use super::part;
use crate::log::pack::{Cursor, put};
use crate::log::{Certificate, Role, Segment, Trust};
use crate::sync::frame::FrameError;
use crate::sync::frame::squeeze::{Unsqueeze, unsqueeze};

/// Bytes that the evidence of a bundle may unpack to.
const MAX_EVIDENCE: usize = 4 << 20;

/// What travels in a bundle beside segments: who signed, and what the server has promised.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// Certificates, issuers first.
    pub certificates: Vec<Vec<u8>>,
    /// Envelopes of checkpoints.
    pub checkpoints: Vec<Vec<u8>>,
    /// Envelopes of receipts.
    pub receipts: Vec<Vec<u8>>,
}

impl Evidence {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for list in [&self.certificates, &self.checkpoints, &self.receipts] {
            put(&mut out, list.len() as u64);
            list.iter().for_each(|bytes| part(&mut out, bytes));
        }
        out
    }

    pub(super) fn from_bytes(squeezed: &[u8]) -> Result<Self, FrameError> {
        let bytes = unsqueeze(squeezed, MAX_EVIDENCE).map_err(|error| match error {
            Unsqueeze::TooLarge => FrameError::TooLarge,
            Unsqueeze::Damaged => FrameError::Damaged("not a compressed stream"),
        })?;
        let mut from = Cursor(&bytes);
        let mut lists: [Vec<Vec<u8>>; 3] = Default::default();
        for list in &mut lists {
            // Every item takes at least one byte, so hostile counts end with the bytes.
            for _ in 0..from.len()? {
                let len = from.len()?;
                list.push(from.take(len)?.to_vec());
            }
        }
        let [certificates, checkpoints, receipts] = lists;
        match from.0.is_empty() {
            true => Ok(Self { certificates, checkpoints, receipts }),
            false => Err(FrameError::Damaged("bytes left over")),
        }
    }
}

/// The certificates that prove who sealed some segments, and what the server has promised; issuers first.
#[must_use]
pub fn certificates_for<'s>(segments: impl IntoIterator<Item = &'s Segment>, trust: &Trust) -> Vec<Vec<u8>> {
    let mut certificates: Vec<Vec<u8>> = Vec::new();
    let servers = trust.certificates().filter(|c| c.claims.role == Role::ServerLog).map(Certificate::id);
    let keys: BTreeSet<_> = segments.into_iter().map(|s| s.key).chain(servers).collect();
    for key in keys {
        let line: Vec<&Certificate> =
            std::iter::successors(trust.get(key), |c| trust.get(c.issuer)).take(4).collect();
        for certificate in line.iter().rev() {
            if !certificates.contains(&certificate.bytes) {
                certificates.push(certificate.bytes.clone());
            }
        }
    }
    certificates
}
