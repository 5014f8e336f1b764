//! What was saved and could not be delivered as it was: nothing that was called saved is passed over in silence.

use dutylog_core::companion::{self as core, Stranded, WayBack};
use dutylog_core::locales::Words as _;
use dutylog_core::records::Kind;

use super::{Logbook, entry, entry_text};
use crate::changes::Topic;
use crate::error::DutylogError;
use crate::rows::{StrandedRow, name_of};

#[uniffi::export]
impl Logbook {
    /// What was saved and could not be delivered as it was, because the phone's key was lost or a file was damaged: until its author has
    /// signed in, or has done it again.
    pub fn stranded(&self) -> Result<Vec<StrandedRow>, DutylogError> {
        self.read(|app| Ok(app.stranded()?.iter().map(|left| self.left(app, left)).collect()))
    }

    /// Takes note that an entry with `redo` was done again by its author: it is not waited for any more. Fails with `Rejected`
    /// (`not_to_redo`) for any other, which is recorded again by itself.
    pub fn done_again(&self, entry: String) -> Result<(), DutylogError> {
        self.write(&[Topic::Outbox], |app| Ok(app.done_again(self::entry(&entry)?)?))
    }
}

impl Logbook {
    fn left(&self, app: &core::Companion, left: &Stranded) -> StrandedRow {
        let Stranded { by, entry, way } = left;
        let config = app.store().knowledge().now();
        let kind = Kind::from_code(entry.kind).map(|kind| kind.words(self.lending.locale).to_owned());
        StrandedRow {
            entry: entry_text(*by),
            text: kind.unwrap_or_default(),
            record: entry.records.first().map(ToString::to_string).unwrap_or_default(),
            author_name: entry.author.map(|author| name_of(&config, author)).unwrap_or_default(),
            at_ms: entry.at,
            redo: *way == WayBack::Redo,
        }
    }
}
