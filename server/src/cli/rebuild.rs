//! `rebuild`: drops the views and folds the logs again. The logs themselves are never touched.

use clap::Args;

use super::{enter, opened, say};
use crate::config::Config;

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
            let size = parts.projector.rebuild(scope).await?;
            let site = scope.site();
            say(&format!("站点 {site}：已重建 {size} 段 / site {site}: {size} segments folded again"));
        }
        parts.database.close().await;
        Ok(())
    }
}
