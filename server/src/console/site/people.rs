//! Attendance: who checked in and out, with what evidence of place.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use dutylog_core::base::{Millis, PersonId};
use dutylog_core::records::shift::{Attendance, AttendanceKind, Correction};
use serde::Deserialize;

use super::{OpenSite, SiteFrame, Tab};
use crate::app::AppState;
use crate::clock::HOUR;
use crate::console::parts::{Badge, Moment, Source, Tone, filters};
use crate::console::saying::Sayer;
use crate::console::{Page, render};
use crate::http::problem::Problem;
use crate::views::{AttendanceLine as Shift, PersonLine as Person, Said};

const DAYS: Millis = 7 * 24 * HOUR;

/// The page.
#[derive(Debug, Template)]
#[template(path = "sites/people.html")]
pub(in crate::console) struct PeoplePage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    pub(in crate::console) people: Vec<PersonLine>,
    pub(in crate::console) days: Vec<AttendanceDay>,
    pub(in crate::console) older: Option<String>,
}

/// Somebody who is described at the site.
#[derive(Debug)]
pub(in crate::console) struct PersonLine {
    pub(in crate::console) name: String,
    pub(in crate::console) staff_number: String,
    /// Their newest record.
    pub(in crate::console) last: Option<Moment>,
    /// What they recorded.
    pub(in crate::console) href: String,
}

/// One day's attendance.
#[derive(Debug)]
pub(in crate::console) struct AttendanceDay {
    pub(in crate::console) date: String,
    pub(in crate::console) lines: Vec<AttendanceLine>,
}

/// Somebody came, went, or a correction was recorded.
#[derive(Debug)]
pub(in crate::console) struct AttendanceLine {
    pub(in crate::console) person: String,
    pub(in crate::console) what: String,
    pub(in crate::console) post: String,
    /// How the place is shown, if at all.
    pub(in crate::console) place: Option<Badge>,
    /// The reason of a correction.
    pub(in crate::console) reason: Option<String>,
    pub(in crate::console) source: Source,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Asked {
    before: String,
}

/// A week's attendance, and the people.
pub(in crate::console) async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    site: OpenSite,
) -> Result<Response, Problem> {
    let until = asked.before.parse().unwrap_or(site.now.saturating_add(HOUR));
    let from = until.saturating_sub(DAYS);
    let shifts = state.views.attendance(site.scope, from, until).await?;
    let people = state.views.people(site.scope).await?;
    let page = PeoplePage {
        page: site.page("people-title"),
        site: site.frame(Tab::People),
        people: people.iter().map(|person| described(&site, person)).collect(),
        days: days(&site, &shifts),
        older: Some(format!("{}/people?before={from}", site.address())),
    };
    render(&page)
}

fn described(site: &OpenSite, person: &Person) -> PersonLine {
    PersonLine {
        name: person.name.clone(),
        staff_number: person.staff_number.clone(),
        last: person.last_seen.map(|at| site.words.moment(at)),
        href: format!("{}?person={}", site.address(), person.person),
    }
}

/// Everything by the day on which it is said to have happened, newest first.
fn days(site: &OpenSite, shifts: &[Shift]) -> Vec<AttendanceDay> {
    let lookup = BTreeMap::new();
    let sayer = Sayer { words: &site.words, board: &site.board, checklists: &lookup };
    let mut all: Vec<(Millis, AttendanceLine)> = Vec::new();
    for shift in shifts {
        all.extend(
            shift.came.iter().map(|said| (said.value.at, moved(site, &sayer, said, AttendanceKind::CheckIn))),
        );
        all.extend(
            shift
                .went
                .iter()
                .map(|said| (said.value.at, moved(site, &sayer, said, AttendanceKind::CheckOut))),
        );
        all.extend(
            shift
                .corrected
                .iter()
                .map(|said| (said.times.map_or(0, |t| t.claimed), corrected(site, &sayer, said))),
        );
    }
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let mut days: Vec<AttendanceDay> = Vec::new();
    for (at, line) in all {
        let date = site.words.zone().date(at).map(|d| d.to_string()).unwrap_or_default();
        match days.last_mut().filter(|day| day.date == date) {
            Some(day) => day.lines.push(line),
            None => days.push(AttendanceDay { date, lines: vec![line] }),
        }
    }
    days
}

fn moved(
    site: &OpenSite,
    sayer: &Sayer<'_>,
    said: &Said<Attendance>,
    kind: AttendanceKind,
) -> AttendanceLine {
    let there = &said.value;
    AttendanceLine {
        person: name(site, there.person),
        what: site.words.of(&kind),
        post: sayer.post(there.post),
        place: there.place.as_ref().map(|p| Badge::new(Tone::Plain, site.words.of(&p.grade))),
        reason: None,
        source: site.source(said),
    }
}

fn corrected(site: &OpenSite, sayer: &Sayer<'_>, said: &Said<Correction>) -> AttendanceLine {
    AttendanceLine {
        person: name(site, said.value.person),
        what: site.t("attendance-corrected"),
        post: String::new(),
        place: None,
        reason: Some(sayer.correction(&said.value)),
        source: site.source(said),
    }
}

fn name(site: &OpenSite, person: PersonId) -> String {
    site.words.person(person)
}
