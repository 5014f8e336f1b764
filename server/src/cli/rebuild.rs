//! `rebuild`: drops the views and folds the logs again. The logs themselves are never touched.

use clap::Args;

use super::{enter, opened, say};
use crate::config::Config;
use crate::verify::replay;
use crate::views::EnteredSnapshot;

#[derive(Debug, Args)]
pub(super) struct Rebuild {
    /// 只重建一个站点：简称或编号 / one site only: its short name or identifier
    #[arg(long)]
    site: Option<String>,
}

impl Rebuild {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let parts = opened(&config).await?;
        let scopes = match &self.site {
            Some(site) => vec![enter(&parts, site).await?],
            None => parts.scopes().await?,
        };
        for scope in scopes {
            let differ = replay(&parts.projector, &parts.views, parts.ledger(), scope).await?;
            let (site, size) = (scope.site(), parts.projector.catch_up(scope).await?);
            for EnteredSnapshot { told, .. } in differ {
                let size = told.size;
                say(&format!(
                    "注意：第 {size} 段处的快照与重放结果不同 / note: the snapshot at segment {size} is not what a replay gives"
                ));
            }
            say(&format!("站点 {site}：已重建 {size} 段 / site {site}: {size} segments folded again"));
        }
        parts.database.close().await;
        Ok(())
    }
}
