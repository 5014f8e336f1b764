//! What held at one version of the configuration.

use super::history::{ConfigPosition, SiteConfig, Versions};
use crate::base::{Millis, PersonId, RecordId, Seq};
use crate::records::calendar::{Date, Zone};
use crate::records::checklist::{Checklist, Checkpoint};
use crate::records::people::{Grant, Person, Post};
use crate::records::round::RoundPlan;
use crate::records::rules::RulePack;
use crate::records::security::{Revocation, RevocationKind};
use crate::records::shift::Roster;
use crate::records::site::Site;
use crate::records::{Bytes, Capabilities, Capability};

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

    /// A grant.
    #[must_use]
    pub fn grant(&self, grant: RecordId) -> Option<&'c Grant> {
        self.latest(&self.config.grants, grant)
    }

    /// All grants, whenever they hold.
    pub fn grants(&self) -> impl Iterator<Item = (RecordId, &'c Grant)> {
        self.every(&self.config.grants)
    }

    /// The grants that a person holds at an instant. One who has left holds none.
    pub fn grants_of(&self, person: PersonId, at: Millis) -> impl Iterator<Item = &'c Grant> {
        let records = self.config.grants_of.get(&person).into_iter().flatten();
        let present = !self.has_left(person);
        records
            .filter_map(|record| self.grant(*record))
            .filter(move |grant| present && grant.person == person && grant.holds(at))
    }

    fn has_left(&self, person: PersonId) -> bool {
        self.revocation(RecordId(person.0)).is_some_and(|r| r.kind == RevocationKind::Left)
    }

    /// The people who hold a post at an instant.
    pub fn holders(&self, post: RecordId, at: Millis) -> impl Iterator<Item = PersonId> {
        self.config.grants_of.keys().copied().filter(move |p| self.grants_of(*p, at).any(|g| g.post == post))
    }

    /// What a person may do at an instant: nothing unless a post in use says so.
    #[must_use]
    pub fn capabilities(&self, person: PersonId, at: Millis) -> Capabilities {
        let posts = self.grants_of(person, at).filter_map(|g| self.post(g.post)).filter(|p| p.active);
        posts.fold(Capabilities::NONE, |all, post| all.and(post.capabilities))
    }

    /// Whether a person may do something at an instant.
    #[must_use]
    pub fn may(&self, person: PersonId, capability: Capability, at: Millis) -> bool {
        self.capabilities(person, at).has(capability)
    }

    /// Whether a person may have been allowed something at a moment of which only the earliest and latest possible instants are known.
    #[must_use]
    pub fn may_within(&self, person: PersonId, capability: Capability, from: Millis, until: Millis) -> bool {
        let grants = self.config.grants_of.get(&person).into_iter().flatten().filter_map(|r| self.grant(*r));
        let held = |g: &&Grant| g.person == person && g.from <= until && g.until.is_none_or(|end| from < end);
        let mut posts = grants.filter(held).filter_map(|g| self.post(g.post)).filter(|p| p.active);
        !self.has_left(person) && posts.any(|post| post.capabilities.has(capability))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Bilingual;
    use crate::records::people::PostTemplate;
    use crate::records::rules::RuleId;

    const LEAD: PersonId = PersonId([1; 16]);
    const POST: RecordId = RecordId([2; 16]);
    const GRANT: RecordId = RecordId([3; 16]);

    fn position(seq: Seq) -> ConfigPosition {
        ConfigPosition { epoch: 1, seq }
    }

    fn post(active: bool) -> Post {
        let template = PostTemplate::DutyLead;
        Post {
            name: Bilingual::new("值班长", "duty lead"),
            template: Some(template),
            capabilities: template.capabilities(),
            mandatory: true,
            active,
        }
    }

    fn grant(until: Option<Millis>) -> Grant {
        Grant { person: LEAD, post: POST, from: 100, until, reason: None, approver: None }
    }

    fn configured() -> SiteConfig {
        let mut config = SiteConfig::default();
        config.insert(position(1), POST, post(true).into());
        config.insert(position(2), GRANT, grant(None).into());
        config
    }

    fn signs(config: &SiteConfig, seq: Seq, at: Millis) -> bool {
        config.at(Some(position(seq))).may(LEAD, Capability::SignHandover, at)
    }

    #[test]
    fn rights_are_those_of_the_version_and_the_moment() {
        let mut config = configured();
        config.insert(position(5), GRANT, grant(Some(200)).into());
        config.insert(position(7), POST, post(false).into());
        assert!(!signs(&config, 1, 150), "not granted yet");
        assert!(signs(&config, 2, 150) && signs(&config, 2, 500));
        assert!(!signs(&config, 2, 99), "not begun");
        assert!(signs(&config, 5, 199) && !signs(&config, 5, 200), "ended");
        assert!(!signs(&config, 7, 150), "the post is no longer in use");
        let view = config.at(Some(position(2)));
        assert_eq!(view.holders(POST, 150).collect::<Vec<_>>(), [LEAD]);
        assert!(!view.may(PersonId([9; 16]), Capability::SeeSite, 150), "denied by default");
    }

    #[test]
    fn one_who_left_may_do_nothing_once_the_version_says_so() {
        let mut config = configured();
        let subject = RecordId(LEAD.0);
        let left =
            Revocation { subject, kind: RevocationKind::Left, cut: vec![], decided_at: 0, written_off: None };
        config.insert(position(9), RecordId([8; 16]), left.into());
        assert!(signs(&config, 8, 150) && !signs(&config, 9, 150));
        assert!(config.newest().revocation(subject).is_some());
    }

    #[test]
    fn a_grant_that_passes_to_another_leaves_the_first() {
        let mut config = configured();
        let other = PersonId([4; 16]);
        config.insert(position(3), GRANT, Grant { person: other, ..grant(None) }.into());
        assert!(!signs(&config, 3, 150));
        assert!(config.newest().may(other, Capability::SignHandover, 150));
    }

    #[test]
    fn an_old_round_finds_the_checklist_it_was_walked_with() {
        let mut config = SiteConfig::default();
        let list = |version| Checklist { name: Bilingual::default(), version, items: vec![], active: true };
        config.insert(position(1), POST, list(1).into());
        config.insert(position(2), POST, list(2).into());
        let view = config.newest();
        assert_eq!(view.checklist(POST).map(|c| c.version), Some(2));
        assert_eq!(view.checklist_version(POST, 1).map(|c| c.version), Some(1));
        assert_eq!(view.rules().value(RuleId::RoundGrace), 15);
    }
}
