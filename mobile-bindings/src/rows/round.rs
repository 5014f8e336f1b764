//! Rounds: what is planned, what was begun, what was found.

use dutylog_core::records::{checklist, round};

use super::Delivery;

/// How a planned round stands, as far as this phone can know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum RoundStatus {
    /// Its window has not opened.
    Upcoming,
    /// Its window is open and nobody has begun.
    Due,
    /// It was begun.
    Running,
    /// It was done in its window.
    OnTime,
    /// It was done, later.
    Late,
    /// It was left out, for a reason.
    Skipped,
    /// Nobody did it, and every phone that could have has been heard.
    Missed,
    /// A phone has records of it that have not come.
    NotHereYet,
    /// A phone is silent that may have it. Nobody is accused.
    Unknown,
}

impl From<&round::RoundStatus> for RoundStatus {
    fn from(status: &round::RoundStatus) -> Self {
        use round::RoundStatus as S;
        match status {
            S::Upcoming => Self::Upcoming,
            S::Due => Self::Due,
            S::Running => Self::Running,
            S::OnTime => Self::OnTime,
            S::Late => Self::Late,
            S::Skipped => Self::Skipped,
            S::Missed => Self::Missed,
            S::NotHereYet(_) => Self::NotHereYet,
            S::Unknown(_) => Self::Unknown,
        }
    }
}

/// A round that a plan asks for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PlannedRoundRow {
    /// The plan, by its identifier: 32 hexadecimal digits.
    pub plan: String,
    /// What people call it.
    pub name: String,
    /// The post whose holders walk it.
    pub post: String,
    /// What people call the post.
    pub post_name: String,
    /// When its window opens: Unix time in milliseconds.
    pub starts_ms: i64,
    /// When it closes, likewise.
    pub ends_ms: i64,
    /// How it stands.
    pub status: RoundStatus,
    /// The same in words.
    pub status_text: String,
    /// The round that was begun for it, or left out; none if there is none.
    pub round: Option<String>,
}

/// Where a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum RoundState {
    /// It takes results.
    Running,
    /// Somebody signed it: its results stand.
    Signed,
    /// It was left out as a whole.
    Skipped,
}

/// A round, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RoundRow {
    /// The round, by its identifier: 32 hexadecimal digits.
    pub id: String,
    /// The plan's name, or the checklist's.
    pub name: String,
    /// Where it stands.
    pub state: RoundState,
    /// When it began, by the phone's clock: Unix time in milliseconds.
    pub started_ms: i64,
    /// When something was last recorded about it: Unix time in milliseconds.
    pub changed_ms: i64,
    /// How many items were answered.
    pub answered: u32,
    /// How many items were answered as abnormal. A reading beyond its limits counts only if its answer says so.
    pub flagged: u32,
    /// How many fields wait for a person to settle them.
    pub conflicts: u32,
    /// How far it has come.
    pub delivery: Delivery,
}

/// A page of rounds, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RoundPage {
    /// The rounds.
    pub rows: Vec<RoundRow>,
    /// Where the list goes on (the last page may be empty); none at its end.
    pub next: Option<String>,
}

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Verdict {
    /// Nothing to do.
    Normal,
    /// Keep an eye on it.
    Warning,
    /// Act.
    Alarm,
}

impl From<checklist::Verdict> for Verdict {
    fn from(verdict: checklist::Verdict) -> Self {
        match verdict {
            checklist::Verdict::Normal => Self::Normal,
            checklist::Verdict::Warning => Self::Warning,
            checklist::Verdict::Alarm => Self::Alarm,
        }
    }
}

/// One item of a round's checklist and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ItemRow {
    /// Its number.
    pub number: u32,
    /// What is asked.
    pub text: String,
    /// Whether the round cannot be signed without it.
    pub required: bool,
    /// Whether it asks for a reading.
    pub asks_reading: bool,
    /// The reading's unit, such as `MPa`; empty if it asks for none.
    pub unit: String,
    /// Decimals of a reading: readings are whole numbers of its smallest step.
    pub decimals: u32,
    /// Below it, act; none if there is no such limit. In the smallest step, as are the others.
    pub low_alarm: Option<i64>,
    /// Below it, keep an eye on it.
    pub low_warn: Option<i64>,
    /// Above it, keep an eye on it.
    pub high_warn: Option<i64>,
    /// Above it, act.
    pub high_alarm: Option<i64>,
    /// Whether it has an outcome: an answer, "the rest is normal", or its checkpoint was left out.
    pub done: bool,
    /// The outcome in words.
    pub outcome: String,
    /// What it means; none while there is no answer.
    pub verdict: Option<Verdict>,
    /// The reading that was answered.
    pub reading: Option<i64>,
    /// Several answers wait to be settled.
    pub disputed: bool,
}

/// A checkpoint of a round with its items.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CheckpointRow {
    /// Its number; 0 for items that belong to no checkpoint.
    pub number: u32,
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub place: String,
    /// How presence was proven best, in words; empty if it was not yet.
    pub presence: String,
    /// Why it was left out; empty if it was not.
    pub skipped: String,
    /// Its items in order.
    pub items: Vec<ItemRow>,
}

/// A round as it stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RoundDetail {
    /// The round, by its identifier: 32 hexadecimal digits.
    pub id: String,
    /// The plan's name, or the checklist's.
    pub name: String,
    /// Where it stands.
    pub state: RoundState,
    /// When it began, by the phone's clock: Unix time in milliseconds.
    pub started_ms: i64,
    /// When its window opens, Unix time in milliseconds; none for a round without a plan.
    pub window_starts_ms: Option<i64>,
    /// When it closes, likewise.
    pub window_ends_ms: Option<i64>,
    /// Its checkpoints in the order they are walked.
    pub checkpoints: Vec<CheckpointRow>,
    /// How many required items have no outcome yet.
    pub open: u32,
    /// Who signed it.
    pub signers: Vec<String>,
    /// How far it has come.
    pub delivery: Delivery,
}
