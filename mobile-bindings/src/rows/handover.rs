//! Handovers and what is to be settled.

use super::Delivery;

/// A handover, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HandoverRow {
    /// The handover, by its identifier: 32 hexadecimal digits.
    pub id: String,
    /// The outgoing shift's day and short name, such as `2026-03-01 day`; empty if its document is not held.
    pub shift: String,
    /// The outgoing lead.
    pub from_name: String,
    /// The incoming lead; empty if it was addressed to nobody.
    pub to_name: String,
    /// Where it stands: `draft`, `offered`, `accepted`, `refused`, `withdrawn` or `one_sided`.
    pub state: String,
    /// The same in words.
    pub state_text: String,
    /// Whether whoever is signed in may answer it now.
    pub yours_to_answer: bool,
    /// When something was last recorded about it: Unix time in milliseconds.
    pub changed_ms: i64,
    /// How far it has come.
    pub delivery: Delivery,
}

/// A page of handovers, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HandoverPage {
    /// The handovers.
    pub rows: Vec<HandoverRow>,
    /// Where the list goes on (the last page may be empty); none at its end.
    pub next: Option<String>,
}

/// A signature under a handover.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SignatureRow {
    /// Who signed.
    pub name: String,
    /// For which side, in words.
    pub role: String,
    /// What it says, in words.
    pub decision: String,
    /// What was remarked; empty if nothing.
    pub remarks: String,
    /// When, by the phone's clock: Unix time in milliseconds.
    pub at_ms: i64,
}

/// A handover as it stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HandoverDetail {
    /// What the list shows.
    pub row: HandoverRow,
    /// Exactly what both leads sign, as the outgoing lead's phone wrote it.
    pub text: String,
    /// What names the document that is signed: 64 hexadecimal digits.
    pub digest: String,
    /// The signatures, the outgoing side's first.
    pub signatures: Vec<SignatureRow>,
    /// Why it was withdrawn, or signed by one side alone; empty if it was not.
    pub reason: String,
}

/// What was recorded before a handover's cut and came to this phone after it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AddendumRow {
    /// All of it, in the phone's language, to be shown.
    pub text: String,
    /// What names it, for `acknowledgeAddendum`: 64 hexadecimal digits.
    pub digest: String,
    /// How many entries came.
    pub entries: u32,
    /// Who has taken notice of this very text, by name.
    pub acknowledged_by: Vec<String>,
}

/// Something that is handed over.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HandoverItemRow {
    /// What names the item, for the form.
    pub item: String,
    /// The record it is about.
    pub record: String,
    /// The block it stands in, in words.
    pub block: String,
    /// What it is about, on one line.
    pub text: String,
    /// Whether somebody has to be named who takes it over.
    pub needs_owner: bool,
}

/// A line of the handover's checklist.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HandoverLineRow {
    /// Its number.
    pub line: u32,
    /// What is asked.
    pub text: String,
}

/// What a handover would be about, gathered by rule from all that this phone holds.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HandoverPreparation {
    /// The handover to be, for the form.
    pub handover: String,
    /// What is open, block by block.
    pub items: Vec<HandoverItemRow>,
    /// The lines that have to be answered.
    pub lines: Vec<HandoverLineRow>,
    /// The phones whose records it may lack, with when they were last heard.
    pub silent: Vec<String>,
}

/// A handover that is frozen and waits for the outgoing lead's signature. It is kept in memory: after a kill, freeze again.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FrozenHandover {
    /// The handover, by its identifier: 32 hexadecimal digits.
    pub handover: String,
    /// Exactly what both leads sign. Show all of it.
    pub text: String,
    /// What names it: hand it back with the offer.
    pub digest: String,
}

/// A field that several people wrote without having seen each other.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ConflictRow {
    /// The record, by its identifier: 32 hexadecimal digits.
    pub record: String,
    /// What kind of record, in words.
    pub record_text: String,
    /// What names the field or the member of it, for `settleConflict`.
    pub cell: String,
    /// What people call it.
    pub name: String,
    /// The values to choose from.
    pub values: Vec<ConflictValueRow>,
}

/// One of the values.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ConflictValueRow {
    /// What names the value, for `settleConflict`.
    pub value: String,
    /// The value as people read it.
    pub text: String,
    /// Who wrote it; empty if that is not known.
    pub author: String,
    /// When, Unix time in milliseconds; none if that is not known.
    pub at_ms: Option<i64>,
}
