//! `verify`: a data folder, or an exported file alone.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use dutylog_core::log::PublicKey;

use super::{Settings, opened, say};
use crate::config::Config;
use crate::verify::{self, Verified};

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// 只核对这个导出的文件，不需要服务器 / verify this exported file alone, without a server
    #[arg(long, value_name = "FILE", requires = "root")]
    file: Option<PathBuf>,
    /// 组织的根公钥，64 个十六进制数字 / the organisation's root public key, 64 hexadecimal digits
    #[arg(long, value_name = "KEY")]
    root: Option<String>,
}

impl Verify {
    pub(super) async fn run(self, settings: Settings) -> anyhow::Result<()> {
        match (self.file, self.root) {
            (Some(file), Some(root)) => verify_file(&file, &root),
            _ => verify_folder(settings.load()?).await,
        }
    }
}

fn verify_file(file: &Path, root: &str) -> anyhow::Result<()> {
    let root = key(root).context("根公钥应为 64 个十六进制数字 / a root key has 64 hexadecimal digits")?;
    let bytes = std::fs::read(file);
    let bytes = bytes.with_context(|| format!("无法读取 {0} / {0} cannot be read", file.display()))?;
    let Verified { site, segments, entries, complete } = verify::file(&bytes, root)?;
    let whole = match complete {
        Some(size) => format!(
            "完整：服务器签名的前 {size} 段 / complete: the first {size} segments, as the server signed"
        ),
        None => {
            "签名都正确，但文件没有证明它是完整的 / every signature is good, but the file does not prove that it is complete"
                .to_owned()
        }
    };
    say(&format!(
        "站点 {site}：{segments} 段，{entries} 条 / site {site}: {segments} segments, {entries} entries\n{whole}"
    ));
    Ok(())
}

fn key(text: &str) -> Option<PublicKey> {
    let digits =
        text.as_bytes().chunks(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
    let bytes = digits.collect::<Option<Vec<u8>>>()?;
    Some(PublicKey(bytes.try_into().ok()?))
}

async fn verify_folder(config: Config) -> anyhow::Result<()> {
    if !config.database_file().exists() {
        bail!("{0} 里没有数据库 / there is no database in {0}", config.data_dir.display());
    }
    let parts = opened(&config).await?;
    let verified = verify::folder(&parts, &config).await;
    parts.database.close().await;
    for Verified { site, segments, entries, .. } in verified? {
        say(&format!(
            "站点 {site}：{segments} 段、{entries} 条均正确，视图与重建一致 / \
             site {site}: {segments} segments and {entries} entries are good, the views are what a rebuild gives"
        ));
    }
    Ok(())
}
