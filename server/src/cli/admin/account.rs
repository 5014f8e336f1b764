//! `admin account`: makes and bars accounts from the command line.

use std::sync::Arc;

use anyhow::bail;
use clap::{Args, Subcommand};
use dutylog_core::base::{PersonId, SiteId};

use crate::accounts::{Accounts, Added, By, Change, Changed, Listed, NewAccount, Role, SiteScope};
use crate::app::Parts;
use crate::clock::SystemClock;
use crate::entropy::{random, readable};

#[derive(Debug, Subcommand)]
pub(super) enum Account {
    /// 新建账户，密码只显示一次 / add an account; its password is shown once
    Add(Add),
    /// 重设密码并结束其全部登录，新密码只显示一次 / give an account a new password, shown once, and end its sessions
    ResetPassword {
        /// 账户名 / the account's name
        #[arg(long)]
        name: String,
    },
    /// 列出全部账户 / list every account
    List,
    /// 恢复使用已停用的账户 / let a barred account in again
    Enable {
        /// 账户名 / the account's name
        #[arg(long)]
        name: String,
    },
    /// 更改角色和可见站点，并结束其全部登录 / give an account another role and other sites, and end its sessions
    Rights {
        /// 账户名 / the account's name
        #[arg(long)]
        name: String,
        /// 角色：admin、hq 或 auditor / the role: admin, hq or auditor
        #[arg(long)]
        role: Role,
        /// 可见站点，可重复；不填表示全部 / a site it sees, repeatable; all when left out
        #[arg(long = "site", value_name = "ID")]
        sites: Vec<SiteId>,
    },
    /// 结束账户的全部登录 / end an account's sessions
    EndSessions {
        /// 账户名 / the account's name
        #[arg(long)]
        name: String,
    },
    /// 停用账户并结束其全部登录 / bar an account and end its sessions
    Disable {
        /// 账户名 / the account's name
        #[arg(long)]
        name: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// 账户名 / the name to sign in with
    #[arg(long)]
    name: String,
    /// 显示的姓名 / the name to show
    #[arg(long, default_value = "")]
    display_name: String,
    /// 角色：admin、hq 或 auditor / the role: admin, hq or auditor
    #[arg(long)]
    role: Role,
    /// 所代表的人（32 位十六进制）；不填则新建 / the person it acts as (32 hexadecimal digits); new when left out
    #[arg(long, value_name = "ID")]
    person: Option<PersonId>,
    /// 可见站点，可重复；不填表示全部 / a site it sees, repeatable; all when left out
    #[arg(long = "site", value_name = "ID")]
    sites: Vec<SiteId>,
}

impl Account {
    pub(super) async fn run(self, parts: &Parts) -> anyhow::Result<()> {
        let accounts = Accounts::new(parts.database.clone(), Arc::new(SystemClock));
        match self {
            Self::Add(add) => add.run(&accounts).await,
            Self::ResetPassword { name } => reset_password(&accounts, &name).await,
            Self::List => list(&accounts).await,
            Self::Enable { name } => change(&accounts, &name, Change::Enable).await,
            Self::Rights { name, role, sites } => {
                change(&accounts, &name, Change::Rights(role, scope(sites))).await
            }
            Self::EndSessions { name } => change(&accounts, &name, Change::EndSessions).await,
            Self::Disable { name } => change(&accounts, &name, Change::Disable).await,
        }
    }
}

impl Add {
    async fn run(self, accounts: &Accounts) -> anyhow::Result<()> {
        let password = new_password()?;
        let person = self.person.map_or_else(|| random().map(PersonId), Ok)?;
        let scope = scope(self.sites);
        let new =
            NewAccount { name: self.name, display_name: self.display_name, role: self.role, person, scope };
        match accounts.add(new, password.clone().into()).await? {
            Added::Account(_) => {
                show(&password);
                Ok(())
            }
            Added::NameTaken => bail!("这个账户名已被使用 / this account name is taken"),
            Added::BadName => {
                bail!(
                    "账户名只能用文字、数字和 . - _ @ / an account name has only letters, digits and . - _ @"
                )
            }
            Added::Weak(_) => {
                bail!("账户名与密码太像，请重试 / the name is too much like the password; try again")
            }
        }
    }
}

/// 100 random bits, easy to read aloud.
fn new_password() -> anyhow::Result<String> {
    Ok(readable(&random::<20>()?))
}

fn show(password: &str) {
    crate::cli::say(&format!("密码（只显示这一次）/ password (shown this once): {password}"));
}

async fn reset_password(accounts: &Accounts, name: &str) -> anyhow::Result<()> {
    let password = new_password()?;
    if !accounts.reset_password(name, password.clone().into()).await? {
        bail!("没有这个账户，或已停用 / there is no such account, or it is disabled");
    }
    show(&password);
    Ok(())
}

fn scope(sites: Vec<SiteId>) -> SiteScope {
    if sites.is_empty() { SiteScope::All } else { SiteScope::Only(sites.into_iter().collect()) }
}

/// One line for each: name, role, sites, sessions, and whether it is barred.
async fn list(accounts: &Accounts) -> anyhow::Result<()> {
    for Listed { account, disabled, sessions, .. } in accounts.list().await? {
        let sites = match &account.scope {
            SiteScope::All => "全部站点 / all sites".to_owned(),
            SiteScope::Only(sites) => sites.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        };
        let barred = if disabled { "  已停用 / disabled" } else { "" };
        crate::cli::say(&format!("{}  {}  {sites}  {sessions}{barred}", account.name, account.role));
    }
    Ok(())
}

async fn change(accounts: &Accounts, name: &str, change: Change) -> anyhow::Result<()> {
    if accounts.change(By::Operator, name, change).await? != Changed::Done {
        bail!("没有这个账户，或已经如此 / there is no such account, or it is so already");
    }
    crate::cli::say("账户已更改，原有登录已退出 / the account was changed, its sessions have ended");
    Ok(())
}
