//! Rounds: what was planned, what was found, and whether it was done in time.

mod findings;
mod status;
mod window;

use std::collections::BTreeMap;

pub use findings::{Outcome, RoundFindings};
pub use status::{Phone, Progress, RoundStatus, Standing, round_status};
pub use window::Window;
pub(super) use window::minutes;

use super::value::{codes, list_value};
use super::{Bilingual, Field, Members, Set};
use crate::base::{Digest, Millis, PersonId, RecordId};

/// Versions of a round plan.
pub const ROUND_PLAN: Set<RoundPlan> = Set::new(7);
/// How the round began.
pub const STARTED: Field<RoundStarted> = Field::new(32);
/// Answers by item number.
pub const RESULT: Members<Answer> = Members::new(33);
/// Proofs of presence.
pub const REACHED: Set<Reached> = Set::new(34);
/// Why a checkpoint was left out, by its number.
pub const SKIPPED: Members<String> = Members::new(35);
/// Signatures under the finished round.
pub const SIGNED: Set<RoundSigned> = Set::new(36);
/// Everything else at a checkpoint is normal, by its number.
pub const REST_NORMAL: Members<bool> = Members::new(37);
/// Why the whole round was left out.
pub const ROUND_SKIPPED: Field<String> = Field::new(38);

/// Rounds that are walked every day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoundPlan {
    /// What people call it.
    pub name: Bilingual,
    /// What is asked.
    pub checklist: RecordId,
    /// The post whose holders walk it.
    pub post: RecordId,
    /// When its windows open, in minutes after local midnight.
    pub times: Vec<u32>,
    /// How long a window stays open, in minutes.
    pub window_minutes: u32,
    /// How long after the window nobody is called late for good, in minutes; none: as the rule pack says.
    pub grace_minutes: Option<u32>,
    /// Whether it is still in use.
    pub active: bool,
}
list_value!(RoundPlan { name, checklist, post, times, window_minutes, grace_minutes, active });

/// How a round began, and against what it is judged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoundStarted {
    /// The plan; none for a round that nobody planned.
    pub plan: Option<RecordId>,
    /// The checklist.
    pub checklist: RecordId,
    /// Which version of it.
    pub checklist_version: u32,
    /// The window it belongs to, if it was planned.
    pub window: Option<Window>,
    /// When it began.
    pub started_at: Millis,
}
list_value!(RoundStarted { plan, checklist, checklist_version, window, started_at });

codes! {
    /// How an item was found.
    pub enum ItemStatus {
        /// As it should be.
        Normal = 0,
        /// Not as it should be.
        Abnormal = 1,
        /// There is nothing to look at, as when the equipment is out of use.
        NotApplicable = 2,
    }
}

/// The answer to one item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    /// How it was found.
    pub status: ItemStatus,
    /// The reading, in the smallest step of the item's unit.
    pub reading: Option<i64>,
    /// What the person adds.
    pub note: Option<String>,
}
list_value!(Answer { status, reading, note });

codes! {
    /// How well presence at a checkpoint is proven, best first.
    pub enum PresenceGrade {
        /// Its NFC tag was read.
        Nfc = 1,
        /// Its QR code was read.
        Qr = 2,
        /// The phone's position was near.
        Position = 3,
        /// The person typed that they were there.
        Typed = 4,
    }
}

/// One proof of presence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reached {
    /// The checkpoint's number.
    pub checkpoint: u32,
    /// How well it is proven.
    pub grade: PresenceGrade,
    /// What was read: the tag, the code, the position.
    pub evidence: String,
    /// When.
    pub at: Millis,
}
list_value!(Reached { checkpoint, grade, evidence, at });

/// A signature under a finished round.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoundSigned {
    /// Who signed.
    pub person: PersonId,
    /// The digest of the text that was shown.
    pub text: Digest,
    /// When.
    pub at: Millis,
}
list_value!(RoundSigned { person, text, at });

/// The best proof of presence at each checkpoint.
#[must_use]
pub fn best_grades<'r>(reached: impl IntoIterator<Item = &'r Reached>) -> BTreeMap<u32, PresenceGrade> {
    let mut best = BTreeMap::new();
    for proof in reached {
        let grade = best.entry(proof.checkpoint).or_insert(proof.grade);
        *grade = proof.grade.min(*grade);
    }
    best
}
