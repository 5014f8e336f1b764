//! Posts, people and who holds which.

use super::super::{GrantPart, PersonPart, PlanFault, person_id};
use super::Resolver;
use super::read::{capabilities, day};
use crate::base::{Millis, RecordId};
use crate::records::RecordKind;
use crate::records::calendar::MINUTES_PER_DAY;
use crate::records::people::{Grant, Person, Post};

impl Resolver<'_> {
    pub(super) fn posts(&mut self) {
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

    pub(super) fn people(&mut self) {
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

    pub(super) fn grants(&mut self) {
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

    /// Local midnight of a day, or of so many days after it.
    fn midnight(&mut self, path: String, text: &str, days: u32) -> Millis {
        let zone = self.zone;
        let instant = |date| zone.map_or(Some(0), |z| z.instant(date, days * MINUTES_PER_DAY));
        let read = day(text).and_then(|d| instant(d).ok_or_else(|| PlanFault::NotADay(text.to_owned())));
        self.take(path, read)
    }
}
