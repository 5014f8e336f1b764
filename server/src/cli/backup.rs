//! `backup`: a copy of everything, made while the server runs.

use std::path::PathBuf;

use clap::Args;

use super::{opened, say};
use crate::backup;
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// 备份文件夹，必须还不存在 / the folder of the backup, which must not exist yet
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

impl Backup {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let parts = opened(&config).await?;
        let made = backup::make(&parts, &config, &self.to, SystemClock.now_ms()).await;
        parts.database.close().await;
        for site in made?.sites {
            let (id, size) = (site.site, site.size);
            say(&format!("站点 {id}：已备份 {size} 段 / site {id}: {size} segments backed up"));
        }
        say(&format!(
            "备份已写入并核对；其中有密钥，请妥善保管 / the backup is written and checked; it holds keys, keep it safe: {}",
            self.to.display()
        ));
        Ok(())
    }
}
