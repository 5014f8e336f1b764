//! The site itself and its rules.

use super::super::{PlanFault, RulePart, ShiftPart};
use super::Resolver;
use super::read::minute_of_day;
use crate::base::RecordId;
use crate::records::config::rules_record;
use crate::records::rules::{Rule, RulePack};
use crate::records::site::{ShiftDefinition, Site};

impl Resolver<'_> {
    pub(super) fn site(&mut self) {
        let part = &self.plan.site;
        self.not_empty("site.key", &part.key);
        self.both("site.name", &part.name);
        self.both("site.headquarters", &part.headquarters);
        if self.zone.is_none() {
            self.fault("site.time_zone", PlanFault::NotATimeZone(part.time_zone.clone()));
        }
        self.unique("site.shifts", "key", part.shifts.iter().map(|s| &s.key));
        let list = part.handover_checklist.as_ref();
        let site = Site {
            name: part.name.clone(),
            time_zone: part.time_zone.clone(),
            headquarters: part.headquarters.clone(),
            shifts: part.shifts.iter().enumerate().map(|(i, s)| self.shift(i, s)).collect(),
            lead_minutes: part.handover_lead_minutes,
            handover_checklist: list.map(|key| self.checklist("site.handover_checklist".into(), key)),
        };
        self.write("site", RecordId(self.site.0), site);
    }

    fn shift(&mut self, i: usize, part: &ShiftPart) -> ShiftDefinition {
        let path = format!("site.shifts[{i}]");
        self.both(&format!("{path}.name"), &part.name);
        ShiftDefinition {
            key: part.key.clone(),
            name: part.name.clone(),
            start_minute: self.take(format!("{path}.start"), minute_of_day(&part.start)),
            end_minute: self.take(format!("{path}.end"), minute_of_day(&part.end)),
        }
    }

    pub(super) fn rules(&mut self) {
        let parts = &self.plan.rules;
        self.unique("rules", "rule", parts.iter().map(|r| r.rule.code()));
        if parts.is_empty() {
            return;
        }
        for (i, part) in parts.iter().enumerate() {
            self.both(&format!("rules[{i}].clause"), &part.clause);
        }
        let rule = |part: &RulePart| Rule {
            id: part.rule.code().into(),
            value: part.value,
            clause: part.clause.clone(),
        };
        let pack = RulePack { version: 0, rules: parts.iter().map(rule).collect() };
        self.write("rules", rules_record(self.site), pack);
    }
}
