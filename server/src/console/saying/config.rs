//! What is said of HQ's description of a site.

use dutylog_core::base::Value;
use dutylog_core::records::FieldId;
use dutylog_core::records::config::ConfigObject;

use super::Sayer;

impl Sayer<'_> {
    pub(super) fn of_config(&self, field: FieldId, value: &Value) -> Option<String> {
        Some(match ConfigObject::read(field, value)? {
            ConfigObject::Site(site) => self.words.text(&site.name),
            ConfigObject::Person(person) => self.joined(&[person.name, person.staff_number]),
            ConfigObject::Post(post) => self.words.text(&post.name),
            ConfigObject::Grant(grant) => {
                let until = grant.until.map(|at| format!("– {}", self.words.moment(at).text));
                self.joined(&[
                    self.words.person(grant.person),
                    self.post(grant.post),
                    until.unwrap_or_default(),
                    grant.reason.unwrap_or_default(),
                ])
            }
            ConfigObject::Checkpoint(point) => format!("{} · {}", point.number, self.words.text(&point.name)),
            ConfigObject::Checklist(list) => format!("{} v{}", self.words.text(&list.name), list.version),
            ConfigObject::RoundPlan(plan) => self.words.text(&plan.name),
            ConfigObject::Roster(roster) => format!("{} {}", roster.date, roster.shift),
            ConfigObject::Rules(rules) => format!("v{}", rules.version),
            ConfigObject::Certificate(_) => String::new(),
            ConfigObject::Revocation(revocation) => self.words.of(&revocation.kind),
        })
    }
}
