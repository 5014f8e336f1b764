//! The branches of a forked chain: both are kept, and every holder names them alike.
//!
//! A branch is named after the first 8 bytes of its first entry's leaf; the common trunk is 0. The name depends on the entries
//! alone, not on how they were cut into segments nor on what arrived first (decision 0002).

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Digest, Seq};

/// The name of a branch.
pub type Label = [u8; 8];

/// The part of a chain before any fork.
pub const TRUNK: Label = [0; 8];

/// Which branch each entry of a chain is on. Empty, and free, for a chain that has not forked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BranchMap {
    /// The first number at which the chain differs from itself; none if it never does.
    fork: Option<Seq>,
    labels: BTreeMap<(Seq, [u8; 8]), Label>,
    /// Of each branch: the branch it left, and its first number.
    parents: BTreeMap<Label, (Label, Seq)>,
}

/// One entry of a chain and the one before it on its path.
type Node = (Seq, Digest);

impl BranchMap {
    /// Maps a chain given as runs of leaves: number of the first, the leaf before it (none at the start), the leaves.
    #[must_use]
    pub fn build<'r>(runs: impl IntoIterator<Item = (Seq, Option<Digest>, &'r [Digest])>) -> Self {
        let mut children: BTreeMap<Node, BTreeSet<Digest>> = BTreeMap::new();
        let root = (0, Digest::default());
        for (first, before, leaves) in runs {
            let mut at = before.map_or(root, |leaf| (first - 1, leaf));
            for (seq, leaf) in (first..).zip(leaves) {
                children.entry(at).or_default().insert(*leaf);
                at = (seq, *leaf);
            }
        }
        let fork = children.iter().filter(|(_, c)| c.len() > 1).map(|((seq, _), _)| seq + 1).min();
        let mut map = Self { fork, ..Self::default() };
        if fork.is_some() {
            map.walk(&children, root);
        }
        map
    }

    fn walk(&mut self, children: &BTreeMap<Node, BTreeSet<Digest>>, root: Node) {
        let mut open = vec![(root, TRUNK)];
        while let Some((node, label)) = open.pop() {
            let Some(next) = children.get(&node) else { continue };
            for leaf in next {
                let seq = node.0 + 1;
                let branch = if next.len() > 1 { leaf.mark() } else { label };
                if branch != label {
                    self.parents.insert(branch, (label, seq));
                }
                // Below the fork there is one entry a number; past it, an entry that two paths share is walked once.
                let past = self.fork.is_some_and(|fork| seq >= fork);
                if !past || self.labels.insert((seq, leaf.mark()), branch).is_none() {
                    open.push(((seq, *leaf), branch));
                }
            }
        }
    }

    /// The first number at which the chain differs from itself.
    #[must_use]
    pub fn fork(&self) -> Option<Seq> {
        self.fork
    }

    /// The branch of an entry; none for an entry past the fork that is not held.
    #[must_use]
    pub fn label(&self, seq: Seq, mark: [u8; 8]) -> Option<Label> {
        match self.fork {
            Some(fork) if seq >= fork => self.labels.get(&(seq, mark)).copied(),
            _ => Some(TRUNK),
        }
    }

    /// What a branch has seen before its own first entry: branches and the last number on each.
    #[must_use]
    pub fn ancestry(&self, label: Label) -> Vec<(Label, Seq)> {
        let mut line = Vec::new();
        let mut at = label;
        while let Some((parent, first)) = self.parents.get(&at) {
            line.push((*parent, first - 1));
            at = *parent;
        }
        line.retain(|(_, last)| *last > 0);
        line
    }

    /// The last number on a branch, as far as it is held; none for the trunk and for branches that there are not.
    #[must_use]
    pub fn last(&self, label: Label) -> Option<Seq> {
        self.labels.iter().filter(|(_, on)| **on == label).map(|((seq, _), _)| *seq).max()
    }

    /// The names of the branches, without the trunk.
    pub fn branches(&self) -> impl Iterator<Item = (Label, Seq)> + '_ {
        self.parents.iter().map(|(label, (_, first))| (*label, *first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(n: u8) -> Digest {
        Digest([n; 32])
    }

    #[test]
    fn a_chain_cut_differently_is_no_fork() {
        let whole = [leaf(1), leaf(2), leaf(3)];
        let map = BranchMap::build([
            (1, None, &whole[..]),
            (1, None, &whole[..2]),
            (3, Some(leaf(2)), &whole[2..]),
        ]);
        assert_eq!(map, BranchMap::default());
    }

    #[test]
    fn branches_have_one_name_whatever_arrived_first() {
        let (a, b) = ([leaf(1), leaf(2), leaf(3)], [leaf(1), leaf(9), leaf(8)]);
        let one = BranchMap::build([(1, None, &a[..]), (1, None, &b[..])]);
        let other = BranchMap::build([(1, None, &b[..]), (1, None, &a[..1]), (2, Some(leaf(1)), &a[1..])]);
        assert_eq!(one, other);
        assert_eq!(one.fork(), Some(2));
        assert_eq!(one.label(1, [1; 8]), Some(TRUNK));
        assert_eq!(one.label(3, [3; 8]), Some([2; 8]));
        assert_eq!(one.label(3, [8; 8]), Some([9; 8]));
        assert_eq!(one.label(3, [7; 8]), None);
        assert_eq!(one.ancestry([9; 8]), [(TRUNK, 1)]);
        assert_eq!(
            [[9; 8], [2; 8], TRUNK, [7; 8]].map(|label| one.last(label)),
            [Some(3), Some(3), None, None]
        );
    }

    #[test]
    fn a_branch_may_fork_again() {
        let runs = [[1, 2, 3, 4], [1, 2, 3, 5], [1, 7, 7, 7]].map(|r| r.map(leaf));
        let map = BranchMap::build(runs.iter().map(|r| (1, None, &r[..])));
        assert_eq!(map.label(3, [3; 8]), Some([2; 8]));
        assert_eq!(map.label(4, [5; 8]), Some([5; 8]));
        assert_eq!(map.ancestry([5; 8]), [([2; 8], 3), (TRUNK, 1)]);
    }
}
