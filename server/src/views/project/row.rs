//! One record's row: its summary, and of it what lists sort and filter by.

use std::collections::BTreeSet;

use dutylog_core::base::{Millis, RecordId, Value};
use dutylog_core::log::{decode_value, encode_value};
use dutylog_core::merge::{Addition, Folded, Summary};
use dutylog_core::records::handover::{HandoverSignature, SIGNATURES, WITHDRAWN, handover_state};
use dutylog_core::records::incident::{Closed, Severity};
use dutylog_core::records::round::{ROUND_SKIPPED, RoundStarted, SIGNED, STARTED};
use dutylog_core::records::{FieldId, FieldValue, RecordKind, handover, incident};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::views::ViewError;
use crate::views::columns::Bind;
use crate::views::states::{IncidentAt, RoundAt, handover_code};

/// A record as lists know it. Everything in it is a sum or an extreme over entries, so their order does not show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RecordRow {
    pub(super) summary: Summary,
    /// Best times of the first and last entry; none before the first.
    span: Option<(Millis, Millis)>,
    done: Option<Millis>,
    /// Who has signed a handover, how, and which document: what its state follows from. Without remarks and times.
    signed: BTreeSet<HandoverSignature>,
}

impl RecordRow {
    /// Reads a row.
    pub(super) fn read(row: &SqliteRow) -> Result<Self, ViewError> {
        Ok(Self {
            summary: Summary::decode(row.try_get("summary")?)?,
            span: Some((row.try_get("first_ms")?, row.try_get("last_ms")?)),
            done: row.try_get("done_ms")?,
            signed: read_signed(row.try_get("signed")?)?,
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
            self.signed.insert(HandoverSignature { remarks: String::new(), at: 0, ..signature });
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
            write_signed(&self.signed).into(),
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
        let severity = self.live(incident::SEVERITY.id()).filter_map(Severity::from_value).max();
        let closed = self.live(incident::CLOSED.id()).filter_map(Closed::from_value);
        match (
            closed.into_iter().any(|closed| closed.holds(severity)),
            self.summary.count(incident::ACKNOWLEDGED.id()),
        ) {
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
        let signatures: Vec<_> = self.signed.iter().cloned().collect();
        let (withdrawn, alone) = (self.has(WITHDRAWN.id()), self.has(handover::ONE_SIDED.id()));
        handover_code(handover_state(&signatures, withdrawn, alone))
    }
}

fn write_signed(signed: &BTreeSet<HandoverSignature>) -> Vec<u8> {
    encode_value(&Value::List(signed.iter().map(FieldValue::to_value).collect()))
}

fn read_signed(bytes: &[u8]) -> Result<BTreeSet<HandoverSignature>, ViewError> {
    let value = decode_value(bytes)?;
    let all = value.as_list().and_then(|all| all.iter().map(HandoverSignature::from_value).collect());
    all.ok_or_else(|| ViewError::damaged("signatures of a handover"))
}
