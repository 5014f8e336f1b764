//! Many rows in one statement: a round trip to the database's thread costs more than the row it carries.
//!
//! Statements come in a few sizes only, so that each is prepared once. Parameters have no numbers: SQLite looks each numbered one up in a
//! list of all, which makes a statement of thousands cost their square (half of all the time of a fold when it was measured).

use dutylog_core::base::SiteId;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Sqlite, SqliteConnection};

use super::columns::Bind;
use super::error::ViewError;

const SIZES: [usize; 5] = [256, 64, 16, 4, 1];

/// A statement around a list of rows: `head (?, …), (?, …) tail`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bulk {
    /// What stands before the rows.
    pub(super) head: &'static str,
    /// What stands after them.
    pub(super) tail: &'static str,
    /// Whether each row begins with the site.
    pub(super) sited: bool,
}

type Query<'q> = sqlx::query::Query<'q, Sqlite, SqliteArguments>;

impl Bulk {
    /// Inserts rows, each after the site.
    pub(super) const fn insert(head: &'static str, tail: &'static str) -> Self {
        Self { head, tail, sited: true }
    }

    /// Looks rows up by keys: `head` opens a table of keys, `tail` closes it and joins. Its one parameter, if it has one, is the site.
    pub(super) const fn lookup(head: &'static str, tail: &'static str) -> Self {
        Self { head, tail, sited: false }
    }

    fn text(&self, rows: usize, width: usize) -> String {
        let width = width + usize::from(self.sited);
        let row = format!("({})", vec!["?"; width].join(", "));
        format!("{} {} {}", self.head, vec![row; rows].join(", "), self.tail)
    }

    /// Only constants are put into the text; values are bound.
    fn query(&self, site: SiteId, rows: &[Vec<Bind>]) -> Query<'static> {
        let text = self.text(rows.len(), rows[0].len());
        let site = site.0.to_vec();
        let query = rows.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, row| {
            let query = if self.sited { query.bind(site.clone()) } else { query };
            row.iter().fold(query, bind)
        });
        if self.tail.contains('?') { query.bind(site) } else { query }
    }

    /// Writes the rows.
    pub(super) async fn write(
        &self,
        db: &mut SqliteConnection,
        site: SiteId,
        rows: &[Vec<Bind>],
    ) -> Result<(), ViewError> {
        for part in parts(rows) {
            self.query(site, part).execute(&mut *db).await?;
        }
        Ok(())
    }

    /// The rows that the keys find.
    pub(super) async fn fetch(
        &self,
        db: &mut SqliteConnection,
        site: SiteId,
        keys: &[Vec<Bind>],
    ) -> Result<Vec<SqliteRow>, ViewError> {
        let mut found = Vec::new();
        for part in parts(keys) {
            found.extend(self.query(site, part).fetch_all(&mut *db).await?);
        }
        Ok(found)
    }
}

fn bind<'q>(query: Query<'q>, value: &Bind) -> Query<'q> {
    match value {
        Bind::Null => query.bind(None::<i64>),
        Bind::Int(n) => query.bind(*n),
        Bind::Bytes(b) => query.bind(b.clone()),
        Bind::Text(t) => query.bind(t.clone()),
    }
}

/// Cuts a list into pieces of the sizes that statements come in.
fn parts<T>(mut rest: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rest.len())?;
        let (part, after) = rest.split_at(size);
        rest = after;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_come_in_few_sizes_and_lose_no_row() {
        let rows: Vec<u32> = (0..347).collect();
        let sizes: Vec<_> = parts(&rows).map(<[u32]>::len).collect();
        assert_eq!(sizes, [256, 64, 16, 4, 4, 1, 1, 1]);
        assert_eq!(parts(&rows).flatten().copied().collect::<Vec<_>>(), rows);
        assert_eq!(parts::<u32>(&[]).count(), 0);
    }

    #[test]
    fn each_row_stands_in_brackets() {
        let insert = Bulk::insert("INSERT INTO t VALUES", "");
        assert_eq!(insert.text(2, 2), "INSERT INTO t VALUES (?, ?, ?), (?, ?, ?) ");
        let lookup = Bulk::lookup("WITH k (a) AS (VALUES", ") SELECT 1");
        assert_eq!(lookup.text(2, 1), "WITH k (a) AS (VALUES (?), (?) ) SELECT 1");
    }
}
