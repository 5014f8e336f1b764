//! What a round found: the outcome of every item, from the answers given.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answer, ItemStatus};
use crate::records::checklist::{Checklist, Item, ItemKind, Verdict};

/// What is known of a round's answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoundFindings {
    /// Answers by item number.
    pub answers: BTreeMap<u32, Answer>,
    /// Checkpoints where everything else was said to be normal.
    pub rest_normal: BTreeSet<u32>,
    /// Why checkpoints were left out, by number.
    pub skipped: BTreeMap<u32, String>,
}

/// What became of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// It was answered.
    Answered(&'a Answer, Verdict),
    /// It was covered by "everything else is normal".
    RestNormal,
    /// Its checkpoint was left out, for this reason.
    Skipped(&'a str),
    /// Nothing is known of it.
    Open,
}

impl Outcome<'_> {
    /// What it means; none where nothing was found.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        match self {
            Self::Answered(_, verdict) => Some(*verdict),
            Self::RestNormal => Some(Verdict::Normal),
            Self::Skipped(_) | Self::Open => None,
        }
    }
}

impl RoundFindings {
    /// What became of an item. "Everything else is normal" never stands for a reading.
    #[must_use]
    pub fn outcome(&self, item: &Item) -> Outcome<'_> {
        if let Some(answer) = self.answers.get(&item.number) {
            return Outcome::Answered(answer, answer.verdict(item));
        }
        if let Some(reason) = self.skipped.get(&item.checkpoint) {
            return Outcome::Skipped(reason);
        }
        if item.kind == ItemKind::Status && self.rest_normal.contains(&item.checkpoint) {
            return Outcome::RestNormal;
        }
        Outcome::Open
    }

    /// The required items without an outcome: a round is not signed before there are none.
    pub fn open<'c>(&self, checklist: &'c Checklist) -> impl Iterator<Item = &'c Item> {
        checklist.items.iter().filter(|i| i.required && self.outcome(i) == Outcome::Open)
    }

    /// The items that were found to need action or watching.
    pub fn failed<'c>(&self, checklist: &'c Checklist) -> impl Iterator<Item = (&'c Item, Verdict)> {
        let verdicts = checklist.items.iter().map(|i| (i, self.outcome(i).verdict()));
        verdicts.filter_map(|(item, v)| v.filter(|v| *v > Verdict::Normal).map(|v| (item, v)))
    }
}

impl Answer {
    /// What the answer means: the worse of what was ticked and what the reading says.
    #[must_use]
    pub fn verdict(&self, item: &Item) -> Verdict {
        let ticked = if self.status == ItemStatus::Abnormal { Verdict::Alarm } else { Verdict::Normal };
        match (&item.kind, self.reading) {
            (ItemKind::Reading(spec), Some(reading)) => ticked.max(spec.limits.verdict(reading)),
            _ => ticked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Bilingual;
    use crate::records::checklist::{Limits, ReadingSpec};

    fn checklist() -> Checklist {
        let limits = Limits { high_warn: Some(40), high_alarm: Some(45), ..Limits::default() };
        let reading = ItemKind::Reading(ReadingSpec { unit: "℃".into(), decimals: 0, limits });
        let item = |number, checkpoint, kind| Item {
            number,
            checkpoint,
            text: Bilingual::default(),
            kind,
            required: true,
        };
        let items = vec![
            item(1, 1, ItemKind::Status),
            item(2, 1, reading.clone()),
            item(3, 2, ItemKind::Status),
            item(4, 2, reading),
        ];
        Checklist { name: Bilingual::default(), version: 1, items, active: true }
    }

    fn answer(status: ItemStatus, reading: Option<i64>) -> Answer {
        Answer { status, reading, note: None }
    }

    #[test]
    fn the_rest_is_normal_but_never_a_reading() {
        let findings = RoundFindings { rest_normal: BTreeSet::from([1, 2]), ..RoundFindings::default() };
        let checklist = checklist();
        assert_eq!(findings.outcome(&checklist.items[0]), Outcome::RestNormal);
        assert_eq!(findings.open(&checklist).map(|i| i.number).collect::<Vec<_>>(), [2, 4]);
    }

    #[test]
    fn a_skipped_checkpoint_leaves_nothing_open_and_finds_nothing() {
        let findings =
            RoundFindings { skipped: BTreeMap::from([(2, "locked".into())]), ..RoundFindings::default() };
        let checklist = checklist();
        assert_eq!(findings.open(&checklist).map(|i| i.number).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(findings.outcome(&checklist.items[3]).verdict(), None);
    }

    #[test]
    fn an_answer_is_as_bad_as_its_worse_half() {
        let checklist = checklist();
        let table = [
            (2, ItemStatus::Normal, Some(40), Verdict::Normal),
            (2, ItemStatus::Normal, Some(41), Verdict::Warning),
            (2, ItemStatus::Normal, Some(46), Verdict::Alarm),
            (2, ItemStatus::Abnormal, Some(20), Verdict::Alarm),
            (1, ItemStatus::Abnormal, None, Verdict::Alarm),
            (1, ItemStatus::NotApplicable, None, Verdict::Normal),
        ];
        for (number, status, reading, verdict) in table {
            let item = checklist.item(number).expect("an item");
            assert_eq!(answer(status, reading).verdict(item), verdict, "{number} {status:?} {reading:?}");
        }
        let findings = RoundFindings {
            answers: BTreeMap::from([(2, answer(ItemStatus::Normal, Some(41)))]),
            ..RoundFindings::default()
        };
        let failed: Vec<_> = findings.failed(&checklist).map(|(i, v)| (i.number, v)).collect();
        assert_eq!(failed, [(2, Verdict::Warning)]);
    }
}
