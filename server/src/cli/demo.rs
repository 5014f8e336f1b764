//! `demo`: a server with simulated phones, thirty days of duty at three sites.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use crate::config::Config;
use crate::demo::{Demo, History, Options, Report, free_folder};
use crate::shutdown::{Shutdown, Trigger, channel};
use crate::telemetry;

#[derive(Debug, Args)]
pub(super) struct DemoCommand {
    /// 模拟多少天的值班 / how many days of duty are simulated
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=366))]
    days: u32,
    /// 端口；0 表示任选一个空闲端口 / the port; 0 picks a free one
    #[arg(long)]
    port: Option<u16>,
    /// 数据文件夹，必须为空 / the data folder, which must be empty
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// 剧情的种子：相同的种子，相同的剧情 / the story's seed: the same seed tells the same story
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// 不进入实时阶段，完成后退出 / no live part: ends when history is made and judged
    #[arg(long)]
    headless: bool,
    /// 结果以一个 JSON 对象输出 / the result as one JSON object
    #[arg(long)]
    json: bool,
}

impl DemoCommand {
    pub(super) async fn run(self, mut config: Config) -> anyhow::Result<()> {
        // What happens by the hundred here would drown what people want to read.
        config.log.level = "warn".to_owned();
        telemetry::start(&config.log)?;
        let options = Options {
            data: self.data.clone().unwrap_or_else(|| free_folder(&config.data_dir)),
            days: self.days,
            port: self.port,
            seed: self.seed,
            live: !self.headless,
        };
        let signals = Shutdown::on_signals()?;
        if self.headless { self.headless(options, signals).await } else { self.live(options, signals).await }
    }

    async fn headless(&self, options: Options, signals: Shutdown) -> anyhow::Result<()> {
        let (trigger, shutdown) = channel();
        let forward = tokio::spawn(stop_on(signals, trigger));
        let demo = Demo::start(options, shutdown).await?;
        introduce(&demo);
        let history = demo.make_history().await?;
        let report = history.judge().await?;
        forward.abort();
        history.close().await?;
        if self.json {
            super::say(&report.to_json());
        } else {
            super::say(&summary(&report));
        }
        sound(&report)
    }

    async fn live(&self, options: Options, signals: Shutdown) -> anyhow::Result<()> {
        let demo = Demo::start(options, signals).await?;
        introduce(&demo);
        let history: History = demo.make_history().await?;
        let report = history.judge().await?;
        tell(&summary(&report));
        tell("现在实时运行，按 Ctrl-C 结束 / now in real time; Ctrl-C ends it");
        let sound = sound(&report);
        history.live().await?;
        sound
    }
}

/// Passes a stop on; dropped, it stops all the same.
async fn stop_on(signals: Shutdown, trigger: Trigger) {
    signals.asked().await;
    trigger.stop();
}

fn introduce(demo: &Demo) {
    tell(&format!("值班日志演示 / Dutylog demonstration: {}", demo.origin()));
    for login in demo.logins() {
        tell(&format!("  账户 / account: {:<9} 密码 / password: {}", login.name, login.password));
    }
    tell(&format!("  数据 / data: {}", demo.folder().display()));
}

fn sound(report: &Report) -> anyhow::Result<()> {
    if report.is_sound() {
        return Ok(());
    }
    bail!(
        "丢失 {lost} 条，重复 {doubled} 条，重建后视图一致：{alike} / {lost} entries lost, {doubled} doubled, rebuilt views alike: {alike}",
        lost = report.entries_lost,
        doubled = report.duplicates,
        alike = report.rebuilt_alike(),
    )
}

fn summary(report: &Report) -> String {
    let Report { phones, entries_recorded, entries_received, entries_lost, duplicates, .. } = report;
    let Report { rounds, incidents, handovers_signed, handovers_offline, conflicts, seconds, .. } = report;
    format!(
        "{phones} 部手机，{entries_recorded} 条记录，送达 {entries_received}，丢失 {entries_lost}，重复 {duplicates}；巡检 {rounds}，事件 {incidents}，\
         交接 {handovers_signed}（其中无网络 {handovers_offline}），冲突 {conflicts}；{seconds} 秒\n\
         {phones} phones, {entries_recorded} entries recorded, {entries_received} received, {entries_lost} lost, {duplicates} doubled; {rounds} rounds, \
         {incidents} incidents, {handovers_signed} handovers ({handovers_offline} without network), {conflicts} conflicts; {seconds} s"
    )
}

/// Writes to standard error: standard output is for the result.
fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
