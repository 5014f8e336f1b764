//! `admin apply`: makes a site what a file says. Applied twice, the second time writes nothing.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;
use dutylog_core::base::Millis;
use dutylog_core::locales::{Locale, plan_problem_text};
use dutylog_core::records::site_plan::{PlanProblem, ResolvedPlan, SitePlan};

use crate::app::Parts;
use crate::cli::say;
use crate::clock::{Clock as _, SystemClock};
use crate::ledger::SiteScope;

#[derive(Debug, Args)]
pub(super) struct Apply {
    /// 描述站点的 JSON 文件 / the JSON file that describes the site
    file: PathBuf,
}

impl Apply {
    pub(super) async fn run(self, parts: &Parts) -> anyhow::Result<()> {
        let name = self.file.display();
        let json = std::fs::read(&self.file)
            .with_context(|| format!("无法读取文件 {name} / the file {name} cannot be read"))?;
        let plan = match understood(&json, parts) {
            Ok(plan) => plan,
            Err(problems) => bail!("{}", listed(&self.file.display().to_string(), &problems)),
        };
        let now: Millis = SystemClock.now_ms();
        let site = plan.site;
        let scope = SiteScope::enter(site, &*parts.keys).context("the server enters every site")?;
        parts.ledger().create_site(scope, parts.keys.org(), now).await?;
        let written = parts.desk.apply(scope, None, plan).await?;
        let count = written.len();
        say(&match count {
            0 => format!("站点 {site}：没有变化 / site {site}: nothing has changed"),
            _ => format!("站点 {site}：写入 {count} 项 / site {site}: {count} objects written"),
        });
        Ok(())
    }
}

fn understood(json: &[u8], parts: &Parts) -> Result<ResolvedPlan, Vec<PlanProblem>> {
    SitePlan::from_json(json).map_err(|problem| vec![problem])?.resolve(parts.keys.org())
}

/// Every problem with its place in the file, in both languages.
fn listed(file: &str, problems: &[PlanProblem]) -> String {
    let line = |problem: &PlanProblem| {
        let text = |locale| plan_problem_text(problem, locale);
        format!("\n  {}\n  {}", text(Locale::ZhCn), text(Locale::En))
    };
    let lines: String = problems.iter().map(line).collect();
    format!("{file} 有误，没有写入任何内容 / {file} has mistakes, nothing was written:{lines}")
}
