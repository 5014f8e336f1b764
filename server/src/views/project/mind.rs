//! What the projector keeps in memory of a site: all that judging the next entry leans on. It is nothing but a digest of rows
//! and of HQ's segments, and is loaded again from them whenever a transaction fails.

use std::collections::BTreeMap;
use std::sync::Arc;

use dutylog_core::base::{ChainId, Digest, RecordId};
use dutylog_core::log::{Certificate, Entry, EntryRef, Header, Role, Trust, decode_value};
use dutylog_core::merge::{Addition, Forks, Knowledge, Rejudge, Verdict};
use dutylog_core::records::chain::{HELD_REVIEWED, SESSION_OPENED};
use dutylog_core::records::{FieldId, Kind};
use sqlx::Row as _;

use super::chain::ChainRow;
use super::forks::branch_map;
use super::history::History;
use crate::database::Database;
use crate::ledger::{Ledger, SiteScope, Stored};
use crate::views::ViewError;
use crate::views::columns;
use crate::views::verdict::Standing;

/// Where everything comes from.
#[derive(Clone)]
pub(super) struct Sources {
    pub(super) database: Database,
    pub(super) ledger: Arc<dyn Ledger>,
    /// The organisation's root key, and nothing else.
    pub(super) root: Trust,
}

impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sources").field("root", &self.root).finish_non_exhaustive()
    }
}

/// What is known of a site up to a position of its log.
#[derive(Debug)]
pub(super) struct Mind {
    pub(super) scope: SiteScope,
    /// The next position to fold.
    pub(super) cursor: u64,
    pub(super) knowledge: Knowledge,
    pub(super) chains: BTreeMap<ChainId, ChainRow>,
    pub(super) history: History,
}

impl Mind {
    /// Loads what is known of a site.
    pub(super) async fn load(sources: &Sources, scope: SiteScope) -> Result<Self, ViewError> {
        let mut mind = Self {
            scope,
            cursor: cursor(sources, scope).await?,
            knowledge: Knowledge::new(sources.root.clone()),
            chains: chains(sources, scope).await?,
            history: History::default(),
        };
        mind.learn_certificates(sources).await?;
        mind.learn_devices();
        mind.learn_headquarters(sources).await?;
        mind.learn_sessions(sources).await?;
        mind.learn_forks(sources).await?;
        mind.learn_waiting(sources).await?;
        Ok(mind)
    }

    /// Takes in the certificates that the ledger's registry has.
    pub(super) async fn learn_certificates(&mut self, sources: &Sources) -> Result<(), ViewError> {
        for bytes in sources.ledger.certificates(self.scope).await? {
            // One that does not verify certifies nothing.
            let _ = self.knowledge.trust_mut().add(&bytes);
        }
        Ok(())
    }

    fn learn_devices(&mut self) {
        for (chain, row) in &self.chains {
            if let Some(device) = self.knowledge.trust().get(row.key).cloned() {
                self.knowledge.learn_device(*chain, &device);
            }
        }
    }

    async fn learn_headquarters(&mut self, sources: &Sources) -> Result<(), ViewError> {
        let mut segments = Vec::new();
        let chains: Vec<ChainId> = self.chains.keys().copied().filter(|c| self.is_hq(*c)).collect();
        for chain in chains {
            segments.extend(self.folded(sources, chain, 1).await?);
        }
        segments.sort_by_key(|s| s.place.position);
        for stored in &segments {
            for (by, entry) in entries(stored)? {
                let verdict = self.knowledge.judge(&stored.segment.header, by, &entry);
                self.learn(by, &entry, &verdict);
            }
        }
        Ok(())
    }

    /// Learns the sessions that were opened, and what the site's leads decided about held entries.
    async fn learn_sessions(&mut self, sources: &Sources) -> Result<(), ViewError> {
        let rows = sqlx::query(
            "SELECT record, chain, seq, leaf, n, field, value FROM view_additions WHERE site = $1 AND field IN ($2, $3)",
        )
        .bind(self.scope.site().0.to_vec())
        .bind(SESSION_OPENED.id().0)
        .bind(HELD_REVIEWED.id().0)
        .fetch_all(sources.database.readers())
        .await?;
        for row in &rows {
            let by = EntryRef {
                chain: ChainId(columns::fixed(row, "chain")?),
                seq: columns::count(row, "seq")?,
                leaf: Digest(columns::fixed(row, "leaf")?),
            };
            let addition = Addition {
                record: RecordId(columns::fixed(row, "record")?),
                field: FieldId(columns::count(row, "field")?),
                by,
                n: columns::count(row, "n")?,
                value: decode_value(row.try_get("value")?)?,
            };
            if !self.is_hq(by.chain) {
                self.knowledge.learn(by, 0, Some(&[addition]));
            }
        }
        Ok(())
    }

    async fn learn_forks(&mut self, sources: &Sources) -> Result<(), ViewError> {
        let forked: Vec<_> = self.chains.iter().filter(|(_, r)| r.fork.is_some()).map(|(c, _)| *c).collect();
        for chain in forked {
            self.learn_fork(sources, chain, self.cursor).await?;
        }
        Ok(())
    }

    /// Maps the branches of a chain as far as it is folded. Says what must be folded again.
    pub(super) async fn learn_fork(
        &mut self,
        sources: &Sources,
        chain: ChainId,
        end: u64,
    ) -> Result<Option<Rejudge>, ViewError> {
        let mut segments = sources.ledger.chain(self.scope, chain, 1).await?;
        segments.retain(|s| s.place.position < end);
        let map = branch_map(&segments);
        if let Some(row) = self.chains.get_mut(&chain) {
            row.fork = map.fork();
        }
        Ok(self.knowledge.learn_fork(chain, map))
    }

    /// Judges again what waited when it was folded, so that it is known to wait, and the sessions that do not count, so that those which
    /// are held are known to have been opened.
    async fn learn_waiting(&mut self, sources: &Sources) -> Result<(), ViewError> {
        let rows = sqlx::query(
            "SELECT position, n FROM view_entries
             WHERE site = $1 AND verdict <> 0 AND (verdict = $2 OR kind = $3)",
        )
        .bind(self.scope.site().0.to_vec())
        .bind(Standing::Waits.code())
        .bind(Kind::SessionOpened.code())
        .fetch_all(sources.database.readers())
        .await?;
        let mut places: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for row in &rows {
            places.entry(columns::count(row, "position")?).or_default().push(columns::count(row, "n")?);
        }
        for (position, numbers) in places {
            let stored = stored_at(sources, self.scope, position).await?;
            for (n, (by, entry)) in entries(&stored)?.into_iter().enumerate() {
                if numbers.contains(&n) {
                    self.knowledge.judge(&stored.segment.header, by, &entry);
                }
            }
        }
        Ok(())
    }

    /// A chain's folded segments that end at `from` or later.
    pub(super) async fn folded(
        &self,
        sources: &Sources,
        chain: ChainId,
        from: u64,
    ) -> Result<Vec<Stored>, ViewError> {
        let mut segments = sources.ledger.chain(self.scope, chain, from).await?;
        segments.retain(|s| s.place.position < self.cursor);
        Ok(segments)
    }

    /// Whether a chain is HQ's own.
    pub(super) fn is_hq(&self, chain: ChainId) -> bool {
        self.knowledge.device(chain).is_some_and(|d| d.claims.role == Role::Headquarters)
    }

    /// The device of a segment, if its certificate is known.
    pub(super) fn device_of(&self, stored: &Stored) -> Option<Certificate> {
        self.knowledge.trust().get(stored.segment.key).cloned()
    }

    /// Learns from an entry that was judged, if anything leans on it. Says what must be judged again; none if nothing was learnt.
    pub(super) fn learn(&mut self, by: EntryRef, entry: &Entry, verdict: &Verdict) -> Option<Vec<Rejudge>> {
        let hq = self.is_hq(by.chain);
        let told = [Kind::SessionOpened, Kind::HeldReviewed].iter().any(|kind| entry.kind == kind.code());
        if !hq && !told {
            return None;
        }
        let added = match verdict {
            Verdict::Counts(plan) => Some(plan.apply(by, &BTreeMap::new(), &Forks::new()).additions),
            _ => None,
        };
        if let Some(added) = added.as_ref().filter(|_| hq) {
            self.history.learn(entry.at, added);
        }
        Some(self.knowledge.learn(by, entry.at, added.as_deref()))
    }
}

/// A segment's entries with their identities.
pub(super) fn entries(stored: &Stored) -> Result<Vec<(EntryRef, Entry)>, ViewError> {
    let chain = stored.segment.header.chain;
    let leaves = stored.segment.leaves();
    let entries = stored.segment.decode()?;
    Ok(entries
        .into_iter()
        .zip(leaves)
        .map(|(entry, leaf)| (EntryRef { chain, seq: entry.seq, leaf }, entry))
        .collect())
}

/// The segment at a position.
pub(super) async fn stored_at(
    sources: &Sources,
    scope: SiteScope,
    position: u64,
) -> Result<Stored, ViewError> {
    let page = sources.ledger.page(scope, position, 1).await?;
    let found = page.into_iter().find(|s| s.place.position == position);
    found.ok_or_else(|| ViewError::damaged(format!("position {position} is not in the ledger")))
}

/// How far the site is folded.
pub(super) async fn cursor(sources: &Sources, scope: SiteScope) -> Result<u64, ViewError> {
    let row = sqlx::query("SELECT position FROM view_sites WHERE site = $1")
        .bind(scope.site().0.to_vec())
        .fetch_optional(sources.database.readers())
        .await?;
    row.map_or(Ok(0), |row| columns::count(&row, "position"))
}

async fn chains(sources: &Sources, scope: SiteScope) -> Result<BTreeMap<ChainId, ChainRow>, ViewError> {
    let rows = sqlx::query("SELECT * FROM view_chains WHERE site = $1")
        .bind(scope.site().0.to_vec())
        .fetch_all(sources.database.readers())
        .await?;
    rows.iter().map(ChainRow::read).collect()
}

/// Judges an entry under every header it came under and keeps the most favourable verdict: which copy arrived first must not
/// decide. The last word to [`Knowledge`] is that verdict's.
pub(super) fn judge_all(
    knowledge: &mut Knowledge,
    headers: &[&Header],
    by: EntryRef,
    entry: &Entry,
) -> Verdict {
    use crate::views::verdict::Outcome;
    let rank = |v: &Verdict| {
        let outcome = Outcome::of(v);
        let (order, reason) = outcome.rank();
        (order, reason.to_owned())
    };
    let judged: Vec<_> = headers.iter().map(|h| (*h, knowledge.judge(h, by, entry))).collect();
    let best = judged.into_iter().min_by_key(|(_, v)| rank(v));
    match best {
        Some((_, verdict)) if headers.len() == 1 => verdict,
        Some((header, _)) => knowledge.judge(header, by, entry),
        None => Verdict::Waits,
    }
}
