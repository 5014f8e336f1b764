//! Shifts: who should be there, who was.

use super::Set;
use super::calendar::Date;
use super::round::PresenceGrade;
use super::value::{codes, list_value};
use crate::base::{Millis, PersonId, RecordId};

/// Versions of the roster of one shift. Its record is `config::roster_record`.
pub const ROSTER: Set<Roster> = Set::new(8);
/// Who came on duty.
pub const CHECK_IN: Set<Attendance> = Set::new(96);
/// Who went off duty.
pub const CHECK_OUT: Set<Attendance> = Set::new(97);
/// Corrections of attendance.
pub const CORRECTED: Set<Correction> = Set::new(98);

/// Who should be at a shift.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Roster {
    /// The day on which the shift starts.
    pub date: Date,
    /// Which shift of that day.
    pub shift: String,
    /// Who holds which post.
    pub assignments: Vec<Assignment>,
}
list_value!(Roster { date, shift, assignments });

/// One person at one post for one shift.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assignment {
    /// The post.
    pub post: RecordId,
    /// The person.
    pub person: PersonId,
}
list_value!(Assignment { post, person });

/// Somebody came or went.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attendance {
    /// Who.
    pub person: PersonId,
    /// At which post.
    pub post: RecordId,
    /// When.
    pub at: Millis,
    /// What shows that they were there.
    pub place: Option<PlaceEvidence>,
}
list_value!(Attendance { person, post, at, place });

/// What shows that a person was at a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlaceEvidence {
    /// How well it is proven.
    pub grade: PresenceGrade,
    /// What was read.
    pub evidence: String,
}
list_value!(PlaceEvidence { grade, evidence });

codes! {
    /// Which attendance a correction is about.
    pub enum AttendanceKind {
        /// Coming on duty.
        CheckIn = 1,
        /// Going off duty.
        CheckOut = 2,
    }
}

/// A correction of attendance. What it corrects stays.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Correction {
    /// Whose attendance.
    pub person: PersonId,
    /// Coming or going.
    pub kind: AttendanceKind,
    /// When it really was; none: it never was.
    pub at: Option<Millis>,
    /// Why.
    pub reason: String,
    /// Who corrects.
    pub by: PersonId,
}
list_value!(Correction { person, kind, at, reason, by });

/// The mandatory posts that nobody has checked in for.
#[must_use]
pub fn gaps(mandatory: &[RecordId], check_ins: &[Attendance]) -> Vec<RecordId> {
    let filled = |post: &RecordId| check_ins.iter().any(|c| c.post == *post);
    mandatory.iter().copied().filter(|post| !filled(post)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mandatory_post_without_anyone_is_a_gap() {
        let (lead, patrol) = (RecordId([1; 16]), RecordId([2; 16]));
        let came = Attendance { person: PersonId::default(), post: lead, at: 0, place: None };
        assert_eq!(gaps(&[lead, patrol], &[came]), [patrol]);
        assert_eq!(gaps(&[], &[]), []);
    }
}
