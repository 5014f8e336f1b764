//! `migrate`: brings the database to this version's form without starting the server.

use crate::app;
use crate::config::Config;

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let database = app::open_database(&config).await?;
    database.close().await;
    super::say(&format!(
        "数据库已是本版本 / the database is up to date: {}",
        config.database_file().display()
    ));
    Ok(())
}
