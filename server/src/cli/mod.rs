//! The command line: parses, loads the settings, hands over to one file per subcommand. What it says to people it says
//! in Chinese and English.

mod admin;
mod config;
#[cfg(feature = "demo")]
mod demo;
mod enrol;
mod migrate;
mod rebuild;
mod serve;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use dutylog_core::records::site_plan::site_id;

use crate::app::Parts;
use crate::clock::SystemClock;
use crate::config::{Config, Layer};
use crate::ledger::SiteScope;

/// 值班日志服务器 / the Dutylog server
#[derive(Debug, Parser)]
#[command(name = "dutylog-server", version, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 启动服务器 / start the server
    Serve,
    /// 把数据库更新到本版本 / bring the database to this version's form
    Migrate,
    /// 管理账户和站点 / manage accounts and sites
    Admin(admin::Admin),
    /// 登记手机和人员 / enrol phones and people
    Enrol(enrol::Enrol),
    /// 由日志重建视图 / build the views again from the logs
    Rebuild(rebuild::Rebuild),
    /// 演示：三个站点、九部模拟手机 / a demonstration: three sites, nine simulated phones
    #[cfg(feature = "demo")]
    Demo(demo::DemoCommand),
    /// 查看和检查设置 / show and check the settings
    Config(config::ConfigCommand),
}

/// Settings on the command line; they win over the environment and the file.
#[derive(Debug, Args)]
struct Settings {
    /// 设置文件 / the settings file
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// 数据文件夹 / the data folder
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// 监听地址 / the address to listen on
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    listen: Option<std::net::SocketAddr>,
    /// 浏览器里的地址 / the address in the browser
    #[arg(long, global = true, value_name = "ORIGIN")]
    public_origin: Option<String>,
    /// 前面有 TLS 反向代理 / a proxy in front terminates TLS
    #[arg(long, global = true)]
    behind_tls_proxy: bool,
}

impl Settings {
    fn load(self) -> anyhow::Result<Config> {
        let flags = Layer {
            data_dir: self.data_dir,
            listen: self.listen,
            public_origin: self.public_origin,
            behind_tls_proxy: self.behind_tls_proxy.then_some(true),
            ..Layer::default()
        };
        // A variable that is not text cannot be a setting of ours spelled right.
        let environment =
            std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        Ok(Config::load(self.config.as_deref(), environment, flags)?)
    }
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("错误 / error: {}", sentence(&error));
            ExitCode::FAILURE
        }
    }
}

/// The error and its causes, leaving out causes that the sentence before them has told already.
fn sentence(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |said, cause| match said.as_str() {
        "" => cause,
        told if told.contains(&cause) => said,
        _ => format!("{said}: {cause}"),
    })
}

fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Config(command) => command.run(cli.settings),
        Command::Serve => with_runtime(serve::run(cli.settings.load()?)),
        Command::Migrate => with_runtime(migrate::run(cli.settings.load()?)),
        #[cfg(feature = "demo")]
        Command::Demo(command) => with_runtime(command.run(cli.settings.load()?)),
        Command::Admin(command) => with_runtime(command.run(cli.settings.load()?)),
        Command::Enrol(command) => with_runtime(command.run(cli.settings.load()?)),
        Command::Rebuild(command) => with_runtime(command.run(cli.settings.load()?)),
    }
}

fn with_runtime(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("无法启动运行时 / cannot start the runtime")?;
    runtime.block_on(work)
}

/// The data folder, opened. A server may be running on it.
async fn opened(config: &Config) -> anyhow::Result<Parts> {
    Ok(Parts::open(config, Arc::new(SystemClock)).await?)
}

/// The site that people name by its short name or its identifier.
async fn enter(parts: &Parts, site: &str) -> anyhow::Result<SiteScope> {
    let named = site.parse().unwrap_or_else(|_| site_id(parts.keys.org(), site));
    let exists = parts.scopes().await?.into_iter().find(|scope| scope.site() == named);
    exists.with_context(|| format!("没有站点 {site} / there is no site {site}"))
}

/// Writes to standard output; a reader that went away is no error of ours.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::sentence;
    use crate::app::StartError;

    #[test]
    fn a_cause_is_told_once() {
        let busy = StartError::Listen(([127, 0, 0, 1], 80).into(), io::Error::from(io::ErrorKind::AddrInUse));
        let told = sentence(&anyhow::Error::from(busy).context("演示 / demonstration"));
        assert_eq!(told.matches("address in use").count(), 1, "{told}");
        assert!(told.starts_with("演示 / demonstration: "), "{told}");
    }
}
