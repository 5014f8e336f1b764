//! The branches of a forked chain: named by the entries alone.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{Digest, Seq};
use dutylog_core::log::BranchMap;
use dutylog_core::log::branch::{Label, TRUNK};
use proptest::collection::vec;
use proptest::prelude::*;

/// One copy of the chain: what was chosen at each number. Copies with equal beginnings share those entries.
type Path = Vec<u8>;

fn leaf(path: &[u8]) -> Digest {
    Digest::tagged("a leaf", path)
}

fn leaves(path: &[u8]) -> Vec<Digest> {
    (1..=path.len()).map(|n| leaf(&path[..n])).collect()
}

/// A few copies that part at random places.
fn copies() -> impl Strategy<Value = Vec<Path>> {
    vec(vec(0_u8..2, 1..9), 1..6)
}

/// The copies cut into runs, as segments would be, in some order and some of them twice.
fn runs() -> impl Strategy<Value = (Vec<Path>, Vec<(Path, usize)>)> {
    let cut = |copies: &[Path], at: &[prop::sample::Index]| {
        let whole = copies.iter().map(|path| (path.clone(), 0));
        let parts = copies.iter().cycle().zip(at).flat_map(|(path, at)| {
            let cut = at.index(path.len());
            [(path[..=cut].to_vec(), 0), (path.clone(), cut)]
        });
        whole.chain(parts).collect::<Vec<_>>()
    };
    (copies(), vec(any::<prop::sample::Index>(), 0..8))
        .prop_map(move |(copies, at)| (cut(&copies, &at), copies))
        .prop_flat_map(|(runs, copies)| (Just(copies), Just(runs).prop_shuffle()))
}

fn build(runs: &[(Path, usize)]) -> BranchMap {
    let runs: Vec<_> = runs
        .iter()
        .map(|(path, from)| {
            let before = (*from > 0).then(|| leaf(&path[..*from]));
            (*from as Seq + 1, before, leaves(path)[*from..].to_vec())
        })
        .collect();
    BranchMap::build(runs.iter().map(|(first, before, leaves)| (*first, *before, &leaves[..])))
}

/// The plain answer: the label of every number of a copy, found by looking at all copies.
fn labels(copies: &[Path], path: &[u8]) -> Vec<Label> {
    let mut label = TRUNK;
    let labels = (1..=path.len()).map(|n| {
        let siblings = copies.iter().filter(|c| c.len() >= n && c[..n - 1] == path[..n - 1]);
        if siblings.map(|c| c[n - 1]).collect::<BTreeSet<_>>().len() > 1 {
            label = leaf(&path[..n]).mark();
        }
        label
    });
    labels.collect()
}

proptest! {
    #[test]
    fn names_do_not_depend_on_order_or_cutting((copies, runs) in runs()) {
        let whole: Vec<_> = copies.iter().map(|path| (path.clone(), 0)).collect();
        prop_assert_eq!(build(&runs), build(&whole));
    }

    #[test]
    fn names_are_those_of_the_plain_answer((copies, runs) in runs()) {
        let map = build(&runs);
        for path in &copies {
            for ((seq, leaf), label) in (1..).zip(leaves(path)).zip(labels(&copies, path)) {
                prop_assert_eq!(map.label(seq, leaf.mark()), Some(label));
            }
        }
    }

    #[test]
    fn a_branch_descends_from_what_lies_below_it((copies, runs) in runs()) {
        let map = build(&runs);
        let firsts: BTreeMap<Label, Seq> = map.branches().collect();
        prop_assert_eq!(map.fork(), firsts.values().min().copied());
        for path in &copies {
            let mut last: BTreeMap<Label, Seq> = BTreeMap::new();
            let labels = labels(&copies, path);
            (1..).zip(&labels).for_each(|(seq, label)| {
                last.insert(*label, seq);
            });
            let own = *labels.last().expect("no copy is empty");
            last.remove(&own);
            let mut below: Vec<_> = last.into_iter().collect();
            below.sort_by_key(|(_, last)| std::cmp::Reverse(*last));
            prop_assert_eq!(map.ancestry(own), below);
        }
    }

    #[test]
    fn one_copy_however_cut_is_no_fork(path in vec(0_u8..2, 1..9), at in vec(any::<prop::sample::Index>(), 0..6)) {
        let runs: Vec<_> = at.iter().map(|at| (path.clone(), at.index(path.len()))).chain([(path.clone(), 0)]).collect();
        prop_assert_eq!(build(&runs), BranchMap::default());
    }
}
