//! Applying a description of a site: only what is not yet so is written.

use dutylog_core::base::PersonId;
use dutylog_core::capture::DescribeConfig;
use dutylog_core::records::Kind;
use dutylog_core::records::site_plan::{ConfigWrite, ResolvedPlan, diff};

use super::{Desk, DeskError};
use crate::ledger::SiteScope;

impl Desk {
    /// Makes the site's configuration what the plan says. Applied twice, the second time writes nothing.
    ///
    /// # Errors
    /// [`DeskError`]
    pub async fn apply(
        &self,
        scope: SiteScope,
        by: Option<PersonId>,
        plan: ResolvedPlan,
    ) -> Result<Vec<Kind>, DeskError> {
        self.0.fold(scope).await?;
        let writes = self.0.projector.known(scope, |known| diff(plan, &known.config().newest())).await?;
        let kinds = writes.iter().map(|write| write.object.kind()).collect();
        let describe = |ConfigWrite { record, object }| DescribeConfig { record, object }.into();
        self.act_all(scope, by, writes.into_iter().map(describe).collect()).await?;
        Ok(kinds)
    }
}
