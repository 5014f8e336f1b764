//! Headquarters in the story: describes the sites, lets phones and people in, takes notice of what it reads.

use dutylog_core::base::{OrgId, PersonId, RecordId};
use dutylog_core::capture::{Acknowledge, Action, Comment};
use dutylog_core::records::site_plan::person_id;
use dutylog_core::sync::enrol::code_to_text;
use tokio::runtime::Handle;

use super::DemoError;
use super::world::{ADMINISTRATOR, Place, REVIEWER};
use crate::app::AppState;
use crate::ledger::{LedgerError, SiteScope};

/// Headquarters, waited for on a thread that is not the runtime's.
#[derive(Debug)]
pub(super) struct Headquarters {
    state: AppState,
    runtime: Handle,
}

impl Headquarters {
    pub(super) const fn new(state: AppState, runtime: Handle) -> Self {
        Self { state, runtime }
    }

    pub(super) fn org(&self) -> OrgId {
        self.state.api.keys.org()
    }

    fn person(&self, staff_number: &str) -> PersonId {
        person_id(self.org(), staff_number)
    }

    /// Makes a site and describes it, as `admin apply` does.
    ///
    /// # Errors
    /// [`DemoError`]
    pub(super) fn establish(&self, place: &Place) -> Result<SiteScope, DemoError> {
        let plan = place.plan.resolve(self.org()).map_err(DemoError::Plan)?;
        let scope = SiteScope::enter(plan.site, &*self.state.api.keys).ok_or(LedgerError::NoSuchSite)?;
        self.runtime.block_on(async {
            let now = self.state.clock.now_ms();
            self.state.api.ledger().create_site(scope, self.org(), now).await?;
            self.state.desk.apply(scope, None, plan).await?;
            Ok(scope)
        })
    }

    /// The text of the QR code that lets a phone in.
    ///
    /// # Errors
    /// [`DemoError`]
    pub(super) fn invite(&self, scope: SiteScope, origin: &str) -> Result<String, DemoError> {
        let invited = self.state.desk.invite_phone(scope, None, origin.to_owned());
        Ok(self.runtime.block_on(invited)?.to_text())
    }

    /// The code that a person types at their first sign-in on a phone.
    ///
    /// # Errors
    /// [`DemoError`]
    pub(super) fn code(&self, scope: SiteScope, person: PersonId) -> Result<String, DemoError> {
        let invited = self.state.desk.invite_person(scope, None, person);
        Ok(code_to_text(&self.runtime.block_on(invited)?))
    }

    /// The reviewer takes notice of an incident.
    ///
    /// # Errors
    /// [`DemoError`]
    pub(super) fn acknowledge(&self, scope: SiteScope, incident: RecordId) -> Result<(), DemoError> {
        self.review(scope, Acknowledge { incident }.into())
    }

    /// The reviewer comments.
    ///
    /// # Errors
    /// [`DemoError`]
    pub(super) fn comment(&self, scope: SiteScope, record: RecordId, text: &str) -> Result<(), DemoError> {
        self.review(scope, Comment { record, text: text.into() }.into())
    }

    fn review(&self, scope: SiteScope, action: Action) -> Result<(), DemoError> {
        let person = Some(self.person(REVIEWER));
        // What the reviewer reads is what has been folded.
        self.runtime.block_on(async {
            self.state.projector.catch_up(scope).await?;
            self.state.desk.act(scope, person, action).await?;
            Ok(())
        })
    }
}

/// The people behind the console's accounts.
pub(super) const fn staff_number(administrator: bool) -> &'static str {
    if administrator { ADMINISTRATOR } else { REVIEWER }
}
