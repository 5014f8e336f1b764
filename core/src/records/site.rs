//! A site: where duty is done.

use super::value::list_value;
use super::{Bilingual, Set};
use crate::base::RecordId;

/// Versions of the site. Its record has the site's identifier.
pub const SITE: Set<Site> = Set::new(1);

/// A site as its administrator describes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// What people call it.
    pub name: Bilingual,
    /// IANA name of its time zone, such as `Asia/Shanghai`.
    pub time_zone: String,
    /// What people call headquarters.
    pub headquarters: Bilingual,
    /// The shifts of a day, in order of start.
    pub shifts: Vec<ShiftDefinition>,
    /// How long before a shift the outgoing side signs its handover, in minutes; none: as the rule pack says.
    pub lead_minutes: Option<u32>,
    /// The checklist that is answered at every handover (R65).
    pub handover_checklist: Option<RecordId>,
}
list_value!(Site { name, time_zone, headquarters, shifts, lead_minutes, handover_checklist });

/// One shift of every day. It crosses midnight when its end is not after its start.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShiftDefinition {
    /// Its lasting short name, such as `night`: part of every shift's identity.
    pub key: String,
    /// What people call it.
    pub name: Bilingual,
    /// When it starts, in minutes after local midnight.
    pub start_minute: u32,
    /// When it ends, in minutes after local midnight.
    pub end_minute: u32,
}
list_value!(ShiftDefinition { key, name, start_minute, end_minute });

impl Site {
    /// A shift by its short name.
    #[must_use]
    pub fn shift(&self, key: &str) -> Option<&ShiftDefinition> {
        self.shifts.iter().find(|s| s.key == key)
    }
}
