//! Which rounds were due: from the plans as they held when each window opened.

use std::collections::BTreeMap;

use dutylog_core::base::{Millis, RecordId};
use dutylog_core::records::Bilingual;
use dutylog_core::records::calendar::{Date, Zone};
use dutylog_core::records::round::{Phone, Progress, RoundPlan, RoundStatus, Window, round_status};

use super::PhoneView;
use super::board::{Board, PlanVersion, bilingual};

/// A round that was due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The plan.
    pub plan: RecordId,
    /// Its name then.
    pub name: Bilingual,
    /// The post whose holders walk it.
    pub post: RecordId,
    /// When.
    pub window: Window,
    /// For how long after the window it is not called missed, minutes.
    pub grace: u32,
}

impl Planned {
    /// The phones that could have recorded it: those on which a holder of the post can sign in.
    pub fn phones<'p>(&self, phones: &'p [PhoneView]) -> impl Iterator<Item = &'p PhoneView> {
        let (start, end) = (self.window.start, self.window.end_with_grace(self.grace));
        let post = self.post.0;
        phones.iter().filter(move |p| p.card.serves(post, start, end))
    }

    /// Whether it was done, seen from `now`.
    #[must_use]
    pub fn status(&self, progress: Progress, phones: &[PhoneView], now: Millis) -> RoundStatus {
        let phones: Vec<Phone> = self.phones(phones).map(PhoneView::standing).collect();
        round_status(self.window, self.grace, progress, &phones, now)
    }
}

/// The rounds whose windows open from `from` until before `until`, in order.
#[must_use]
pub fn planned(board: &Board, from: Millis, until: Millis) -> Vec<Planned> {
    let Some(zone) = board.zone() else { return Vec::new() };
    let mut plans: BTreeMap<[u8; 16], Vec<&PlanVersion>> = BTreeMap::new();
    for version in &board.plans {
        plans.entry(version.plan).or_default().push(version);
    }
    let days = days(zone, from, until);
    let mut due: Vec<Planned> = plans
        .values()
        .flat_map(|versions| days.iter().flat_map(move |day| due_on(board, versions, *day, zone)))
        .filter(|p| (from..until).contains(&p.window.start))
        .collect();
    due.sort_by_key(|p| (p.window, p.plan));
    due
}

fn days(zone: Zone, from: Millis, until: Millis) -> Vec<Date> {
    let (Some(first), Some(last)) = (zone.date(from), zone.date(until)) else { return Vec::new() };
    std::iter::successors(Some(first), |day| day.next()).take_while(|day| *day <= last).collect()
}

/// The windows of one day, each by the version that held when it opened.
fn due_on(board: &Board, versions: &[&PlanVersion], day: Date, zone: Zone) -> Vec<Planned> {
    let held_at = |at: Millis| versions.iter().rposition(|v| v.since <= at);
    let mut due = Vec::new();
    for (n, version) in versions.iter().enumerate().filter(|(_, v)| v.active) {
        let windows = plan(version).windows_on(day, zone);
        for window in windows.into_iter().filter(|w| held_at(w.start) == Some(n)) {
            due.push(Planned {
                plan: RecordId(version.plan),
                name: bilingual(&version.name),
                post: RecordId(version.post),
                window,
                grace: version.grace_minutes.unwrap_or_else(|| board.grace_at(window.start)),
            });
        }
    }
    due
}

fn plan(version: &PlanVersion) -> RoundPlan {
    RoundPlan {
        name: bilingual(&version.name),
        checklist: RecordId::default(),
        post: RecordId(version.post),
        times: version.times.clone(),
        window_minutes: version.window_minutes,
        grace_minutes: version.grace_minutes,
        active: version.active,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Millis = 3_600_000;

    fn version(since: Millis, times: &[u32], active: bool) -> PlanVersion {
        PlanVersion {
            plan: [1; 16],
            since,
            name: ("巡检".into(), "round".into()),
            post: [2; 16],
            times: times.to_vec(),
            window_minutes: 60,
            grace_minutes: None,
            active,
        }
    }

    #[test]
    fn a_new_plan_never_judges_the_past_again() {
        let plans = vec![
            version(0, &[60, 600], true),
            version(5 * HOUR, &[60, 660], true),
            version(30 * HOUR, &[60], false),
        ];
        let board = Board {
            time_zone: "UTC".into(),
            plans,
            graces: vec![(0, 20), (12 * HOUR, 30)],
            ..Board::default()
        };
        let due: Vec<_> =
            planned(&board, 0, 48 * HOUR).into_iter().map(|p| (p.window.start / HOUR, p.grace)).collect();
        assert_eq!(due, [(1, 20), (11, 20), (25, 30)]);
        assert!(planned(&Board::default(), 0, HOUR).is_empty());
    }
}
