//! L1, raw rows: the raw log, and the newest value of every field in a row that can be asked for:
//! readings as tenths, times in seconds.

use std::path::Path;

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ToSql, TransactionBehavior, params};

use super::{raw_log, sqlite, wire};
use crate::ratios::{Durability, Lister, Outcome, Recorder};
use crate::site_year::{Action, Actor, Field, Value};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS field (
        record INTEGER NOT NULL, field INTEGER NOT NULL, value NOT NULL, at_s INTEGER NOT NULL, actor INTEGER NOT NULL,
        PRIMARY KEY (record, field)
    ) WITHOUT ROWID;";

/// The last writer wins; the actor decides between two of one moment.
const UPSERT: &str = "
    INSERT INTO field (record, field, value, at_s, actor) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT DO UPDATE SET value = excluded.value, at_s = excluded.at_s, actor = excluded.actor
    WHERE (excluded.at_s, excluded.actor) > (at_s, actor)";

/// The first three fields of the newest records, hopping from record to record along the primary key.
const NEWEST: &str = "
    WITH RECURSIVE newest (record) AS (
        SELECT max(record) FROM field
        UNION ALL
        SELECT (SELECT max(record) FROM field WHERE record < newest.record) FROM newest WHERE record IS NOT NULL
        LIMIT ?1
    )
    SELECT record, field, value FROM newest JOIN field USING (record) WHERE field < 3";

/// Raw rows.
#[derive(Debug)]
pub(crate) struct L1(Connection);

fn write(db: &Connection, action: &Action) -> Outcome<()> {
    raw_log::append(db, action)?;
    let mut upsert = db.prepare_cached(UPSERT)?;
    let actor = u8::from(action.actor == Actor::Second);
    for field in &action.fields {
        upsert.execute(params![action.record, key(field), field.value, wire::seconds(action), actor])?;
    }
    Ok(())
}

/// A field's place in its record as one number; the record's own fields come first.
fn key(field: &Field) -> u32 {
    u32::from(field.item) << 4 | u32::from(field.name)
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Status(status) => (*status).into(),
            Self::Reading(tenths) => (*tenths).into(),
            Self::Text(text) => text.as_str().into(),
            Self::Bytes(bytes) => bytes.as_slice().into(),
        })
    }
}

impl Recorder for L1 {
    const NAME: &'static str = "L1";
    type Parcel = Vec<Action>;

    fn open(folder: &Path, durability: Durability) -> Outcome<Self> {
        Ok(Self(sqlite::open(folder, durability, &[raw_log::SCHEMA, SCHEMA].concat())?))
    }

    fn commit(&mut self, action: &Action) -> Outcome<()> {
        let transaction = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        write(&transaction, action)?;
        Ok(transaction.commit()?)
    }

    fn pack(actions: &[Action]) -> Outcome<Vec<Action>> {
        Ok(actions.to_vec())
    }

    fn apply(&mut self, actions: &Vec<Action>) -> Outcome<()> {
        let transaction = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        actions.iter().try_for_each(|action| write(&transaction, action))?;
        Ok(transaction.commit()?)
    }

    fn close(self) -> Outcome<()> {
        sqlite::close(self.0)
    }
}

impl Lister for L1 {
    fn list_last(&mut self, count: u32) -> Outcome<usize> {
        let mut select = self.0.prepare_cached(NEWEST)?;
        let mut rows = select.query([count])?;
        let (mut shown, mut last) = (0, None);
        while let Some(row) = rows.next()? {
            let record: u32 = row.get(0)?;
            let _: rusqlite::types::Value = row.get(2)?;
            shown += usize::from(last.replace(record) != Some(record));
        }
        Ok(shown)
    }
}
