//! From names to objects: every reference found, every figure checked, everything wrong told at once.

mod checks;
mod duty;
mod people;
mod read;
mod site;

use std::collections::BTreeMap;

use super::{PlanFault, PlanProblem, SitePlan};
use crate::base::{Digest, Hasher, OrgId, PersonId, RecordId, SiteId};
use crate::records::calendar::Zone;
use crate::records::config::{ConfigObject, object_record};
use crate::records::limits::size_of;
use crate::records::{Bilingual, RecordKind};

/// One object to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigWrite {
    /// Its record.
    pub record: RecordId,
    /// What it should be.
    pub object: ConfigObject,
}

/// A plan whose names all mean something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedPlan {
    /// The site.
    pub site: SiteId,
    /// Its objects. Checklists and rules have no version yet.
    pub objects: Vec<ConfigWrite>,
}

/// The site that has this short name in the organisation.
#[must_use]
pub fn site_id(org: OrgId, key: &str) -> SiteId {
    SiteId(first_half(named("dutylog/site/v1", org, key)))
}

/// The person who has this staff number in the organisation.
#[must_use]
pub fn person_id(org: OrgId, staff_number: &str) -> PersonId {
    PersonId(first_half(named("dutylog/person/v1", org, staff_number)))
}

fn named(domain: &str, org: OrgId, name: &str) -> Digest {
    Hasher::tagged(domain).with(&org.0).with(name.as_bytes()).finish()
}

fn first_half(digest: Digest) -> [u8; 16] {
    let mut id = [0; 16];
    id.copy_from_slice(&digest.0[..16]);
    id
}

impl SitePlan {
    /// Finds what every name means.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the file.
    pub fn resolve(&self, org: OrgId) -> Result<ResolvedPlan, Vec<PlanProblem>> {
        let mut resolver = Resolver::new(self, org);
        resolver.all();
        let Resolver { site, objects, problems, .. } = resolver;
        if problems.is_empty() { Ok(ResolvedPlan { site, objects }) } else { Err(problems) }
    }
}

struct Resolver<'p> {
    plan: &'p SitePlan,
    org: OrgId,
    site: SiteId,
    zone: Option<Zone>,
    objects: Vec<ConfigWrite>,
    problems: Vec<PlanProblem>,
}

impl<'p> Resolver<'p> {
    fn new(plan: &'p SitePlan, org: OrgId) -> Self {
        let site = site_id(org, &plan.site.key);
        let zone = Zone::named(&plan.site.time_zone);
        Self { plan, org, site, zone, objects: Vec::new(), problems: Vec::new() }
    }

    fn all(&mut self) {
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

    fn write(&mut self, path: &str, record: RecordId, object: impl Into<ConfigObject>) {
        let object = object.into();
        if let Err(unfit) = size_of(&object.to_value()) {
            self.fault(path, PlanFault::Unfit(unfit));
        }
        self.objects.push(ConfigWrite { record, object });
    }

    fn named_record(&self, kind: RecordKind, key: &str) -> RecordId {
        object_record(self.site, kind, key.as_bytes())
    }

    fn fault(&mut self, path: impl Into<String>, fault: PlanFault) {
        self.problems.push(PlanProblem::new(path.into(), fault));
    }

    fn not_empty(&mut self, path: impl Into<String>, text: &str) {
        if text.trim().is_empty() {
            self.fault(path, PlanFault::Empty);
        }
    }

    fn in_range(&mut self, path: impl Into<String>, number: u32, least: u32, most: u32) {
        if !(least..=most).contains(&number) {
            self.fault(path, PlanFault::OutOfRange(least, most));
        }
    }

    /// Every name is there once and says something.
    fn unique<K: ToString>(&mut self, list: &str, field: &str, keys: impl Iterator<Item = K>) {
        let mut seen = BTreeMap::new();
        for (i, key) in keys.enumerate() {
            let key = key.to_string();
            let path = format!("{list}[{i}].{field}");
            self.not_empty(path.as_str(), &key);
            if seen.insert(key.clone(), i).is_some() {
                self.fault(path, PlanFault::Duplicate(key));
            }
        }
    }

    fn both(&mut self, path: &str, text: &Bilingual) {
        self.not_empty(format!("{path}.zh"), &text.zh);
        self.not_empty(format!("{path}.en"), &text.en);
    }

    fn checklist(&mut self, path: String, key: &str) -> RecordId {
        if !self.plan.checklists.iter().any(|c| c.key == key) {
            self.fault(path, PlanFault::NoSuch(RecordKind::Checklist, key.to_owned()));
        }
        self.named_record(RecordKind::Checklist, key)
    }

    fn post(&mut self, path: String, key: &str) -> RecordId {
        if !self.plan.posts.iter().any(|p| p.key == key) {
            self.fault(path, PlanFault::NoSuch(RecordKind::Post, key.to_owned()));
        }
        self.named_record(RecordKind::Post, key)
    }

    fn person(&mut self, path: String, staff_number: &str) -> PersonId {
        if !self.plan.people.iter().any(|p| p.staff_number == staff_number) {
            self.fault(path, PlanFault::NoSuch(RecordKind::Person, staff_number.to_owned()));
        }
        person_id(self.org, staff_number)
    }

    /// A value that was read, or a fault at its place and what stands for it meanwhile.
    fn take<T: Default>(&mut self, path: impl Into<String>, read: Result<T, PlanFault>) -> T {
        read.unwrap_or_else(|fault| {
            self.fault(path, fault);
            T::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::limits::Unfit;

    const ORG: OrgId = OrgId([7; 16]);
    const EXAMPLE: &str = include_str!("../../../tests/fixtures/site.json");

    fn changed(from: &str, to: &str) -> Vec<(String, PlanFault)> {
        assert!(EXAMPLE.contains(from), "the example has no {from}");
        let plan = SitePlan::from_json(EXAMPLE.replacen(from, to, 1).as_bytes()).expect("a plan");
        let problems = plan.resolve(ORG).expect_err("something is wrong");
        problems.into_iter().map(|p| (p.path, p.fault)).collect()
    }

    #[test]
    fn the_example_is_a_plan() {
        let plan = SitePlan::from_json(EXAMPLE.as_bytes()).expect("a plan");
        let resolved = plan.resolve(ORG).expect("nothing is wrong");
        assert_eq!(resolved.site, site_id(ORG, "qingshiling"));
        let of =
            |kind| resolved.objects.iter().filter(|w| w.object.kind().record_kind() == Some(kind)).count();
        assert_eq!(of(RecordKind::Site), 1);
        assert_eq!(of(RecordKind::Person), plan.people.len());
        assert_eq!(of(RecordKind::Checkpoint), plan.checkpoints.len());
        let held: usize = plan.people.iter().map(|p| p.posts.len()).sum();
        assert_eq!(of(RecordKind::Grant), held + plan.grants.len());
    }

    #[test]
    fn every_object_has_its_own_record() {
        let plan = SitePlan::from_json(EXAMPLE.as_bytes()).expect("a plan");
        let mut records: Vec<_> =
            plan.resolve(ORG).expect("a plan").objects.iter().map(|w| w.record).collect();
        let all = records.len();
        records.sort_unstable();
        records.dedup();
        assert_eq!(records.len(), all);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let one = |from, to, path: &str, fault| {
            assert_eq!(changed(from, to), [(path.to_owned(), fault)], "{to}");
        };
        one("Asia/Shanghai", "Mars/Base", "site.time_zone", PlanFault::NotATimeZone("Mars/Base".into()));
        one("\"20:00\"", "\"24:30\"", "site.shifts[0].end", PlanFault::NotATime("24:30".into()));
        one(
            "\"post\": \"patrol\", \"times\"",
            "\"post\": \"nobody\", \"times\"",
            "round_plans[0].post",
            PlanFault::NoSuch(RecordKind::Post, "nobody".into()),
        );
        one(
            "\"key\": \"night\", \"name\": { \"zh\": \"夜班巡检\"",
            "\"key\": \"day\", \"name\": { \"zh\": \"夜班巡检\"",
            "round_plans[1].key",
            PlanFault::Duplicate("day".into()),
        );
        one(
            "\"high_warn\": \"0.60\"",
            "\"high_warn\": \"0.605\"",
            "checklists[0].items[1].reading.high_warn",
            PlanFault::NotAReading("0.605".into()),
        );
        one(
            "\"high_warn\": \"0.60\"",
            "\"high_warn\": \"0.70\"",
            "checklists[0].items[1].reading",
            PlanFault::LimitsOutOfOrder,
        );
        one("\"reason\": \"迎峰度夏期间加强值守\", ", "", "grants[0]", PlanFault::UnreasonedGrant);
        one(
            "\"window_minutes\": 60",
            "\"window_minutes\": 0",
            "round_plans[0].window_minutes",
            PlanFault::OutOfRange(1, 1440),
        );
        one("\"name\": \"张伟\"", "\"name\": \" \"", "people[0].name", PlanFault::Empty);
        one(
            "\"DFSS250-480\"",
            "\"DFSS\\u0007\"",
            "checkpoints[0]",
            PlanFault::Unfit(Unfit::ControlCharacter),
        );
    }
}
