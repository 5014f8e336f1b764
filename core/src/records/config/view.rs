//! What held at one version of the configuration.

use std::collections::{BTreeMap, BTreeSet};

use super::history::{ConfigPosition, SiteConfig, Versions};
use crate::base::{PersonId, RecordId, Seq};
use crate::records::Bytes;
use crate::records::calendar::{Date, Zone};
use crate::records::checklist::{Checklist, Checkpoint};
use crate::records::people::{Grant, Person, Post};
use crate::records::round::RoundPlan;
use crate::records::rules::RulePack;
use crate::records::security::Revocation;
use crate::records::shift::Roster;
use crate::records::site::Site;

/// What holds before any rule pack was published.
static DEFAULT_RULES: RulePack = RulePack { version: 0, rules: Vec::new() };

/// The configuration at one version: it looks up, and copies nothing.
#[derive(Debug, Clone)]
pub struct ConfigView<'c> {
    config: &'c SiteConfig,
    /// For each epoch, the last entry of its chain that this version knows.
    reach: Vec<(u32, Seq)>,
}

impl<'c> ConfigView<'c> {
    pub(super) fn new(config: &'c SiteConfig, reach: Vec<(u32, Seq)>) -> Self {
        Self { config, reach }
    }

    fn sees(&self, at: ConfigPosition) -> bool {
        self.reach.iter().any(|(epoch, seq)| *epoch == at.epoch && at.seq <= *seq)
    }

    /// Whether this version knows an epoch's chain up to a number.
    #[must_use]
    pub fn reaches(&self, epoch: u32, seq: Seq) -> bool {
        self.sees(ConfigPosition { epoch, seq })
    }

    fn all_of<T>(&self, versions: &'c Versions<T>, record: RecordId) -> impl Iterator<Item = &'c T> {
        versions.of(record).filter(|(at, _)| self.sees(*at)).map(|(_, object)| object)
    }

    fn latest<T>(&self, versions: &'c Versions<T>, record: RecordId) -> Option<&'c T> {
        self.all_of(versions, record).next()
    }

    fn every<T>(&self, versions: &'c Versions<T>) -> impl Iterator<Item = (RecordId, &'c T)> {
        versions.records().filter_map(|record| Some((record, self.latest(versions, record)?)))
    }

    /// The site.
    #[must_use]
    pub fn site(&self) -> Option<&'c Site> {
        self.every(&self.config.site).next().map(|(_, site)| site)
    }

    /// The site's time zone.
    #[must_use]
    pub fn zone(&self) -> Option<Zone> {
        self.site()?.zone()
    }

    /// A person.
    #[must_use]
    pub fn person(&self, person: PersonId) -> Option<&'c Person> {
        self.latest(&self.config.people, RecordId(person.0))
    }

    /// All people.
    pub fn people(&self) -> impl Iterator<Item = (PersonId, &'c Person)> {
        self.every(&self.config.people).map(|(record, person)| (PersonId(record.0), person))
    }

    /// A post.
    #[must_use]
    pub fn post(&self, post: RecordId) -> Option<&'c Post> {
        self.latest(&self.config.posts, post)
    }

    /// All posts.
    pub fn posts(&self) -> impl Iterator<Item = (RecordId, &'c Post)> {
        self.every(&self.config.posts)
    }

    /// The grants that ever named a person, whether this version knows them or not.
    pub(super) fn grants_by_person(&self) -> &'c BTreeMap<PersonId, BTreeSet<RecordId>> {
        &self.config.grants_of
    }

    /// A grant.
    #[must_use]
    pub fn grant(&self, grant: RecordId) -> Option<&'c Grant> {
        self.latest(&self.config.grants, grant)
    }

    /// All grants, whenever they hold.
    pub fn grants(&self) -> impl Iterator<Item = (RecordId, &'c Grant)> {
        self.every(&self.config.grants)
    }

    /// A checkpoint.
    #[must_use]
    pub fn checkpoint(&self, checkpoint: RecordId) -> Option<&'c Checkpoint> {
        self.latest(&self.config.checkpoints, checkpoint)
    }

    /// A checkpoint by its number at the site.
    #[must_use]
    pub fn checkpoint_numbered(&self, number: u32) -> Option<&'c Checkpoint> {
        self.checkpoints().find(|(_, c)| c.number == number).map(|(_, c)| c)
    }

    /// All checkpoints.
    pub fn checkpoints(&self) -> impl Iterator<Item = (RecordId, &'c Checkpoint)> {
        self.every(&self.config.checkpoints)
    }

    /// The newest version of a checklist.
    #[must_use]
    pub fn checklist(&self, checklist: RecordId) -> Option<&'c Checklist> {
        self.latest(&self.config.checklists, checklist)
    }

    /// The version of a checklist that a round was started with.
    #[must_use]
    pub fn checklist_version(&self, checklist: RecordId, version: u32) -> Option<&'c Checklist> {
        self.all_of(&self.config.checklists, checklist).find(|c| c.version == version)
    }

    /// All checklists.
    pub fn checklists(&self) -> impl Iterator<Item = (RecordId, &'c Checklist)> {
        self.every(&self.config.checklists)
    }

    /// A round plan.
    #[must_use]
    pub fn plan(&self, plan: RecordId) -> Option<&'c RoundPlan> {
        self.latest(&self.config.plans, plan)
    }

    /// All round plans.
    pub fn plans(&self) -> impl Iterator<Item = (RecordId, &'c RoundPlan)> {
        self.every(&self.config.plans)
    }

    /// The roster of a shift.
    #[must_use]
    pub fn roster(&self, date: Date, shift: &str) -> Option<&'c Roster> {
        self.rosters().map(|(_, r)| r).find(|r| r.date == date && r.shift == shift)
    }

    /// All rosters.
    pub fn rosters(&self) -> impl Iterator<Item = (RecordId, &'c Roster)> {
        self.every(&self.config.rosters)
    }

    /// The rule pack.
    #[must_use]
    pub fn rules(&self) -> &'c RulePack {
        self.every(&self.config.rules).next().map_or(&DEFAULT_RULES, |(_, rules)| rules)
    }

    /// All certificates, with the record they were added to.
    pub fn certificates(&self) -> impl Iterator<Item = (RecordId, &'c Bytes)> {
        let records = self.config.certificates.records();
        records.flat_map(|r| self.all_of(&self.config.certificates, r).map(move |c| (r, c)))
    }

    /// The newest revocation of a device or person.
    #[must_use]
    pub fn revocation(&self, subject: RecordId) -> Option<&'c Revocation> {
        self.latest(&self.config.revocations, subject)
    }

    /// All revocations.
    pub fn revocations(&self) -> impl Iterator<Item = &'c Revocation> {
        self.every(&self.config.revocations).map(|(_, revocation)| revocation)
    }
}
