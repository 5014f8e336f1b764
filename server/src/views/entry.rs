//! One entry with everything that proves it.

use dutylog_core::base::{ChainId, Digest, KeyId, Seq};
use dutylog_core::log::{Entry, Head, Header, SiteRoot, merkle};

use super::timeline::{LINE_COLUMNS, Line, line};
use super::{Mark, ViewError, Views, columns};
use crate::ledger::{SiteScope, Stored};

/// That an entry is in its segment: the path from its leaf to the root that the device signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// Its place in the segment, from 0.
    pub index: u64,
    /// How many entries the segment has.
    pub size: u64,
    /// The path.
    pub path: Vec<Digest>,
    /// Whether the path leads to the signed root.
    pub proven: bool,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryDetail {
    /// Its line of the timeline.
    pub line: Line,
    /// The entry as recorded.
    pub entry: Entry,
    /// Its canonical bytes, which are what is hashed.
    pub bytes: Vec<u8>,
    /// What its segment's entries share.
    pub header: Header,
    /// The segment.
    pub segment: Digest,
    /// The device's certificate.
    pub key: KeyId,
    /// Whether the device's signature under the segment is good.
    pub sealed: bool,
    /// The proof that it is in the segment.
    pub inclusion: Inclusion,
    /// The head that the segment's receipt names.
    pub receipt_head: Head,
    /// The site's log when it was received: size and root that the receipt promises.
    pub receipt_log: SiteRoot,
    /// The server's epoch then.
    pub epoch: u32,
}

impl Views {
    /// The segment at a mark, and its entry there; none if there is no such entry.
    pub(super) async fn evidence(
        &self,
        scope: SiteScope,
        mark: Mark,
    ) -> Result<Option<(Stored, Entry)>, ViewError> {
        let page = self.ledger.page(scope, mark.position, 1).await?;
        let Some(stored) = page.into_iter().find(|s| s.place.position == mark.position) else {
            return Ok(None);
        };
        let bytes = usize::try_from(mark.n).ok().and_then(|n| stored.segment.entries.get(n));
        let entry = bytes.map(|bytes| Entry::from_bytes(bytes)).transpose()?;
        Ok(entry.map(|entry| (stored, entry)))
    }

    /// Where an entry stands in the log, by its number in its chain and the first 8 bytes of its leaf.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn find_entry(
        &self,
        scope: SiteScope,
        chain: ChainId,
        seq: Seq,
        mark: [u8; 8],
    ) -> Result<Option<(u64, u32)>, ViewError> {
        let rows = sqlx::query(
            "SELECT position, n, leaf FROM view_entries WHERE site = $1 AND chain = $2 AND seq = $3 ORDER BY position, n",
        )
        .bind(scope.site().0.to_vec())
        .bind(chain.0.to_vec())
        .bind(i64::try_from(seq).unwrap_or(i64::MAX))
        .fetch_all(self.readers())
        .await?;
        for row in &rows {
            if Digest(columns::fixed(row, "leaf")?).mark() == mark {
                return Ok(Some((columns::count(row, "position")?, columns::count(row, "n")?)));
            }
        }
        Ok(None)
    }

    /// One entry, by its segment's position and its place there.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn entry(
        &self,
        scope: SiteScope,
        position: u64,
        n: u32,
    ) -> Result<Option<EntryDetail>, ViewError> {
        let query = format!(
            "SELECT {LINE_COLUMNS} FROM view_entries e JOIN view_segments s ON s.site = e.site AND s.position = e.position
             WHERE e.site = $1 AND e.position = $2 AND e.n = $3"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(scope.site().0.to_vec())
            .bind(i64::try_from(position).unwrap_or(i64::MAX))
            .bind(n)
            .fetch_optional(self.readers())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let line = line(&row)?;
        let trust = self.trust(scope).await?;
        let Some((stored, entry)) = self.evidence(scope, line.mark).await? else { return Ok(None) };
        let segment = &stored.segment;
        let device = trust.get(segment.key);
        let sealed = device.is_some_and(|d| segment.check_seal(trust.org, scope.site(), d).is_ok());
        let receipt = stored.place.receipt(&segment.header);
        Ok(Some(EntryDetail {
            bytes: entry.to_bytes(),
            inclusion: inclusion(&stored, n),
            segment: segment.header.id(),
            key: segment.key,
            receipt_head: receipt.head,
            receipt_log: receipt.log,
            epoch: receipt.epoch,
            header: segment.header.clone(),
            line,
            entry,
            sealed,
        }))
    }
}

fn inclusion(stored: &Stored, n: u32) -> Inclusion {
    let leaves = stored.segment.leaves();
    let index = usize::try_from(n).unwrap_or(usize::MAX);
    let path = merkle::inclusion(&leaves, index);
    let size = leaves.len() as u64;
    let root = leaves.get(index).and_then(|leaf| merkle::climb(*leaf, n.into(), size, &path));
    Inclusion { index: n.into(), size, proven: root == Some(stored.segment.header.root), path }
}
