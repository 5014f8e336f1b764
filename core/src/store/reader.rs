//! Reading, on a connection of its own that never waits for a commit nor holds one up.

use std::cell::{Ref, RefCell};
use std::path::Path;

use rusqlite::{Connection, params};

use super::chains::Chains;
use super::error::StoreError;
use super::learn;
use super::pragma;
use super::rows::{self, NotCounted};
use crate::base::RecordId;
use crate::log::{Entry, EntryRef, Header};
use crate::merge::{Lookup, RecordState, Register, Summary};
use crate::records::{Cell, RecordKind};

/// Records on a page of a list.
pub const PAGE: usize = 200;

/// A place in a list, after a record that was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    sort: i64,
    n: i64,
}

impl Cursor {
    /// As text, for a caller that keeps it between two pages.
    #[must_use]
    pub fn to_text(self) -> String {
        format!("{}.{}", self.sort, self.n)
    }

    /// Reads what [`Self::to_text`] wrote.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let (sort, n) = text.split_once('.')?;
        Some(Self { sort: sort.parse().ok()?, n: n.parse().ok()? })
    }
}

/// A record as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Which record.
    pub id: RecordId,
    /// Its summary.
    pub summary: Summary,
    /// Where the list goes on after it.
    pub cursor: Cursor,
}

/// An entry about a record that does not count, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncounted {
    /// Which entry.
    pub by: EntryRef,
    /// What became of it.
    pub verdict: NotCounted,
    /// The reason, for the log; people are shown their own words for it.
    pub reason: String,
}

/// A connection that reads.
#[derive(Debug)]
pub struct Reader {
    db: Connection,
    chains: RefCell<Chains>,
}

impl Reader {
    /// Opens a connection to a database that a [`super::Store`] keeps; for a thread of its own.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let db = pragma::reader(path)?;
        let chains = Chains::load(&db)?;
        Ok(Self::over(db, chains))
    }

    /// Over a connection that is open, where the chains are known.
    pub(super) fn over(db: Connection, chains: Chains) -> Self {
        Self { db, chains: RefCell::new(chains) }
    }

    /// A page of the records of a kind, the newest first, at most [`PAGE`] long.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn list(
        &self,
        kind: RecordKind,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Vec<Listed>, StoreError> {
        let Cursor { sort, n } = after.unwrap_or(Cursor { sort: i64::MAX, n: i64::MAX });
        let mut select = self.db.prepare_cached(
            "SELECT id, summary, sort, n FROM records WHERE kind = ?1 AND (sort, n) < (?2, ?3)
             ORDER BY sort DESC, n DESC LIMIT ?4",
        )?;
        let mut rows = select.query(params![kind.code(), sort, n, limit.min(PAGE).cast_signed()])?;
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            let summary = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            page.push(Listed {
                id: RecordId(super::columns::fixed(row, 0)?),
                summary: Summary::decode(summary)?,
                cursor: Cursor { sort: row.get(2)?, n: row.get(3)? },
            });
        }
        Ok(page)
    }

    /// The entries behind a record, in the order they came, with the headers of their segments.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn entries(&self, id: RecordId) -> Result<Vec<(Header, EntryRef, Entry)>, StoreError> {
        match rows::record(&self.db, id)? {
            Some(row) => learn::entries_of(&self.db, &*self.chains()?, row.n, id),
            None => Ok(Vec::new()),
        }
    }

    /// The entries about a record that do not count.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn uncounted(&self, id: RecordId) -> Result<Vec<Uncounted>, StoreError> {
        let Some(record) = rows::record(&self.db, id)? else { return Ok(Vec::new()) };
        let mut select = self.db.prepare_cached(
            "SELECT chain, seq, leaf, verdict, reason FROM uncounted WHERE record = ?1 ORDER BY chain, seq, leaf",
        )?;
        let chains = self.chains()?;
        let mut found = select.query([record.n])?;
        let mut all = Vec::new();
        while let Some(row) = found.next()? {
            let verdict = NotCounted::from_code(row.get(3)?);
            let verdict = verdict.ok_or_else(|| StoreError::damaged("a verdict"))?;
            all.push(Uncounted { by: rows::entry_ref(row, &chains)?, verdict, reason: row.get(4)? });
        }
        Ok(all)
    }

    /// The chains, read again if there are more than were known.
    fn chains(&self) -> Result<Ref<'_, Chains>, StoreError> {
        let newest: u32 = self
            .db
            .prepare_cached("SELECT coalesce(max(n), 0) FROM chains")?
            .query_row((), |row| row.get(0))?;
        if newest > 0 && self.chains.borrow().get(newest).is_none() {
            *self.chains.borrow_mut() = Chains::load(&self.db)?;
        }
        Ok(self.chains.borrow())
    }
}

impl Lookup for Reader {
    type Error = StoreError;

    fn register(&self, cell: &Cell) -> Result<Register, StoreError> {
        match rows::record(&self.db, cell.record)? {
            Some(row) => rows::register(&self.db, &*self.chains()?, row.n, (cell.field, cell.member)),
            None => Ok(Register::default()),
        }
    }

    fn summary(&self, record: RecordId) -> Result<Option<Summary>, StoreError> {
        Ok(rows::record(&self.db, record)?.map(|row| row.summary))
    }

    fn record(&self, id: RecordId) -> Result<RecordState, StoreError> {
        let Some(row) = rows::record(&self.db, id)? else {
            return Ok(RecordState { id, ..RecordState::default() });
        };
        let chains = self.chains()?;
        Ok(RecordState {
            id,
            summary: row.summary,
            cells: rows::registers(&self.db, &chains, row.n)?,
            additions: rows::additions(&self.db, &chains, row.n, id)?,
        })
    }
}
