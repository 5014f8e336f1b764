//! `config`: shows every setting, or checks those that hold here.

use clap::{Args, Subcommand};

use super::Settings;
use crate::config::EXAMPLE;

#[derive(Debug, Args)]
pub(super) struct ConfigCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// 显示带说明的全部设置 / print every setting, explained
    Print,
    /// 检查文件、环境变量和参数 / check the file, the environment and the flags
    Check,
}

impl ConfigCommand {
    pub(super) fn run(self, settings: Settings) -> anyhow::Result<()> {
        match self.action {
            Action::Print => super::say(EXAMPLE.trim_end()),
            Action::Check => {
                let config = settings.load()?;
                super::say(&format!("设置有效 / the settings are valid\n{config:#?}"));
            }
        }
        Ok(())
    }
}
