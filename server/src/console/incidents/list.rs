//! The incidents of a site.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::{severity_badge, state_badge};
use crate::app::AppState;
use crate::console::parts::{Badge, Moment, filters};
use crate::console::site::log::Choice;
use crate::console::site::{OpenSite, SiteFrame, Tab};
use crate::console::words::capitalised;
use crate::console::{Page, render};
use crate::http::problem::Problem;
use crate::views::IncidentLine as Line;

const PAGE_LINES: u32 = 50;

/// The page.
#[derive(Debug, Template)]
#[template(path = "incidents/list.html")]
pub(in crate::console) struct IncidentsPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    pub(in crate::console) states: Vec<Choice>,
    pub(in crate::console) incidents: Vec<IncidentLine>,
    pub(in crate::console) older: Option<String>,
}

/// One incident.
#[derive(Debug)]
pub(in crate::console) struct IncidentLine {
    pub(in crate::console) href: String,
    pub(in crate::console) what: String,
    pub(in crate::console) place: String,
    pub(in crate::console) severity: Option<Badge>,
    pub(in crate::console) state: Badge,
    pub(in crate::console) since: Moment,
    pub(in crate::console) conflicts: u32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Asked {
    state: String,
    before: String,
}

/// The list: all of them, newest first; or what is open, the worst first.
pub(in crate::console) async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    site: OpenSite,
) -> Result<Response, Problem> {
    let open = asked.state == "open";
    let before = asked.before.parse().ok();
    let lines = state.views.incidents(site.scope, open, before, PAGE_LINES).await?;
    // What is open is sorted by severity and has no later page: it is asked for in one go.
    let full = !open && lines.len() as u64 == u64::from(PAGE_LINES);
    let oldest = lines.last().filter(|_| full).map(|line| line.raised);
    let page = IncidentsPage {
        page: site.page("incidents-title"),
        site: site.frame(Tab::Incidents),
        states: vec![Choice { value: "open".into(), label: site.t("incidents-open"), chosen: open }],
        incidents: lines.iter().map(|line| row(&site, line)).collect(),
        older: oldest.map(|at| format!("{}/incidents?before={at}", site.address())),
    };
    render(&page)
}

fn row(site: &OpenSite, line: &Line) -> IncidentLine {
    let words = &site.words;
    let kinds: Vec<String> = line.kinds.iter().map(|kind| words.of(kind)).collect();
    let what = match kinds.is_empty() {
        true => site.t("to-incident"),
        false => capitalised(&kinds.join(" / ")),
    };
    IncidentLine {
        href: format!("{}/incidents/{}", site.address(), line.record),
        what,
        place: line.places.iter().chain(&line.natures).cloned().collect::<Vec<_>>().join(" / "),
        severity: line.severity.map(|s| severity_badge(site, s)),
        state: state_badge(site, line.at),
        since: words.moment(line.raised),
        conflicts: line.conflicts,
    }
}
