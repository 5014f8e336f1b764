//! Coming on duty and going off duty.

use dutylog_core::base::PersonId;
use dutylog_core::capture::{CheckIn, CheckOut, CorrectAttendance, Place};
use dutylog_core::companion as core;
use dutylog_core::locales::{Locale, Words as _};
use dutylog_core::merge::Lookup as _;
use dutylog_core::records::shift::{Attendance, AttendanceKind, CHECK_IN, CHECK_OUT};

use super::site::shift_name;
use super::{Answer, Logbook, id, record};
use crate::error::DutylogError;
use crate::forms::{Proof, Shift, entered};
use crate::host::Reading;
use crate::rows::{AttendanceRow, Saved, name_of};

#[uniffi::export]
impl Logbook {
    /// Comes on duty at a post, now. A post that nobody fills never keeps a shift from starting.
    pub fn check_in(
        &self,
        draft: String,
        shift: Shift,
        post: String,
        proof: Option<Proof>,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            let (shift, post) = (shift_name(&shift)?, record(&post, "post")?);
            Ok(CheckIn { shift, post, place: proof.map(place) }.into())
        })
    }

    /// Goes off duty, now. Never refused because another phone has the check-in.
    pub fn check_out(
        &self,
        draft: String,
        shift: Shift,
        post: String,
        proof: Option<Proof>,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            let (shift, post) = (shift_name(&shift)?, record(&post, "post")?);
            Ok(CheckOut { shift, post, place: proof.map(place) }.into())
        })
    }

    /// Corrects somebody's coming or going, for a reason: `atMs` is when it really was (Unix time in milliseconds), none if it never
    /// was. What it corrects stays.
    #[expect(clippy::too_many_arguments, reason = "a form of two fields would be no shorter")]
    pub fn correct_attendance(
        &self,
        draft: String,
        shift: Shift,
        person: String,
        came: bool,
        at_ms: Option<i64>,
        reason: String,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            let (shift, person) = (shift_name(&shift)?, id::<PersonId>(&person, "person")?);
            let kind = if came { AttendanceKind::CheckIn } else { AttendanceKind::CheckOut };
            Ok(CorrectAttendance { shift, person, kind, at: at_ms, reason: entered(&reason) }.into())
        })
    }

    /// Who came and went in a shift, as far as this phone knows, oldest first.
    pub fn attendance(&self, shift: Shift) -> Result<Vec<AttendanceRow>, DutylogError> {
        self.read(|app| attendance(app, &shift, self.lending.locale))
    }
}

fn place(proof: Proof) -> Place {
    Place { grade: proof.presence.into(), evidence: entered(&proof.evidence) }
}

fn attendance(app: &core::Companion, shift: &Shift, locale: Locale) -> Answer<Vec<AttendanceRow>> {
    let config = app.store().knowledge().now();
    let state = app.store().reader().record(shift_name(shift)?.record(app.admitted().site))?;
    let row = |attendance: Attendance, came| {
        let post = config.post(attendance.post).map(|post| post.name.get(locale).to_owned());
        let presence = attendance.place.map(|place| place.grade.words(locale).to_owned());
        AttendanceRow {
            person: PersonId::to_string(&attendance.person),
            name: name_of(&config, attendance.person),
            post: attendance.post.to_string(),
            post_name: post.unwrap_or_default(),
            came,
            at_ms: attendance.at,
            presence: presence.unwrap_or_default(),
        }
    };
    let came = state.added(CHECK_IN).into_iter().map(|added| row(added.value, true));
    let went = state.added(CHECK_OUT).into_iter().map(|added| row(added.value, false));
    let mut rows: Vec<_> = came.chain(went).collect();
    rows.sort_by_key(|row| row.at_ms);
    Ok(rows)
}
