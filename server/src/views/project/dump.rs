//! A site's rows as text, and their removal.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, Column as _, Row as _, TypeInfo as _, ValueRef as _};

use crate::database::Database;
use crate::ledger::SiteScope;
use crate::views::ViewError;

/// A table, the columns compared (all, if empty), and what orders its rows.
pub(super) struct Table {
    name: &'static str,
    columns: &'static str,
    order: &'static str,
}

/// All that follows from the ledger.
pub(super) const ALL: [Table; 9] = [
    Table { name: "view_sites", columns: "*", order: "site" },
    Table { name: "view_segments", columns: "*", order: "position" },
    Table { name: "view_entries", columns: "*", order: "position, n" },
    Table { name: "view_record_entries", columns: "*", order: "record, best_ms, position, n" },
    Table { name: "view_records", columns: "*", order: "record" },
    Table { name: "view_cells", columns: "*", order: "record, field, member" },
    Table { name: "view_additions", columns: "*", order: "record, field, chain, seq, leaf, n" },
    Table { name: "view_told", columns: "*", order: "chain" },
    Table { name: "view_chains", columns: "*", order: "chain" },
];

/// What is the same whatever arrived first.
pub(super) const STATE: [Table; 4] = [
    Table {
        name: "view_entries",
        columns: "chain, seq, leaf, kind, family, record, author, claimed_ms, verdict, reason",
        order: "chain, seq, leaf",
    },
    Table {
        name: "view_records",
        columns: "record, kind, state, severity, conflicts, plan, signed, summary",
        order: "record",
    },
    Table { name: "view_cells", columns: "*", order: "record, field, member" },
    Table { name: "view_additions", columns: "*", order: "record, field, chain, seq, leaf, n" },
];

/// Writes tables down.
pub(super) async fn dump(
    database: &Database,
    scope: SiteScope,
    tables: &[Table],
) -> Result<String, ViewError> {
    let mut text = String::new();
    for Table { name, columns, order } in tables {
        let query = format!("SELECT {columns} FROM {name} WHERE site = $1 ORDER BY {order}");
        let query = sqlx::query(AssertSqlSafe(query)).bind(scope.site().0.to_vec());
        for row in query.fetch_all(database.readers()).await? {
            text.push_str(name);
            for column in row.columns() {
                write!(text, " {}={}", column.name(), value(&row, column.ordinal())?)
                    .expect("a string takes text");
            }
            text.push('\n');
        }
    }
    Ok(text)
}

fn value(row: &sqlx::sqlite::SqliteRow, column: usize) -> Result<String, sqlx::Error> {
    let raw = row.try_get_raw(column)?;
    if raw.is_null() {
        return Ok("null".into());
    }
    Ok(match raw.type_info().name() {
        "INTEGER" => row.try_get::<i64, _>(column)?.to_string(),
        "TEXT" => format!("{:?}", row.try_get::<String, _>(column)?),
        _ => row.try_get::<Vec<u8>, _>(column)?.iter().fold(String::new(), |mut hex, b| {
            write!(hex, "{b:02x}").expect("a string takes text");
            hex
        }),
    })
}

/// Removes a site's rows.
pub(super) async fn clear(database: &Database, scope: SiteScope) -> Result<(), ViewError> {
    let mut tx = database.write().await?;
    for Table { name, .. } in ALL {
        let query = format!("DELETE FROM {name} WHERE site = $1");
        sqlx::query(AssertSqlSafe(query)).bind(scope.site().0.to_vec()).execute(&mut *tx).await?;
    }
    Ok(tx.commit().await?)
}
