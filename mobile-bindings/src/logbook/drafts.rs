//! What people type and have not saved yet.

use dutylog_core::companion as core;

use super::{Logbook, at, id};
use crate::changes::Topic;
use crate::error::{DutylogError, Failure};
use crate::host::Reading;
use crate::rows::{DraftRow, name_of};
use crate::words::DraftKind;

/// The most that a draft holds, bytes.
const MOST: usize = 256 * 1024;

#[uniffi::export]
impl Logbook {
    /// Keeps what has been typed so far, sealed so that its author alone can read it. `content` is the app's own, at most 256 KiB. Call it
    /// while people type, every two seconds at the least.
    pub fn save_draft(
        &self,
        draft: String,
        kind: DraftKind,
        content: String,
        reading: Reading,
    ) -> Result<(), DutylogError> {
        self.write(&[Topic::Drafts], |app| {
            if content.len() > MOST {
                return Err(Failure::Argument("content"));
            }
            Ok(app.save_draft(id(&draft, "draft")?, kind.becomes(), content.as_bytes(), at(&reading))?)
        })
    }

    /// All drafts on this phone, the last changed first: one's own with what was typed, others' without.
    pub fn drafts(&self) -> Result<Vec<DraftRow>, DutylogError> {
        self.read(|app| {
            let config = app.store().knowledge().now();
            let row = |draft: core::Draft| DraftRow {
                id: draft.id.to_string(),
                kind: draft.kind.and_then(DraftKind::of),
                author: draft.author.map(|author| author.to_string()).unwrap_or_default(),
                author_name: draft.author.map(|author| name_of(&config, author)).unwrap_or_default(),
                updated_ms: draft.updated,
                content: draft.content.and_then(|content| String::from_utf8(content).ok()),
            };
            Ok(app.drafts()?.into_iter().map(row).collect())
        })
    }

    /// Throws a draft away, because its author said so.
    pub fn discard_draft(&self, draft: String) -> Result<(), DutylogError> {
        self.write(&[Topic::Drafts], |app| Ok(app.discard_draft(id(&draft, "draft")?)?))
    }
}
