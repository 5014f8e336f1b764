//! `enrol`: makes one-time codes, for a phone as a QR code, for a person as letters to type.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use dutylog_core::base::{Millis, PersonId};
use dutylog_core::records::site_plan::person_id;
use dutylog_core::sync::enrol::{Invitation, code_to_text};
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::qr::QRBuilder;

use super::{enter, opened, say};
use crate::app::Parts;
use crate::clock::MINUTE;
use crate::config::Config;
use crate::enrolment::CODE_LASTS;

#[derive(Debug, Args)]
pub(super) struct Enrol {
    #[command(subcommand)]
    whom: Whom,
}

#[derive(Debug, Subcommand)]
enum Whom {
    /// 登记一部手机：显示二维码 / a phone: shows a QR code
    Phone {
        /// 站点的简称或编号 / the site's short name or identifier
        #[arg(long)]
        site: String,
        /// 另把二维码存为 SVG 文件 / also write the QR code to an SVG file
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
    },
    /// 登记一个人：显示要在手机上输入的登记码 / a person: shows the code to type on a phone
    Person {
        /// 站点的简称或编号 / the site's short name or identifier
        #[arg(long)]
        site: String,
        /// 人员工号 / the person's staff number
        #[arg(long, value_name = "STAFFNO")]
        person: String,
    },
}

impl Enrol {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let parts = opened(&config).await?;
        let done = match self.whom {
            Whom::Phone { site, svg } => phone(&parts, &config, &site, svg).await,
            Whom::Person { site, person } => self::person(&parts, &site, &person).await,
        };
        parts.database.close().await;
        done
    }
}

async fn phone(parts: &Parts, config: &Config, site: &str, svg: Option<PathBuf>) -> anyhow::Result<()> {
    let scope = enter(parts, site).await?;
    let origin = config.public_origin.clone().unwrap_or_else(|| format!("http://{}", config.listen));
    let invitation = parts.desk.invite_phone(scope, None, origin).await?;
    let text = invitation.to_text();
    let code = QRBuilder::new(text.as_str()).build().context("二维码放不下 / the QR code cannot be made")?;
    say(&code.to_str());
    say(&text);
    if let Some(file) = svg {
        let written = std::fs::write(&file, SvgBuilder::default().to_str(&code));
        written.with_context(|| format!("无法写入 {0} / {0} cannot be written", file.display()))?;
    }
    say(&lasting(&invitation));
    Ok(())
}

fn lasting(invitation: &Invitation) -> String {
    format!("{}\n{}", validity(), invitation.origin)
}

fn validity() -> String {
    let minutes: Millis = CODE_LASTS / MINUTE;
    format!("{minutes} 分钟内有效，只能用一次 / good for {minutes} minutes, and once")
}

async fn person(parts: &Parts, site: &str, number: &str) -> anyhow::Result<()> {
    let scope = enter(parts, site).await?;
    let person: PersonId = person_id(parts.keys.org(), number);
    parts.projector.catch_up(scope).await?;
    let name = parts.projector.known(scope, |k| k.now().person(person).map(|p| p.name.clone())).await?;
    let Some(name) = name else {
        bail!("这个站点没有工号为 {number} 的人 / nobody at this site has the staff number {number}");
    };
    let code = parts.desk.invite_person(scope, None, person).await?;
    say(&format!("{name} {number}: {}\n{}", code_to_text(&code), validity()));
    Ok(())
}
