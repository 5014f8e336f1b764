//! `admin`: accounts, sites, and who is cut off. May be used while the server runs on the same data folder.

mod account;
mod apply;
mod revoke;
mod sites;

use clap::{Args, Subcommand};

use super::opened;
use crate::config::Config;

#[derive(Debug, Args)]
pub(super) struct Admin {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// 控制台账户 / accounts of the console
    #[command(subcommand)]
    Account(account::Account),
    /// 按文件新建或更新站点 / make or update a site as a file describes it
    Apply(apply::Apply),
    /// 列出站点 / list the sites
    Sites,
    /// 停用一部手机或一个人 / cut a phone or a person off
    Revoke(revoke::Revoke),
}

impl Admin {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let parts = opened(&config).await?;
        let done = match self.what {
            What::Account(account) => account.run(&parts).await,
            What::Apply(apply) => apply.run(&parts).await,
            What::Sites => sites::run(&parts).await,
            What::Revoke(revoke) => revoke.run(&parts).await,
        };
        parts.database.close().await;
        done
    }
}
