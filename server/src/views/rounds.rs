//! Rounds: which were due and what became of each, and one round in detail.

use std::collections::BTreeMap;

use dutylog_core::base::{Millis, PersonId, RecordId};
use dutylog_core::log::Purpose;
use dutylog_core::merge::{RecordState, Summary};
use dutylog_core::records::checklist::{CHECKLIST, Checklist, Item, ItemKind, Verdict};
use dutylog_core::records::round::{
    Answer, PresenceGrade, Progress, REACHED, REST_NORMAL, RESULT, ROUND_SKIPPED, Reached, RoundSigned,
    RoundStarted, RoundStatus, SIGNED, SKIPPED, STARTED, Window, best_grades,
};
use dutylog_core::records::{Bilingual, Member, RecordKind};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::planned::{Planned, planned};
use super::said::{Behind, Said, SignatureCheck};
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

/// One item of a round's checklist and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemLine {
    /// The item, in the version of the checklist the round began with.
    pub item: Item,
    /// The answers: several while nobody has settled them, each with who gave it.
    pub answers: Vec<Said<Answer>>,
    /// What the worst of them means; none if there is none.
    pub verdict: Option<Verdict>,
    /// Whether "everything else is normal" covers it.
    pub rest_normal: bool,
}

/// One checkpoint of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointLine {
    /// Its number.
    pub number: u32,
    /// The best proof of presence; none if there is none.
    pub grade: Option<PresenceGrade>,
    /// Why it was left out.
    pub skipped: Vec<Said<String>>,
    /// Its items.
    pub items: Vec<ItemLine>,
}

/// One round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundDetail {
    /// Which.
    pub record: RecordId,
    /// What was due; none for a round that nobody planned.
    pub planned: Option<Planned>,
    /// Whether it was done in time.
    pub status: Option<RoundStatus>,
    /// How it began; several if two people began it.
    pub started: Vec<Said<RoundStarted>>,
    /// Why the whole round was left out.
    pub left_out: Vec<Said<String>>,
    /// The checklist's name and version; none if it is not held.
    pub checklist: Option<(Bilingual, u32)>,
    /// Checkpoint by checkpoint.
    pub points: Vec<PointLine>,
    /// Every proof of presence.
    pub reached: Vec<Said<Reached>>,
    /// The signatures under it, each checked against the signer's certificate.
    pub signatures: Vec<(Said<RoundSigned>, SignatureCheck)>,
    /// Answers that wait to be settled.
    pub conflicts: u32,
    /// The entries behind it.
    pub behind: Behind,
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

    /// One round; none if it is not one.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn round(
        &self,
        scope: SiteScope,
        record: RecordId,
        now: Millis,
    ) -> Result<Option<RoundDetail>, ViewError> {
        let Some(state) = self.record(scope, record).await? else { return Ok(None) };
        if state.summary.kind != Some(RecordKind::Round) {
            return Ok(None);
        }
        let behind = self.behind(scope, record).await?;
        let started = state.get(STARTED);
        let checklist = match &started {
            Some(started) => self.checklist(scope, started).await?,
            None => None,
        };
        let (planned, status) = self.judged(scope, record, started.as_ref(), now).await?;
        Ok(Some(RoundDetail {
            record,
            planned,
            status,
            points: checklist.as_ref().map(|c| points(&state, c, &behind)).unwrap_or_default(),
            checklist: checklist.map(|c| (c.name, c.version)),
            started: behind.written(state.written(STARTED)),
            left_out: behind.written(state.written(ROUND_SKIPPED)),
            reached: behind.added(state.added(REACHED)),
            signatures: self.round_signatures(scope, &state, &behind).await?,
            conflicts: state.summary.conflicts,
            behind,
        }))
    }

    async fn judged(
        &self,
        scope: SiteScope,
        record: RecordId,
        started: Option<&RoundStarted>,
        now: Millis,
    ) -> Result<(Option<Planned>, Option<RoundStatus>), ViewError> {
        let Some(Window { start, .. }) = started.and_then(|s| s.window) else { return Ok((None, None)) };
        let lines = self.rounds(scope, start, start + 1, now).await?;
        let line = lines.into_iter().find(|line| line.record == Some(record));
        Ok(line.map_or((None, None), |line| (line.planned, line.status)))
    }

    async fn checklist(
        &self,
        scope: SiteScope,
        started: &RoundStarted,
    ) -> Result<Option<Checklist>, ViewError> {
        let state = self.record(scope, started.checklist).await?;
        let versions = state.map(|s| s.added(CHECKLIST)).unwrap_or_default();
        let mut versions = versions.into_iter().map(|a| a.value);
        Ok(versions.rfind(|c| c.version == started.checklist_version))
    }

    async fn round_signatures(
        &self,
        scope: SiteScope,
        state: &RecordState,
        behind: &Behind,
    ) -> Result<Vec<(Said<RoundSigned>, SignatureCheck)>, ViewError> {
        let trust = self.trust(scope).await?;
        let mut signatures = Vec::new();
        for said in behind.added(state.added(SIGNED)) {
            let check = self.check_signature(scope, &trust, said.entry, Purpose::Round).await?;
            let check = check.of(said.value.text);
            signatures.push((said, check));
        }
        Ok(signatures)
    }
}

fn points(state: &RecordState, checklist: &Checklist, behind: &Behind) -> Vec<PointLine> {
    let reached: Vec<Reached> = state.added(REACHED).into_iter().map(|a| a.value).collect();
    let grades = best_grades(&reached);
    let numbers = checklist.checkpoints();
    let point = |number: u32| {
        let rest = state.member(REST_NORMAL, Member::Number(number)).iter().any(|w| w.value);
        let items = checklist.items.iter().filter(|i| i.checkpoint == number);
        PointLine {
            number,
            grade: grades.get(&number).copied(),
            skipped: behind.written(state.member(SKIPPED, Member::Number(number))),
            items: items.map(|item| item_line(state, item, rest, behind)).collect(),
        }
    };
    numbers.into_iter().map(point).collect()
}

fn item_line(state: &RecordState, item: &Item, rest: bool, behind: &Behind) -> ItemLine {
    let answers = behind.written(state.member(RESULT, Member::Number(item.number)));
    let verdict = answers.iter().map(|a| a.value.verdict(item)).max();
    let status = item.kind == ItemKind::Status;
    ItemLine { rest_normal: rest && status && answers.is_empty(), item: item.clone(), answers, verdict }
}

impl RoundDetail {
    /// The people whose signatures are good.
    #[must_use]
    pub fn signers(&self) -> Vec<PersonId> {
        self.signatures.iter().filter(|(_, check)| check.valid).map(|(s, _)| s.value.person).collect()
    }
}
