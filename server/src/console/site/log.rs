//! A site's log as a timeline, newest first.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use dutylog_core::base::Millis;
use serde::Deserialize;

use super::{OpenSite, SiteFrame, Tab};
use crate::app::AppState;
use crate::console::parts::{Badge, Link, Moment, Tone, filters};
use crate::console::{Page, render};
use crate::http::problem::Problem;
use crate::views::{Family, Filter, Mark, Standing};

const PAGE_LINES: u32 = 40;

/// The page.
#[derive(Debug, Template)]
#[template(path = "sites/log.html")]
pub(in crate::console) struct LogPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    pub(in crate::console) filter: FilterForm,
    pub(in crate::console) days: Vec<LogDay>,
    /// Where what is older begins.
    pub(in crate::console) older: Option<String>,
    /// The newest, if this is not it.
    pub(in crate::console) newest: Option<String>,
}

/// What was asked for, and what can be.
#[derive(Debug, Default)]
pub(in crate::console) struct FilterForm {
    pub(in crate::console) families: Vec<Choice>,
    pub(in crate::console) people: Vec<Choice>,
    /// The one record or chain that was asked for, if any, by the name of its field.
    pub(in crate::console) kept: Vec<(&'static str, String)>,
    pub(in crate::console) from: String,
    pub(in crate::console) until: String,
    pub(in crate::console) problems: Vec<Choice>,
}

/// One of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::console) struct Choice {
    pub(in crate::console) value: String,
    pub(in crate::console) label: String,
    pub(in crate::console) chosen: bool,
}

/// Entries of one day, by the time their phones claim.
#[derive(Debug)]
pub(in crate::console) struct LogDay {
    pub(in crate::console) date: String,
    pub(in crate::console) lines: Vec<LogLine>,
}

/// One entry.
#[derive(Debug)]
pub(in crate::console) struct LogLine {
    pub(in crate::console) tone: Tone,
    pub(in crate::console) what: String,
    /// More of it, as far as it fits on a line.
    pub(in crate::console) detail: String,
    /// The record it is about.
    pub(in crate::console) record: Option<Link>,
    /// A person, or the phone alone.
    pub(in crate::console) who: String,
    pub(in crate::console) claimed: Moment,
    /// Not before (if anything shows it), not after.
    pub(in crate::console) bracket: (Option<Moment>, Moment),
    /// How far the claim can be trusted; none if nothing speaks against it.
    pub(in crate::console) quality: Option<Badge>,
    /// Position in the site's log, as the receipt names it.
    pub(in crate::console) position: u64,
    /// Why it does not count, if it does not.
    pub(in crate::console) problem: Option<Badge>,
    /// The entry's evidence.
    pub(in crate::console) href: String,
}

/// What may be asked for; all of it text, so that a field left empty is a field left out.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Asked {
    family: String,
    person: String,
    problem: String,
    record: String,
    chain: String,
    from: String,
    until: String,
    after: String,
}

/// The site's log.
pub(in crate::console) async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    site: OpenSite,
) -> Result<Response, Problem> {
    let after = mark(&asked.after);
    let found = state.views.timeline(site.scope, &asked.filter(&site), after, PAGE_LINES).await?;
    let days = site.lines(&state, &found.lines.iter().collect::<Vec<_>>()).await?;
    let mut page = site.page("log-title");
    let frame = site.frame(Tab::Log);
    page.title = format!("{} · {}", frame.name, page.title);
    let here = |mark: Option<Mark>| format!("{}{}", site.address(), asked.query(mark));
    let (older, newest) = (found.next.map(|m| here(Some(m))), after.map(|_| here(None)));
    let filter = asked.form(&site);
    render(&LogPage { page, filter, days, older, newest, site: frame })
}

const FAMILIES: [(Family, &str); 8] = [
    (Family::Rounds, "family-rounds"),
    (Family::Incidents, "family-incidents"),
    (Family::Handovers, "family-handovers"),
    (Family::Attendance, "family-attendance"),
    (Family::Remarks, "family-remarks"),
    (Family::Configuration, "family-configuration"),
    (Family::Chains, "family-chains"),
    (Family::Other, "family-other"),
];

const PROBLEMS: [(Standing, &str, &str); 4] = [
    (Standing::Refused, "refused", "standing-refused"),
    (Standing::Held, "held", "standing-held"),
    (Standing::Waits, "waits", "standing-waits"),
    (Standing::Opaque, "opaque", "standing-opaque"),
];

impl Asked {
    fn filter(&self, site: &OpenSite) -> Filter {
        let family = self.family.parse().ok();
        Filter {
            family: FAMILIES.iter().map(|(f, _)| *f).find(|f| Some(f.code()) == family),
            author: self.person.parse().ok(),
            record: self.record.parse().ok(),
            chain: self.chain.parse().ok(),
            from: day(&self.from, site),
            until: day_after(&self.until, site),
            problems: false,
            problem: PROBLEMS.iter().find(|(_, code, _)| *code == self.problem).map(|(s, ..)| *s),
        }
    }

    fn form(&self, site: &OpenSite) -> FilterForm {
        let choice =
            |value: String, label: String, asked: &str| Choice { chosen: value == asked, value, label };
        let people =
            site.board.people.iter().map(|(id, (name, _))| choice(id.clone(), name.clone(), &self.person));
        let mut people: Vec<Choice> = people.collect();
        people.sort_by(|a, b| (&a.label, &a.value).cmp(&(&b.label, &b.value)));
        let family = |(f, key): &(Family, &str)| choice(f.code().to_string(), site.t(key), &self.family);
        let problem = |(_, code, key): &(_, &str, &str)| choice((*code).into(), site.t(key), &self.problem);
        FilterForm {
            families: FAMILIES.iter().map(family).collect(),
            people,
            kept: [("record", self.record.clone()), ("chain", self.chain.clone())]
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .collect(),
            from: day(&self.from, site).map(|_| self.from.clone()).unwrap_or_default(),
            until: day(&self.until, site).map(|_| self.until.clone()).unwrap_or_default(),
            problems: PROBLEMS.iter().map(problem).collect(),
        }
    }

    /// The address of the same filter at another place.
    fn query(&self, after: Option<Mark>) -> String {
        let after = after.map(|m| format!("{}_{}_{}", m.best, m.position, m.n)).unwrap_or_default();
        let all = [
            ("family", &self.family),
            ("person", &self.person),
            ("problem", &self.problem),
            ("record", &self.record),
            ("chain", &self.chain),
            ("from", &self.from),
            ("until", &self.until),
            ("after", &after),
        ];
        let set: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let text = serde_urlencoded::to_string(set).unwrap_or_default();
        if text.is_empty() { text } else { format!("?{text}") }
    }
}

/// The first instant of a day that was asked for.
pub(in crate::console) fn day(text: &str, site: &OpenSite) -> Option<Millis> {
    site.words.zone().instant(text.parse().ok()?, 0)
}

/// The first instant after it.
pub(in crate::console) fn day_after(text: &str, site: &OpenSite) -> Option<Millis> {
    let date: dutylog_core::records::calendar::Date = text.parse().ok()?;
    site.words.zone().instant(date.next()?, 0)
}

fn mark(text: &str) -> Option<Mark> {
    let mut parts = text.split('_');
    let mark = Mark {
        best: parts.next()?.parse().ok()?,
        position: parts.next()?.parse().ok()?,
        n: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_log_is_read_as_it_is_written() {
        let at = Mark { best: -5, position: 7, n: 3 };
        let asked = Asked { from: "2026-03-01".into(), ..Asked::default() };
        assert_eq!(asked.query(Some(at)), "?from=2026-03-01&after=-5_7_3");
        assert_eq!(mark("-5_7_3"), Some(at));
        assert!(mark("1_2").is_none() && mark("1_2_3_4").is_none() && mark("").is_none());
    }
}
