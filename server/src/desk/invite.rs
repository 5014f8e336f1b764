//! Inviting phones and people: who made a code is on record before the code is good, whether it is ever used or not.

use dutylog_core::base::{Millis, PersonId};
use dutylog_core::capture::IssueCode;
use dutylog_core::records::chain::CodeIssued;
use dutylog_core::sync::enrol::Invitation;

use super::{Desk, DeskError};
use crate::enrolment::{draw, publish};
use crate::ledger::{Enrols, SiteScope};

impl Desk {
    /// Invites a phone to a site.
    ///
    /// # Errors
    /// [`DeskError`]; then no code is good.
    pub async fn invite_phone(
        &self,
        scope: SiteScope,
        by: Option<PersonId>,
        origin: String,
    ) -> Result<Invitation, DeskError> {
        let (code, expires) = self.issue(scope, by, Enrols::Phone).await?;
        let keys = &self.0.keys;
        Ok(Invitation { org: keys.org(), site: scope.site(), root: keys.root(), origin, code, expires })
    }

    /// Lets a person get a key on one of the site's phones.
    ///
    /// # Errors
    /// [`DeskError`]; then no code is good.
    pub async fn invite_person(
        &self,
        scope: SiteScope,
        by: Option<PersonId>,
        person: PersonId,
    ) -> Result<[u8; 16], DeskError> {
        self.issue(scope, by, Enrols::Person(person)).await.map(|(code, _)| code)
    }

    async fn issue(
        &self,
        scope: SiteScope,
        by: Option<PersonId>,
        enrols: Enrols,
    ) -> Result<([u8; 16], Millis), DeskError> {
        let person = match enrols {
            Enrols::Phone => None,
            Enrols::Person(person) => Some(person),
        };
        let (bytes, code) = draw(enrols, self.0.clock.now_ms())?;
        let issued = CodeIssued { mark: code.digest.mark(), person, expires: code.expires };
        self.act(scope, by, IssueCode { code: issued }).await?;
        publish(&**self.0.ingest.ledger(), scope, code).await?;
        Ok((bytes, code.expires))
    }
}
