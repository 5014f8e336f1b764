//! The rounds of a site, day by day.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use dutylog_core::base::Millis;
use dutylog_core::records::calendar::Date;
use dutylog_core::records::round::RoundStatus;
use serde::Deserialize;

use super::status::{self, code, strip, tone};
use crate::app::AppState;
use crate::clock::HOUR;
use crate::console::chart::Strip;
use crate::console::parts::{Badge, Moment, Tone, filters};
use crate::console::site::log::{Choice, day, day_after};
use crate::console::site::{OpenSite, SiteFrame, Tab};
use crate::console::{Page, render};
use crate::http::problem::Problem;
use crate::views::{PhoneView, RoundAt, RoundLine as Line};

/// Days on a page unless others are asked for.
const DAYS: Millis = 7;
/// Days that can be asked for at once.
const MOST_DAYS: Millis = 92;
const DAY: Millis = 24 * HOUR;

/// The page.
#[derive(Debug, Template)]
#[template(path = "rounds/list.html")]
pub(in crate::console) struct RoundsPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    pub(in crate::console) statuses: Vec<Choice>,
    pub(in crate::console) from: String,
    pub(in crate::console) until: String,
    pub(in crate::console) days: Vec<Day>,
    pub(in crate::console) older: Option<String>,
    pub(in crate::console) newer: Option<String>,
}

/// The rounds of one day.
#[derive(Debug)]
pub(in crate::console) struct Day {
    pub(in crate::console) date: String,
    pub(in crate::console) strip: Strip,
    pub(in crate::console) rounds: Vec<RoundLine>,
}

/// One round, or one that should have been.
#[derive(Debug)]
pub(in crate::console) struct RoundLine {
    pub(in crate::console) window: String,
    pub(in crate::console) what: String,
    /// The round's page; none while there is no record of it.
    pub(in crate::console) href: Option<String>,
    pub(in crate::console) status: Badge,
    /// Which phones are silent or owe records, or why it was left out.
    pub(in crate::console) why: Option<String>,
    /// When it was signed.
    pub(in crate::console) done: Option<Moment>,
    /// Answers that ask for attention.
    pub(in crate::console) flagged: u32,
    pub(in crate::console) conflicts: u32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Asked {
    status: String,
    from: String,
    until: String,
}

/// The days asked for.
struct Span {
    from: Millis,
    until: Millis,
}

/// The rounds of some days.
pub(in crate::console) async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    site: OpenSite,
) -> Result<Response, Problem> {
    let span = asked.span(&site);
    let phones = state.views.phones(site.scope).await?;
    let lines = state.views.rounds(site.scope, span.from, span.until, site.now).await?;
    let wanted = |line: &&Line| {
        asked.status.is_empty() || line.status.as_ref().is_some_and(|s| code(s) == asked.status)
    };
    let lines: Vec<&Line> = lines.iter().filter(wanted).collect();
    let choice =
        |s| Choice { value: code(s).into(), label: site.words.of(s), chosen: asked.status == code(s) };
    let date = |at| site.words.zone().date(at).map(|d| d.to_string()).unwrap_or_default();
    let page = RoundsPage {
        page: site.page("rounds-title"),
        statuses: status::ALL.iter().map(choice).collect(),
        from: date(span.from),
        until: date(span.until - 1),
        days: days(&site, &lines, &phones),
        older: Some(asked.at(&site, span.from - (span.until - span.from), span.from)),
        newer: (span.until <= site.now)
            .then(|| asked.at(&site, span.until, span.until + (span.until - span.from))),
        site: site.frame(Tab::Rounds),
    };
    render(&page)
}

impl Asked {
    fn span(&self, site: &OpenSite) -> Span {
        let today = || {
            let date = site.words.zone().date(site.now)?;
            site.words.zone().instant(date.next()?, 0)
        };
        let until = day_after(&self.until, site).or_else(today).unwrap_or(site.now);
        let from = day(&self.from, site).filter(|from| *from < until).unwrap_or(until - DAYS * DAY);
        Span { from: from.max(until - MOST_DAYS * DAY), until }
    }

    /// The address of the same filter on other days.
    fn at(&self, site: &OpenSite, from: Millis, until: Millis) -> String {
        let date = |at: Millis| site.words.zone().date(at).map(|d: Date| d.to_string()).unwrap_or_default();
        // Days of 23 and 25 hours are met in their middle.
        let (from, until) = (date(from + DAY / 2), date(until - DAY / 2));
        let all = [("status", self.status.as_str()), ("from", &from), ("until", &until)];
        let set: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        format!("{}/rounds?{}", site.address(), serde_urlencoded::to_string(set).unwrap_or_default())
    }
}

/// Lines by the day on which their window opens, newest first; within a day in order.
fn days(site: &OpenSite, lines: &[&Line], phones: &[PhoneView]) -> Vec<Day> {
    let date = |line: &Line| {
        let at = line.planned.as_ref().map(|p| p.window.start).or(line.began)?;
        site.words.zone().date(at)
    };
    lines
        .chunk_by(|a, b| date(a) == date(b))
        .map(|of_day| {
            let of_day: Vec<&Line> = of_day.iter().rev().copied().collect();
            let day = of_day.first().and_then(|line| date(line));
            let name = day.map(|d| d.to_string()).unwrap_or_default();
            Day {
                strip: strip(&of_day, &site.words, format!("{} {name}", site.t("rounds-title"))),
                rounds: of_day.iter().map(|line| row(site, line, phones, day)).collect(),
                date: name,
            }
        })
        .collect()
}

fn row(site: &OpenSite, line: &Line, phones: &[PhoneView], day: Option<Date>) -> RoundLine {
    let words = &site.words;
    let planned = line.planned.as_ref();
    RoundLine {
        window: planned.map(|p| words.hours(p.window)).unwrap_or_else(|| site.t("round-unplanned")),
        what: planned.map(|p| words.text(&p.name)).unwrap_or_else(|| site.t("to-round")),
        href: line.record.map(|record| format!("{}/rounds/{record}", site.address())),
        status: badge(site, line),
        why: line.status.as_ref().and_then(|s| words.phones_behind(s, phones)),
        done: line.done.map(|at| words.moment_on(day, at)),
        flagged: line.flagged,
        conflicts: line.conflicts,
    }
}

/// How a round stands; one that nobody planned is neither late nor in time.
fn badge(site: &OpenSite, line: &Line) -> Badge {
    match (&line.status, line.at) {
        (Some(status), _) => Badge::new(tone(status), site.words.of(status)),
        (None, Some(RoundAt::Signed)) => Badge::new(Tone::Good, site.t("round-signed")),
        (None, Some(RoundAt::Skipped)) => Badge::new(Tone::Plain, site.words.of(&RoundStatus::Skipped)),
        (None, _) => Badge::new(Tone::Info, site.words.of(&RoundStatus::Running)),
    }
}
