//! What has come across and what has not; and files for another phone, where there is no network at all.

use std::path::Path;

use dutylog_core::companion::{heads_from_text, heads_to_text};
use dutylog_core::locales::{clock_wrong_text, stale_text};

use super::{Logbook, at};
use crate::changes::Topic;
use crate::error::{DutylogError, Failure};
use crate::host::Reading;
use crate::keys::replace;
use crate::rows::{Delivery, Freshness, Imported, Outbox};

#[uniffi::export]
impl Logbook {
    /// How much waits for headquarters.
    pub fn outbox(&self) -> Result<Outbox, DutylogError> {
        self.read(|app| {
            let outbox = app.store().outbox()?;
            let last_receipt_ms = app.store().last_receipt()?;
            Ok(Outbox { entries: outbox.entries, oldest_ms: outbox.oldest, last_receipt_ms })
        })
    }

    /// How far a record has come: the last of what is recorded about it.
    pub fn delivery(&self, record: String) -> Result<Delivery, DutylogError> {
        self.read(|app| {
            let id = super::record(&record, "record")?;
            Ok(super::rounds::delivery(&app.store().waiting()?, id).into())
        })
    }

    /// How fresh what this phone shows is, and how far its clock can be trusted.
    pub fn freshness(&self, reading: Reading) -> Result<Freshness, DutylogError> {
        let locale = self.lending.locale;
        self.read(|app| {
            let context = app.context(at(&reading))?;
            let (stale, now) = (context.stale_days(), app.corrected(at(&reading)));
            let wrong = clock_wrong_text(reading.wall_ms.saturating_sub(now), locale);
            Ok(Freshness {
                heard_ms: (context.heard > i64::MIN).then_some(context.heard),
                stale_days: stale.filter(|_| context.heard > i64::MIN),
                sentence: stale
                    .filter(|_| context.heard > i64::MIN)
                    .map(|days| stale_text(days, locale))
                    .unwrap_or_default(),
                now_ms: now,
                clock_sentence: wrong.unwrap_or_default(),
            })
        })
    }

    /// What this phone holds, as a text for a code or a message: the other phone gives it to `exportTo`.
    pub fn heads(&self) -> Result<String, DutylogError> {
        self.read(|app| Ok(heads_to_text(&app.heads()?)))
    }

    /// Writes a file with what another place lacks and all that proves it, at most 64 MiB, for a cable, a share sheet or a card. `heads`
    /// is what the other phone says of itself; without it, everything headquarters has not confirmed. Gives the file's size in bytes.
    pub fn export_to(&self, path: String, heads: Option<String>) -> Result<u64, DutylogError> {
        self.write(&[Topic::Outbox], |app| {
            let heads = heads.as_deref().map(|text| heads_from_text(text).ok_or(Failure::Argument("heads")));
            let bundle = app.export(heads.transpose()?.as_ref())?;
            replace(Path::new(&path), &bundle)?;
            Ok(bundle.len() as u64)
        })
    }

    /// Takes in a file of this site from another phone, whole or not at all.
    pub fn import_from(&self, path: String) -> Result<Imported, DutylogError> {
        let imported = self.write(&[], |app| {
            let imported = app.import(&std::fs::read(&path)?)?;
            Ok(Imported {
                stored: imported.stored as u64,
                held: imported.held as u64,
                pending: imported.pending as u64,
                forked: imported.forked.len() as u64,
                alarm: imported.alarm.is_some(),
            })
        })?;
        self.changes.publish(Topic::ARRIVALS, &[], true);
        Ok(imported)
    }
}
