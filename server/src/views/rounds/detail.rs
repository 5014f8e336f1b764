//! One round: checkpoint by checkpoint, what was answered, by whom, with which proof of presence.

use dutylog_core::base::{Millis, PersonId, RecordId};
use dutylog_core::log::Purpose;
use dutylog_core::merge::RecordState;
use dutylog_core::records::checklist::{CHECKLIST, Checklist, Item, ItemKind, Verdict};
use dutylog_core::records::round::{
    Answer, PresenceGrade, REACHED, REST_NORMAL, RESULT, ROUND_SKIPPED, Reached, RoundSigned, RoundStarted,
    RoundStatus, SIGNED, SKIPPED, STARTED, Window, best_grades,
};
use dutylog_core::records::{Bilingual, Member, RecordKind};

use super::Planned;
use crate::ledger::SiteScope;
use crate::views::said::{Behind, Said, SignatureCheck};
use crate::views::{ViewError, Views};

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
