//! Rounds: which were due and what became of each; one of them in [`detail`].

mod detail;

use std::collections::BTreeMap;

use dutylog_core::base::{Millis, RecordId};
use dutylog_core::merge::Summary;
use dutylog_core::records::RecordKind;
use dutylog_core::records::round::{Progress, RoundStatus};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

pub use detail::{ItemLine, PointLine, RoundDetail};

use super::planned::{Planned, planned};
use super::{Board, PhoneView, RoundAt, ViewError, Views, columns};
use crate::ledger::SiteScope;

/// A round that was due, walked or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundLine {
    /// What was due; none for a round that nobody planned.
    pub planned: Option<Planned>,
    /// The round; none while nobody has begun, as far as is known here.
    pub record: Option<RecordId>,
    /// Whether it was done; none for a round that nobody planned.
    pub status: Option<RoundStatus>,
    /// Where the round stands.
    pub at: Option<RoundAt>,
    /// Best times of its beginning and of its signature.
    pub began: Option<Millis>,
    /// When it was signed.
    pub done: Option<Millis>,
    /// Answers that wait to be settled.
    pub conflicts: u32,
    /// Answers that ask for attention.
    pub flagged: u32,
}

/// A row of a round.
#[derive(Debug, Clone)]
pub(super) struct RoundRow {
    record: RecordId,
    window: Option<(RecordId, Millis)>,
    at: RoundAt,
    began: Millis,
    done: Option<Millis>,
    conflicts: u32,
    flagged: u32,
}

pub(super) const ROUND_COLUMNS: &str = "site, record, state, plan, at_ms, first_ms, done_ms, summary";

impl RoundRow {
    pub(super) fn read(row: &SqliteRow) -> Result<Self, ViewError> {
        let summary = Summary::decode(row.try_get("summary")?)?;
        let plan = columns::maybe_fixed(row, "plan")?.map(RecordId);
        let at = RoundAt::from_code(row.try_get("state")?);
        let start: Millis = row.try_get("at_ms")?;
        Ok(Self {
            record: RecordId(columns::fixed(row, "record")?),
            window: plan.map(|plan| (plan, start)),
            at: at.ok_or_else(|| ViewError::damaged("an unknown state of a round"))?,
            began: row.try_get("first_ms")?,
            done: row.try_get("done_ms")?,
            conflicts: summary.conflicts,
            flagged: summary.flagged,
        })
    }

    fn progress(&self) -> Progress {
        Progress { started: Some(self.began), done: self.done, skipped: self.at == RoundAt::Skipped }
    }

    fn line(&self, planned: Option<Planned>, status: Option<RoundStatus>) -> RoundLine {
        RoundLine {
            planned,
            status,
            record: Some(self.record),
            at: Some(self.at),
            began: Some(self.began),
            done: self.done,
            conflicts: self.conflicts,
            flagged: self.flagged,
        }
    }
}

/// Brings together what was due and what was walked. Walked twice, both are shown.
pub(super) fn lines(
    board: &Board,
    phones: &[PhoneView],
    rows: &[RoundRow],
    from: Millis,
    until: Millis,
    now: Millis,
) -> Vec<RoundLine> {
    let mut walked: BTreeMap<(RecordId, Millis), Vec<&RoundRow>> = BTreeMap::new();
    let mut lines = Vec::new();
    for row in rows {
        match row.window {
            Some(window) => walked.entry(window).or_default().push(row),
            None => lines.push(row.line(None, None)),
        }
    }
    for due in planned(board, from, until) {
        let rows = walked.remove(&(due.plan, due.window.start)).unwrap_or_default();
        if rows.is_empty() {
            lines.push(not_begun(due, phones, now));
            continue;
        }
        for row in rows {
            let status = due.status(row.progress(), phones, now);
            lines.push(row.line(Some(due.clone()), Some(status)));
        }
    }
    lines.extend(walked.into_values().flatten().map(|row| row.line(None, None)));
    let start = |line: &RoundLine| line.planned.as_ref().map(|p| p.window.start).or(line.began);
    lines.sort_by_key(|line| std::cmp::Reverse((start(line), line.record)));
    lines
}

fn not_begun(due: Planned, phones: &[PhoneView], now: Millis) -> RoundLine {
    let status = due.status(Progress::default(), phones, now);
    RoundLine {
        planned: Some(due),
        record: None,
        status: Some(status),
        at: None,
        began: None,
        done: None,
        conflicts: 0,
        flagged: 0,
    }
}

impl Views {
    /// The rounds whose windows open from `from` until before `until`, newest first, and those walked then without a plan.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn rounds(
        &self,
        scope: SiteScope,
        from: Millis,
        until: Millis,
        now: Millis,
    ) -> Result<Vec<RoundLine>, ViewError> {
        let board = self.board(scope).await?;
        let phones = self.phones_of(scope, &board).await?;
        let query = format!(
            "SELECT {ROUND_COLUMNS} FROM view_records WHERE site = $1 AND kind = $2 AND at_ms >= $3 AND at_ms < $4"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(scope.site().0.to_vec())
            .bind(RecordKind::Round.code())
            .bind(from)
            .bind(until)
            .fetch_all(self.readers())
            .await?;
        let rows = rows.iter().map(RoundRow::read).collect::<Result<Vec<_>, _>>()?;
        Ok(lines(&board, &phones, &rows, from, until, now))
    }
}
