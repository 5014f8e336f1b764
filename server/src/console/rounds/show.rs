//! From a round in the views to its page.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use dutylog_core::base::RecordId;
use dutylog_core::records::Capability;
use dutylog_core::records::checklist::{Item, ItemKind, Limits, Verdict, reading_text};
use dutylog_core::records::comment::COMMENTS;
use dutylog_core::records::round::{Answer, ItemStatus, RoundStatus};

use super::course::Courses;
use super::detail::{AnswerLine, CheckpointBlock, ItemLine, RoundPage, SignatureLine};
use super::status::tone;
use crate::app::AppState;
use crate::console::act::{Done, choice_key};
use crate::console::parts::{Badge, Tone};
use crate::console::remarks::Remarks;
use crate::console::render;
use crate::console::saying::Sayer;
use crate::console::site::{OpenSite, Tab};
use crate::console::words::{capitalised, hex};
use crate::http::problem::{Problem, catalogue};
use crate::views::{self, PhoneView, PointLine, RoundDetail, Said, SignatureCheck};

/// One round.
pub(in crate::console) async fn show(
    State(state): State<AppState>,
    Path((_, id)): Path<(String, String)>,
    Query(done): Query<Done>,
    site: OpenSite,
) -> Result<Response, Problem> {
    let record: RecordId = id.parse().map_err(|_| catalogue::not_found())?;
    let round = state.views.round(site.scope, record, site.now).await?.ok_or_else(catalogue::not_found)?;
    let phones = state.views.phones(site.scope).await?;
    let held = state.views.record(site.scope, record).await?;
    let comments = round.behind.added(held.map(|h| h.added(COMMENTS)).unwrap_or_default());
    let lines = round.behind.lines().into_iter().rev().collect::<Vec<_>>();
    let days = site.lines(&state, &lines).await?;
    let sayer = Sayer { words: &site.words, board: &site.board, checklists: &Default::default() };
    let courses = Courses::load(&state, &site, &round).await?;
    let draw = Draw {
        site: &site,
        round: &round,
        sayer: &sayer,
        phones: &phones,
        courses: &courses,
        here: format!("{}/rounds/{record}", site.address()),
    };
    let mut page = site.page("to-round");
    page.title = capitalised(&draw.title(&page.title));
    let page = RoundPage {
        page,
        site: site.below(Tab::Rounds),
        notice: done.notice(&site),
        status: draw.status(),
        reasons: draw.reasons(),
        facts: draw.facts(),
        checkpoints: round.points.iter().map(|point| draw.point(point)).collect(),
        signatures: round.signatures.iter().map(|(said, check)| draw.signature(said, *check)).collect(),
        remarks: Remarks::new(&site, &comments, &draw.here),
        days,
    };
    render(&page)
}

/// What drawing a round needs.
struct Draw<'a> {
    site: &'a OpenSite,
    round: &'a RoundDetail,
    sayer: &'a Sayer<'a>,
    phones: &'a [PhoneView],
    courses: &'a Courses,
    here: String,
}

impl Draw<'_> {
    fn title(&self, otherwise: &str) -> String {
        let words = &self.site.words;
        match &self.round.planned {
            Some(planned) => format!("{} {}", words.text(&planned.name), words.window(planned.window)),
            None => otherwise.to_owned(),
        }
    }

    fn status(&self) -> Badge {
        match &self.round.status {
            Some(status) => Badge::new(tone(status), self.site.words.of(status)),
            None if !self.round.left_out.is_empty() => {
                Badge::new(Tone::Plain, self.site.words.of(&RoundStatus::Skipped))
            }
            None if self.round.signatures.is_empty() => {
                Badge::new(Tone::Info, self.site.words.of(&RoundStatus::Running))
            }
            None => Badge::new(Tone::Good, self.site.t("round-signed")),
        }
    }

    fn reasons(&self) -> Vec<String> {
        let phones = self.round.status.as_ref().and_then(|s| self.site.words.phones_behind(s, self.phones));
        let left_out =
            self.round.left_out.iter().map(|said| format!("{}{}", self.site.t("skipped"), said.value));
        phones.into_iter().chain(left_out).collect()
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let words = &self.site.words;
        let mut facts = Vec::new();
        if let Some(planned) = &self.round.planned {
            facts.push(("round-window", words.window(planned.window)));
            facts.push(("post", self.sayer.post(planned.post)));
            facts.push(("round-grace", format!("{} {}", planned.grace, words.pick("分钟", "min"))));
        }
        for said in &self.round.started {
            let begun = words.moment(said.value.started_at).text;
            facts.push(("round-began", format!("{begun} · {}", self.site.who(said.author))));
        }
        if let Some((name, version)) = &self.round.checklist {
            facts.push(("checklist", format!("{} v{version}", words.text(name))));
        }
        facts
    }

    fn point(&self, point: &PointLine) -> CheckpointBlock {
        let here = self.round.reached.iter().filter(|said| said.value.checkpoint == point.number);
        let mut presence: Vec<_> = here.collect();
        presence.sort_by_key(|said| said.value.grade);
        let proof = |said: &&Said<dutylog_core::records::round::Reached>| {
            let grade = Badge::new(Tone::Plain, self.site.words.of(&said.value.grade));
            (grade, said.value.evidence.clone(), self.site.source(said))
        };
        CheckpointBlock {
            name: if point.number == 0 {
                self.site.t("no-checkpoint")
            } else {
                capitalised(&self.sayer.checkpoint(point.number))
            },
            presence: presence.iter().map(proof).collect(),
            skipped: point.skipped.iter().map(|said| (said.value.clone(), self.site.source(said))).collect(),
            items: point.items.iter().map(|item| self.item(item, !point.skipped.is_empty())).collect(),
        }
    }

    fn item(&self, line: &views::ItemLine, skipped: bool) -> ItemLine {
        let item = &line.item;
        let otherwise = match (line.answers.is_empty(), line.rest_normal, skipped) {
            (false, ..) => None,
            (true, true, _) => Some(Badge::new(Tone::Good, self.site.t("rest-normal"))),
            (true, false, true) => Some(Badge::new(Tone::Plain, self.site.t("skipped-item"))),
            (true, false, false) => Some(Badge::new(Tone::Plain, self.site.t("not-answered"))),
        };
        let disputed = line.answers.len() > 1 && self.site.may(Capability::Settle);
        ItemLine {
            number: item.number,
            text: self.site.words.text(&item.text),
            limits: self.limits(item),
            answers: line.answers.iter().map(|said| self.answer(item, said)).collect(),
            otherwise,
            course: self.courses.of(self.site, item),
            settle: disputed.then(|| self.here.clone()),
        }
    }

    fn answer(&self, item: &Item, said: &Said<Answer>) -> AnswerLine {
        let verdict = said.value.verdict(item);
        let word = match said.value.status {
            ItemStatus::NotApplicable => self.site.words.of(&ItemStatus::NotApplicable),
            status if said.value.reading.is_none() => self.site.words.of(&status),
            _ => self.site.words.of(&verdict),
        };
        AnswerLine {
            verdict: Badge::new(verdict_tone(verdict), word),
            reading: self.sayer.reading(Some(item), &said.value),
            note: said.value.note.clone(),
            source: self.site.source(said),
            key: choice_key(said),
        }
    }

    /// What is wanted of a reading.
    fn limits(&self, item: &Item) -> Option<String> {
        let ItemKind::Reading(spec) = &item.kind else { return None };
        let Limits { low_alarm, low_warn, high_warn, high_alarm } = spec.limits;
        let text =
            |value: Option<i64>| value.map_or_else(|| "…".to_owned(), |v| reading_text(v, spec.decimals));
        let range = |key: &str, low: Option<i64>, high: Option<i64>| {
            (low.is_some() || high.is_some()).then(|| {
                format!("{} {}–{} {}", self.site.t(key), text(low), text(high), spec.unit)
                    .trim_end()
                    .to_owned()
            })
        };
        let ranges =
            [range("limits-normal", low_warn, high_warn), range("limits-alarm", low_alarm, high_alarm)];
        let told: Vec<String> = ranges.into_iter().flatten().collect();
        (!told.is_empty()).then(|| told.join(" · "))
    }

    fn signature(
        &self,
        said: &Said<dutylog_core::records::round::RoundSigned>,
        check: SignatureCheck,
    ) -> SignatureLine {
        SignatureLine {
            source: self.site.source(said),
            check: self.site.check(check),
            digest: hex(&said.value.text.0),
        }
    }
}

/// How what an answer means looks.
const fn verdict_tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Normal => Tone::Good,
        Verdict::Warning => Tone::Late,
        Verdict::Alarm => Tone::Bad,
    }
}
