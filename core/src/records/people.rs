//! People, posts and who holds which.

use super::value::{codes, list_value};
use super::{Bilingual, Capabilities, Capability, Set};
use crate::base::{Millis, PersonId, RecordId};

/// Versions of a person. The record has the person's identifier.
pub const PERSON: Set<Person> = Set::new(2);
/// Versions of a post.
pub const POST: Set<Post> = Set::new(3);
/// Versions of a grant.
pub const GRANT: Set<Grant> = Set::new(4);

/// A person who does duty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// Their staff number, unique in the organisation.
    pub staff_number: String,
    /// How to reach them.
    pub phone: Option<String>,
}
list_value!(Person { name, staff_number, phone });

/// A post: what its holders may do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Post {
    /// What people call it.
    pub name: Bilingual,
    /// The template it was made from.
    pub template: Option<PostTemplate>,
    /// What it allows.
    pub capabilities: Capabilities,
    /// Whether a shift without it has a gap.
    pub mandatory: bool,
    /// Whether it is still in use.
    pub active: bool,
}
list_value!(Post { name, template, capabilities, mandatory, active });

/// A person holds a post.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// Who.
    pub person: PersonId,
    /// Which post.
    pub post: RecordId,
    /// From when.
    pub from: Millis,
    /// Until before when; none: until told otherwise.
    pub until: Option<Millis>,
    /// Why; a temporary grant has a reason.
    pub reason: Option<String>,
    /// Who approved it; a temporary grant has an approver.
    pub approver: Option<PersonId>,
}
list_value!(Grant { person, post, from, until, reason, approver });

impl Grant {
    /// Whether it holds at an instant.
    #[must_use]
    pub fn holds(&self, at: Millis) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

codes! {
    /// The posts that come ready made.
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum PostTemplate {
        /// Runs the site's shift.
        DutyLead = 1,
        /// Technical operation.
        TechnicalOperation = 2,
        /// Security monitoring.
        SecurityMonitoring = 3,
        /// Business operation.
        BusinessOperation = 4,
        /// Keeps watch.
        DutyStaff = 5,
        /// Walks rounds.
        PatrolStaff = 6,
        /// Reviews sites at headquarters.
        HqReviewer = 7,
        /// Describes sites, enrols people and phones.
        Administrator = 8,
        /// Reads and exports, changes nothing.
        Auditor = 9,
    }
}

const STAFF: Capabilities = Capabilities::of(&[
    Capability::SeeSite,
    Capability::CheckIn,
    Capability::Patrol,
    Capability::RaiseIncident,
    Capability::Comment,
]);
const LEAD: Capabilities = Capabilities::of(&[
    Capability::RunIncident,
    Capability::CloseIncident,
    Capability::SignHandover,
    Capability::Acknowledge,
    Capability::Settle,
    Capability::CorrectAttendance,
    Capability::ConfirmHeld,
]);
const REVIEWER: Capabilities = Capabilities::of(&[
    Capability::SeeSite,
    Capability::Acknowledge,
    Capability::Comment,
    Capability::Settle,
    Capability::Review,
    Capability::ConfirmHeld,
    Capability::Export,
]);
const ADMINISTRATOR: Capabilities = Capabilities::of(&[
    Capability::SeeSite,
    Capability::Configure,
    Capability::Roster,
    Capability::Enrol,
    Capability::Comment,
]);

impl PostTemplate {
    /// What it allows, and no more than its duty needs (R03).
    #[must_use]
    pub const fn capabilities(self) -> Capabilities {
        match self {
            Self::DutyLead => STAFF.and(LEAD),
            Self::TechnicalOperation => STAFF.and(Capabilities::of(&[Capability::RunIncident])),
            Self::SecurityMonitoring | Self::BusinessOperation | Self::DutyStaff | Self::PatrolStaff => STAFF,
            Self::HqReviewer => REVIEWER,
            Self::Administrator => ADMINISTRATOR,
            Self::Auditor => Capabilities::of(&[Capability::SeeSite, Capability::Export]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_holds_from_its_start_until_before_its_end() {
        let (person, post) = (PersonId::default(), RecordId::default());
        let grant = Grant { person, post, from: 10, until: Some(20), reason: None, approver: None };
        assert_eq!([9, 10, 19, 20].map(|t| grant.holds(t)), [false, true, true, false]);
        assert!(Grant { until: None, ..grant }.holds(i64::MAX));
    }

    #[test]
    fn no_post_both_describes_the_site_and_records_in_it() {
        for post in PostTemplate::ALL {
            let can = |c| post.capabilities().has(c);
            assert!(can(Capability::SeeSite));
            assert!(!(can(Capability::Configure) && can(Capability::Patrol)), "{post:?}");
            assert!(!(can(Capability::Review) && can(Capability::CloseIncident)), "{post:?}");
        }
    }
}
