//! How things stand: what is saved and where, what waits, what is to be signed.

use dutylog_core::{companion, store};

use crate::logbook::entry_text;
use crate::words::DraftKind;

/// An action that is on the disk. A kill, a dead battery or an upgrade cannot take it back.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Saved {
    /// The record it is about; of a new round or incident, its identifier from now on.
    pub record: String,
    /// The entry: its chain, its number there, and its hash. For support, and for `claim`.
    pub entry: String,
    /// It had been saved before under the same draft: this was a repetition, and nothing was recorded twice.
    pub repeated: bool,
}

impl From<companion::Saved> for Saved {
    fn from(saved: companion::Saved) -> Self {
        let record = saved.records.first().map(ToString::to_string).unwrap_or_default();
        Self { record, entry: entry_text(saved.by), repeated: saved.repeated }
    }
}

/// How far a record has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Delivery {
    /// Saved on this phone, not sent yet.
    Saved,
    /// Sent, and no receipt has come.
    Sent,
    /// Headquarters holds it, and has signed so.
    Received,
}

impl From<store::Delivery> for Delivery {
    fn from(delivery: store::Delivery) -> Self {
        match delivery {
            store::Delivery::Here => Self::Saved,
            store::Delivery::Sent => Self::Sent,
            store::Delivery::Received => Self::Received,
        }
    }
}

/// What waits for headquarters.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Outbox {
    /// How many entries of this phone headquarters has not confirmed.
    pub entries: u64,
    /// When the oldest of them was recorded, by the phone's clock, Unix time in milliseconds; none if nothing waits.
    pub oldest_ms: Option<i64>,
    /// When headquarters signed its newest receipt, by its own clock, Unix time in milliseconds; none before the first.
    pub last_receipt_ms: Option<i64>,
}

/// How fresh what this phone shows is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Freshness {
    /// When headquarters was last heard of, by its own clock, Unix time in milliseconds; none if it never was.
    pub heard_ms: Option<i64>,
    /// For how many whole days it has not been, if that is more than the site's rules allow. Nothing is refused for it.
    pub stale_days: Option<u32>,
    /// The same as a sentence; empty while there is nothing to say.
    pub sentence: String,
    /// The best this phone knows of the true time: Unix time in milliseconds.
    pub now_ms: i64,
    /// By how much the wall clock is wrong, as a sentence; empty below two minutes, or if it was never compared.
    pub clock_sentence: String,
}

/// A text that is to be signed: show all of it, then hand `digest` and `shownAtMs` back with the signature.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ToSign {
    /// Exactly what is signed, in the phone's language, with line feeds.
    pub text: String,
    /// What names the text: 64 hexadecimal digits.
    pub digest: String,
    /// When it was made, Unix time in milliseconds; it stands in the text, and may be signed for an hour.
    pub shown_at_ms: i64,
}

/// What somebody has typed and not yet saved.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DraftRow {
    /// The draft, by its identifier: 32 hexadecimal digits; an action saved under it ends it.
    pub id: String,
    /// What it is to become; none if a newer version began it.
    pub kind: Option<DraftKind>,
    /// Who began it; empty if nobody was signed in.
    pub author: String,
    /// What people call them.
    pub author_name: String,
    /// When it last changed, by the phone's clock: Unix time in milliseconds.
    pub updated_ms: i64,
    /// What was typed; none if it is another person's.
    pub content: Option<String>,
}

/// What came of a file from another phone.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Imported {
    /// Segments that were new.
    pub stored: u64,
    /// Segments that were held already.
    pub held: u64,
    /// Segments that wait for what comes before them.
    pub pending: u64,
    /// Chains of which two different entries with one number are held now.
    pub forked: u64,
    /// The server told whoever made the file another history than this phone: tell headquarters. What people recorded is taken in all
    /// the same.
    pub alarm: bool,
}

/// What this phone recorded while nobody was signed in, and nobody has claimed.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct UnclaimedRow {
    /// The entry, for `claim`.
    pub entry: String,
    /// What was done, in words.
    pub text: String,
    /// When, by the phone's clock: Unix time in milliseconds.
    pub at_ms: i64,
}

/// What was saved on this phone and could not be delivered as it was, because its key was lost or its file was damaged.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StrandedRow {
    /// The entry, for `doneAgain`.
    pub entry: String,
    /// What was done, in words.
    pub text: String,
    /// The record it is about.
    pub record: String,
    /// Whose it is, by name; empty if nobody was signed in.
    pub author_name: String,
    /// When, by the phone's clock: Unix time in milliseconds.
    pub at_ms: i64,
    /// Its author has to do it again, because it carries their own signature or says what this version cannot repeat. What has not this
    /// mark is recorded again by itself when its author signs in.
    pub redo: bool,
}
