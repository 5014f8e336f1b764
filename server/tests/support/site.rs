//! Sites, bare or as a plan describes them, and the codes that let phones in.

use dutylog_core::base::{PersonId, SiteId};
use dutylog_core::records::site_plan::{SitePlan, person_id};
use dutylog_server::enrolment::code_digest;
use dutylog_server::ledger::{Code, Enrols, SiteScope};

use super::{START_MS, Server};

const PLAN: &str = include_str!("../../../core/tests/fixtures/site.json");

impl Server {
    /// A site that exists and says nothing of itself yet.
    pub async fn bare_site(&self, n: u8) -> SiteScope {
        self.site(SiteId([n; 16])).await
    }

    /// A site of this identifier.
    pub async fn site(&self, site: SiteId) -> SiteScope {
        let api = &self.running.state.api;
        let scope = SiteScope::enter(site, &*api.keys).expect("the server enters every site");
        api.ledger().create_site(scope, api.keys.org(), START_MS).await.expect("a site");
        scope
    }

    /// A site as its plan describes it.
    pub async fn planned_site(&self) -> SiteScope {
        let keys = &self.running.state.api.keys;
        let plan = SitePlan::from_json(PLAN.as_bytes()).expect("a plan").resolve(keys.org()).expect("sound");
        let scope = self.site(plan.site).await;
        let written = self.running.state.desk.apply(scope, None, plan.clone()).await.expect("applied");
        assert!(written.len() > 10, "{written:?}");
        let again = self.running.state.desk.apply(scope, None, plan).await.expect("applied");
        assert_eq!(again, []);
        scope
    }

    /// Somebody of the plan, by staff number.
    pub fn person(&self, staff_number: &str) -> PersonId {
        person_id(self.running.state.api.keys.org(), staff_number)
    }

    /// A code that enrols a phone, good for ten minutes.
    pub async fn code(&self, scope: SiteScope, enrols: Enrols, n: u8) -> [u8; 16] {
        let code = Code { digest: code_digest(&[n; 16]), enrols, expires: START_MS + 600_000 };
        self.running.state.api.ledger().add_code(scope, code).await.expect("a code");
        [n; 16]
    }
}
