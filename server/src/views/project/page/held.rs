//! What is folded already where a segment overlaps others.

use std::collections::BTreeMap;

use dutylog_core::base::Digest;
use dutylog_core::log::{EntryRef, Header};
use sqlx::Row as _;

use crate::views::project::mind::{Mind, Sources};
use crate::views::verdict::Standing;
use crate::views::{ViewError, columns};

/// The entries that are folded already under a segment's numbers.
pub(super) async fn held(
    mind: &Mind,
    sources: &Sources,
    header: &Header,
) -> Result<BTreeMap<EntryRef, Standing>, ViewError> {
    let rows = sqlx::query(
        "SELECT seq, leaf, verdict FROM view_entries WHERE site = $1 AND chain = $2 AND seq >= $3 AND seq <= $4",
    )
    .bind(mind.scope.site().0.to_vec())
    .bind(header.chain.0.to_vec())
    .bind(header.first.cast_signed())
    .bind(header.last().cast_signed())
    .fetch_all(sources.database.readers())
    .await?;
    rows.iter()
        .map(|row| {
            let by = EntryRef {
                chain: header.chain,
                seq: columns::count(row, "seq")?,
                leaf: Digest(columns::fixed(row, "leaf")?),
            };
            let standing = Standing::from_code(row.try_get("verdict")?);
            Ok((by, standing.ok_or_else(|| ViewError::damaged("an unknown verdict"))?))
        })
        .collect()
}
