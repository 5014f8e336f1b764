//! Loading what is known of a site from its rows and from HQ's segments.

use std::collections::BTreeMap;

use dutylog_core::base::{ChainId, Digest, RecordId};
use dutylog_core::log::{EntryRef, decode_value};
use dutylog_core::merge::{Addition, Knowledge};
use dutylog_core::records::chain::{HELD_REVIEWED, SESSION_OPENED};
use dutylog_core::records::{FieldId, Kind};
use sqlx::Row as _;

use super::reading::{chains, cursor, entries, stored_at};
use super::{Mind, Sources};
use crate::ledger::SiteScope;
use crate::views::ViewError;
use crate::views::columns;
use crate::views::project::history::History;
use crate::views::verdict::Standing;

impl Mind {
    /// Loads what is known of a site.
    pub(in crate::views::project) async fn load(
        sources: &Sources,
        scope: SiteScope,
    ) -> Result<Self, ViewError> {
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
    pub(in crate::views::project) async fn learn_certificates(
        &mut self,
        sources: &Sources,
    ) -> Result<(), ViewError> {
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
}
