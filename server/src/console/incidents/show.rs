//! From an incident in the views to its page.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use dutylog_core::base::{Millis, RecordId};
use dutylog_core::locales::{field_name, report_clock_text};
use dutylog_core::records::incident::{self, ReportClock};
use dutylog_core::records::{Capability, FieldId};

use super::detail::{FieldLine, IncidentPage, Step, Told};
use super::{severity_badge, state_badge};
use crate::app::AppState;
use crate::console::act::{Done, choice_key};
use crate::console::parts::{Link, Moment, Source, Tone};
use crate::console::remarks::Remarks;
use crate::console::render;
use crate::console::site::overview::clock_tone;
use crate::console::site::{OpenSite, Tab};
use crate::console::words::capitalised;
use crate::http::problem::{Problem, catalogue};
use crate::views::{IncidentAt, IncidentDetail, Said};

/// One incident.
pub(in crate::console) async fn show(
    State(state): State<AppState>,
    Path((_, id)): Path<(String, String)>,
    Query(done): Query<Done>,
    site: OpenSite,
) -> Result<Response, Problem> {
    let record: RecordId = id.parse().map_err(|_| catalogue::not_found())?;
    let incident =
        state.views.incident(site.scope, record, site.now).await?.ok_or_else(catalogue::not_found)?;
    let lines = incident.behind.lines().into_iter().rev().collect::<Vec<_>>();
    let days = site.lines(&state, &lines).await?;
    let draw =
        Draw { site: &site, incident: &incident, here: format!("{}/incidents/{record}", site.address()) };
    let mut page = site.page("to-incident");
    page.title = draw.title(&page.title);
    let page = IncidentPage {
        page,
        site: site.below(Tab::Incidents),
        notice: done.notice(&site),
        state: state_badge(&site, incident.at),
        severity: incident.facts.severity.map(|s| severity_badge(&site, s)),
        clock: draw.clock(),
        times: draw.times(),
        missing: draw.missing(),
        fields: draw.fields(),
        assigned: draw.assigned(),
        origin: draw.origin(),
        timeline: draw.timeline(),
        acknowledged: incident.acknowledged.iter().map(|said| site.source(said)).collect(),
        phone_reports: draw.phone_reports(),
        acknowledge: draw.may_acknowledge().then(|| draw.here.clone()),
        remarks: Remarks::new(&site, &incident.comments, &draw.here),
        days,
    };
    render(&page)
}

/// What drawing an incident needs.
struct Draw<'a> {
    site: &'a OpenSite,
    incident: &'a IncidentDetail,
    here: String,
}

impl Draw<'_> {
    /// Its kinds and where it is; several while nobody has settled them.
    fn title(&self, otherwise: &str) -> String {
        let kinds = self.incident.kind.iter().map(|said| self.site.words.of(&said.value));
        let places = self.incident.intake.texts.iter().filter(|(field, _)| *field == incident::PLACE.id());
        let places = places.flat_map(|(_, said)| said.iter().map(|s| s.value.clone()));
        let told: Vec<String> = kinds.chain(places).filter(|text| !text.is_empty()).collect();
        if told.is_empty() { otherwise.to_owned() } else { capitalised(&told.join(" · ")) }
    }

    fn clock(&self) -> Option<(Tone, String)> {
        let (clock, words) = (self.incident.clock, &self.site.words);
        (clock != ReportClock::NotNeeded)
            .then(|| (clock_tone(clock), report_clock_text(clock, words.zone(), words.locale())))
    }

    /// The five times, apart.
    fn times(&self) -> Vec<Step> {
        let facts = &self.incident.facts;
        let times = [
            ("time-occurred", facts.occurred),
            ("time-received", facts.received),
            ("time-recorded", Some(facts.recorded)),
            ("time-delivered", self.incident.delivered),
            ("time-acknowledged", facts.acknowledged),
        ];
        let mut before = None;
        let step = |(label, at): (&'static str, Option<Millis>)| {
            let after = at.zip(before).filter(|(at, before)| at > before).map(|(at, before)| at - before);
            before = at.or(before);
            Step {
                label,
                at: at.map(|at| self.site.words.moment(at)),
                after: after.map(|span| self.after(span)),
            }
        };
        times.into_iter().map(step).collect()
    }

    fn after(&self, span: Millis) -> String {
        self.site.t1("time-after", "span", &self.site.words.span(span))
    }

    /// What it takes to close it; a closed one lacks nothing any more.
    fn missing(&self) -> Vec<String> {
        if self.incident.at == IncidentAt::Closed {
            return Vec::new();
        }
        self.incident.missing.iter().map(|field| self.name(*field)).collect()
    }

    fn name(&self, field: FieldId) -> String {
        capitalised(&field_name(field, self.site.words.locale()))
    }

    fn fields(&self) -> Vec<FieldLine> {
        let (detail, words) = (self.incident, &self.site.words);
        let mut fields = vec![
            self.field(incident::KIND.id(), &detail.kind, |kind| words.of(kind)),
            self.field(incident::SEVERITY.id(), &detail.severity, |severity| words.of(severity)),
            self.field(incident::OCCURRED.id(), &detail.intake.occurred, |at| words.moment(*at).text),
            self.field(incident::RECEIVED.id(), &detail.intake.received, |at| words.moment(*at).text),
        ];
        fields.extend(detail.intake.texts.iter().map(|(id, said)| self.field(*id, said, Clone::clone)));
        fields
    }

    fn field<T>(&self, field: FieldId, said: &[Said<T>], text: impl Fn(&T) -> String) -> FieldLine {
        let told = |said: &Said<T>| Told {
            text: text(&said.value),
            source: self.site.source(said),
            key: choice_key(said),
        };
        let disputed = said.len() > 1 && self.site.may(Capability::Settle);
        FieldLine {
            field: field.0,
            label: self.name(field),
            values: said.iter().map(told).collect(),
            settle: disputed.then(|| self.here.clone()),
        }
    }

    fn assigned(&self) -> Vec<String> {
        let works = |said: &[Said<bool>]| said.iter().any(|s| s.value);
        let people = self.incident.assigned.iter().filter(|(_, said)| works(said));
        people.map(|(person, _)| self.site.words.person(*person)).collect()
    }

    fn origin(&self) -> Option<Link> {
        let origin = &self.incident.origin.first()?.value;
        let href = format!("{}/rounds/{}#item-{}", self.site.address(), origin.round, origin.item);
        Some(Link::new(href, self.site.t1("origin-item", "item", &origin.item.to_string())))
    }

    fn timeline(&self) -> Vec<(String, Moment, Source)> {
        let line = |said: &Said<incident::TimelineLine>| {
            (said.value.text.clone(), self.site.words.moment(said.value.at), self.site.source(said))
        };
        self.incident.timeline.iter().map(line).collect()
    }

    fn phone_reports(&self) -> Vec<(String, String, Source)> {
        let report = |said: &Said<incident::PhoneReport>| {
            (said.value.to.clone(), said.value.code.clone(), self.site.source(said))
        };
        self.incident.reported.iter().map(report).collect()
    }

    /// Once for each person: whoever acknowledged it has said so.
    fn may_acknowledge(&self) -> bool {
        let mine =
            self.incident.acknowledged.iter().any(|said| said.value.person == self.site.account.person);
        self.site.may(Capability::Acknowledge) && self.incident.at != IncidentAt::Closed && !mine
    }
}
