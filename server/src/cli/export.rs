//! `export`: a site's log as a file that needs no server to be verified.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use dutylog_core::log::{Checkpoint, Segment};
use dutylog_core::sync::bundle::{Evidence, export};

use super::{enter, opened, say};
use crate::app::Parts;
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
use crate::ledger::SiteScope;

/// Packed bytes read at once.
const PAGE_BYTES: usize = 1 << 20;

#[derive(Debug, Args)]
pub(super) struct Export {
    /// 站点的简称或编号 / the site's short name or identifier
    #[arg(long)]
    site: String,
    /// 写入的文件，必须还不存在 / the file to write, which must not exist yet
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

impl Export {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let parts = opened(&config).await?;
        let bundle = match enter(&parts, &self.site).await {
            Ok(scope) => bundle(&parts, scope).await,
            Err(error) => Err(error),
        };
        parts.database.close().await;
        let (bytes, segments) = bundle?;
        let written = std::fs::File::create_new(&self.to).and_then(|mut file| {
            std::io::Write::write_all(&mut file, &bytes)?;
            file.sync_all()
        });
        written.with_context(|| format!("无法写入 {0} / {0} cannot be written", self.to.display()))?;
        let (file, root) = (self.to.display(), root(&parts));
        say(&format!(
            "已导出 {segments} 段。核对它不需要服务器：\n{segments} segments exported. Verifying needs no server:\n  \
             dutylog-server verify --file {file} --root {root}"
        ));
        Ok(())
    }
}

fn root(parts: &Parts) -> String {
    use std::fmt::Write as _;
    parts.keys.root().0.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes text");
        text
    })
}

/// The whole log in the order it was taken, with what the server promises of it.
async fn bundle(parts: &Parts, scope: SiteScope) -> anyhow::Result<(Vec<u8>, usize)> {
    let (ledger, keys) = (parts.ledger(), &parts.keys);
    let state = ledger.state(scope).await?;
    let log = state.log();
    let mut segments: Vec<Segment> = Vec::new();
    while (segments.len() as u64) < log.size {
        let page = ledger.page(scope, segments.len() as u64, PAGE_BYTES).await?;
        anyhow::ensure!(!page.is_empty(), "日志不完整 / the log has a hole");
        let room = usize::try_from(log.size).unwrap_or(usize::MAX) - segments.len();
        segments.extend(page.into_iter().take(room).map(|stored| stored.segment));
    }
    let mut certificates = keys.certificates().map(<[u8]>::to_vec).to_vec();
    certificates.extend(ledger.certificates(scope).await?);
    let (site, epoch, at) = (scope.site(), state.epoch, SystemClock.now_ms());
    let checkpoint = keys.sign_checkpoint(&Checkpoint { site, epoch, log, at });
    let evidence = Evidence { certificates, checkpoints: vec![checkpoint], receipts: Vec::new() };
    let bytes = export(keys.org(), site, &evidence, &segments)
        .context("日志太长，一个文件放不下 / the log does not fit one file")?;
    Ok((bytes, segments.len()))
}
