//! How the readings of a round's items went over the rounds before it.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{Millis, RecordId};
use dutylog_core::records::Member;
use dutylog_core::records::checklist::{Item, ItemKind, Limits, reading_text};
use dutylog_core::records::round::RESULT;

use crate::app::AppState;
use crate::clock::HOUR;
use crate::console::chart::Sparkline;
use crate::console::parts::Link;
use crate::console::site::OpenSite;
use crate::http::problem::Problem;
use crate::views::RoundDetail;

/// Rounds that are looked back on, this one included.
const MOST: usize = 10;
const DAYS: Millis = 14 * 24 * HOUR;

/// The course of one item, and the figures behind it.
#[derive(Debug)]
pub(in crate::console) struct Course {
    pub(in crate::console) line: Sparkline,
    /// Each reading with the round it is from, newest first.
    pub(in crate::console) figures: Vec<(Link, String)>,
}

/// The readings of the rounds up to one, by item, oldest first.
#[derive(Debug, Default)]
pub(super) struct Courses(BTreeMap<u32, Vec<(RecordId, Millis, i64)>>);

impl Courses {
    /// Reads the rounds of the same plan and checklist version before this one.
    pub(super) async fn load(
        state: &AppState,
        site: &OpenSite,
        round: &RoundDetail,
    ) -> Result<Self, Problem> {
        let mut courses = Self::default();
        let wanted: BTreeSet<u32> =
            items(round).filter(|i| matches!(i.kind, ItemKind::Reading(_))).map(|i| i.number).collect();
        let (Some(planned), false) = (&round.planned, wanted.is_empty()) else { return Ok(courses) };
        let start = planned.window.start;
        let lines = state.views.rounds(site.scope, start - DAYS, start + 1, site.now).await?;
        let of_plan =
            lines.iter().filter(|line| line.planned.as_ref().is_some_and(|p| p.plan == planned.plan));
        let mut walked: Vec<(RecordId, Millis)> = of_plan
            .filter_map(|line| Some((line.record?, line.planned.as_ref()?.window.start)))
            .take(MOST)
            .collect();
        walked.reverse();
        for (record, at) in walked {
            let Some(held) = state.views.record(site.scope, record).await? else { continue };
            for item in &wanted {
                // Several answers that nobody has settled are no figure.
                if let [only] = held.member(RESULT, Member::Number(*item)).as_slice()
                    && let Some(reading) = only.value.reading
                {
                    courses.0.entry(*item).or_default().push((record, at, reading));
                }
            }
        }
        Ok(courses)
    }

    /// The course of one item; none for fewer than two readings.
    pub(super) fn of(&self, site: &OpenSite, item: &Item) -> Option<Course> {
        let ItemKind::Reading(spec) = &item.kind else { return None };
        let readings = self.0.get(&item.number)?;
        let text = |reading: i64| {
            format!("{} {}", reading_text(reading, spec.decimals), spec.unit).trim_end().to_owned()
        };
        let values: Vec<i64> = readings.iter().map(|(.., reading)| *reading).collect();
        let Limits { low_warn, high_warn, .. } = spec.limits;
        let limits: Vec<i64> = [low_warn, high_warn].into_iter().flatten().collect();
        let told: Vec<String> = values.iter().map(|value| text(*value)).collect();
        let title =
            format!("{}{}{}", site.words.text(&item.text), site.words.pick("：", ": "), told.join(" → "));
        let figure = |(record, at, reading): &(RecordId, Millis, i64)| {
            let href = format!("{}/rounds/{record}#item-{}", site.address(), item.number);
            (Link::new(href, site.words.moment(*at).text), text(*reading))
        };
        Some(Course {
            line: Sparkline::new(title, &values, &limits)?,
            figures: readings.iter().rev().map(figure).collect(),
        })
    }
}

fn items(round: &RoundDetail) -> impl Iterator<Item = &Item> {
    round.points.iter().flat_map(|point| point.items.iter().map(|line| &line.item))
}
