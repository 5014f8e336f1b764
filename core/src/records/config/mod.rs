//! A site's configuration as HQ writes it: every version of every object, and what held at any of them.

mod history;
mod rights;
mod view;

pub use history::{ConfigPosition, SiteConfig};
pub use view::ConfigView;

use super::checklist::{CHECKLIST, CHECKPOINT, Checklist, Checkpoint};
use super::people::{GRANT, Grant, PERSON, POST, Person, Post};
use super::round::{ROUND_PLAN, RoundPlan};
use super::rules::{RULES, RulePack};
use super::security::{CERTIFICATE, REVOCATION, Revocation};
use super::shift::{ROSTER, Roster};
use super::site::{SITE, Site};
use super::{Bytes, FieldId, FieldValue, Kind, RecordKind};
use crate::base::{Hasher, RecordId, SiteId, Value};

macro_rules! config_objects {
    ($($(#[$meta:meta])* $variant:ident($object:ty), $field:ident, $kind:ident;)+) => {
        /// A whole version of one object of the configuration.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ConfigObject {
            $($(#[$meta])* $variant($object),)+
        }

        impl ConfigObject {
            /// The set it is added to.
            #[must_use]
            pub fn field(&self) -> FieldId {
                match self { $(Self::$variant(_) => $field.id(),)+ }
            }

            /// The kind of entry that adds it.
            #[must_use]
            pub fn kind(&self) -> Kind {
                match self { $(Self::$variant(_) => Kind::$kind,)+ }
            }

            /// The value that is added.
            #[must_use]
            pub fn to_value(&self) -> Value {
                match self { $(Self::$variant(object) => object.to_value(),)+ }
            }

            /// Reads what was added to a set; none if the set is not one of the configuration or a newer version wrote it.
            #[must_use]
            pub fn read(field: FieldId, value: &Value) -> Option<Self> {
                $(if field == $field.id() {
                    return <$object>::from_value(value).map(Self::$variant);
                })+
                None
            }
        }

        $(impl From<$object> for ConfigObject {
            fn from(object: $object) -> Self {
                Self::$variant(object)
            }
        })+
    };
}

config_objects! {
    /// The site itself.
    Site(Site), SITE, SiteDescribed;
    /// A person.
    Person(Person), PERSON, PersonDescribed;
    /// A post.
    Post(Post), POST, PostDescribed;
    /// A grant.
    Grant(Grant), GRANT, GrantGiven;
    /// A checkpoint.
    Checkpoint(Checkpoint), CHECKPOINT, CheckpointDescribed;
    /// A checklist.
    Checklist(Checklist), CHECKLIST, ChecklistDescribed;
    /// A round plan.
    RoundPlan(RoundPlan), ROUND_PLAN, RoundPlanDescribed;
    /// A shift's roster.
    Roster(Roster), ROSTER, RosterPublished;
    /// The rule pack.
    Rules(RulePack), RULES, RulesPublished;
    /// A certificate.
    Certificate(Bytes), CERTIFICATE, CertificateIssued;
    /// A revocation.
    Revocation(Revocation), REVOCATION, Revoked;
}

/// The record of an object that is known by a name at its site, so that naming it again means the same object.
#[must_use]
pub fn object_record(site: SiteId, kind: RecordKind, name: &[u8]) -> RecordId {
    let digest = Hasher::tagged("dutylog/object/v1")
        .with(&site.0)
        .with(&kind.code().to_be_bytes())
        .with(name)
        .finish();
    let mut id = [0; RecordId::LEN];
    id.copy_from_slice(&digest.0[..RecordId::LEN]);
    RecordId(id)
}

/// The record of a shift's roster.
#[must_use]
pub fn roster_record(site: SiteId, roster: &Roster) -> RecordId {
    object_record(site, RecordKind::Roster, format!("{}/{}", roster.date, roster.shift).as_bytes())
}

/// The record of the site's rule pack.
#[must_use]
pub fn rules_record(site: SiteId) -> RecordId {
    object_record(site, RecordKind::Rules, b"")
}
