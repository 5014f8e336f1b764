//! What people recorded without having seen each other, and nobody has settled yet.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{OpenSite, SiteFrame, Tab};
use crate::app::AppState;
use crate::console::parts::{Link, Moment, filters};
use crate::console::words::short;
use crate::console::{Page, render};
use crate::http::problem::Problem;
use crate::views::DisputedLine;

const MOST: u32 = 200;

/// The page.
#[derive(Debug, Template)]
#[template(path = "sites/conflicts.html")]
pub(in crate::console) struct ConflictsPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    pub(in crate::console) records: Vec<(Link, u32, Moment)>,
}

/// The list.
pub(in crate::console) async fn show(
    State(state): State<AppState>,
    site: OpenSite,
) -> Result<Response, Problem> {
    let lines = state.views.disputed(site.scope, MOST).await?;
    let row = |line: &DisputedLine| {
        let kind = line.kind.map_or_else(|| site.t("kind-unknown"), |kind| site.words.of(&kind));
        let href = site.record_href(line.record, line.kind);
        let href = href.unwrap_or_else(|| format!("{}?record={}", site.address(), line.record));
        let link = Link::new(href, format!("{kind} {}", short(&line.record.to_string())));
        (link, line.conflicts, site.words.moment(line.last))
    };
    let records = lines.iter().map(row).collect();
    render(&ConflictsPage { page: site.page("conflicts-title"), site: site.below(Tab::Log), records })
}
