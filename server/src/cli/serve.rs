//! `serve`: runs until told to stop.

use std::sync::Arc;

use crate::clock::SystemClock;
use crate::config::Config;
use crate::shutdown::Shutdown;
use crate::telemetry;

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    telemetry::start(&config.log)?;
    let shutdown = Shutdown::on_signals()?;
    let running = crate::serve(config, Arc::new(SystemClock), shutdown).await?;
    super::say(&format!("值班日志已启动 / Dutylog is running: {}", running.origin));
    if let Some(file) = &running.setup_token_file {
        super::say(&format!(
            "还没有账户。请打开 {origin}/setup，用此文件里的设置码创建第一个管理员（24 小时内有效）：\n\
             There is no account yet. Open {origin}/setup and create the first administrator with the token in this file \
             (good for 24 hours):\n  {file}",
            origin = running.origin,
            file = file.display(),
        ));
    }
    running.stopped().await?;
    Ok(())
}
