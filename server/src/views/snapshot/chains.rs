//! The chains of a site as a snapshot tells them.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{ChainId, Digest, KeyId, Seq};
use dutylog_core::log::{Head, Role};
use dutylog_core::snapshot::Told;
use sqlx::{Row as _, SqliteConnection};

use crate::views::{ViewError, columns};

/// By their identifiers; what only others cite has an empty head.
pub(super) struct Chains(BTreeMap<ChainId, Told>);

impl Chains {
    pub(super) async fn read(db: &mut SqliteConnection, site: &[u8]) -> Result<Self, ViewError> {
        let rows = sqlx::query("SELECT chain, key, role, fork FROM view_chains WHERE site = $1").bind(site);
        let mut chains = BTreeMap::new();
        for row in rows.fetch_all(&mut *db).await? {
            let (chain, key) = (ChainId(columns::fixed(&row, "chain")?), KeyId(columns::fixed(&row, "key")?));
            let forked = row.try_get::<Option<i64>, _>("fork")?.is_some();
            let whole = forked || row.try_get::<i64, _>("role")? == Role::Headquarters as i64;
            let head = Head { seq: 0, segment: Digest::default() };
            chains.insert(chain, Told { chain, key, head, whole });
        }
        let rows =
            sqlx::query("SELECT chain, first, last, id FROM view_segments WHERE site = $1 ORDER BY position");
        for row in rows.bind(site).fetch_all(db).await? {
            let Some(told) = chains.get_mut(&ChainId(columns::fixed(&row, "chain")?)) else { continue };
            let (first, last): (Seq, Seq) = (columns::count(&row, "first")?, columns::count(&row, "last")?);
            // The same entries cut in another way: what follows may name either cut.
            told.whole |= first <= told.head.seq;
            if last > told.head.seq {
                told.head = Head { seq: last, segment: Digest(columns::fixed(&row, "id")?) };
            }
        }
        Ok(Self(chains))
    }

    /// Gives a place to chains that are only named.
    pub(super) fn name(&mut self, named: &BTreeSet<ChainId>) {
        for chain in named {
            let head = Head { seq: 0, segment: Digest::default() };
            let nobody = Told { chain: *chain, key: KeyId::default(), head, whole: false };
            self.0.entry(*chain).or_insert(nobody);
        }
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Told> + '_ {
        self.0.values().copied()
    }

    /// The number of each, by the order of [`Self::rows`].
    pub(super) fn numbers(&self) -> BTreeMap<ChainId, u32> {
        self.0.keys().copied().zip(1..).collect()
    }

    pub(super) fn whole(&self) -> impl Iterator<Item = ChainId> + '_ {
        self.0.values().filter(|told| told.whole).map(|told| told.chain)
    }

    pub(super) fn knows(&self, chain: ChainId) -> bool {
        self.0.contains_key(&chain)
    }
}
