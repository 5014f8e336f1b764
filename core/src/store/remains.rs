//! What the pages of a damaged database still say, each thing recognised by itself and not by where it lies.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;

use super::body;
use super::open::Identity;
use super::raw::Pages;
use super::salvage::Salvage;
use crate::base::{ChainId, Digest, KeyId, Seq};
use crate::log::{Entry, Header, Segment, Signature, Trust};

/// A segment whose entries are those that were signed, with its old row and the number of its chain.
#[derive(Debug)]
pub(super) struct Sealed {
    pub(super) n: i64,
    pub(super) chain: u32,
    pub(super) id: Digest,
    pub(super) segment: Segment,
}

/// Everything that was recognised.
#[derive(Debug, Default)]
pub(super) struct Remains {
    /// In the order they arrived.
    pub(super) segments: Vec<Sealed>,
    /// Issuers before those they certified.
    pub(super) certificates: Vec<Vec<u8>>,
    /// The numbers of chains, and whose they are.
    pub(super) chains: BTreeMap<u32, (ChainId, i64)>,
    /// Rows of the open tail: chain, number, entry, draft, header to be.
    pub(super) tail: Vec<Vec<Value>>,
    /// Rows of drafts.
    pub(super) drafts: Vec<Vec<Value>>,
}

impl Remains {
    /// Looks through a file.
    pub(super) fn find(file: &[u8], identity: &Identity) -> Self {
        let mut remains = Self::default();
        let mut segments = BTreeMap::new();
        let mut envelopes = BTreeSet::new();
        let pages = Pages::new(file);
        for (n, columns) in pages.records() {
            envelopes.extend(columns.iter().filter_map(as_envelope).map(<[u8]>::to_vec));
            if let Some(sealed) = n.and_then(|n| as_segment(n, &columns)) {
                segments.insert(sealed.id, sealed);
            } else if let Some((number, chain)) = n.and_then(|n| as_chain(n, &columns)) {
                remains.chains.insert(number, chain);
            } else if n.is_none() && is_open_entry(&columns) {
                remains.tail.push(columns);
            } else if n.is_none() && is_draft(&columns) {
                remains.drafts.push(columns);
            }
        }
        remains.segments = segments.into_values().collect();
        remains.segments.sort_by_key(|sealed| sealed.n);
        remains.certificates = proven(envelopes, identity);
        for Sealed { chain, segment, .. } in &remains.segments {
            let named = remains.chains.entry(*chain).or_insert((segment.header.chain, 0));
            named.0 = segment.header.chain;
        }
        remains
    }

    /// How many entries were saved, and how many are missing before them.
    pub(super) fn count(&self) -> Salvage {
        let mut held: BTreeMap<ChainId, BTreeSet<Seq>> = BTreeMap::new();
        for Sealed { segment, .. } in &self.segments {
            let header = &segment.header;
            held.entry(header.chain).or_default().extend(header.first..=header.last());
        }
        let entries = held.values().map(|numbers| numbers.len() as u64).sum();
        let highest: u64 = held.values().filter_map(|numbers| numbers.last()).sum();
        Salvage { entries, missing: highest - entries, ..Salvage::default() }
    }
}

fn as_segment(n: i64, columns: &[Value]) -> Option<Sealed> {
    let [
        _,
        Value::Integer(chain),
        _,
        _,
        _,
        Value::Blob(id),
        _,
        Value::Blob(header),
        Value::Blob(key),
        seal,
        Value::Blob(body),
    ] = columns
    else {
        return None;
    };
    let header = Header::from_bytes(header).ok()?;
    let (entries, _) = body::decode(&header, body).ok()?;
    let signature = if let Value::Blob(seal) = seal { seal[..].try_into().ok().map(Signature) } else { None };
    let segment = Segment { header, key: KeyId::from_slice(key)?, signature, entries };
    let id = Digest::from_slice(id).filter(|id| *id == segment.header.id())?;
    segment.check_body().ok()?;
    Some(Sealed { n, chain: u32::try_from(*chain).ok()?, id, segment })
}

fn as_chain(n: i64, columns: &[Value]) -> Option<(u32, (ChainId, i64))> {
    let [Value::Null, Value::Blob(id), _, Value::Integer(own @ 0..=2), Value::Integer(0 | 1), ..] = columns
    else {
        return None;
    };
    Some((u32::try_from(n).ok()?, (ChainId::from_slice(id)?, *own)))
}

/// A signed envelope begins with its tag.
fn as_envelope(column: &Value) -> Option<&[u8]> {
    match column {
        Value::Blob(bytes) if bytes.first() == Some(&0xd2) => Some(bytes),
        _ => None,
    }
}

fn is_open_entry(columns: &[Value]) -> bool {
    let [Value::Integer(_), Value::Integer(seq), Value::Blob(entry), _, opening] = columns else {
        return false;
    };
    let header = if let Value::Blob(header) = opening { Header::from_bytes(header).is_ok() } else { true };
    header && Entry::from_bytes(entry).is_ok_and(|entry| entry.seq == seq.cast_unsigned())
}

fn is_draft(columns: &[Value]) -> bool {
    matches!(columns, [Value::Blob(id), _, Value::Integer(_), Value::Integer(_), Value::Blob(_)] if id.len() == 16)
}

/// The certificates among some envelopes that the root key proves.
fn proven(mut envelopes: BTreeSet<Vec<u8>>, identity: &Identity) -> Vec<Vec<u8>> {
    let mut trust = Trust::new(identity.org, identity.root);
    let mut proven = Vec::new();
    loop {
        let known: Vec<_> =
            envelopes.iter().filter(|bytes| trust.clone().add(bytes).is_ok()).cloned().collect();
        if known.is_empty() {
            return proven;
        }
        for bytes in known {
            envelopes.remove(&bytes);
            if trust.add(&bytes).is_ok() {
                proven.push(bytes);
            }
        }
    }
}
