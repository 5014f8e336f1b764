//! Round plans and rosters.

use super::super::{PlanFault, RosterPart, RoundPlanPart};
use super::Resolver;
use super::read::{day, minute_of_day};
use crate::records::RecordKind;
use crate::records::calendar::MINUTES_PER_DAY;
use crate::records::config::roster_record;
use crate::records::round::RoundPlan;
use crate::records::shift::{Assignment, Roster};

impl Resolver<'_> {
    pub(super) fn round_plans(&mut self) {
        let parts = &self.plan.round_plans;
        self.unique("round_plans", "key", parts.iter().map(|p| &p.key));
        for (i, part) in parts.iter().enumerate() {
            let path = format!("round_plans[{i}]");
            let plan = self.round_plan(&path, part);
            self.write(&path, self.named_record(RecordKind::RoundPlan, &part.key), plan);
        }
    }

    fn round_plan(&mut self, path: &str, part: &RoundPlanPart) -> RoundPlan {
        self.both(&format!("{path}.name"), &part.name);
        self.in_range(format!("{path}.window_minutes"), part.window_minutes, 1, MINUTES_PER_DAY);
        let times = part.times.iter().enumerate();
        RoundPlan {
            name: part.name.clone(),
            checklist: self.checklist(format!("{path}.checklist"), &part.checklist),
            post: self.post(format!("{path}.post"), &part.post),
            times: times.map(|(n, t)| self.take(format!("{path}.times[{n}]"), minute_of_day(t))).collect(),
            window_minutes: part.window_minutes,
            grace_minutes: part.grace_minutes,
            active: part.active,
        }
    }

    pub(super) fn roster(&mut self) {
        let parts = &self.plan.roster;
        self.unique("roster", "date", parts.iter().map(|r| format!("{} {}", r.date, r.shift)));
        for (i, part) in parts.iter().enumerate() {
            let path = format!("roster[{i}]");
            if let Some(roster) = self.shift_roster(&path, part) {
                self.write(&path, roster_record(self.site, &roster), roster);
            }
        }
    }

    fn shift_roster(&mut self, path: &str, part: &RosterPart) -> Option<Roster> {
        if !self.plan.site.shifts.iter().any(|s| s.key == part.shift) {
            self.fault(format!("{path}.shift"), PlanFault::NoSuch(RecordKind::Shift, part.shift.clone()));
        }
        let assignments = part.assignments.iter().enumerate();
        let assignments = assignments.map(|(n, a)| Assignment {
            post: self.post(format!("{path}.assignments[{n}].post"), &a.post),
            person: self.person(format!("{path}.assignments[{n}].person"), &a.person),
        });
        let assignments = assignments.collect();
        let date = self.take(format!("{path}.date"), day(&part.date).map(Some))?;
        Some(Roster { date, shift: part.shift.clone(), assignments })
    }
}
