//! What a person chooses from: the site's shifts, posts and checklists.

use dutylog_core::companion as core;
use dutylog_core::records::calendar::ShiftPeriod;

use super::{Answer, Logbook, at};
use crate::error::DutylogError;
use crate::host::Reading;
use crate::rows::{ChecklistRow, PostRow, ShiftRow, SiteRow};

#[uniffi::export]
impl Logbook {
    /// The site and this phone.
    pub fn site(&self) -> Result<SiteRow, DutylogError> {
        let locale = self.lending.locale;
        self.read(|app| {
            let site = app.store().knowledge().now().site();
            let admitted = app.admitted();
            Ok(SiteRow {
                id: admitted.site.to_string(),
                name: site.map(|site| site.name.get(locale).to_owned()).unwrap_or_default(),
                time_zone: site.map(|site| site.time_zone.clone()).unwrap_or_default(),
                device: admitted.device.to_string(),
                origin: admitted.origin.clone(),
                described: site.is_some(),
            })
        })
    }

    /// The shifts of yesterday, today and tomorrow by the site's calendar, in order; empty before the first sync.
    pub fn shifts(&self, reading: Reading) -> Result<Vec<ShiftRow>, DutylogError> {
        self.read(|app| Ok(shifts(app, &reading, self.lending.locale)))
    }

    /// The posts in use, by name.
    pub fn posts(&self, reading: Reading) -> Result<Vec<PostRow>, DutylogError> {
        let locale = self.lending.locale;
        self.read(|app| {
            let config = app.store().knowledge().now();
            let (person, now) = (app.signed_in(), app.corrected(at(&reading)));
            let yours = |post| {
                person.is_some_and(|person| {
                    config.grants().any(|(_, g)| g.person == person && g.post == post && g.holds(now))
                })
            };
            let row = |(id, post): (_, &dutylog_core::records::people::Post)| PostRow {
                id: dutylog_core::base::RecordId::to_string(&id),
                name: post.name.get(locale).to_owned(),
                mandatory: post.mandatory,
                yours: yours(id),
            };
            let mut rows: Vec<_> = config.posts().filter(|(_, post)| post.active).map(row).collect();
            rows.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
            Ok(rows)
        })
    }

    /// The checklists in use, by name; a round may follow one without any plan.
    pub fn checklists(&self) -> Result<Vec<ChecklistRow>, DutylogError> {
        let locale = self.lending.locale;
        self.read(|app| {
            let config = app.store().knowledge().now();
            let lists = config.checklists().filter(|(_, list)| list.active);
            let mut rows: Vec<_> = lists
                .map(|(id, list)| ChecklistRow {
                    id: id.to_string(),
                    name: list.name.get(locale).to_owned(),
                    version: list.version,
                    items: u32::try_from(list.items.len()).unwrap_or(u32::MAX),
                })
                .collect();
            rows.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
            Ok(rows)
        })
    }
}

fn shifts(app: &core::Companion, reading: &Reading, locale: dutylog_core::locales::Locale) -> Vec<ShiftRow> {
    let config = app.store().knowledge().now();
    let now = app.corrected(at(reading));
    let Some((site, zone)) = config.site().zip(config.zone()) else { return Vec::new() };
    let Some(today) = zone.date(now) else { return Vec::new() };
    let days = [today.previous(), Some(today), today.next()].into_iter().flatten();
    let row = |period: ShiftPeriod| ShiftRow {
        name: site.shift(&period.key).map(|s| s.name.get(locale).to_owned()).unwrap_or_default(),
        date: period.date.to_string(),
        running: period.contains(now),
        key: period.key,
        starts_ms: period.start,
        ends_ms: period.end,
    };
    days.flat_map(|day| site.shifts_on(day)).map(row).collect()
}

/// A shift that the app handed over.
pub(super) fn shift_name(shift: &crate::forms::Shift) -> Answer<dutylog_core::capture::ShiftName> {
    let date = super::id(&shift.date, "shift.date")?;
    Ok(dutylog_core::capture::ShiftName { date, key: shift.key.clone() })
}
