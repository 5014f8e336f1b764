//! The parts of a plan, one by one.

use super::super::{
    AssetPart, ChecklistPart, GrantPart, ItemPart, PersonPart, PlanFault, PostPart, ReadingPart,
};
use super::super::{RosterPart, RoundPlanPart, RulePart, ShiftPart, person_id};
use super::Resolver;
use crate::base::{Millis, PersonId, RecordId};
use crate::records::calendar::{Date, MINUTES_PER_DAY};
use crate::records::checklist::{
    Asset, Checklist, Checkpoint, Item, ItemKind, Limits, NO_CHECKPOINT, ReadingSpec,
};
use crate::records::config::{roster_record, rules_record};
use crate::records::people::{Grant, Person, Post};
use crate::records::round::RoundPlan;
use crate::records::rules::{Rule, RulePack};
use crate::records::shift::{Assignment, Roster};
use crate::records::site::{ShiftDefinition, Site};
use crate::records::{Bilingual, Capabilities, RecordKind};

/// Digits after the point that a reading may have.
const MOST_DECIMALS: u32 = 6;

impl Resolver<'_> {
    pub(super) fn all(&mut self) {
        self.site();
        self.posts();
        self.people();
        self.grants();
        self.checkpoints();
        self.checklists();
        self.round_plans();
        self.roster();
        self.rules();
    }

    fn site(&mut self) {
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

    fn posts(&mut self) {
        let parts = &self.plan.posts;
        self.unique("posts", "key", parts.iter().map(|p| &p.key));
        for (i, part) in parts.iter().enumerate() {
            let path = format!("posts[{i}]");
            self.both(&format!("{path}.name"), &part.name);
            let capabilities = self.take(path.as_str(), capabilities(part));
            let post = Post {
                name: part.name.clone(),
                template: part.template,
                capabilities,
                mandatory: part.mandatory,
                active: part.active,
            };
            self.write(&path, self.named_record(RecordKind::Post, &part.key), post);
        }
    }

    fn people(&mut self) {
        let parts = &self.plan.people;
        self.unique("people", "staff_number", parts.iter().map(|p| &p.staff_number));
        for (i, part) in parts.iter().enumerate() {
            let path = format!("people[{i}]");
            self.not_empty(format!("{path}.name"), &part.name);
            let person = Person {
                name: part.name.clone(),
                staff_number: part.staff_number.clone(),
                phone: part.phone.clone(),
            };
            self.write(&path, RecordId(person_id(self.org, &part.staff_number).0), person);
            self.posts_held(i, part);
        }
    }

    fn posts_held(&mut self, i: usize, part: &PersonPart) {
        let person = person_id(self.org, &part.staff_number);
        for (n, key) in part.posts.iter().enumerate() {
            let path = format!("people[{i}].posts[{n}]");
            let post = self.post(path.clone(), key);
            let grant = Grant { person, post, from: 0, until: None, reason: None, approver: None };
            let name = format!("{}/{key}", part.staff_number);
            self.write(&path, self.named_record(RecordKind::Grant, &name), grant);
        }
    }

    fn grants(&mut self) {
        let parts = &self.plan.grants;
        for (i, part) in parts.iter().enumerate() {
            let path = format!("grants[{i}]");
            if part.until.is_some() && (part.reason.is_none() || part.approver.is_none()) {
                self.fault(path.as_str(), PlanFault::UnreasonedGrant);
            }
            let grant = self.grant(&path, part);
            let name = format!("{}/{}/{}", part.person, part.post, part.from);
            self.write(&path, self.named_record(RecordKind::Grant, &name), grant);
        }
        let names = parts.iter().map(|p| format!("{}/{}/{}", p.person, p.post, p.from));
        self.unique("grants", "from", names);
    }

    fn grant(&mut self, path: &str, part: &GrantPart) -> Grant {
        let until = part.until.as_ref().map(|day| self.midnight(format!("{path}.until"), day, 1));
        let approver = part.approver.as_ref().map(|a| self.person(format!("{path}.approver"), a));
        Grant {
            person: self.person(format!("{path}.person"), &part.person),
            post: self.post(format!("{path}.post"), &part.post),
            from: self.midnight(format!("{path}.from"), &part.from, 0),
            until,
            reason: part.reason.clone(),
            approver,
        }
    }

    fn checkpoints(&mut self) {
        let parts = &self.plan.checkpoints;
        self.unique("checkpoints", "number", parts.iter().map(|c| c.number));
        for (i, part) in parts.iter().enumerate() {
            let path = format!("checkpoints[{i}]");
            self.both(&format!("{path}.name"), &part.name);
            let asset = |a: &AssetPart| Asset { name: a.name.clone(), model: a.model.clone() };
            let checkpoint = Checkpoint {
                number: part.number,
                name: part.name.clone(),
                place: part.place.clone(),
                tag: part.tag.clone(),
                assets: part.assets.iter().map(asset).collect(),
                active: part.active,
            };
            self.write(
                &path,
                self.named_record(RecordKind::Checkpoint, &part.number.to_string()),
                checkpoint,
            );
        }
    }

    fn checklists(&mut self) {
        let parts = &self.plan.checklists;
        self.unique("checklists", "key", parts.iter().map(|c| &c.key));
        for (i, part) in parts.iter().enumerate() {
            let path = format!("checklists[{i}]");
            self.both(&format!("{path}.name"), &part.name);
            let items = self.items(&path, part);
            let checklist = Checklist { name: part.name.clone(), version: 0, items, active: part.active };
            self.write(&path, self.named_record(RecordKind::Checklist, &part.key), checklist);
        }
    }

    fn items(&mut self, path: &str, part: &ChecklistPart) -> Vec<Item> {
        self.unique(&format!("{path}.items"), "number", part.items.iter().map(|i| i.number));
        let items = part.items.iter().enumerate();
        items.map(|(n, item)| self.item(&format!("{path}.items[{n}]"), item)).collect()
    }

    fn item(&mut self, path: &str, part: &ItemPart) -> Item {
        self.both(&format!("{path}.text"), &part.text);
        let known = |number| self.plan.checkpoints.iter().any(|c| c.number == number);
        if let Some(number) = part.checkpoint.filter(|number| !known(*number)) {
            let fault = PlanFault::NoSuch(RecordKind::Checkpoint, number.to_string());
            self.fault(format!("{path}.checkpoint"), fault);
        }
        let reading = part.reading.as_ref().map(|r| self.reading(&format!("{path}.reading"), r));
        Item {
            number: part.number,
            checkpoint: part.checkpoint.unwrap_or(NO_CHECKPOINT),
            text: part.text.clone(),
            kind: reading.map_or(ItemKind::Status, ItemKind::Reading),
            required: part.required,
        }
    }

    fn reading(&mut self, path: &str, part: &ReadingPart) -> ReadingSpec {
        self.not_empty(format!("{path}.unit"), &part.unit);
        self.in_range(format!("{path}.decimals"), part.decimals, 0, MOST_DECIMALS);
        let mut limit = |name: &str, text: &Option<String>| {
            let text = text.as_ref()?;
            Some(self.take(format!("{path}.{name}"), steps(text, part.decimals)))
        };
        let limits = Limits {
            low_alarm: limit("low_alarm", &part.low_alarm),
            low_warn: limit("low_warn", &part.low_warn),
            high_warn: limit("high_warn", &part.high_warn),
            high_alarm: limit("high_alarm", &part.high_alarm),
        };
        let sound = self.problems.last().is_none_or(|p| !p.path.starts_with(path));
        if sound && !limits.in_order() {
            self.fault(path, PlanFault::LimitsOutOfOrder);
        }
        ReadingSpec { unit: part.unit.clone(), decimals: part.decimals, limits }
    }

    fn round_plans(&mut self) {
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

    fn roster(&mut self) {
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

    fn rules(&mut self) {
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

    fn both(&mut self, path: &str, text: &Bilingual) {
        self.not_empty(format!("{path}.zh"), &text.zh);
        self.not_empty(format!("{path}.en"), &text.en);
    }

    fn post(&mut self, path: String, key: &str) -> RecordId {
        if !self.plan.posts.iter().any(|p| p.key == key) {
            self.fault(path, PlanFault::NoSuch(RecordKind::Post, key.to_owned()));
        }
        self.named_record(RecordKind::Post, key)
    }

    fn checklist(&mut self, path: String, key: &str) -> RecordId {
        if !self.plan.checklists.iter().any(|c| c.key == key) {
            self.fault(path, PlanFault::NoSuch(RecordKind::Checklist, key.to_owned()));
        }
        self.named_record(RecordKind::Checklist, key)
    }

    fn person(&mut self, path: String, staff_number: &str) -> PersonId {
        if !self.plan.people.iter().any(|p| p.staff_number == staff_number) {
            self.fault(path, PlanFault::NoSuch(RecordKind::Person, staff_number.to_owned()));
        }
        person_id(self.org, staff_number)
    }

    /// Local midnight of a day, or of so many days after it.
    fn midnight(&mut self, path: String, text: &str, days: u32) -> Millis {
        let zone = self.zone;
        let instant = |date| zone.map_or(Some(0), |z| z.instant(date, days * MINUTES_PER_DAY));
        let read = day(text).and_then(|d| instant(d).ok_or_else(|| PlanFault::NotADay(text.to_owned())));
        self.take(path, read)
    }
}

fn capabilities(part: &PostPart) -> Result<Capabilities, PlanFault> {
    let given = part.capabilities.as_ref().map(|list| list.iter().copied().collect());
    given.or(part.template.map(|t| t.capabilities())).ok_or(PlanFault::PostAllowsNothing)
}

fn day(text: &str) -> Result<Date, PlanFault> {
    text.parse().map_err(|_| PlanFault::NotADay(text.to_owned()))
}

/// Minutes after midnight of `08:00`.
fn minute_of_day(text: &str) -> Result<u32, PlanFault> {
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    let two = |part: &str| digits(part).then(|| part.parse::<u32>().ok()).flatten();
    let read = text.split_once(':').and_then(|(h, m)| Some((two(h)?, two(m)?)));
    match read {
        Some((hour @ 0..24, minute @ 0..60)) => Ok(hour * 60 + minute),
        _ => Err(PlanFault::NotATime(text.to_owned())),
    }
}

/// `-0.6` with two decimals is -60 steps.
fn steps(text: &str, decimals: u32) -> Result<i64, PlanFault> {
    let fault = || PlanFault::NotAReading(text.to_owned());
    let (sign, size) = text.strip_prefix('-').map_or((1, text), |size| (-1, size));
    let (whole, part) = size.split_once('.').unwrap_or((size, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let width = usize::try_from(decimals).map_err(|_| fault())?;
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > width || size.ends_with('.') {
        return Err(fault());
    }
    let number = format!("{whole}{part:0<width$}").parse::<i64>().map_err(|_| fault())?;
    Ok(sign * number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day() {
        assert_eq!(
            ["00:00", "08:30", "23:59"].map(|t| minute_of_day(t).ok()),
            [Some(0), Some(510), Some(1439)]
        );
        for wrong in ["24:00", "8:30", "08:60", "0830", "08:3", "+1:00", ""] {
            assert!(minute_of_day(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn readings_are_exact() {
        let table = [("0.60", 2, 60), ("0.6", 2, 60), ("-1", 1, -10), ("42", 0, 42), ("007.5", 1, 75)];
        for (text, decimals, expected) in table {
            assert_eq!(steps(text, decimals), Ok(expected), "{text}");
        }
        for wrong in ["0.605", "", "-", ".5", "5.", "1e3", "1 0", "99999999999999999999"] {
            assert!(steps(wrong, 2).is_err(), "{wrong}");
        }
    }
}
