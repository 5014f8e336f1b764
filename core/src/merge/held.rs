//! What was cut off, and what was decided about it since: which entries of a revoked device or person count.
//!
//! A cut is by what headquarters held when it decided, never by a clock. What came later is kept and waits for people.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::fold::Forks;
use crate::base::RecordId;
use crate::log::EntryRef;
use crate::records::HeldDecision;
use crate::records::chain::{EntryMark, HeldReview};
use crate::records::config::SiteConfig;
use crate::records::security::RevocationKind;

/// What people decided about an entry that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reviewed {
    /// Headquarters' last word.
    pub headquarters: Option<HeldDecision>,
    /// What the site's leads decided; where they disagree, that it does not count.
    pub lead: Option<HeldDecision>,
}

impl Reviewed {
    /// What becomes of an entry that was cut off for this reason; none while it stays held.
    ///
    /// Of one who left, a lead may confirm it. Of a lost phone, a lead and headquarters must. What a key wrote that may be in other
    /// hands is evidence and never counts.
    #[must_use]
    pub fn outcome(self, kind: RevocationKind) -> Option<HeldDecision> {
        use HeldDecision::{Accepted, Excluded};
        match (kind, self.headquarters, self.lead) {
            (_, Some(Excluded), _) => Some(Excluded),
            (RevocationKind::Compromised, ..) => None,
            (RevocationKind::Left, Some(Accepted), _) | (_, Some(Accepted), Some(Accepted)) => Some(Accepted),
            (RevocationKind::Left, None, decided) => decided,
            (RevocationKind::Lost, ..) => None,
        }
    }
}

/// The gravest reason for which an entry is cut off; none if it was held in time or nobody revoked it.
#[must_use]
pub(super) fn cut_off(
    config: &SiteConfig,
    subjects: impl IntoIterator<Item = RecordId>,
    by: EntryRef,
    forks: &Forks,
) -> Option<RevocationKind> {
    let all = subjects.into_iter().flat_map(|subject| config.revocations_of(subject));
    all.filter(|r| !r.cut.iter().any(|last| leads_to(by, last, forks))).map(|r| r.kind).max()
}

/// Whether an entry is another, or came before it on its branch.
fn leads_to(by: EntryRef, last: &EntryMark, forks: &Forks) -> bool {
    if by.chain != last.chain || by.seq > last.seq {
        return false;
    }
    let Some(map) = forks.get(&by.chain) else { return true };
    if map.fork().is_none_or(|fork| by.seq < fork) {
        return true;
    }
    // Past a fork, one whose branch is not known was not seen by whoever decided, as far as can be told.
    let (Some(own), Some(end)) = (map.label(by.seq, by.leaf.mark()), map.label(last.seq, last.mark)) else {
        return false;
    };
    own == end || map.ancestry(end).iter().any(|(branch, left)| *branch == own && by.seq <= *left)
}

/// Decisions about held entries, by the entry that took them.
#[derive(Debug, Clone, Default)]
pub(super) struct Reviews(BTreeMap<(EntryRef, u16), HeldReview>);

impl Reviews {
    /// Takes in a decision. True if it is news.
    pub(super) fn insert(&mut self, by: EntryRef, n: u16, review: HeldReview) -> bool {
        match self.0.entry((by, n)) {
            Entry::Occupied(held) if *held.get() == review => return false,
            Entry::Occupied(mut held) => drop(held.insert(review)),
            Entry::Vacant(free) => {
                free.insert(review);
            }
        }
        true
    }

    /// Takes back what an entry decided, since it does not count.
    pub(super) fn remove(&mut self, by: EntryRef) -> Vec<HeldReview> {
        let taken: Vec<_> = self.0.range((by, 0)..=(by, u16::MAX)).map(|(key, _)| *key).collect();
        taken.into_iter().filter_map(|key| self.0.remove(&key)).collect()
    }

    /// What was decided about an entry. `rank` says how new a decision of headquarters is, and nothing of another's; `lead` whether a decision is the site's.
    pub(super) fn about<R: Ord>(
        &self,
        by: EntryRef,
        forks: &Forks,
        rank: impl Fn(EntryRef) -> Option<R>,
        lead: impl Fn(EntryRef) -> bool,
    ) -> Reviewed {
        let about: Vec<_> =
            self.0.iter().filter(|(_, r)| r.first <= by.seq && leads_to(by, &r.last, forks)).collect();
        let newest = about.iter().filter_map(|((by, n), r)| Some(((rank(*by)?, *by, *n), r.decision))).max();
        let leads = about.iter().filter(|((by, _), _)| lead(*by)).map(|(_, r)| r.decision);
        Reviewed { headquarters: newest.map(|(_, decision)| decision), lead: leads.max() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use HeldDecision::{Accepted, Excluded};

    #[test]
    fn who_must_confirm_depends_on_why_it_was_cut_off() {
        let decided = |headquarters, lead| Reviewed { headquarters, lead };
        let table = [
            (decided(None, None), [None, None, None]),
            (decided(None, Some(Accepted)), [Some(Accepted), None, None]),
            (decided(Some(Accepted), None), [Some(Accepted), None, None]),
            (decided(Some(Accepted), Some(Accepted)), [Some(Accepted), Some(Accepted), None]),
            (decided(None, Some(Excluded)), [Some(Excluded), None, None]),
            (decided(Some(Accepted), Some(Excluded)), [Some(Accepted), None, None]),
            (decided(Some(Excluded), Some(Accepted)), [Some(Excluded); 3]),
        ];
        for (reviewed, outcomes) in table {
            assert_eq!(
                RevocationKind::ALL.iter().map(|k| reviewed.outcome(*k)).collect::<Vec<_>>(),
                outcomes
            );
        }
    }
}
