//! `restore`: a backup becomes a data folder, and a new epoch begins.

use std::path::PathBuf;

use clap::Args;

use super::say;
use crate::backup;
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// 备份文件夹 / the folder of the backup
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// 已知用过的最大纪元号：若曾从别处的备份恢复过，或备份文件夹不能写入，必须给出 / the highest epoch known to have been used: needed after a restore
    /// from a backup that is kept elsewhere, or where the backup's folder cannot be written
    #[arg(long, value_name = "EPOCH")]
    after_epoch: Option<u32>,
}

impl Restore {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let epoch = backup::restore(&config, &self.from, self.after_epoch, SystemClock.now_ms()).await?;
        say(&format!(
            "已恢复，新纪元 {epoch} 开始。请启动服务器；各手机会自动把备份之后的记录再发来。\n\
             Restored; epoch {epoch} begins. Start the server; the phones send again by themselves what came after the backup.\n  {}",
            config.data_dir.display()
        ));
        Ok(())
    }
}
