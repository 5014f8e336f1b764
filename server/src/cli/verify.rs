//! `verify`: a data folder, or an exported file alone.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use dutylog_core::base::{DeviceId, Millis};
use dutylog_core::locales::Words as _;
use dutylog_core::log::{Proof, Proved, Proven, PublicKey};
use dutylog_core::records::Kind;

use super::{Settings, say};
use crate::config::Config;
use crate::verify::{self, Verified};

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// 只核对这个导出的文件或证明，不需要服务器 / verify this exported file or proof alone, without a server
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
    if Proof::is_one(&bytes) {
        let told = shows(&verify::proof(&bytes, root)?);
        say(&told);
        return Ok(());
    }
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

/// What a good proof shows.
fn shows(proved: &Proved) -> String {
    match proved {
        Proved::Entry(entry, receipt) => {
            let signed = match &entry.statement {
                Some(_) => "\n本人签名有效 / the person's own signature is good",
                None => "",
            };
            let (size, received) = (receipt.log.size, instant(receipt.received));
            format!(
                "{}\n已由服务器签收：{received}，日志 {size} 段 / received by the server at {received}, in a log of {size} segments{signed}",
                sealed(entry)
            )
        }
        Proved::Fork(branches) => {
            let [one, other] = branches.each_ref().map(sealed);
            format!(
                "分叉：同一编号有两条不同的记录 / a fork: two different entries with one number\n{one}\n{other}"
            )
        }
    }
}

fn sealed(proven: &Proven) -> String {
    let (header, entry) = (&proven.header, &proven.entry);
    let device = DeviceId(proven.device.claims.subject);
    let (site, chain, seq, at) = (header.site, header.chain, entry.seq, instant(entry.at));
    let (zh, en) = Kind::from_code(entry.kind).map_or(("未知", "unknown"), |kind| kind.both());
    format!(
        "站点 {site}，设备 {device}，链 {chain} 第 {seq} 条：{zh}，自述时间 {at}，叶 {leaf}\n\
         site {site}, device {device}, chain {chain}, entry {seq}: {en}, claims {at}, leaf {leaf}",
        leaf = proven.leaf
    )
}

/// An instant as everybody writes it; one that no calendar has, as a number.
fn instant(at: Millis) -> String {
    let known = chrono::DateTime::from_timestamp_millis(at);
    known.map_or_else(|| at.to_string(), |at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
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
    for Verified { site, segments, entries, .. } in verify::folder(&config).await? {
        say(&format!(
            "站点 {site}：{segments} 段、{entries} 条均正确，视图与重建一致 / \
             site {site}: {segments} segments and {entries} entries are good, the views are what a rebuild gives"
        ));
    }
    Ok(())
}
