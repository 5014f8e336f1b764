//! Coming on duty, going off duty, and corrections of it.

use super::{Asked, Capture, CaptureError, Context, Entered, Intent, Rejection};
use crate::base::{Millis, PersonId, RecordId, SiteId};
use crate::merge::{Lookup, RecordState};
use crate::records::calendar::{Date, shift_record};
use crate::records::round::PresenceGrade;
use crate::records::shift::{
    Attendance, AttendanceKind, CHECK_IN, CHECK_OUT, CORRECTED, Correction, PlaceEvidence,
};
use crate::records::{Bilingual, Kind, RecordKind, list_value};

/// One shift of one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShiftName {
    /// The day on which it starts.
    pub date: Date,
    /// Its short name.
    pub key: String,
}
list_value!(ShiftName { date, key });

impl ShiftName {
    /// Its record.
    #[must_use]
    pub fn record(&self, site: SiteId) -> RecordId {
        shift_record(site, self.date, &self.key)
    }

    fn known<L>(&self, ctx: &Context<'_, L>) -> Result<RecordId, Rejection> {
        let site = ctx.config.site().ok_or(Rejection::SiteNotDescribed)?;
        let unknown = Rejection::NoSuchShift { date: self.date, key: self.key.clone() };
        site.shift(&self.key).map(|_| self.record(ctx.site)).ok_or(unknown)
    }
}

/// What shows that a person is at a place, as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// How well it is proven.
    pub grade: PresenceGrade,
    /// What was read.
    pub evidence: Entered,
}
list_value!(Place { grade, evidence });

/// Comes on duty. A post that nobody fills never keeps a shift from starting; it shows as a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckIn {
    /// For which shift.
    pub shift: ShiftName,
    /// At which post.
    pub post: RecordId,
    /// What shows that the person is there.
    pub place: Option<Place>,
}
list_value!(CheckIn { shift, post, place });

impl Capture for CheckIn {
    fn kind(&self) -> Kind {
        Kind::CheckedIn
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let person = ctx.person()?;
        let record = self.shift.known(ctx)?;
        let post = post_of(ctx, person, self.post, &self.shift)?;
        if let Some(since) = present_since(&ctx.record(record)?, person, self.post) {
            return Err(Rejection::AlreadyCheckedIn { post, since }.into());
        }
        let came = attendance(person, self.post, ctx.now, self.place)?;
        Ok(Intent::about(Kind::CheckedIn, record).add(CHECK_IN, &came).done())
    }
}

/// Goes off duty. Never refused for a check-in that is not held here: another phone may have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOut {
    /// From which shift.
    pub shift: ShiftName,
    /// From which post.
    pub post: RecordId,
    /// What shows that the person was there.
    pub place: Option<Place>,
}
list_value!(CheckOut { shift, post, place });

impl Capture for CheckOut {
    fn kind(&self) -> Kind {
        Kind::CheckedOut
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let record = self.shift.known(ctx)?;
        ctx.config.post(self.post).ok_or(Rejection::NotHere { kind: RecordKind::Post })?;
        let went = attendance(ctx.person()?, self.post, ctx.now, self.place)?;
        Ok(Intent::about(Kind::CheckedOut, record).add(CHECK_OUT, &went).done())
    }
}

/// Corrects somebody's attendance. What it corrects stays (R18).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectAttendance {
    /// Of which shift.
    pub shift: ShiftName,
    /// Whose attendance.
    pub person: PersonId,
    /// Coming or going.
    pub kind: AttendanceKind,
    /// When it really was; none: it never was.
    pub at: Option<Millis>,
    /// Why.
    pub reason: Entered,
}
list_value!(CorrectAttendance { shift, person, kind, at, reason });

impl Capture for CorrectAttendance {
    fn kind(&self) -> Kind {
        Kind::AttendanceCorrected
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let record = self.shift.known(ctx)?;
        ctx.config.person(self.person).ok_or(Rejection::NotHere { kind: RecordKind::Person })?;
        let correction = Correction {
            person: self.person,
            kind: self.kind,
            at: self.at,
            reason: self.reason.required(Asked::Reason)?,
            by: ctx.person()?,
        };
        Ok(Intent::about(Kind::AttendanceCorrected, record).add(CORRECTED, &correction).done())
    }
}

fn attendance(
    person: PersonId,
    post: RecordId,
    at: Millis,
    place: Option<Place>,
) -> Result<Attendance, Rejection> {
    let place = match place {
        Some(read) => Some(PlaceEvidence { grade: read.grade, evidence: read.evidence.text()? }),
        None => None,
    };
    Ok(Attendance { person, post, at, place })
}

/// The name of a post in use that the person holds, or stands on the roster for.
fn post_of<L>(
    ctx: &Context<'_, L>,
    person: PersonId,
    id: RecordId,
    shift: &ShiftName,
) -> Result<Bilingual, Rejection> {
    let post = ctx.config.post(id).filter(|p| p.active);
    let post = post.ok_or(Rejection::NotHere { kind: RecordKind::Post })?;
    let (from, until) = ctx.between;
    let granted = ctx.config.grants().any(|(_, g)| {
        g.person == person && g.post == id && g.from <= until && g.until.is_none_or(|end| from < end)
    });
    let roster = ctx.config.roster(shift.date, &shift.key);
    let rostered = roster.is_some_and(|r| r.assignments.iter().any(|a| (a.person, a.post) == (person, id)));
    let name = post.name.clone();
    if granted || rostered { Ok(name) } else { Err(Rejection::PostNotYours { post: name }) }
}

/// Since when a person is at a post, as far as is held here and not corrected: they came more often than they went.
fn present_since(shift: &RecordState, person: PersonId, post: RecordId) -> Option<Millis> {
    let theirs = |list: Vec<Attendance>| -> Vec<Millis> {
        list.into_iter().filter(|a| (a.person, a.post) == (person, post)).map(|a| a.at).collect()
    };
    let came = theirs(shift.added(CHECK_IN).into_iter().map(|a| a.value).collect());
    let went = theirs(shift.added(CHECK_OUT).into_iter().map(|a| a.value).collect());
    let corrected = shift.added(CORRECTED).iter().any(|c| c.value.person == person);
    if came.len() > went.len() && !corrected { came.into_iter().max() } else { None }
}
