//! `admin revoke`: cuts a phone or a person off. What they recorded before stays; what arrives later is kept for review.

use clap::{Args, ValueEnum};
use dutylog_core::base::{DeviceId, RecordId};
use dutylog_core::records::security::RevocationKind;
use dutylog_core::records::site_plan::person_id;

use crate::app::Parts;
use crate::cli::{enter, say};

#[derive(Debug, Args)]
pub(super) struct Revoke {
    /// 站点的简称或编号 / the site's short name or identifier
    #[arg(long)]
    site: String,
    #[command(flatten)]
    whom: Whom,
    /// 原因：left 离开或归还，lost 丢失，compromised 密钥可能泄露 / why: left, lost or compromised
    #[arg(long)]
    kind: Kind,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Whom {
    /// 手机编号 / the phone's identifier
    #[arg(long, value_name = "ID")]
    device: Option<DeviceId>,
    /// 人员工号 / the person's staff number
    #[arg(long, value_name = "STAFFNO")]
    person: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Left,
    Lost,
    Compromised,
}

impl Revoke {
    pub(super) async fn run(self, parts: &Parts) -> anyhow::Result<()> {
        let scope = enter(parts, &self.site).await?;
        let person = |number: String| RecordId(person_id(parts.keys.org(), &number).0);
        let subject = self.whom.device.map(|device| RecordId(device.0));
        let subject = subject.or_else(|| self.whom.person.map(person)).unwrap_or_default();
        let kind = match self.kind {
            Kind::Left => RevocationKind::Left,
            Kind::Lost => RevocationKind::Lost,
            Kind::Compromised => RevocationKind::Compromised,
        };
        parts.desk.revoke(scope, None, subject, kind).await?;
        say(
            "已停用；已收到的记录仍然有效，之后收到的待审核 / cut off; what was received stands, what comes later is held for review",
        );
        Ok(())
    }
}
