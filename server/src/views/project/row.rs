//! One record's row: its summary, and of it what lists sort and filter by.

use dutylog_core::base::{Millis, RecordId, Value};
use dutylog_core::merge::{Addition, Folded, Summary};
use dutylog_core::records::handover::{
    Decision, HandoverSignature, Role, SIGNATURES, WITHDRAWN, handover_state,
};
use dutylog_core::records::round::{ROUND_SKIPPED, RoundStarted, SIGNED, STARTED};
use dutylog_core::records::{FieldId, FieldValue, RecordKind, handover, incident};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::views::ViewError;
use crate::views::columns::{self, Bind};
use crate::views::states::{IncidentAt, RoundAt, handover_code};

/// The signature bits of a handover; what they add up to is its state.
const OUT_SIGNED: u32 = 1;
const IN_SIGNED: u32 = 2;
const IN_REFUSED: u32 = 4;

/// A record as lists know it. Everything in it is a sum or an extreme over entries, so their order does not show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RecordRow {
    pub(super) summary: Summary,
    /// Best times of the first and last entry; none before the first.
    span: Option<(Millis, Millis)>,
    done: Option<Millis>,
    marks: u32,
}

impl RecordRow {
    /// Reads a row.
    pub(super) fn read(row: &SqliteRow) -> Result<Self, ViewError> {
        Ok(Self {
            summary: Summary::decode(row.try_get("summary")?)?,
            span: Some((row.try_get("first_ms")?, row.try_get("last_ms")?)),
            done: row.try_get("done_ms")?,
            marks: columns::count(row, "marks")?,
        })
    }

    /// Takes in what an entry changed in this record.
    pub(super) fn fold(&mut self, record: RecordId, claimed: Millis, best: Millis, folded: &Folded) {
        self.summary.fold(record, claimed, folded, |_| true);
        self.span = Some(self.span.map_or((best, best), |(first, last)| (first.min(best), last.max(best))));
        for addition in folded.additions.iter().filter(|a| a.record == record) {
            self.mark(addition, best);
        }
    }

    fn mark(&mut self, addition: &Addition, best: Millis) {
        if addition.field == SIGNED.id() {
            self.done = Some(self.done.map_or(best, |done| done.min(best)));
        } else if addition.field == SIGNATURES.id()
            && let Some(signature) = HandoverSignature::from_value(&addition.value)
        {
            self.marks |= match (signature.role, signature.decision) {
                (Role::Outgoing, Decision::Refuse) => 0,
                (Role::Outgoing, _) => OUT_SIGNED,
                (Role::Incoming, Decision::Refuse) => IN_REFUSED,
                (Role::Incoming, _) => IN_SIGNED,
            };
        }
    }

    /// The columns after site and record, in the order of [`super::write`].
    pub(super) fn binds(&self, record: RecordId) -> Vec<Bind> {
        let started = self.started();
        let window = started.as_ref().and_then(|s| s.window);
        let (first, last) = self.span.unwrap_or_default();
        vec![
            record.0.into(),
            self.summary.kind.map_or(0, RecordKind::code).into(),
            self.state().into(),
            self.severity().into(),
            self.summary.conflicts.into(),
            window.map_or(first, |w| w.start).into(),
            started.and_then(|s| s.plan).map(|plan| plan.0.to_vec()).into(),
            first.into(),
            last.into(),
            self.done.into(),
            self.marks.into(),
            self.summary.encode().into(),
        ]
    }

    fn started(&self) -> Option<RoundStarted> {
        self.live(STARTED.id()).next().and_then(RoundStarted::from_value)
    }

    fn live(&self, field: FieldId) -> impl Iterator<Item = &Value> {
        self.summary.headline.get(&field).into_iter().flatten().filter(|v| !v.is_null())
    }

    fn has(&self, field: FieldId) -> bool {
        self.live(field).next().is_some()
    }

    fn state(&self) -> i64 {
        match self.summary.kind {
            Some(RecordKind::Round) => self.round().code(),
            Some(RecordKind::Incident) => self.incident().code(),
            Some(RecordKind::Handover) => self.handover(),
            _ => 0,
        }
    }

    fn round(&self) -> RoundAt {
        match (self.done, self.has(ROUND_SKIPPED.id())) {
            (Some(_), _) => RoundAt::Signed,
            (None, true) => RoundAt::Skipped,
            (None, false) => RoundAt::Running,
        }
    }

    fn incident(&self) -> IncidentAt {
        match (self.has(incident::CLOSED.id()), self.summary.count(incident::ACKNOWLEDGED.id())) {
            (true, _) => IncidentAt::Closed,
            (false, 0) => IncidentAt::Open,
            (false, _) => IncidentAt::Acknowledged,
        }
    }

    /// The worst of the severities that nobody has settled; 0 if none was said.
    fn severity(&self) -> i64 {
        self.live(incident::SEVERITY.id()).filter_map(Value::as_int).max().unwrap_or_default()
    }

    fn handover(&self) -> i64 {
        let signs = |bit, role, decision| {
            let signature = HandoverSignature {
                person: Default::default(),
                role,
                decision,
                remarks: String::new(),
                at: 0,
            };
            (self.marks & bit != 0).then_some(signature)
        };
        let signatures: Vec<_> = [
            signs(OUT_SIGNED, Role::Outgoing, Decision::Accept),
            signs(IN_SIGNED, Role::Incoming, Decision::Accept),
            signs(IN_REFUSED, Role::Incoming, Decision::Refuse),
        ]
        .into_iter()
        .flatten()
        .collect();
        let (withdrawn, alone) = (self.has(WITHDRAWN.id()), self.has(handover::ONE_SIDED.id()));
        handover_code(handover_state(&signatures, withdrawn, alone))
    }
}
