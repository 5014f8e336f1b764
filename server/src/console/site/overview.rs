//! All sites at a glance: how fresh their data is, what is open, how today's rounds stand.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use dutylog_core::base::Millis;
use dutylog_core::locales::report_clock_text;
use dutylog_core::records::incident::ReportClock;
use dutylog_core::records::round::RoundStatus;

use super::events::total;
use super::{address, site_name, words};
use crate::app::AppState;
use crate::clock::HOUR;
use crate::console::chart::Strip;
use crate::console::parts::{Badge, Link, Moment, Tone, filters};
use crate::console::rounds::status::{code, strip, tone};
use crate::console::words::Words;
use crate::console::{Page, View, render};
use crate::http::extract::SignedIn;
use crate::http::problem::Problem;
use crate::ledger::SiteScope;
use crate::views::{IncidentAt, PhoneView, RoundLine, SiteLine};

/// A phone that has not been in touch for a shift is worth naming.
const SILENT_AFTER: Millis = 12 * HOUR;
/// Major incidents that a card names; the list has them all.
const MAJORS: u32 = 3;

/// The page.
#[derive(Debug, Template)]
#[template(path = "sites/overview.html")]
pub(in crate::console) struct OverviewPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) sites: Vec<SiteCard>,
}

/// One site.
#[derive(Debug)]
pub(in crate::console) struct SiteCard {
    pub(in crate::console) name: String,
    pub(in crate::console) href: String,
    /// The newest delivery of any phone.
    pub(in crate::console) newest: Option<Moment>,
    /// How long ago that was, with a tone once it is long.
    pub(in crate::console) age: Option<Badge>,
    /// Phones in use that have not been heard for long.
    pub(in crate::console) silent: Vec<SilentPhone>,
    pub(in crate::console) open_incidents: u64,
    /// Major incidents that are open, each with its one-hour clock.
    pub(in crate::console) majors: Vec<MajorIncident>,
    pub(in crate::console) rounds: Option<RoundsToday>,
    /// The newest handover.
    pub(in crate::console) handover: Option<(Link, Badge)>,
    /// What asks for attention: never zero.
    pub(in crate::console) attention: Vec<(Link, u64)>,
}

/// A phone that is silent.
#[derive(Debug)]
pub(in crate::console) struct SilentPhone {
    pub(in crate::console) name: String,
    /// Since when; none if it never delivered anything.
    pub(in crate::console) since: Option<Moment>,
}

/// A major incident.
#[derive(Debug)]
pub(in crate::console) struct MajorIncident {
    pub(in crate::console) link: Link,
    pub(in crate::console) clock: Badge,
}

/// Rounds of the site's present day.
#[derive(Debug)]
pub(in crate::console) struct RoundsToday {
    pub(in crate::console) strip: Strip,
    /// Each with its window, what it is, and how it stands.
    pub(in crate::console) rows: Vec<RoundRow>,
    /// How many stand how, in a fixed order; each leads to those rounds.
    pub(in crate::console) totals: Vec<(Badge, usize, String)>,
}

/// One round of the day.
#[derive(Debug)]
pub(in crate::console) struct RoundRow {
    pub(in crate::console) window: String,
    /// The round, or its plan while nobody has begun it.
    pub(in crate::console) what: String,
    /// The round's page once there is a record of it.
    pub(in crate::console) href: Option<String>,
    pub(in crate::console) status: Badge,
    /// Which phones are silent or owe records.
    pub(in crate::console) why: Option<String>,
}

/// The overview of every site within the account's scope.
pub(in crate::console) async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    view: View,
) -> Result<Response, Problem> {
    let sites = state.api.ledger().sites().await.map_err(|error| Problem::internal(&error))?;
    let scope = &signed_in.account().scope;
    let scopes: Vec<SiteScope> = sites.into_iter().filter_map(|site| SiteScope::enter(site, scope)).collect();
    let now = state.clock.now_ms();
    // Taken before the views are read: what comes in between is news.
    let seen = total(&scopes.iter().map(|scope| state.projector.subscribe(*scope)).collect::<Vec<_>>());
    let mut cards = Vec::with_capacity(scopes.len());
    for line in state.views.overview(&scopes, now).await? {
        if let Some(scope) = scopes.iter().find(|s| s.site() == line.site) {
            cards.push(
                Draw { state: &state, view: &view, words: words(&view, &line.board), line, now }
                    .card(*scope)
                    .await?,
            );
        }
    }
    let page = view.page("sites-title").live(format!("/events?since={seen}"));
    render(&OverviewPage { page, sites: cards })
}

/// What drawing one card needs.
struct Draw<'a> {
    state: &'a AppState,
    view: &'a View,
    words: Words,
    line: SiteLine,
    now: Millis,
}

impl Draw<'_> {
    async fn card(&self, scope: SiteScope) -> Result<SiteCard, Problem> {
        let line = &self.line;
        Ok(SiteCard {
            name: site_name(&self.words.text(&line.name), line.site),
            href: address(line.site),
            newest: line.fresh().map(|at| self.words.moment(at)),
            age: line.fresh().map(|at| self.age(at)),
            silent: line.phones.iter().filter_map(|phone| self.silent(phone)).collect(),
            open_incidents: line.open_incidents.into(),
            majors: self.majors(scope).await?,
            rounds: self.rounds(),
            handover: self.handover(scope).await?,
            attention: self.attention(),
        })
    }

    fn age(&self, at: Millis) -> Badge {
        let age = self.now.saturating_sub(at).max(0);
        let tone = if age < SILENT_AFTER { Tone::Plain } else { Tone::Late };
        Badge::new(tone, self.view.page("sites-title").t1("ago", "span", self.words.span(age)))
    }

    fn silent(&self, phone: &PhoneView) -> Option<SilentPhone> {
        let last = phone.last_contact();
        let silent = last.is_none_or(|at| self.now.saturating_sub(at) >= SILENT_AFTER);
        (silent && !phone.card.gone && !phone.card.written_off).then(|| SilentPhone {
            name: self.words.phone(&phone.card),
            since: last.map(|at| self.words.moment(at)),
        })
    }

    async fn majors(&self, scope: SiteScope) -> Result<Vec<MajorIncident>, Problem> {
        let mut majors = Vec::new();
        if self.line.open_major == 0 {
            return Ok(majors);
        }
        for line in self.state.views.incidents(scope, true, None, MAJORS).await? {
            if line.at == IncidentAt::Closed || !line.severity.is_some_and(|s| s.is_major()) {
                continue;
            }
            let Some(detail) = self.state.views.incident(scope, line.record, self.now).await? else {
                continue;
            };
            let what = line
                .kinds
                .iter()
                .map(|k| self.words.of(k))
                .chain(line.places)
                .collect::<Vec<_>>()
                .join(" · ");
            let link = Link::new(format!("{}/incidents/{}", address(self.line.site), line.record), what);
            majors.push(MajorIncident { link, clock: clock_badge(detail.clock, &self.words) });
        }
        Ok(majors)
    }

    fn rounds(&self) -> Option<RoundsToday> {
        let mut today: Vec<&RoundLine> = self.line.today.iter().filter(|l| l.status.is_some()).collect();
        today.reverse();
        if today.is_empty() {
            return None;
        }
        let strip = strip(&today, &self.words, self.view.text("rounds-today"));
        let rows = today.iter().map(|line| self.row(line)).collect();
        Some(RoundsToday { strip, rows, totals: self.totals(&today) })
    }

    fn row(&self, line: &RoundLine) -> RoundRow {
        let planned = line.planned.as_ref();
        let status = line.status.clone().unwrap_or(RoundStatus::Upcoming);
        RoundRow {
            window: planned.map(|p| self.words.hours(p.window)).unwrap_or_default(),
            what: planned.map(|p| self.words.text(&p.name)).unwrap_or_default(),
            href: line.record.map(|record| format!("{}/rounds/{record}", address(self.line.site))),
            why: self.words.phones_behind(&status, &self.line.phones),
            status: Badge::new(tone(&status), self.words.of(&status)),
        }
    }

    fn totals(&self, today: &[&RoundLine]) -> Vec<(Badge, usize, String)> {
        let mut totals: Vec<(Badge, usize, String)> = Vec::new();
        for status in today.iter().filter_map(|line| line.status.as_ref()) {
            let badge = Badge::new(tone(status), self.words.of(status));
            match totals.iter_mut().find(|(b, ..)| *b == badge) {
                Some((_, count, _)) => *count += 1,
                None => totals.push((badge, 1, self.rounds_href(status))),
            }
        }
        totals
    }

    fn rounds_href(&self, status: &RoundStatus) -> String {
        let date = self.words.zone().date(self.now).map(|d| d.to_string()).unwrap_or_default();
        format!("{}/rounds?status={}&from={date}&until={date}", address(self.line.site), code(status))
    }

    async fn handover(&self, scope: SiteScope) -> Result<Option<(Link, Badge)>, Problem> {
        let newest = self.state.views.handovers(scope, None, 1).await?.into_iter().next();
        Ok(newest.map(|handover| {
            let href = format!("{}/handovers/{}", address(self.line.site), handover.record);
            let link = Link::new(href, self.words.moment(handover.offered).text);
            (
                link,
                Badge::new(crate::console::handovers::tone(handover.state), self.words.of(&handover.state)),
            )
        }))
    }

    fn attention(&self) -> Vec<(Link, u64)> {
        let (line, site) = (&self.line, address(self.line.site));
        let log = |problem: &str| format!("{site}?problem={problem}");
        let all = [
            ("attention-conflicts", format!("{site}/conflicts"), line.conflicts),
            ("attention-unsigned", format!("{site}/handovers"), line.unsigned_handovers),
            ("standing-refused", log("refused"), line.refused),
            ("standing-held", log("held"), line.held),
            ("standing-waits", log("waits"), line.waiting),
            ("standing-opaque", log("opaque"), line.opaque),
        ];
        let some = all.into_iter().filter(|(.., count)| *count > 0);
        some.map(|(key, href, count)| (Link::new(href, self.view.text(key)), count.into())).collect()
    }
}

/// Where the one-hour clock stands, as a badge.
pub(in crate::console) fn clock_badge(clock: ReportClock, words: &Words) -> Badge {
    Badge::new(clock_tone(clock), report_clock_text(clock, words.zone(), words.locale()))
}

/// How the clock looks.
pub(in crate::console) const fn clock_tone(clock: ReportClock) -> Tone {
    match clock {
        ReportClock::NotNeeded => Tone::Plain,
        ReportClock::Running(_) | ReportClock::NoneEarlierYet(_) => Tone::Info,
        ReportClock::Overdue(_) => Tone::Bad,
        ReportClock::InTime(_) => Tone::Good,
        ReportClock::TooLate(_) => Tone::Late,
    }
}
