//! The limit of taking in: the rows that the server ends with, put into the same tables with the same indexes, in one transaction of
//! prepared statements.

use std::path::Path;
use std::time::Duration;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::ratios::{Outcome, timed};

/// A table, its statement and its rows.
struct Table {
    insert: String,
    rows: Vec<Vec<Value>>,
}

/// All rows of a database, and how its tables are made.
pub(super) struct Rows {
    schema: Vec<String>,
    tables: Vec<Table>,
}

impl Rows {
    /// Reads a database.
    pub(super) fn of(database: &Path) -> Outcome<Self> {
        let db = Connection::open(database)?;
        let made = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND type IN ('table', 'index')
                    AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, rowid";
        let schema = db.prepare(made)?.query_map((), |row| row.get(0))?.collect::<Result<_, _>>()?;
        let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        let names: Vec<String> =
            db.prepare(names)?.query_map((), |row| row.get(0))?.collect::<Result<_, _>>()?;
        let tables = names.iter().map(|name| Table::of(&db, name)).collect::<Outcome<_>>()?;
        Ok(Self { schema, tables })
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.tables.iter().map(|table| table.rows.len()).sum()
    }

    /// Puts them into a new database; how long that takes.
    pub(super) fn insert(&self) -> Outcome<Duration> {
        let folder = tempfile::tempdir()?;
        let mut db = Connection::open(folder.path().join("rows.sqlite"))?;
        db.pragma_update(None, "journal_mode", "wal")?;
        db.pragma_update(None, "synchronous", "full")?;
        db.execute_batch(&self.schema.join(";\n"))?;
        timed(|| {
            let all = db.transaction()?;
            self.tables.iter().try_for_each(|table| table.insert(&all))?;
            Ok(all.commit()?)
        })
    }
}

impl Table {
    fn of(db: &Connection, name: &str) -> Outcome<Self> {
        let mut select = db.prepare(&format!("SELECT * FROM {name}"))?;
        let columns = select.column_count();
        let places = vec!["?"; columns].join(", ");
        let read = |row: &rusqlite::Row<'_>| (0..columns).map(|at| row.get(at)).collect();
        let rows = select.query_map((), read)?.collect::<Result<_, _>>()?;
        Ok(Self { insert: format!("INSERT INTO {name} VALUES ({places})"), rows })
    }

    fn insert(&self, db: &Connection) -> Outcome<()> {
        let mut insert = db.prepare(&self.insert)?;
        for row in &self.rows {
            insert.execute(params_from_iter(row))?;
        }
        Ok(())
    }
}
