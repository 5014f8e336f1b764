//! Dates, zones and shifts: which shift an instant belongs to, where days have 23, 24 or 25 hours.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

use super::FieldValue;
use super::site::{ShiftDefinition, Site};
use crate::base::{Hasher, Millis, RecordId, SiteId, Value};

/// Minutes of a day by the clock on the wall.
pub const MINUTES_PER_DAY: u32 = 24 * 60;

/// A calendar day at a site, written `2026-03-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    /// The day after, if the calendar has one.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        self.0.checked_add_days(Days::new(1)).map(Self)
    }

    /// The day before, if the calendar has one.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        self.0.checked_sub_days(Days::new(1)).map(Self)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A text that is not a day written `2026-03-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a day written like 2026-03-01")]
pub struct ParseDateError;

impl FromStr for Date {
    type Err = ParseDateError;

    fn from_str(text: &str) -> Result<Self, ParseDateError> {
        let date = Self(NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| ParseDateError)?);
        if date.to_string() == text { Ok(date) } else { Err(ParseDateError) }
    }
}

impl FieldValue for Date {
    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_text()?.parse().ok()
    }
}

/// A site's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(Tz);

impl Zone {
    /// Where nothing else is known.
    pub const UTC: Self = Self(Tz::UTC);

    /// By IANA name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    /// What the clock on the wall shows; none beyond the calendar's end.
    #[must_use]
    pub fn local(self, at: Millis) -> Option<NaiveDateTime> {
        Some(DateTime::from_timestamp_millis(at)?.with_timezone(&self.0).naive_local())
    }

    /// The day on the wall's calendar.
    #[must_use]
    pub fn date(self, at: Millis) -> Option<Date> {
        self.local(at).map(|local| Date(local.date()))
    }

    /// The instant at which the wall's clock shows so many minutes after midnight, 1440 and more being the next day.
    ///
    /// What the clock shows twice is the first of both; what it leaps over is the moment of the leap.
    #[must_use]
    pub fn instant(self, date: Date, minute: u32) -> Option<Millis> {
        let midnight = date.0.and_time(NaiveTime::MIN);
        let wall = midnight.checked_add_signed(TimeDelta::minutes(minute.into()))?;
        self.first_showing(wall).or_else(|| self.leap_over(wall))
    }

    fn first_showing(self, wall: NaiveDateTime) -> Option<Millis> {
        self.0.from_local_datetime(&wall).earliest().map(|t| t.timestamp_millis())
    }

    fn leap_over(self, wall: NaiveDateTime) -> Option<Millis> {
        let minutes = 1..=i64::from(MINUTES_PER_DAY) * 2;
        minutes.map(TimeDelta::minutes).find_map(|m| self.first_showing(wall.checked_add_signed(m)?))
    }

    /// `2026-03-01 07:30` as the wall shows it; the bare number beyond the calendar's end.
    #[must_use]
    pub fn minute_text(self, at: Millis) -> String {
        self.local(at).map_or_else(|| at.to_string(), |local| local.format("%Y-%m-%d %H:%M").to_string())
    }
}

/// One shift of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShiftPeriod {
    /// The day on which it starts: its shift date.
    pub date: Date,
    /// Which shift of that day.
    pub key: String,
    /// Its first instant.
    pub start: Millis,
    /// The first instant after it.
    pub end: Millis,
}

impl ShiftPeriod {
    /// One definition on one day; none beyond the calendar's end.
    #[must_use]
    pub fn on(date: Date, definition: &ShiftDefinition, zone: Zone) -> Option<Self> {
        let over_midnight = definition.end_minute <= definition.start_minute;
        let end_minute = definition.end_minute + if over_midnight { MINUTES_PER_DAY } else { 0 };
        Some(Self {
            date,
            key: definition.key.clone(),
            start: zone.instant(date, definition.start_minute)?,
            end: zone.instant(date, end_minute)?,
        })
    }

    /// Whether the instant lies in it.
    #[must_use]
    pub fn contains(&self, at: Millis) -> bool {
        (self.start..self.end).contains(&at)
    }
}

impl Site {
    /// The site's zone, if its name is one.
    #[must_use]
    pub fn zone(&self) -> Option<Zone> {
        Zone::named(&self.time_zone)
    }

    /// The shifts that start on a day, in order of start.
    #[must_use]
    pub fn shifts_on(&self, date: Date) -> Vec<ShiftPeriod> {
        let Some(zone) = self.zone() else { return Vec::new() };
        let mut periods: Vec<_> = self.shifts.iter().filter_map(|s| ShiftPeriod::on(date, s, zone)).collect();
        periods.sort_by_key(|p| p.start);
        periods
    }

    /// The shift an instant belongs to: of several, the one that began last.
    #[must_use]
    pub fn shift_at(&self, at: Millis) -> Option<ShiftPeriod> {
        self.shifts_around(at)?.into_iter().rev().find(|p| p.contains(at))
    }

    /// The next shift to begin after an instant.
    #[must_use]
    pub fn shift_after(&self, at: Millis) -> Option<ShiftPeriod> {
        self.shifts_around(at)?.into_iter().find(|p| p.start > at)
    }

    fn shifts_around(&self, at: Millis) -> Option<Vec<ShiftPeriod>> {
        let today = self.zone()?.date(at)?;
        let days = [today.previous(), Some(today), today.next()];
        Some(days.into_iter().flatten().flat_map(|day| self.shifts_on(day)).collect())
    }
}

/// The record of one shift: the same on every phone, without any of them asking another.
#[must_use]
pub fn shift_record(site: SiteId, date: Date, key: &str) -> RecordId {
    let date = date.to_string();
    let digest = Hasher::tagged("dutylog/shift/v1")
        .with(&site.0)
        .with(date.as_bytes())
        .with(&[0])
        .with(key.as_bytes());
    let mut id = [0; RecordId::LEN];
    id.copy_from_slice(&digest.finish().0[..RecordId::LEN]);
    RecordId(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Bilingual;

    fn site(zone: &str) -> Site {
        let shift = |key: &str, start_minute, end_minute| ShiftDefinition {
            key: key.into(),
            name: Bilingual::default(),
            start_minute,
            end_minute,
        };
        Site {
            name: Bilingual::default(),
            time_zone: zone.into(),
            headquarters: Bilingual::default(),
            shifts: vec![shift("day", 8 * 60, 20 * 60), shift("night", 20 * 60, 8 * 60)],
            lead_minutes: None,
            handover_checklist: None,
        }
    }

    fn utc(text: &str) -> Millis {
        DateTime::parse_from_rfc3339(text).expect("a time").timestamp_millis()
    }

    #[test]
    fn the_shift_of_an_instant() {
        let table = [
            ("Asia/Shanghai", "2026-03-01T00:00:00Z", "2026-03-01", "day", 12),
            ("Asia/Shanghai", "2026-03-01T11:59:59Z", "2026-03-01", "day", 12),
            ("Asia/Shanghai", "2026-03-01T12:00:00Z", "2026-03-01", "night", 12),
            ("Asia/Shanghai", "2026-03-01T19:00:00Z", "2026-03-01", "night", 12),
            ("Asia/Shanghai", "2025-12-31T20:00:00Z", "2025-12-31", "night", 12),
            ("Asia/Kathmandu", "2026-03-01T02:15:00Z", "2026-03-01", "day", 12),
            ("Europe/Berlin", "2026-03-29T00:30:00Z", "2026-03-28", "night", 11),
            ("Europe/Berlin", "2026-03-29T06:00:00Z", "2026-03-29", "day", 12),
            ("Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-24", "night", 13),
            ("Europe/Berlin", "2026-10-25T07:00:00Z", "2026-10-25", "day", 12),
            ("Australia/Lord_Howe", "2026-04-04T12:00:00Z", "2026-04-04", "night", 12),
        ];
        for (zone, at, date, key, hours) in table {
            let shift = site(zone).shift_at(utc(at)).expect("the site is always on duty");
            assert_eq!((shift.date.to_string().as_str(), shift.key.as_str()), (date, key), "{zone} {at}");
            let whole_hours = (shift.end - shift.start) / 3_600_000;
            assert_eq!(whole_hours, hours, "{zone} {at}");
        }
    }

    #[test]
    fn every_hour_of_a_year_has_exactly_one_shift() {
        for zone in ["Asia/Shanghai", "Europe/Berlin", "America/New_York"] {
            let site = site(zone);
            let start = utc("2026-01-01T00:00:00Z");
            for hour in (0..365 * 24).step_by(5) {
                let at = start + hour * 3_600_000;
                let around = site.shifts_around(at).expect("in the calendar");
                assert_eq!(around.iter().filter(|p| p.contains(at)).count(), 1, "{zone} +{hour} h");
            }
        }
    }

    #[test]
    fn a_time_the_clock_leaps_over_is_the_moment_of_the_leap() {
        let zone = Zone::named("Europe/Berlin").expect("a zone");
        let day: Date = "2026-03-29".parse().expect("a day");
        assert_eq!(zone.instant(day, 2 * 60 + 30), Some(utc("2026-03-29T01:00:00Z")));
        let day: Date = "2026-10-25".parse().expect("a day");
        assert_eq!(zone.instant(day, 2 * 60 + 30), Some(utc("2026-10-25T00:30:00Z")));
    }

    #[test]
    fn days_have_one_written_form() {
        assert!("2026-02-30".parse::<Date>().is_err());
        assert!("2026-2-3".parse::<Date>().is_err());
        assert_eq!("2026-02-03".parse::<Date>().map(|d| d.to_string()), Ok("2026-02-03".into()));
    }

    #[test]
    fn a_shift_has_one_name_everywhere() {
        let date: Date = "2026-03-01".parse().expect("a day");
        let a = shift_record(SiteId([1; 16]), date, "night");
        assert_eq!(a, shift_record(SiteId([1; 16]), date, "night"));
        assert_ne!(a, shift_record(SiteId([2; 16]), date, "night"));
        assert_ne!(a, shift_record(SiteId([1; 16]), date, "day"));
    }
}
