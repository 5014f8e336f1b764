//! One cell's live values: a multi-value register. The only place that touches `crdts`.
//!
//! What the crate is trusted with, and what it is kept from, is in `docs/merge-rules.md`. Its state is never merged with
//! another's and never leaves this module: a register is stored as its live versions and built again from them.
//!
//! Beside them stands what decides about writes that are yet to come, so that their order does not matter (decision 0004).

use std::collections::{BTreeMap, BTreeSet};

use crdts::mvreg::Op as Put;
use crdts::{CmRDT, Dot, MVReg, VClock};

use super::fold::Forks;
use crate::base::{Bug, ChainId, Digest, Seq, Value, planted};
use crate::log::{Cite, Label, MAX_CITES, TRUNK, encode_value};

/// Who writes, as merging sees it: one branch of one chain. Its counter is the chain's sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor {
    /// The chain.
    pub chain: ChainId,
    /// The branch of it.
    pub branch: Label,
}

/// Which write of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) actor: Actor,
    pub(super) seq: Seq,
    pub(super) mark: [u8; 8],
}

/// One value somebody wrote.
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
}

/// What a write may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Says {
    /// Anything.
    Anything,
    /// Its author's own, in a field whose values people may choose among and nobody may make up in another's name.
    Own,
    /// What one of the values it has seen says, in such a field: it settles a conflict.
    Chosen,
}

/// A write on its way into a register.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Write {
    pub(super) version: Version,
    /// What its author had seen of the cell beyond his own branch.
    pub(super) cites: Vec<Cite>,
    pub(super) says: Says,
}

/// A write whose value was replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Past {
    pub(super) place: Place,
    /// What it said, in a field whose values can only be chosen.
    pub(super) said: Option<[u8; 8]>,
}

/// The live values of one cell: one, unless people wrote without having seen each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Register {
    /// Sorted by actor and number, so that every holder lists and encodes them alike.
    pub(super) live: Vec<Version>,
    /// Writes that were replaced: of each trunk the newest, of branches and where values can only be chosen all.
    pub(super) past: Vec<Past>,
    /// Writes that were cited and are not here. Should one come, it has been replaced.
    pub(super) awaited: BTreeSet<Cite>,
    /// Settlements that choose a value which is not here.
    pub(super) unfounded: BTreeSet<Write>,
}

impl Version {
    pub(super) fn place(&self) -> Place {
        Place { actor: self.actor, seq: self.seq, mark: self.mark }
    }

    fn past(&self, says: Says) -> Past {
        Past { place: self.place(), said: (says != Says::Anything).then(|| said(&self.value)) }
    }
}

impl Place {
    const fn cite(self) -> Cite {
        Cite { chain: self.actor.chain, seq: self.seq, mark: self.mark }
    }

    const fn dot(self) -> Dot<Actor> {
        Dot { actor: self.actor, counter: self.seq }
    }

    /// Whether it comes after another on its own branch, or on what that grew from.
    fn follows(self, other: Self, forks: &Forks) -> bool {
        if self.actor.chain != other.actor.chain {
            return false;
        }
        if self.actor.branch == other.actor.branch {
            return other.seq < self.seq;
        }
        let line =
            forks.get(&self.actor.chain).map(|map| map.ancestry(self.actor.branch)).unwrap_or_default();
        line.into_iter().any(|(branch, last)| branch == other.actor.branch && other.seq <= last)
    }
}

impl Write {
    fn has_seen(&self, other: Place, forks: &Forks) -> bool {
        self.version.place().follows(other, forks) || self.cites.contains(&other.cite())
    }
}

/// What a value says, for comparing it with another.
fn said(value: &Value) -> [u8; 8] {
    Digest::of(&encode_value(value)).mark()
}

impl Register {
    /// The live versions, in an order that does not depend on arrival.
    #[must_use]
    pub fn versions(&self) -> &[Version] {
        &self.live
    }

    /// Whether no value is live: nobody ever wrote here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.live.is_empty()
    }

    /// Whether people wrote without having seen each other, and nobody has settled it.
    #[must_use]
    pub fn in_conflict(&self) -> bool {
        self.live.len() > 1
    }

    /// The values.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.live.iter().map(|v| &v.value)
    }

    /// The chains whose writes it holds: those that its row names by number.
    pub fn chains(&self) -> impl Iterator<Item = ChainId> + '_ {
        let writes = self.live.iter().chain(self.unfounded.iter().map(|write| &write.version));
        let places = writes.map(Version::place).chain(self.past.iter().map(|past| past.place));
        places.map(|place| place.actor.chain)
    }

    /// What a new write of `chain` must cite to replace everything its author sees here: the live values of other chains, and
    /// what they replaced, should one of them turn out not to count.
    ///
    /// At most 32; beyond that a replaced value may stay visible beside the new one, but none is lost.
    #[must_use]
    pub fn cites_for(&self, chain: ChainId) -> Vec<Cite> {
        let live = self.live.iter().map(Version::place);
        let all = live.chain(self.past.iter().rev().map(|past| past.place));
        all.filter(|place| place.actor.chain != chain).map(Place::cite).take(MAX_CITES).collect()
    }

    /// Takes in a write. Any order and any repetition give the same register.
    pub(super) fn apply(&mut self, write: Write, forks: &Forks) {
        // By far the most frequent case: the first value of a cell.
        if *self == Self::default() && write.cites.is_empty() && write.says != Says::Chosen {
            self.live.push(write.version);
            return;
        }
        self.unfounded.insert(write);
        while let Some(next) = self.unfounded.iter().find(|write| self.is_founded(write, forks)).cloned() {
            self.unfounded.remove(&next);
            self.take(next, forks);
        }
        if planted(Bug::LastWriterWins) && self.live.len() > 1 {
            self.live.drain(..self.live.len() - 1);
        }
    }

    /// Whether a write may say what it says: one that settles what can only be chosen repeats a value it has seen.
    fn is_founded(&self, write: &Write, forks: &Forks) -> bool {
        let chosen = said(&write.version.value);
        let live = self.live.iter().map(|version| version.past(Says::Own));
        let mut all = live.chain(self.past.iter().copied());
        write.says != Says::Chosen
            || all.any(|past| past.said == Some(chosen) && write.has_seen(past.place, forks))
    }

    fn take(&mut self, write: Write, forks: &Forks) {
        let place = write.version.place();
        if self.places().any(|held| held == place) {
            return;
        }
        let replaced =
            self.awaited.contains(&place.cite()) || self.places().any(|held| held.follows(place, forks));
        let seen = self.live.iter().map(Version::place).filter(|live| write.has_seen(*live, forks));
        let clock: VClock<Actor> = seen.chain([place]).map(Place::dot).collect();
        let past = write.version.past(write.says);
        self.put(write.version, clock, write.says);
        if replaced {
            self.live.retain(|version| version.place() != place);
            self.past.push(past);
        }
        self.awaited.extend(write.cites);
        self.tidy();
    }

    /// Lets the crate decide which values live beside a new one.
    fn put(&mut self, version: Version, clock: VClock<Actor>, says: Says) {
        let before = std::mem::take(&mut self.live);
        let mut register: MVReg<Version, Actor> = MVReg::new();
        for held in &before {
            register.apply(Put::Put { clock: held.place().dot().into(), val: held.clone() });
        }
        register.apply(Put::Put { clock, val: version });
        self.live = register.read().val;
        self.live.sort();
        let gone = before.iter().filter(|held| !self.live.contains(held));
        self.past.extend(gone.map(|held| held.past(says)));
    }

    /// Forgets what no later write can depend on: on a trunk whatever came before the newest write, which follows it.
    fn tidy(&mut self) {
        let trunk = self.places().filter(|place| place.actor.branch == TRUNK);
        let mut newest: BTreeMap<ChainId, Seq> = BTreeMap::new();
        for place in trunk {
            newest.entry(place.actor.chain).and_modify(|seq| *seq = place.seq.max(*seq)).or_insert(place.seq);
        }
        let older = |chain: &ChainId, seq: Seq| newest.get(chain).is_some_and(|newest| seq < *newest);
        self.past.retain(|Past { place, said }| {
            said.is_some() || place.actor.branch != TRUNK || !older(&place.actor.chain, place.seq)
        });
        self.past.sort();
        let held: BTreeSet<Cite> = self.places().map(Place::cite).collect();
        self.awaited.retain(|cite| !held.contains(cite) && !older(&cite.chain, cite.seq));
    }

    fn places(&self) -> impl Iterator<Item = Place> + '_ {
        self.live.iter().map(Version::place).chain(self.past.iter().map(|past| past.place))
    }
}
