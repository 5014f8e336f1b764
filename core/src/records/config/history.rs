//! Every version of every object, in the order HQ wrote them.

use std::collections::{BTreeMap, BTreeSet};

use super::{ConfigObject, ConfigView};
use crate::base::{PersonId, RecordId, Seq};
use crate::records::Bytes;
use crate::records::checklist::{Checklist, Checkpoint};
use crate::records::people::{Grant, Person, Post};
use crate::records::round::RoundPlan;
use crate::records::rules::RulePack;
use crate::records::security::Revocation;
use crate::records::shift::Roster;
use crate::records::site::Site;

/// A version of the configuration: an entry of HQ's chain, which is one per server epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConfigPosition {
    /// The epoch.
    pub epoch: u32,
    /// The entry's number in that epoch's chain.
    pub seq: Seq,
}

/// The versions of the objects of one kind, oldest first.
#[derive(Debug, Clone)]
pub(super) struct Versions<T>(BTreeMap<RecordId, Vec<(ConfigPosition, T)>>);

impl<T> Default for Versions<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Ord> Versions<T> {
    fn insert(&mut self, at: ConfigPosition, record: RecordId, object: T) {
        let versions = self.0.entry(record).or_default();
        let version = (at, object);
        if let Err(place) = versions.binary_search(&version) {
            versions.insert(place, version);
        }
    }
}

impl<T> Versions<T> {
    /// All versions of one object, newest first.
    pub(super) fn of(&self, record: RecordId) -> impl Iterator<Item = (ConfigPosition, &T)> {
        self.0.get(&record).into_iter().flatten().rev().map(|(at, object)| (*at, object))
    }

    /// The objects there are.
    pub(super) fn records(&self) -> impl Iterator<Item = RecordId> {
        self.0.keys().copied()
    }
}

/// What an epoch builds on, and what it took over since.
#[derive(Debug, Clone, Default)]
struct Epoch {
    previous: Option<ConfigPosition>,
    adopted: BTreeSet<(Seq, ConfigPosition)>,
}

/// A site's configuration with its whole history. Which entries were inserted decides it, not their order.
#[derive(Debug, Clone, Default)]
pub struct SiteConfig {
    pub(super) site: Versions<Site>,
    pub(super) people: Versions<Person>,
    pub(super) posts: Versions<Post>,
    pub(super) grants: Versions<Grant>,
    pub(super) grants_of: BTreeMap<PersonId, BTreeSet<RecordId>>,
    pub(super) checkpoints: Versions<Checkpoint>,
    pub(super) checklists: Versions<Checklist>,
    pub(super) plans: Versions<RoundPlan>,
    pub(super) rosters: Versions<Roster>,
    pub(super) rules: Versions<RulePack>,
    pub(super) certificates: Versions<Bytes>,
    pub(super) revocations: Versions<Revocation>,
    epochs: BTreeMap<u32, Epoch>,
}

impl SiteConfig {
    /// Takes in what an entry of HQ's chain added.
    pub fn insert(&mut self, at: ConfigPosition, record: RecordId, object: ConfigObject) {
        self.epochs.entry(at.epoch).or_default();
        match object {
            ConfigObject::Site(o) => self.site.insert(at, record, o),
            ConfigObject::Person(o) => self.people.insert(at, record, o),
            ConfigObject::Post(o) => self.posts.insert(at, record, o),
            ConfigObject::Grant(o) => {
                self.grants_of.entry(o.person).or_default().insert(record);
                self.grants.insert(at, record, o);
            }
            ConfigObject::Checkpoint(o) => self.checkpoints.insert(at, record, o),
            ConfigObject::Checklist(o) => self.checklists.insert(at, record, o),
            ConfigObject::RoundPlan(o) => self.plans.insert(at, record, o),
            ConfigObject::Roster(o) => self.rosters.insert(at, record, o),
            ConfigObject::Rules(o) => self.rules.insert(at, record, o),
            ConfigObject::Certificate(o) => self.certificates.insert(at, record, o),
            ConfigObject::Revocation(o) => self.revocations.insert(at, o.subject, o),
        }
    }

    /// Takes in that an epoch builds on an entry of an earlier one.
    pub fn open_epoch(&mut self, epoch: u32, previous: Option<ConfigPosition>) {
        let known = self.epochs.entry(epoch).or_default();
        known.previous = known.previous.max(previous);
    }

    /// Takes in that the entry `at` took over an earlier epoch's entries up to `adopted`.
    pub fn adopt(&mut self, at: ConfigPosition, adopted: ConfigPosition) {
        self.epochs.entry(at.epoch).or_default().adopted.insert((at.seq, adopted));
    }

    /// What held at a version. Before any (`None`) nothing was known.
    #[must_use]
    pub fn at(&self, version: Option<ConfigPosition>) -> ConfigView<'_> {
        let mut reach = Vec::new();
        raise(&mut reach, version);
        let epochs = version.map_or(0..1, |v| 0..v.epoch.saturating_add(1));
        for (number, epoch) in self.epochs.range(epochs).rev() {
            let Some((_, seq)) = reach.iter().find(|(epoch, _)| epoch == number).copied() else { continue };
            let earlier = |p: &ConfigPosition| p.epoch < *number;
            raise(&mut reach, epoch.previous.filter(earlier));
            for (_, adopted) in epoch.adopted.iter().take_while(|(at, _)| *at <= seq) {
                raise(&mut reach, Some(*adopted).filter(earlier));
            }
        }
        ConfigView::new(self, reach)
    }

    /// Whether anybody was ever cut off.
    #[must_use]
    pub fn revokes(&self) -> bool {
        self.revocations.records().next().is_some()
    }

    /// All that was ever decided about cutting off a device or person, in whatever epoch: neither a later decision nor a restored server
    /// lifts a cut.
    pub fn revocations_of(&self, subject: RecordId) -> impl Iterator<Item = &Revocation> {
        self.revocations.of(subject).map(|(_, revocation)| revocation)
    }

    /// What holds now, as far as it has arrived.
    #[must_use]
    pub fn newest(&self) -> ConfigView<'_> {
        let newest = self.epochs.keys().next_back();
        self.at(newest.map(|epoch| ConfigPosition { epoch: *epoch, seq: Seq::MAX }))
    }
}

fn raise(reach: &mut Vec<(u32, Seq)>, to: Option<ConfigPosition>) {
    let Some(to) = to else { return };
    match reach.iter_mut().find(|(epoch, _)| *epoch == to.epoch) {
        Some((_, seq)) => *seq = to.seq.max(*seq),
        None => reach.push((to.epoch, to.seq)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Bilingual;

    const POST: RecordId = RecordId([1; 16]);

    fn position(epoch: u32, seq: Seq) -> ConfigPosition {
        ConfigPosition { epoch, seq }
    }

    fn person(name: &str) -> ConfigObject {
        Person { name: name.into(), staff_number: "1".into(), phone: None }.into()
    }

    fn name_at(config: &SiteConfig, version: ConfigPosition) -> Option<&str> {
        config.at(Some(version)).person(PersonId(POST.0)).map(|p| p.name.as_str())
    }

    #[test]
    fn a_version_shows_what_was_written_up_to_it() {
        let mut config = SiteConfig::default();
        config.insert(position(1, 7), POST, person("seven"));
        config.insert(position(1, 3), POST, person("three"));
        config.insert(position(1, 3), POST, person("three"));
        let names = [2, 3, 6, 7, 99].map(|seq| name_at(&config, position(1, seq)));
        assert_eq!(names, [None, Some("three"), Some("three"), Some("seven"), Some("seven")]);
        assert!(config.at(None).person(PersonId(POST.0)).is_none());
    }

    #[test]
    fn a_restored_server_knows_what_it_was_restored_from_and_what_it_took_over() {
        let mut config = SiteConfig::default();
        for (epoch, seq, name) in [(1, 10, "before"), (1, 50, "after the backup")] {
            config.insert(position(epoch, seq), POST, person(name));
        }
        config.open_epoch(2, Some(position(1, 40)));
        assert_eq!(name_at(&config, position(2, 1)), Some("before"));
        config.adopt(position(2, 5), position(1, 60));
        assert_eq!(name_at(&config, position(2, 4)), Some("before"));
        assert_eq!(name_at(&config, position(2, 5)), Some("after the backup"));
        config.insert(position(2, 3), POST, person("new epoch"));
        assert_eq!(name_at(&config, position(2, 9)), Some("new epoch"));
        assert_eq!(name_at(&config, position(1, 60)), Some("after the backup"), "an old citation stays");
        config.open_epoch(3, Some(position(2, 4)));
        assert_eq!(name_at(&config, position(3, 1)), Some("new epoch"));
    }

    #[test]
    fn what_was_inserted_counts_and_not_in_which_order() {
        let steps: [fn(&mut SiteConfig); 4] = [
            |c| c.insert(position(1, 10), POST, person("a")),
            |c| c.insert(position(1, 50), POST, person("b")),
            |c| c.open_epoch(2, Some(position(1, 40))),
            |c| c.adopt(position(2, 5), position(1, 60)),
        ];
        let seen = |order: &[usize]| {
            let mut config = SiteConfig::default();
            order.iter().for_each(|i| steps[*i](&mut config));
            [position(1, 20), position(2, 2), position(2, 9)].map(|v| name_at(&config, v).map(str::to_owned))
        };
        assert_eq!(seen(&[0, 1, 2, 3]), seen(&[3, 2, 1, 0]));
        assert_eq!(seen(&[0, 1, 2, 3]), seen(&[2, 0, 3, 1, 0, 3]));
    }

    #[test]
    fn an_epoch_cannot_be_made_to_see_the_future() {
        let mut config = SiteConfig::default();
        config.insert(position(3, 1), POST, person("future"));
        config.adopt(position(1, 1), position(3, 9));
        config.open_epoch(1, Some(position(3, 9)));
        assert_eq!(name_at(&config, position(1, 5)), None);
    }

    #[test]
    fn the_newest_view_is_the_newest_epochs() {
        let mut config = SiteConfig::default();
        assert!(config.newest().site().is_none());
        let name = Bilingual::new("泵站", "pump station");
        let shifts = Vec::new();
        let site = Site {
            name,
            time_zone: "Asia/Shanghai".into(),
            headquarters: Bilingual::default(),
            shifts,
            lead_minutes: None,
            handover_checklist: None,
        };
        config.insert(position(1, 2), POST, site.into());
        assert!(config.newest().site().is_some());
        config.open_epoch(2, None);
        assert!(config.newest().site().is_none());
    }
}
