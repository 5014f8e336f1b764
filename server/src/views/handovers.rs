//! Handovers: the list, and one handover with the exact text that was signed.

use std::collections::BTreeMap;

use dutylog_core::base::{ChainId, Digest, Millis, RecordId, Seq};
use dutylog_core::capture::handover::{HandoverDocument, view_hash};
use dutylog_core::log::{Purpose, text_digest};
use dutylog_core::merge::RecordState;
use dutylog_core::records::RecordKind;
use dutylog_core::records::comment::{COMMENTS, Comment};
use dutylog_core::records::handover::{
    ADDENDUM_ACK, AddendumAck, DOCUMENT, Document, HandoverSignature, HandoverState, ONE_SIDED, OneSided,
    SIGNATURES, WITHDRAWN, Withdrawal, handover_state,
};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::said::{Behind, Said, SignatureCheck};
use super::states::handover_from;
use super::timeline::{LINE_COLUMNS, Line, line};
use super::{Family, ViewError, Views, columns};
use crate::ledger::SiteScope;

/// How many late entries a page shows of each chain.
const LATE: i64 = 200;

/// A handover as lists show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandoverLine {
    /// Which.
    pub record: RecordId,
    /// Where it stands.
    pub state: HandoverState,
    /// Best times of its first and last entry.
    pub offered: Millis,
    /// When something last happened to it.
    pub last: Millis,
    /// Fields that wait to be settled.
    pub conflicts: u32,
}

/// A version of the document: what was frozen, and whether the text is the one it speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBlock {
    /// The exact text that both leads were shown: its three blocks.
    pub text: String,
    /// The digest that the signatures are of.
    pub digest: Digest,
    /// What was frozen: cut heads, items, next owners, gaps; none if this version cannot read it.
    pub document: Option<HandoverDocument>,
    /// Whether the text is the one that the document names.
    pub text_matches: bool,
    /// Items whose records have changed since the cut.
    pub changed: Vec<RecordId>,
}

/// A record made before the cut that arrived after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addendum {
    /// The entry.
    pub line: Line,
}

/// One handover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoverDetail {
    /// Which.
    pub record: RecordId,
    /// Where it stands.
    pub state: HandoverState,
    /// What was signed: several if it was frozen twice unseen.
    pub documents: Vec<Said<SignedBlock>>,
    /// The signatures of both sides, each checked against the signer's certificate and a document.
    pub signatures: Vec<(Said<HandoverSignature>, SignatureCheck)>,
    /// That it was withdrawn.
    pub withdrawn: Vec<Said<Withdrawal>>,
    /// That the outgoing lead signed alone.
    pub one_sided: Vec<Said<OneSided>>,
    /// What arrived after the cut though it was made before.
    pub addenda: Vec<Addendum>,
    /// Who has seen the addenda.
    pub acknowledged: Vec<Said<AddendumAck>>,
    /// Comments.
    pub comments: Vec<Said<Comment>>,
    /// The entries behind it.
    pub behind: Behind,
}

impl Views {
    /// The newest handovers, those before an instant.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn handovers(
        &self,
        scope: SiteScope,
        before: Option<Millis>,
        limit: u32,
    ) -> Result<Vec<HandoverLine>, ViewError> {
        let rows = sqlx::query(
            "SELECT record, state, first_ms, last_ms, conflicts FROM view_records
             WHERE site = $1 AND kind = $2 AND at_ms < $3 ORDER BY at_ms DESC, record DESC LIMIT $4",
        )
        .bind(scope.site().0.to_vec())
        .bind(RecordKind::Handover.code())
        .bind(before.unwrap_or(Millis::MAX))
        .bind(limit)
        .fetch_all(self.readers())
        .await?;
        rows.iter().map(handover_line).collect()
    }

    /// One handover; none if it is not one.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn handover(
        &self,
        scope: SiteScope,
        record: RecordId,
    ) -> Result<Option<HandoverDetail>, ViewError> {
        let Some(state) = self.record(scope, record).await? else { return Ok(None) };
        if state.summary.kind != Some(RecordKind::Handover) {
            return Ok(None);
        }
        let behind = self.behind(scope, record).await?;
        let mut documents = Vec::new();
        for said in behind.written(state.written(DOCUMENT)) {
            let block = self.block(scope, &said.value).await?;
            documents.push(Said {
                value: block,
                entry: said.entry,
                by: said.by,
                author: said.author,
                times: said.times,
            });
        }
        let signatures = self.handover_signatures(scope, &state, &behind, &documents).await?;
        let signed: Vec<_> = signatures.iter().map(|(said, _)| said.value.clone()).collect();
        let (withdrawn, alone) = (state.written(WITHDRAWN), state.written(ONE_SIDED));
        Ok(Some(HandoverDetail {
            record,
            state: handover_state(&signed, !withdrawn.is_empty(), !alone.is_empty()),
            addenda: self.addenda(scope, record, &documents).await?,
            documents,
            signatures,
            withdrawn: behind.written(withdrawn),
            one_sided: behind.written(alone),
            acknowledged: behind.added(state.added(ADDENDUM_ACK)),
            comments: behind.added(state.added(COMMENTS)),
            behind,
        }))
    }

    async fn block(&self, scope: SiteScope, document: &Document) -> Result<SignedBlock, ViewError> {
        let parsed = HandoverDocument::parse(&document.bytes.0).ok();
        let text = document.text.0.clone();
        let mut changed = Vec::new();
        for item in parsed.iter().flat_map(|p| &p.items) {
            let now = self.record(scope, item.record).await?;
            if now.as_ref().map(view_hash) != Some(item.view) {
                changed.push(item.record);
            }
        }
        Ok(SignedBlock {
            digest: HandoverDocument::digest(&document.bytes.0),
            text_matches: parsed.as_ref().is_some_and(|p| p.text == text_digest(&text)),
            document: parsed,
            changed,
            text,
        })
    }

    async fn handover_signatures(
        &self,
        scope: SiteScope,
        state: &RecordState,
        behind: &Behind,
        documents: &[Said<SignedBlock>],
    ) -> Result<Vec<(Said<HandoverSignature>, SignatureCheck)>, ViewError> {
        let trust = self.trust(scope).await?;
        let mut signatures = Vec::new();
        for said in behind.added(state.added(SIGNATURES)) {
            let check = self.check_signature(scope, &trust, said.entry, Purpose::Handover).await?;
            let of_ours = documents.iter().any(|d| check.digest == Some(d.value.digest));
            signatures.push((said, SignatureCheck { valid: check.valid && of_ours, ..check }));
        }
        Ok(signatures)
    }

    /// What was made before the cut, is not in it, and has arrived since.
    async fn addenda(
        &self,
        scope: SiteScope,
        record: RecordId,
        documents: &[Said<SignedBlock>],
    ) -> Result<Vec<Addendum>, ViewError> {
        let Some(document) = documents.iter().find_map(|d| d.value.document.as_ref()) else {
            return Ok(Vec::new());
        };
        let cut: BTreeMap<ChainId, Seq> =
            document.heads.iter().map(|(chain, head)| (*chain, head.seq)).collect();
        let rows = sqlx::query("SELECT chain FROM view_chains WHERE site = $1 ORDER BY chain")
            .bind(scope.site().0.to_vec())
            .fetch_all(self.readers())
            .await?;
        let mut late = Vec::new();
        for row in &rows {
            let chain = ChainId(columns::fixed(row, "chain")?);
            let after = cut.get(&chain).copied().unwrap_or_default();
            late.extend(self.late_of(scope, chain, after, document.frozen_at).await?);
        }
        late.retain(|line| line.record != Some(record) && concerns_the_shift(line.family));
        late.sort_by_key(|line| line.mark);
        Ok(late.into_iter().map(|line| Addendum { line }).collect())
    }

    async fn late_of(
        &self,
        scope: SiteScope,
        chain: ChainId,
        after: Seq,
        frozen: Millis,
    ) -> Result<Vec<Line>, ViewError> {
        let query = format!(
            "SELECT {LINE_COLUMNS} FROM view_entries e JOIN view_segments s ON s.site = e.site AND s.position = e.position
             WHERE e.site = $1 AND e.chain = $2 AND e.seq > $3 AND e.best_ms < $4 ORDER BY e.seq LIMIT $5"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(scope.site().0.to_vec())
            .bind(chain.0.to_vec())
            .bind(after.cast_signed())
            .bind(frozen)
            .bind(LATE)
            .fetch_all(self.readers())
            .await?;
        rows.iter().map(line).collect()
    }
}

fn concerns_the_shift(family: Family) -> bool {
    !matches!(family, Family::Chains | Family::Configuration)
}

fn handover_line(row: &SqliteRow) -> Result<HandoverLine, ViewError> {
    let state = handover_from(row.try_get("state")?);
    Ok(HandoverLine {
        record: RecordId(columns::fixed(row, "record")?),
        state: state.ok_or_else(|| ViewError::damaged("an unknown state of a handover"))?,
        offered: row.try_get("first_ms")?,
        last: row.try_get("last_ms")?,
        conflicts: columns::count(row, "conflicts")?,
    })
}
