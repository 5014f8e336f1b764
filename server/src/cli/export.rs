//! `export`: a site's log as a file that needs no server to be verified.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::Context as _;
use clap::Args;
use dutylog_core::base::{ChainId, KeyId, Seq};
use dutylog_core::log::{Checkpoint, Segment};
use dutylog_core::sync::bundle::{Evidence, export};

use super::{enter, opened, say};
use crate::app::Parts;
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
use crate::evidence::Prover;
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
    /// 只导出这一条记录的证明：链/编号，或链/编号/标记 / the proof of this entry alone: CHAIN/NUMBER or CHAIN/NUMBER/MARK
    #[arg(long, value_name = "ENTRY", conflicts_with = "fork")]
    entry: Option<EntryName>,
    /// 只导出这条链的分叉证明 / the proof that this chain has forked
    #[arg(long, value_name = "CHAIN")]
    fork: Option<ChainId>,
}

/// An entry as its page's address names it; the mark only matters where a chain has forked.
#[derive(Debug, Clone, Copy)]
struct EntryName {
    chain: ChainId,
    seq: Seq,
    mark: Option<[u8; 8]>,
}

impl FromStr for EntryName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let wrong = "链/编号 / CHAIN/NUMBER";
        let mut parts = text.split('/');
        let chain = parts.next().and_then(|chain| chain.parse().ok()).ok_or(wrong)?;
        let seq = parts.next().and_then(|seq| seq.parse().ok()).ok_or(wrong)?;
        // Marks are written like the identifiers of keys.
        let mark = parts.next().map(|mark| mark.parse::<KeyId>().map(|key| key.0).map_err(|_| wrong));
        if parts.next().is_some() { Err(wrong) } else { Ok(Self { chain, seq, mark: mark.transpose()? }) }
    }
}

impl Export {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let parts = opened(&config).await?;
        let made = match enter(&parts, &self.site).await {
            Ok(scope) => self.made(&parts, scope).await,
            Err(error) => Err(error),
        };
        parts.database.close().await;
        let (bytes, what) = made?;
        let written = std::fs::File::create_new(&self.to).and_then(|mut file| {
            std::io::Write::write_all(&mut file, &bytes)?;
            file.sync_all()
        });
        written.with_context(|| format!("无法写入 {0} / {0} cannot be written", self.to.display()))?;
        let (file, root) = (self.to.display(), root(&parts));
        say(&format!(
            "{what}\n核对它不需要服务器 / verifying needs no server:\n  dutylog-server verify --file {file} --root {root}"
        ));
        Ok(())
    }

    /// The file, and what it is.
    async fn made(&self, parts: &Parts, scope: SiteScope) -> anyhow::Result<(Vec<u8>, String)> {
        let trust = parts.views.trust(scope).await?;
        let prover = Prover { ledger: parts.ledger(), keys: &parts.keys, trust: &trust, scope };
        let (proof, what) = match (self.entry, self.fork) {
            (Some(EntryName { chain, seq, mark }), _) => {
                let proof = prover.entry(chain, seq, mark).await?;
                let proof = proof.context("没有这条记录，或没有签名能证明它 / there is no such entry, or no signature that proves it")?;
                (proof, "已导出一条记录的证明 / the proof of one entry was exported")
            }
            (None, Some(chain)) => {
                let proof = prover.fork(chain).await?;
                (
                    proof.context("这条链没有分叉 / this chain has not forked")?,
                    "已导出分叉证明 / the proof of a fork was exported",
                )
            }
            (None, None) => {
                let (bytes, segments) = bundle(parts, scope).await?;
                return Ok((bytes, format!("已导出 {segments} 段 / {segments} segments exported")));
            }
        };
        Ok((proof.to_bytes(), what.to_owned()))
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
