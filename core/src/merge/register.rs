//! One cell's live values: a multi-value register. The only place that touches `crdts`.
//!
//! What the crate is trusted with, and what it is kept from, is in `docs/merge-rules.md`. Its state is never merged with
//! another's and never leaves this module: a register is stored as its live versions and built again from them.

use std::collections::BTreeMap;

use crdts::mvreg::Op as Put;
use crdts::{CmRDT, Dot, MVReg, VClock};

use crate::base::{Bug, ChainId, Seq, Value, planted};
use crate::log::{Cite, CodecError, Label, MAX_CITES, Reader, TRUNK, Writer};

/// Who writes, as merging sees it: one branch of one chain. Its counter is the chain's sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor {
    /// The chain.
    pub chain: ChainId,
    /// The branch of it.
    pub branch: Label,
}

/// One value somebody wrote, and what its author had seen of the cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Who wrote it.
    pub actor: Actor,
    /// In which entry.
    pub seq: Seq,
    /// The first 8 bytes of that entry's leaf.
    pub mark: [u8; 8],
    /// The value.
    pub value: Value,
    /// What its author had seen of the cell beyond his own branch, sorted by actor.
    pub seen: Vec<Seen>,
}

/// How far an author had seen another branch's writes to a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen {
    /// Whose writes.
    pub actor: Actor,
    /// Up to which entry.
    pub seq: Seq,
    /// The mark of that entry if the author cited it; none where it follows from where branches grew.
    pub mark: Option<[u8; 8]>,
}

impl Version {
    fn clock(&self) -> VClock<Actor> {
        let mut clock: VClock<Actor> = self.seen.iter().map(|s| Dot::new(s.actor, s.seq)).collect();
        clock.apply(Dot::new(self.actor, self.seq));
        clock
    }
}

/// The live values of one cell: one, unless people wrote without having seen each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Register {
    /// Sorted by actor and number, so that every holder lists and encodes them alike.
    versions: Vec<Version>,
}

impl Register {
    /// The live versions, in an order that does not depend on arrival.
    #[must_use]
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// Whether nobody ever wrote here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.versions.is_empty()
    }

    /// Whether people wrote without having seen each other, and nobody has settled it.
    #[must_use]
    pub fn in_conflict(&self) -> bool {
        self.versions.len() > 1
    }

    /// The values.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.versions.iter().map(|v| &v.value)
    }

    /// What a new write of `chain` must cite to replace everything its author sees here: the cell's clock without the chain's own part.
    ///
    /// At most 32; beyond that a replaced value may stay visible beside the new one, but none is lost.
    #[must_use]
    pub fn cites_for(&self, chain: ChainId) -> Vec<Cite> {
        let mut newest: BTreeMap<Actor, Cite> = BTreeMap::new();
        let dots = self.versions.iter().map(|v| (v.actor, v.seq, v.mark));
        let seen = self.versions.iter().flat_map(|v| &v.seen).filter_map(|s| Some((s.actor, s.seq, s.mark?)));
        for (actor, seq, mark) in dots.chain(seen).filter(|(actor, ..)| actor.chain != chain) {
            let cite = Cite { chain: actor.chain, seq, mark };
            newest.entry(actor).and_modify(|c| *c = cite.max(*c)).or_insert(cite);
        }
        newest.into_values().take(MAX_CITES).collect()
    }

    /// Takes in a version. Any order and any repetition give the same register.
    pub fn apply(&mut self, version: Version) {
        // By far the most frequent case: the first value of a cell.
        if self.versions.is_empty() {
            self.versions = vec![version];
            return;
        }
        let mut register: MVReg<Version, Actor> = MVReg::new();
        for held in self.versions.drain(..).chain([version]) {
            register.apply(Put::Put { clock: held.clock(), val: held });
        }
        self.versions = register.read().val;
        self.versions.sort();
        if planted(Bug::LastWriterWins) && self.versions.len() > 1 {
            self.versions.drain(..self.versions.len() - 1);
        }
    }

    /// Writes the row form; chains are named by the numbers that `number` gives them.
    ///
    /// # Errors
    /// Whatever `number` fails with.
    pub fn encode<E>(&self, mut number: impl FnMut(ChainId) -> Result<u32, E>) -> Result<Vec<u8>, E> {
        let mut w = Writer::default();
        w.array(self.versions.len());
        for v in &self.versions {
            let plain = v.actor.branch == TRUNK && v.seen.is_empty();
            w.array(if plain { 4 } else { 6 }).uint(number(v.actor.chain)?.into()).uint(v.seq);
            w.bytes(&v.mark).value(&v.value);
            if !plain {
                w.bytes(&v.actor.branch).array(v.seen.len());
                for s in &v.seen {
                    w.array(4).uint(number(s.actor.chain)?.into()).bytes(&s.actor.branch).uint(s.seq);
                    w.maybe_bytes(s.mark.as_ref().map(|m| &m[..]));
                }
            }
        }
        Ok(w.finish())
    }

    /// Reads the row form.
    ///
    /// # Errors
    /// [`CodecError`] if the row is damaged or names a chain that `chain` does not know.
    pub fn decode(bytes: &[u8], chain: impl Fn(u32) -> Option<ChainId>) -> Result<Self, CodecError> {
        let chain = |n: u32| chain(n).ok_or(CodecError::Shape { what: "a chain that is known" });
        let versions = Reader::new(bytes)?.list(|r| {
            let plain = r.any_array()? == 4;
            let mut actor = Actor { chain: chain(r.small()?)?, branch: TRUNK };
            let (seq, mark, value) = (r.uint()?, r.fixed()?, r.value()?);
            let mut seen = Vec::new();
            if !plain {
                actor.branch = r.fixed()?;
                seen = r.list(|r| {
                    r.array(4)?;
                    let actor = Actor { chain: chain(r.small()?)?, branch: r.fixed()? };
                    Ok(Seen { actor, seq: r.uint()?, mark: r.maybe(Reader::fixed)? })
                })?;
            }
            Ok(Version { actor, seq, mark, value, seen })
        })?;
        Ok(Self { versions })
    }
}
