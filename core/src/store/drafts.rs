//! Drafts: what a person has typed and not yet committed, saved as it is typed. Only its author can read it.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Store;
use super::columns::{digest, fixed, maybe_fixed, number};
use super::error::StoreError;
use super::memory::Memory;
use crate::base::{DraftId, Millis, PersonId};
use crate::log::EntryRef;

/// A draft as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Which. The entry it becomes is committed once, however often it is tried.
    pub id: DraftId,
    /// Whose; none for what a locked phone takes down.
    pub author: Option<PersonId>,
    /// What kind of action it will be.
    pub kind: u16,
    /// When it was last changed, by the wall clock.
    pub updated: Millis,
    /// Its content, sealed by the author's key.
    pub sealed: Vec<u8>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft {
        id: DraftId(fixed(row, 0)?),
        author: maybe_fixed(row, 1)?.map(PersonId),
        kind: row.get(2)?,
        updated: row.get(3)?,
        sealed: row.get(4)?,
    })
}

impl Store {
    /// Saves a draft. One that has become an entry is not brought back.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn save_draft(&mut self, draft: &Draft) -> Result<(), StoreError> {
        if entry_of_draft(&self.db, &self.memory, Some(draft.id))?.is_some() {
            return Ok(());
        }
        self.write(|db, _| {
            db.prepare_cached(
                "INSERT INTO drafts (id, author, kind, updated, sealed) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET author = excluded.author, kind = excluded.kind,
                     updated = excluded.updated, sealed = excluded.sealed",
            )?
            .execute(params![
                draft.id.0,
                draft.author.map(|a| a.0),
                draft.kind,
                draft.updated,
                draft.sealed
            ])?;
            Ok(())
        })
    }

    /// Throws a draft away, because its author said so.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn discard_draft(&mut self, id: DraftId) -> Result<(), StoreError> {
        self.write(|db, _| forget(db, id))
    }

    /// Whose draft this is; none if there is no such draft, or nobody was signed in who wrote it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn author_of_draft(&self, id: DraftId) -> Result<Option<PersonId>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT author FROM drafts WHERE id = ?1")?;
        let author = select.query_row([id.0], |row| maybe_fixed(row, 0)).optional()?;
        Ok(author.flatten().map(PersonId))
    }

    /// All drafts, the last changed first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn drafts(&self) -> Result<Vec<Draft>, StoreError> {
        let mut select = self.db.prepare_cached(
            "SELECT id, author, kind, updated, sealed FROM drafts ORDER BY updated DESC, id",
        )?;
        Ok(select.query_map((), read)?.collect::<Result<_, _>>()?)
    }
}

/// The entry that a draft has become.
pub(super) fn entry_of_draft(
    db: &Connection,
    memory: &Memory,
    draft: Option<DraftId>,
) -> Result<Option<EntryRef>, StoreError> {
    let Some(draft) = draft else { return Ok(None) };
    let open = memory.tail.as_ref().and_then(|tail| tail.drafts.get(&draft));
    if let Some(by) = open {
        return Ok(Some(*by));
    }
    let mut select = db.prepare_cached("SELECT chain, seq, leaf FROM done WHERE draft = ?1")?;
    let row = |row: &Row<'_>| Ok((row.get::<_, u32>(0)?, number(row, 1)?, digest(row, 2)?));
    let Some((chain, seq, leaf)) = select.query_row([draft.0], row).optional()? else { return Ok(None) };
    Ok(memory.chains.id(chain).map(|chain| EntryRef { chain, seq, leaf }))
}

pub(super) fn forget(db: &Connection, draft: DraftId) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM drafts WHERE id = ?1")?.execute([draft.0])?;
    Ok(())
}
