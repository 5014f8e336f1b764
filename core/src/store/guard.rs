//! The rollback guard: a file outside the database that remembers how far the chain had come.
//!
//! A database that was restored, copied or rolled back would write different entries under numbers already used. The guard is
//! ahead of it then, or belongs to another installation, and the old chain is never written again.

use std::fmt;

use crate::base::{Bug, ChainId, Digest, Seq, planted};

/// How far a chain had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// The installation that wrote it.
    pub(super) install: [u8; 16],
    /// The chain being written.
    pub(super) chain: ChainId,
    /// Its newest entry.
    pub(super) seq: Seq,
    /// The running hash over the leaves up to it.
    pub(super) tail: Digest,
}

/// What the guard's file was found to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// There is no file.
    Missing,
    /// There is one, and this installation did not write it.
    Foreign,
    /// It says this.
    Mark(Mark),
}

/// How far the database says that an own chain has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reached {
    /// The newest entry, sealed or not.
    pub(super) seq: Seq,
    /// The running hash up to it.
    pub(super) tail: Digest,
    /// The running hash up to the entry before; none once that is sealed, for then only the newest is known.
    pub(super) before: Option<Digest>,
    /// Whether it is the chain being written.
    pub(super) current: bool,
}

/// What comparing guard and database came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// They agree, or the process was killed between commit and guard.
    Agree,
    /// The guard lags by more than a kill explains: it is not being written. Harmless, but to be reported.
    Behind,
    /// The database has lost something the guard had seen.
    RolledBack,
    /// The file is missing or another installation's: restored, cloned or reinstalled.
    Unguarded,
}

/// Compares. `reached` tells of own chains; a chain it does not know was lost.
pub(super) fn judge(
    found: Found,
    install: [u8; 16],
    wrote: bool,
    reached: impl Fn(ChainId) -> Option<Reached>,
) -> Verdict {
    let mark = match found {
        _ if planted(Bug::ReuseSequence) => return Verdict::Agree,
        Found::Mark(mark) if mark.install == install => mark,
        Found::Missing if !wrote => return Verdict::Agree,
        _ => return Verdict::Unguarded,
    };
    match reached(mark.chain) {
        None => Verdict::RolledBack,
        Some(at) if mark.seq == at.seq && mark.tail == at.tail => match at.current {
            true => Verdict::Agree,
            // Killed after the next chain was begun and before the guard heard of it.
            false => Verdict::Behind,
        },
        Some(at) if mark.seq + 1 == at.seq && at.before.is_none_or(|before| mark.tail == before) => {
            Verdict::Agree
        }
        Some(at) if mark.seq + 1 < at.seq => Verdict::Behind,
        Some(_) => Verdict::RolledBack,
    }
}

/// Whether the present chain may be written, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may.
    Writable,
    /// There is none yet, or the last one is closed.
    NoChain,
    /// The database lost entries it once had.
    RolledBack,
    /// Restored, cloned or reinstalled: the guard is not this installation's.
    Unguarded,
    /// Two different entries with one number exist in it.
    Forked,
    /// The database was damaged and rebuilt from what could be saved.
    Salvaged,
    /// What is open in it can never be sealed: its key is gone, or what it follows.
    Unsealable,
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Writable => "writable",
            Self::NoChain => "no chain is being written",
            Self::RolledBack => "the database was rolled back",
            Self::Unguarded => "the database was restored or copied",
            Self::Forked => "the chain has forked",
            Self::Salvaged => "the database was salvaged",
            Self::Unsealable => "what is open can never be sealed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSTALL: [u8; 16] = [1; 16];
    const CHAIN: ChainId = ChainId([2; 16]);

    fn tail(n: u8) -> Digest {
        Digest([n; 32])
    }

    fn mark(seq: Seq, at: u8) -> Found {
        Found::Mark(Mark { install: INSTALL, chain: CHAIN, seq, tail: tail(at) })
    }

    /// The database has come to entry 10, running hash 10, and 9 before it.
    fn database(chain: ChainId) -> Option<Reached> {
        (chain == CHAIN).then(|| Reached { seq: 10, tail: tail(10), before: Some(tail(9)), current: true })
    }

    #[test]
    fn every_way_guard_and_database_can_differ() {
        let other_install = Found::Mark(Mark { install: [9; 16], chain: CHAIN, seq: 10, tail: tail(10) });
        let lost_chain =
            Found::Mark(Mark { install: INSTALL, chain: ChainId([3; 16]), seq: 1, tail: tail(1) });
        let table = [
            (mark(10, 10), Verdict::Agree),
            (mark(9, 9), Verdict::Agree),
            (mark(8, 8), Verdict::Behind),
            (mark(11, 11), Verdict::RolledBack),
            (mark(10, 77), Verdict::RolledBack),
            (mark(9, 77), Verdict::RolledBack),
            (lost_chain, Verdict::RolledBack),
            (other_install, Verdict::Unguarded),
            (Found::Foreign, Verdict::Unguarded),
            (Found::Missing, Verdict::Unguarded),
        ];
        for (found, verdict) in table {
            assert_eq!(judge(found, INSTALL, true, database), verdict, "{found:?}");
        }
    }

    #[test]
    fn a_new_database_needs_no_guard_but_accepts_no_foreign_one() {
        assert_eq!(judge(Found::Missing, INSTALL, false, |_| None), Verdict::Agree);
        assert_eq!(judge(Found::Foreign, INSTALL, false, |_| None), Verdict::Unguarded);
    }

    #[test]
    fn one_entry_behind_a_sealed_one_is_a_power_cut() {
        let sealed = |chain| database(chain).map(|at| Reached { before: None, ..at });
        assert_eq!(judge(mark(9, 9), INSTALL, true, sealed), Verdict::Agree);
        assert_eq!(judge(mark(10, 77), INSTALL, true, sealed), Verdict::RolledBack);
        assert_eq!(judge(mark(11, 11), INSTALL, true, sealed), Verdict::RolledBack);
    }

    #[test]
    fn a_guard_that_still_names_the_closed_chain_lags() {
        let closed = |chain| database(chain).map(|at| Reached { current: false, ..at });
        assert_eq!(judge(mark(10, 10), INSTALL, true, closed), Verdict::Behind);
        assert_eq!(judge(mark(11, 11), INSTALL, true, closed), Verdict::RolledBack);
    }
}
