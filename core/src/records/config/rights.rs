//! Who may do what, by one version of the configuration and at one moment.

use super::view::ConfigView;
use crate::base::{Millis, PersonId, RecordId};
use crate::records::people::Grant;
use crate::records::security::RevocationKind;
use crate::records::{Capabilities, Capability};

impl<'c> ConfigView<'c> {
    /// The grants that a person holds at an instant. One who has left holds none.
    pub fn grants_of(&self, person: PersonId, at: Millis) -> impl Iterator<Item = &'c Grant> {
        let records = self.grants_by_person().get(&person).into_iter().flatten();
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
        self.grants_by_person()
            .keys()
            .copied()
            .filter(move |p| self.grants_of(*p, at).any(|g| g.post == post))
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
        let grants =
            self.grants_by_person().get(&person).into_iter().flatten().filter_map(|r| self.grant(*r));
        let held = |g: &&Grant| g.person == person && g.from <= until && g.until.is_none_or(|end| from < end);
        let mut posts = grants.filter(held).filter_map(|g| self.post(g.post)).filter(|p| p.active);
        !self.has_left(person) && posts.any(|post| post.capabilities.has(capability))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Seq;
    use crate::records::Bilingual;
    use crate::records::checklist::Checklist;
    use crate::records::config::{ConfigPosition, SiteConfig};
    use crate::records::people::Post;
    use crate::records::people::PostTemplate;
    use crate::records::rules::RuleId;
    use crate::records::security::Revocation;

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
