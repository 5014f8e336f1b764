//! `admin sites`: what sites there are.

use dutylog_core::records::Bilingual;

use crate::app::Parts;
use crate::cli::say;

pub(super) async fn run(parts: &Parts) -> anyhow::Result<()> {
    let scopes = parts.scopes().await?;
    if scopes.is_empty() {
        say("还没有站点；请用 admin apply 新建 / there are no sites yet; make one with admin apply");
    }
    for scope in scopes {
        parts.projector.catch_up(scope).await?;
        let site = |known: &dutylog_core::merge::Knowledge| {
            known.now().site().map(|site| site.name.clone()).unwrap_or_default()
        };
        let Bilingual { zh, en } = parts.projector.known(scope, site).await?;
        let size = parts.ledger().state(scope).await?.log().size;
        say(&format!("{}  {zh} / {en}  {size} 段 / segments", scope.site()));
    }
    Ok(())
}
