//! The site: its keys, its configuration, its three phones.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use dutylog_core::base::{Entropy, OrgId, PersonId, SiteId};
use dutylog_core::log::{Certificate, KeyStore, PublicKey, SecretKey, Segment, SoftKeys};
use dutylog_core::records::people::PostTemplate;
use dutylog_core::store::Identity;
use dutylog_core::testing::{Author, World};

use crate::recorded::{self, Names};
use crate::site_year::{Action, Actor};

/// One site, the same whenever it is made.
#[derive(Clone)]
pub(super) struct Place {
    org: OrgId,
    site: SiteId,
    root: PublicKey,
    /// The duty lead, who records everything.
    pub(super) person: PersonId,
    /// The phone that is measured; its sign-in and its key are all that is used of it.
    pub(super) own: Author,
    /// The phone that sends the year.
    pub(super) first: Author,
    /// The phone that was away.
    pub(super) second: Author,
    /// All that HQ wrote: the site, its posts, the lead's post, and the certificates.
    pub(super) headquarters: Segment,
    certificates: Vec<Vec<u8>>,
    /// The key by which the server signs what it promises.
    pub(super) log: Arc<(Certificate, SecretKey)>,
    pub(super) keys: Arc<dyn KeyStore>,
}

static PLACE: LazyLock<Place> = LazyLock::new(Place::make);

impl Place {
    /// A copy of it; made once, so that making it is no part of what is measured.
    pub(super) fn new() -> Self {
        PLACE.clone()
    }

    fn make() -> Self {
        let mut world = World::new(1);
        let person = world.person("lead", PostTemplate::DutyLead);
        let [own, first, second] = [(); 3].map(|()| world.phone(&[person]));
        let log = Arc::new(world.server_log());
        let issuers = world.certificates.iter().take(2).map(|c| c.bytes.clone());
        Self {
            org: world.org,
            site: world.site,
            root: world.root(),
            person,
            certificates: issuers.chain([log.0.bytes.clone(), own.certificate.bytes.clone()]).collect(),
            log,
            own,
            first,
            second,
            headquarters: world.publish(),
            keys: Arc::new(SoftKeys::new([1; 32], Box::new(Counting(0)), BTreeMap::new())),
        }
    }

    pub(super) fn org(&self) -> OrgId {
        self.org
    }

    pub(super) fn site(&self) -> SiteId {
        self.site
    }

    pub(super) fn identity(&self) -> Identity {
        Identity { org: self.org, root: self.root, site: self.site, install: [5; 16] }
    }

    /// What one of the other phones recorded.
    pub(super) fn colleague_records(actions: &[Action], names: Names) -> Vec<Segment> {
        let Self { first, second, person, .. } = Self::new();
        let Some(action) = actions.first() else { return Vec::new() };
        let mut author = if action.actor == Actor::First { first } else { second };
        author.sign_in(person);
        recorded::segments(&mut author, actions, names)
    }

    /// The certificates that enrolment gives, issuers first.
    pub(super) fn admitted(&self) -> Vec<Vec<u8>> {
        self.certificates.clone()
    }
}

/// Randomness that is the same every time.
struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
    }
}
