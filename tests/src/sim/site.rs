//! The site that the fleet works at, as headquarters describes it.

use dutylog_core::base::{Millis, PersonId, RecordId, SiteId};
use dutylog_core::records::checklist::{Checklist, Checkpoint, Item, ItemKind, Limits, ReadingSpec};
use dutylog_core::records::config::{ConfigObject, object_record};
use dutylog_core::records::people::{Grant, Person, Post, PostTemplate};
use dutylog_core::records::round::RoundPlan;
use dutylog_core::records::site::{ShiftDefinition, Site};
use dutylog_core::records::{Bilingual, RecordKind};

/// When it begins: midnight of 2026-03-02 in Shanghai.
pub(super) const START: Millis = 1_772_380_800_000;

/// Who works there, and at which post.
pub(super) const CREW: [(PersonId, PostTemplate); 5] = [
    (PersonId([11; 16]), PostTemplate::DutyLead),
    (PersonId([12; 16]), PostTemplate::DutyLead),
    (PersonId([13; 16]), PostTemplate::TechnicalOperation),
    (PersonId([14; 16]), PostTemplate::DutyStaff),
    (PersonId([15; 16]), PostTemplate::PatrolStaff),
];

/// A version of an object of the configuration.
pub(super) type Described = (RecordId, ConfigObject);

/// The records of a site's configuration.
#[derive(Debug, Clone, Copy)]
pub(super) struct SiteFacts(pub(super) SiteId);

fn name(zh: &str, en: &str) -> Bilingual {
    Bilingual::new(zh, en)
}

impl SiteFacts {
    fn object(self, kind: RecordKind, name: &[u8]) -> RecordId {
        object_record(self.0, kind, name)
    }

    pub(super) fn post(self, template: PostTemplate) -> RecordId {
        self.object(RecordKind::Post, &template.code().to_be_bytes())
    }

    pub(super) fn checklist(self) -> RecordId {
        self.object(RecordKind::Checklist, b"daily")
    }

    pub(super) fn plan(self) -> RecordId {
        self.object(RecordKind::RoundPlan, b"daily")
    }

    /// Everything there is to say at first.
    pub(super) fn describe(self) -> Vec<Described> {
        let mut all = vec![self.site()];
        all.extend(PostTemplate::ALL.iter().map(|template| self.described_post(*template)));
        all.extend([1, 2].map(|number| self.checkpoint(number)));
        all.extend([self.checklist_version(1), self.round_plan()]);
        for (person, template) in CREW {
            all.extend([self.person(person), self.grant(person, template, None)]);
        }
        all
    }

    fn site(self) -> Described {
        let shift = |key: &str, zh: &str, start_minute, end_minute| ShiftDefinition {
            key: key.into(),
            name: name(zh, key),
            start_minute,
            end_minute,
        };
        let site = Site {
            name: name("北山泵站", "North Hill pump station"),
            time_zone: "Asia/Shanghai".into(),
            headquarters: name("本部", "headquarters"),
            shifts: vec![shift("day", "白班", 480, 1200), shift("night", "夜班", 1200, 480)],
            lead_minutes: None,
            handover_checklist: None,
        };
        (RecordId(self.0.0), site.into())
    }

    fn described_post(self, template: PostTemplate) -> Described {
        let post = Post {
            name: name("岗位", &format!("{template:?}")),
            template: Some(template),
            capabilities: template.capabilities(),
            mandatory: template == PostTemplate::DutyLead,
            active: true,
        };
        (self.post(template), post.into())
    }

    fn checkpoint(self, number: u32) -> Described {
        let checkpoint = Checkpoint {
            number,
            name: name(&format!("{number} 号点"), &format!("checkpoint {number}")),
            place: name("一层", "ground floor"),
            tag: None,
            assets: vec![],
            active: true,
        };
        (self.object(RecordKind::Checkpoint, &number.to_be_bytes()), checkpoint.into())
    }

    /// Its items grow with the version: a round goes on with the one it was begun with.
    pub(super) fn checklist_version(self, version: u32) -> Described {
        let limits = Limits { high_warn: Some(40), high_alarm: Some(45), ..Limits::default() };
        let reading = ItemKind::Reading(ReadingSpec { unit: "℃".into(), decimals: 0, limits });
        let item = |number, checkpoint, kind| Item {
            number,
            checkpoint,
            text: name(&format!("第 {number} 项"), &format!("item {number}")),
            kind,
            required: true,
        };
        let first = [item(1, 1, ItemKind::Status), item(2, 1, reading), item(3, 2, ItemKind::Status)];
        let more = (2..=version.min(4)).map(|n| item(n + 2, 2, ItemKind::Status));
        let items = first.into_iter().chain(more).collect();
        let list = Checklist { name: name("日常", "daily"), version, items, active: true };
        (self.checklist(), list.into())
    }

    fn round_plan(self) -> Described {
        let plan = RoundPlan {
            name: name("日常巡检", "daily round"),
            checklist: self.checklist(),
            post: self.post(PostTemplate::DutyStaff),
            times: vec![8 * 60, 20 * 60],
            window_minutes: 60,
            grace_minutes: None,
            active: true,
        };
        (self.plan(), plan.into())
    }

    pub(super) fn person(self, person: PersonId) -> Described {
        let number = format!("{:04}", person.0[0]);
        let described = Person { name: format!("值班员 {number}"), staff_number: number, phone: None };
        (RecordId(person.0), described.into())
    }

    /// A person's own post, for ever or until it was taken back.
    pub(super) fn grant(self, person: PersonId, template: PostTemplate, until: Option<Millis>) -> Described {
        let (post, from) = (self.post(template), START - 86_400_000);
        let grant = Grant { person, post, from, until, reason: None, approver: None };
        let record =
            self.object(RecordKind::Grant, &[&person.0[..], &template.code().to_be_bytes()].concat());
        (record, grant.into())
    }
}
