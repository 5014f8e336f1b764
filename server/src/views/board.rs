//! What lists over many sites need of a site's configuration, in one column: names, plans with their history, devices.

use std::collections::BTreeMap;

use dutylog_core::base::{DeviceId, Millis, PersonId, RecordId};
use dutylog_core::records::Bilingual;
use dutylog_core::records::calendar::Zone;
use serde::{Deserialize, Serialize};

/// The board of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// The site's name in Chinese and English.
    pub name: (String, String),
    /// IANA name of its time zone.
    pub time_zone: String,
    /// Minutes within which a major incident is reported.
    pub report_minutes: u32,
    /// Names and staff numbers.
    pub people: BTreeMap<String, (String, String)>,
    /// Names of posts.
    pub posts: BTreeMap<String, (String, String)>,
    /// Names of checkpoints by number.
    #[serde(default)]
    pub checkpoints: BTreeMap<u32, (String, String)>,
    /// Names of shifts by their short names.
    #[serde(default)]
    pub shifts: BTreeMap<String, (String, String)>,
    /// Round plans, every version.
    pub plans: Vec<PlanVersion>,
    /// The rule pack's grace with when each began to hold.
    pub graces: Vec<(Millis, u32)>,
    /// Phones.
    pub phones: Vec<PhoneCard>,
}

/// A version of a round plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanVersion {
    /// The plan.
    pub plan: [u8; 16],
    /// Since when it holds.
    pub since: Millis,
    /// Its name.
    pub name: (String, String),
    /// The post whose holders walk it.
    pub post: [u8; 16],
    /// When its windows open, minutes after local midnight.
    pub times: Vec<u32>,
    /// How long a window stays open, minutes.
    pub window_minutes: u32,
    /// Its own grace, minutes.
    pub grace_minutes: Option<u32>,
    /// Whether it is in use.
    pub active: bool,
}

/// A phone: who can sign in on it, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneCard {
    /// The device.
    pub device: [u8; 16],
    /// What it said it is called when it was enrolled; empty if nothing.
    #[serde(default)]
    pub label: String,
    /// When it was certified.
    pub issued: Millis,
    /// Whether it is lost or revoked.
    pub gone: bool,
    /// Whether HQ has put on record that nothing more will come from it.
    pub written_off: bool,
    /// The people who have a key on it.
    pub people: Vec<[u8; 16]>,
    /// Posts that those people hold: post, from, until before.
    pub posts: Vec<([u8; 16], Millis, Option<Millis>)>,
}

impl Board {
    /// The site's time zone; UTC while the site is not described.
    #[must_use]
    pub fn zone(&self) -> Option<Zone> {
        Zone::named(&self.time_zone).or_else(|| Zone::named("UTC"))
    }

    /// The site's name.
    #[must_use]
    pub fn site_name(&self) -> Bilingual {
        bilingual(&self.name)
    }

    /// A person's name; none if HQ has not described them.
    #[must_use]
    pub fn person(&self, person: PersonId) -> Option<&str> {
        self.people.get(&person.to_string()).map(|(name, _)| name.as_str())
    }

    /// A post's name.
    #[must_use]
    pub fn post(&self, post: RecordId) -> Option<Bilingual> {
        self.posts.get(&post.to_string()).map(bilingual)
    }

    /// A checkpoint's name.
    #[must_use]
    pub fn checkpoint(&self, number: u32) -> Option<Bilingual> {
        self.checkpoints.get(&number).map(bilingual)
    }

    /// A shift's name.
    #[must_use]
    pub fn shift(&self, key: &str) -> Option<Bilingual> {
        self.shifts.get(key).map(bilingual)
    }

    /// The grace that the rule pack gave at an instant, minutes.
    #[must_use]
    pub fn grace_at(&self, at: Millis) -> u32 {
        let held = self.graces.iter().rfind(|(since, _)| *since <= at);
        held.map_or(dutylog_core::records::rules::RuleId::RoundGrace.default_value(), |(_, grace)| *grace)
    }
}

impl PhoneCard {
    /// The device.
    #[must_use]
    pub const fn id(&self) -> DeviceId {
        DeviceId(self.device)
    }

    /// Whether somebody who holds a post at some moment of a span can sign in on it.
    #[must_use]
    pub fn serves(&self, post: [u8; 16], start: Millis, end: Millis) -> bool {
        self.posts
            .iter()
            .any(|(p, from, until)| *p == post && *from <= end && until.is_none_or(|u| start < u))
    }
}

/// Two texts as a bilingual one.
pub(super) fn bilingual(pair: &(String, String)) -> Bilingual {
    Bilingual::new(pair.0.clone(), pair.1.clone())
}
