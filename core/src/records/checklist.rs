//! What a round looks at: checkpoints with their assets, checklists with their items, and what a reading means.

use super::value::{codes, list_value};
use super::{Bilingual, FieldValue, Parts, Set};
use crate::base::Value;

/// Versions of a checkpoint.
pub const CHECKPOINT: Set<Checkpoint> = Set::new(5);
/// Versions of a checklist.
pub const CHECKLIST: Set<Checklist> = Set::new(6);

/// A place where a round stops.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Checkpoint {
    /// Its number at the site; what items and answers call it by.
    pub number: u32,
    /// What people call it.
    pub name: Bilingual,
    /// Where it is.
    pub place: Bilingual,
    /// What its NFC tag or QR code says.
    pub tag: Option<String>,
    /// The equipment there.
    pub assets: Vec<Asset>,
    /// Whether rounds still stop there.
    pub active: bool,
}
list_value!(Checkpoint { number, name, place, tag, assets, active });

/// A piece of equipment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asset {
    /// What people call it.
    pub name: Bilingual,
    /// Its maker's model.
    pub model: Option<String>,
}
list_value!(Asset { name, model });

/// Stands for a checkpoint where nobody walks, as in a handover's checklist.
pub const NO_CHECKPOINT: u32 = 0;

/// What is asked on a round or at a handover.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Checklist {
    /// What people call it.
    pub name: Bilingual,
    /// Its version, counted from 1.
    pub version: u32,
    /// Its items, in the order they are walked.
    pub items: Vec<Item>,
    /// Whether it is still in use.
    pub active: bool,
}
list_value!(Checklist { name, version, items, active });

impl Checklist {
    /// An item by its number.
    #[must_use]
    pub fn item(&self, number: u32) -> Option<&Item> {
        self.items.iter().find(|i| i.number == number)
    }

    /// The numbers of the checkpoints it stops at ([`NO_CHECKPOINT`] among them, if an item has none), in order of first use.
    #[must_use]
    pub fn checkpoints(&self) -> Vec<u32> {
        let mut seen = Vec::new();
        for item in &self.items {
            if !seen.contains(&item.checkpoint) {
                seen.push(item.checkpoint);
            }
        }
        seen
    }
}

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// Its number in the checklist, the same in every version.
    pub number: u32,
    /// The number of its checkpoint, or [`NO_CHECKPOINT`].
    pub checkpoint: u32,
    /// What to look at.
    pub text: Bilingual,
    /// What kind of answer it takes.
    pub kind: ItemKind,
    /// Whether a round cannot be signed without it.
    pub required: bool,
}
list_value!(Item { number, checkpoint, text, kind, required });

/// What kind of answer an item takes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemKind {
    /// Normal or not.
    Status,
    /// A number.
    Reading(ReadingSpec),
}

/// How a number is read and what it means.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadingSpec {
    /// Its unit, such as `MPa`.
    pub unit: String,
    /// Digits after the point; values and limits are whole numbers of the smallest step.
    pub decimals: u32,
    /// Its limits.
    pub limits: Limits,
}
list_value!(ReadingSpec { unit, decimals, limits });

/// Limits of a reading. A value that equals a limit is within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Limits {
    /// Below it: alarm.
    pub low_alarm: Option<i64>,
    /// Below it: warning.
    pub low_warn: Option<i64>,
    /// Above it: warning.
    pub high_warn: Option<i64>,
    /// Above it: alarm.
    pub high_alarm: Option<i64>,
}
list_value!(Limits { low_alarm, low_warn, high_warn, high_alarm });

codes! {
    /// What an answer means.
    pub enum Verdict {
        /// Nothing to do.
        Normal = 0,
        /// Keep an eye on it.
        Warning = 1,
        /// Act.
        Alarm = 2,
    }
}

impl Limits {
    /// What a reading means.
    #[must_use]
    pub fn verdict(&self, reading: i64) -> Verdict {
        let outside = |low: Option<i64>, high: Option<i64>| {
            low.is_some_and(|l| reading < l) || high.is_some_and(|h| reading > h)
        };
        if outside(self.low_alarm, self.high_alarm) {
            Verdict::Alarm
        } else if outside(self.low_warn, self.high_warn) {
            Verdict::Warning
        } else {
            Verdict::Normal
        }
    }

    /// Whether they stand in order: low alarm, low warning, high warning, high alarm.
    #[must_use]
    pub fn in_order(&self) -> bool {
        let given = [self.low_alarm, self.low_warn, self.high_warn, self.high_alarm];
        given.iter().flatten().is_sorted()
    }
}

/// A reading as people write it: `1234` with two decimals is `12.34`.
#[must_use]
pub fn reading_text(reading: i64, decimals: u32) -> String {
    let Some(step) = 10_u64.checked_pow(decimals).filter(|_| decimals > 0) else {
        return reading.to_string();
    };
    let sign = if reading < 0 { "-" } else { "" };
    let size = reading.unsigned_abs();
    format!("{sign}{}.{:0width$}", size / step, size % step, width = decimals as usize)
}

impl FieldValue for ItemKind {
    fn to_value(&self) -> Value {
        match self {
            Self::Status => Value::List(vec![Value::Int(0)]),
            Self::Reading(spec) => Value::List(vec![Value::Int(1), spec.to_value()]),
        }
    }

    fn from_value(value: &Value) -> Option<Self> {
        let mut parts = Parts::of(value)?;
        match parts.take::<u32>()? {
            0 => Some(Self::Status),
            1 => parts.take().map(Self::Reading),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reading_means() {
        let limits =
            Limits { low_alarm: Some(20), low_warn: Some(25), high_warn: Some(40), high_alarm: Some(45) };
        let table = [
            (19, Verdict::Alarm),
            (20, Verdict::Warning),
            (24, Verdict::Warning),
            (25, Verdict::Normal),
            (40, Verdict::Normal),
            (41, Verdict::Warning),
            (45, Verdict::Warning),
            (46, Verdict::Alarm),
        ];
        for (reading, verdict) in table {
            assert_eq!(limits.verdict(reading), verdict, "{reading}");
        }
        assert_eq!(Limits::default().verdict(i64::MIN), Verdict::Normal);
        assert!(limits.in_order());
        assert!(!Limits { low_warn: Some(50), ..limits }.in_order());
    }

    #[test]
    fn readings_are_written_with_their_decimals() {
        let table = [
            (1234, 2, "12.34"),
            (-5, 1, "-0.5"),
            (7, 0, "7"),
            (0, 3, "0.000"),
            (i64::MIN, 25, "-9223372036854775808"),
        ];
        for (reading, decimals, text) in table {
            assert_eq!(reading_text(reading, decimals), text);
        }
    }

    #[test]
    fn an_item_of_a_newer_kind_is_not_taken_for_another() {
        let spec = ReadingSpec { unit: "MPa".into(), decimals: 2, limits: Limits::default() };
        for kind in [ItemKind::Status, ItemKind::Reading(spec)] {
            assert_eq!(ItemKind::from_value(&kind.to_value()), Some(kind));
        }
        assert_eq!(ItemKind::from_value(&Value::List(vec![Value::Int(9)])), None);
    }
}
