//! A site's log as people read it: newest first, with filters, in pages of any size that go on where the one before ended.

use dutylog_core::base::{ChainId, Millis, PersonId, RecordId};
use dutylog_core::log::{EntryRef, Quality};
use dutylog_core::records::Kind;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Row as _, Sqlite};

use super::record::entry_ref;
use super::{Family, Outcome, Standing, ViewError, Views, columns};
use crate::ledger::SiteScope;

/// What a timeline shows. Whatever is left out is not asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A family of actions.
    pub family: Option<Family>,
    /// Who acted.
    pub author: Option<PersonId>,
    /// What it is about.
    pub record: Option<RecordId>,
    /// On which chain.
    pub chain: Option<ChainId>,
    /// Not before this instant, by the best that is known.
    pub from: Option<Millis>,
    /// Before this instant.
    pub until: Option<Millis>,
    /// Only what does not count.
    pub problems: bool,
    /// Only what does not count for this reason.
    pub problem: Option<Standing>,
}

/// Where a page of the timeline ends; the next begins after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The line's best time.
    pub best: Millis,
    /// Its segment's position.
    pub position: u64,
    /// Its place in the segment.
    pub n: u32,
}

/// What is known of when an entry was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// What the phone's clock claimed.
    pub claimed: Millis,
    /// The best that can be said.
    pub best: Millis,
    /// It cannot have been made before; none if nothing shows it.
    pub not_before: Option<Millis>,
    /// It cannot have been made after: when it was received.
    pub not_after: Millis,
    /// How far the claim can be trusted.
    pub quality: Quality,
}

/// One line of a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it stands; the link to the entry.
    pub mark: Mark,
    /// Which entry.
    pub by: EntryRef,
    /// What kind of action, if this version knows it.
    pub kind: Option<Kind>,
    /// Its family.
    pub family: Family,
    /// The first record it is about.
    pub record: Option<RecordId>,
    /// Who.
    pub author: Option<PersonId>,
    /// When.
    pub times: Times,
    /// Whether it counts.
    pub outcome: Outcome,
}

/// A page of lines and where the next begins, if there is more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// The lines, newest first.
    pub lines: Vec<Line>,
    /// Where to go on.
    pub next: Option<Mark>,
}

pub(super) const LINE_COLUMNS: &str = "e.position, e.n, e.chain, e.seq, e.leaf, e.kind, e.family, e.record, e.author, e.claimed_ms, \
     e.best_ms, e.verdict, e.reason, s.not_before_ms, s.received_ms, s.quality";

impl Views {
    /// A page of a site's timeline after a mark.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn timeline(
        &self,
        scope: SiteScope,
        filter: &Filter,
        after: Option<Mark>,
        limit: u32,
    ) -> Result<Lines, ViewError> {
        let text = text(filter, after.is_some());
        let more = i64::from(limit) + 1;
        let query = sqlx::query(AssertSqlSafe(text)).bind(scope.site().0.to_vec()).bind(more);
        let rows = bind(query, filter, after).fetch_all(self.readers()).await?;
        let mut lines = rows.iter().map(line).collect::<Result<Vec<_>, _>>()?;
        let next = (lines.len() as u64 > u64::from(limit)).then(|| lines.pop()).flatten();
        let next = next.and(lines.last()).map(|line| line.mark);
        Ok(Lines { lines, next })
    }
}

/// The query's text for the parts of the filter that are set; each part is one condition on an index that ends in time.
fn text(filter: &Filter, after: bool) -> String {
    let (tables, key) = match filter.record {
        Some(_) => (
            "view_record_entries r CROSS JOIN view_entries e ON e.site = r.site AND e.position = r.position AND e.n = r.n",
            "r",
        ),
        None => ("view_entries e", "e"),
    };
    let mut conditions = vec![format!("{key}.site = $1")];
    if filter.problems {
        conditions.push("e.verdict <> 0".into());
    }
    let mut number = 3;
    let mut add = |set: bool, text: &str| {
        if set {
            conditions.push(text.replace('?', &format!("${number}")));
            number += 1;
        }
    };
    add(filter.record.is_some(), "r.record = ?");
    add(filter.author.is_some(), "e.author = ?");
    add(filter.chain.is_some(), "e.chain = ?");
    add(filter.family.is_some(), "e.family = ?");
    add(filter.problem.is_some(), "e.verdict = ? AND e.verdict <> 0");
    add(filter.from.is_some(), &format!("{key}.best_ms >= ?"));
    add(filter.until.is_some(), &format!("{key}.best_ms < ?"));
    if after {
        let [best, position, n] = [number, number + 1, number + 2];
        conditions.push(format!("({key}.best_ms, {key}.position, {key}.n) < (${best}, ${position}, ${n})"));
    }
    format!(
        "SELECT {LINE_COLUMNS} FROM {tables} JOIN view_segments s ON s.site = e.site AND s.position = e.position WHERE {} \
         ORDER BY {key}.best_ms DESC, {key}.position DESC, {key}.n DESC LIMIT $2",
        conditions.join(" AND ")
    )
}

type Query = sqlx::query::Query<'static, Sqlite, SqliteArguments>;

fn bind(query: Query, filter: &Filter, after: Option<Mark>) -> Query {
    let mut query = query;
    for id in [filter.record.map(|r| r.0), filter.author.map(|p| p.0), filter.chain.map(|c| c.0)]
        .into_iter()
        .flatten()
    {
        query = query.bind(id.to_vec());
    }
    let family = filter.family.map(|f| i64::from(f.code()));
    let numbers = [family, filter.problem.map(Standing::code), filter.from, filter.until];
    for number in numbers.into_iter().flatten() {
        query = query.bind(number);
    }
    match after {
        Some(mark) => query.bind(mark.best).bind(mark.position.cast_signed()).bind(mark.n),
        None => query,
    }
}

/// Reads a row of [`LINE_COLUMNS`].
pub(super) fn line(row: &SqliteRow) -> Result<Line, ViewError> {
    let kind: u16 = columns::count(row, "kind")?;
    let standing = Standing::from_code(row.try_get("verdict")?);
    let best = row.try_get("best_ms")?;
    Ok(Line {
        mark: Mark { best, position: columns::count(row, "position")?, n: columns::count(row, "n")? },
        by: entry_ref(row)?,
        kind: Kind::from_code(kind),
        family: Family::of(kind),
        record: columns::maybe_fixed(row, "record")?.map(RecordId),
        author: columns::maybe_fixed(row, "author")?.map(PersonId),
        times: Times {
            claimed: row.try_get("claimed_ms")?,
            best,
            not_before: row.try_get("not_before_ms")?,
            not_after: row.try_get("received_ms")?,
            quality: quality(row.try_get("quality")?)?,
        },
        outcome: Outcome {
            standing: standing.ok_or_else(|| ViewError::damaged("an unknown verdict"))?,
            reason: row.try_get("reason")?,
        },
    })
}

/// A clock's quality by its number.
pub(super) fn quality(code: i64) -> Result<Quality, ViewError> {
    let all = [Quality::Sampled, Quality::Rebooted, Quality::Moved, Quality::Unchecked];
    let known = all.into_iter().find(|q| *q as i64 == code);
    known.ok_or_else(|| ViewError::damaged("an unknown clock quality"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Database;

    #[tokio::test]
    async fn no_timeline_scans_a_table_or_sorts_what_an_index_has_sorted() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Database::open(&folder.path().join("db")).await.expect("a database");
        let none = Filter::default;
        let filters = [
            none(),
            Filter { family: Some(Family::Rounds), ..none() },
            Filter { author: Some(PersonId::default()), ..none() },
            Filter { record: Some(RecordId::default()), ..none() },
            Filter { problem: Some(Standing::Held), ..none() },
            Filter { from: Some(0), until: Some(1), ..none() },
        ];
        for filter in filters {
            for after in [false, true] {
                let text = format!("EXPLAIN QUERY PLAN {}", text(&filter, after));
                let rows =
                    sqlx::query(AssertSqlSafe(text)).fetch_all(database.readers()).await.expect("a plan");
                for row in rows {
                    let step: String = row.get("detail");
                    assert!(step.starts_with("SEARCH"), "{filter:?}: {step}");
                }
            }
        }
    }
}
