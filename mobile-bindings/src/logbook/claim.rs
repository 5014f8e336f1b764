//! What a locked phone recorded, and who says it was theirs.

use dutylog_core::base::DraftId;
use dutylog_core::companion::Unclaimed;
use dutylog_core::locales::Words as _;

use super::{Logbook, at, entry, entry_text, id};
use crate::error::DutylogError;
use crate::host::Reading;
use crate::rows::{Saved, UnclaimedRow};

#[uniffi::export]
impl Logbook {
    /// What this phone recorded of a record while nobody was signed in, such as an incident raised on the locked phone, and nobody has
    /// claimed.
    pub fn unclaimed(&self, record: String) -> Result<Vec<UnclaimedRow>, DutylogError> {
        self.read(|app| {
            let row = |waits: Unclaimed| UnclaimedRow {
                entry: entry_text(waits.by),
                text: waits.kind.words(self.lending.locale).to_owned(),
                at_ms: waits.at,
            };
            Ok(app.unclaimed(super::record(&record, "record")?)?.into_iter().map(row).collect())
        })
    }

    /// Says that whoever is signed in made an entry that this phone recorded while nobody was. It is claimed once; a claim that is wrong is
    /// answered with a comment, never taken back.
    pub fn claim(&self, draft: String, entry: String, reading: Reading) -> Result<Saved, DutylogError> {
        self.record(|app, _| {
            let (draft, by) = (id::<DraftId>(&draft, "draft")?, self::entry(&entry)?);
            Ok(app.claim(draft, by, at(&reading))?)
        })
    }
}
