//! People and their attendance.

use dutylog_core::base::{Millis, PersonId, RecordId};
use dutylog_core::records::RecordKind;
use dutylog_core::records::shift::{Attendance, CHECK_IN, CHECK_OUT, CORRECTED, Correction};
use sqlx::Row as _;

use super::said::Said;
use super::{ViewError, Views, columns};
use crate::ledger::SiteScope;

/// A person as HQ describes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their staff number.
    pub staff_number: String,
    /// The best time of their newest entry; none if there is none.
    pub last_seen: Option<Millis>,
}

/// The attendance of one shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttendanceLine {
    /// The shift's record.
    pub shift: RecordId,
    /// When the first came.
    pub began: Millis,
    /// Who came.
    pub came: Vec<Said<Attendance>>,
    /// Who went.
    pub went: Vec<Said<Attendance>>,
    /// Corrections; what they correct stays.
    pub corrected: Vec<Said<Correction>>,
}

impl Views {
    /// The site's people, by name.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn people(&self, scope: SiteScope) -> Result<Vec<PersonLine>, ViewError> {
        let board = self.board(scope).await?;
        let mut people = Vec::new();
        for (id, (name, staff_number)) in &board.people {
            let person: PersonId = id.parse().map_err(|_| ViewError::damaged("a person's identifier"))?;
            let row = sqlx::query(
                "SELECT best_ms FROM view_entries WHERE site = $1 AND author = $2 ORDER BY best_ms DESC LIMIT 1",
            )
            .bind(scope.site().0.to_vec())
            .bind(person.0.to_vec())
            .fetch_optional(self.readers())
            .await?;
            let last_seen = row.map(|row| row.try_get("best_ms")).transpose()?;
            people.push(PersonLine {
                person,
                name: name.clone(),
                staff_number: staff_number.clone(),
                last_seen,
            });
        }
        people.sort_by(|a, b| (&a.name, a.person).cmp(&(&b.name, b.person)));
        Ok(people)
    }

    /// The attendance of the shifts whose first entry lies in a span, newest first.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn attendance(
        &self,
        scope: SiteScope,
        from: Millis,
        until: Millis,
    ) -> Result<Vec<AttendanceLine>, ViewError> {
        let rows = sqlx::query(
            "SELECT record, at_ms FROM view_records WHERE site = $1 AND kind = $2 AND at_ms >= $3 AND at_ms < $4
             ORDER BY at_ms DESC, record",
        )
        .bind(scope.site().0.to_vec())
        .bind(RecordKind::Shift.code())
        .bind(from)
        .bind(until)
        .fetch_all(self.readers())
        .await?;
        let mut shifts = Vec::new();
        for row in &rows {
            let shift = RecordId(columns::fixed(row, "record")?);
            let Some(state) = self.record(scope, shift).await? else { continue };
            let behind = self.behind(scope, shift).await?;
            shifts.push(AttendanceLine {
                shift,
                began: row.try_get("at_ms")?,
                came: behind.added(state.added(CHECK_IN)),
                went: behind.added(state.added(CHECK_OUT)),
                corrected: behind.added(state.added(CORRECTED)),
            });
        }
        Ok(shifts)
    }
}
