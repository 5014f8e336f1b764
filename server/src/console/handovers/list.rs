//! The handovers of a site.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::tone;
use crate::app::AppState;
use crate::console::parts::{Badge, Moment, filters};
use crate::console::site::{OpenSite, SiteFrame, Tab};
use crate::console::{Page, render};
use crate::http::problem::Problem;
use crate::views::HandoverLine as Line;

const PAGE_LINES: u32 = 30;

/// The page.
#[derive(Debug, Template)]
#[template(path = "handovers/list.html")]
pub(in crate::console) struct HandoversPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    pub(in crate::console) handovers: Vec<HandoverLine>,
    pub(in crate::console) older: Option<String>,
}

/// One handover.
#[derive(Debug)]
pub(in crate::console) struct HandoverLine {
    pub(in crate::console) href: String,
    /// The day and name of the outgoing shift.
    pub(in crate::console) shift: String,
    pub(in crate::console) outgoing: String,
    pub(in crate::console) incoming: String,
    pub(in crate::console) state: Badge,
    pub(in crate::console) at: Moment,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Asked {
    before: String,
}

/// The list, newest first.
pub(in crate::console) async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    site: OpenSite,
) -> Result<Response, Problem> {
    let lines = state.views.handovers(site.scope, asked.before.parse().ok(), PAGE_LINES).await?;
    let full = lines.len() as u64 == u64::from(PAGE_LINES);
    let oldest = lines.last().filter(|_| full).map(|line| line.offered);
    let mut handovers = Vec::with_capacity(lines.len());
    for line in &lines {
        handovers.push(row(&state, &site, line).await?);
    }
    let older = oldest.map(|at| format!("{}/handovers?before={at}", site.address()));
    render(&HandoversPage {
        page: site.page("handovers-title"),
        site: site.frame(Tab::Handovers),
        handovers,
        older,
    })
}

async fn row(state: &AppState, site: &OpenSite, line: &Line) -> Result<HandoverLine, Problem> {
    let document = state.views.record(site.scope, line.record).await?.and_then(|held| super::document(&held));
    let person = |person| site.words.person(person);
    Ok(HandoverLine {
        href: format!("{}/handovers/{}", site.address(), line.record),
        shift: document.as_ref().map_or_else(|| site.t("to-handover"), |d| site.shift(d.date, &d.shift)),
        outgoing: document.as_ref().map_or_else(String::new, |d| person(d.from)),
        incoming: document.and_then(|d| d.to).map_or_else(|| site.t("not-present"), person),
        state: Badge::new(tone(line.state), site.words.of(&line.state)),
        at: site.words.moment(line.offered),
    })
}
