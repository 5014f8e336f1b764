//! The cost of a commit beside the size of the record and of the database: goal 4.

use super::folder;
use crate::ratios::{Durability, Outcome, Pair, Paired, ROUNDS, Recorder, Report, commits_by_turns};
use crate::site_year::{Action, repeated, round_of};

/// How many records of each size take part.
const RECORDS: u32 = 600;
/// The last results of each record are what is measured.
const LAST: usize = 5;
/// Commits measured in the small and the large database.
const COMMITS: usize = 5_000;

/// Measures both kinds of flatness, `synchronous=NORMAL`.
pub(crate) fn flatness<S: Recorder>(report: &mut Report, year: &[Action]) -> Outcome<()> {
    records::<S>(report, year)?;
    databases::<S>(report, year)
}

/// The last five results of records of 500 and of 5, in two databases of equal size.
fn records<S: Recorder>(report: &mut Report, year: &[Action]) -> Outcome<()> {
    let (large_before, large) = split(500);
    let (mut small_before, small) = split(5);
    let filling = repeated(year, large_before.len() - small_before.len(), 2 * RECORDS);
    small_before.extend(filling);
    compare::<S>(
        report,
        "commit into a record of 500",
        "of 5",
        1.05,
        [(&large_before, &large), (&small_before, &small)],
    )
}

/// Records of so many items: everything before the last results, and these.
fn split(items: u16) -> (Vec<Action>, Vec<Action>) {
    let (mut before, mut last) = (Vec::new(), Vec::new());
    for record in 0..RECORDS {
        let mut round = round_of(items, record);
        last.extend(round.split_off(round.len() - LAST));
        before.extend(round);
    }
    (before, last)
}

/// The same new records in a database of 500,000 entries and in one of 1,000.
fn databases<S: Recorder>(report: &mut Report, year: &[Action]) -> Outcome<()> {
    let new = &year[..COMMITS];
    let large = repeated(year, 500_000, 10_000);
    let pair = [(&large[..], new), (&large[large.len() - 1_000..], new)];
    compare::<S>(report, "commit among 500,000 entries", "of 1,000", 1.15, pair)
}

fn compare<S: Recorder>(
    report: &mut Report,
    name: &str,
    against: &'static str,
    bound: f64,
    [(large_before, large), (small_before, small)]: [(&[Action], &[Action]); 2],
) -> Outcome<()> {
    let folders = (folder::holding::<S>(large_before)?, folder::holding::<S>(small_before)?);
    let part = large.len() / ROUNDS;
    let mut rounds = Vec::new();
    for (large, small) in large.chunks_exact(part).zip(small.chunks_exact(part)) {
        let mut in_large = S::open(folders.0.path(), Durability::Normal)?;
        let mut in_small = S::open(folders.1.path(), Durability::Normal)?;
        rounds.push(commits_by_turns((&mut in_large, large), (&mut in_small, small))?);
        in_large.close()?;
        in_small.close()?;
    }
    let paired = Paired::of(&rounds);
    report.entry(4, name, Pair { subject: S::NAME, against }).p50(&paired, Some(bound)).spreads(&paired);
    Ok(())
}
