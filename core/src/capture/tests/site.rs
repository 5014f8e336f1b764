//! The site that the tests play at.

use crate::base::{PersonId, RecordId, SiteId};
use crate::capture::DescribeConfig;
use crate::records::Bilingual;
use crate::records::checklist::{Checklist, Checkpoint, Item, ItemKind, Limits, ReadingSpec};
use crate::records::config::ConfigObject;
use crate::records::people::{Grant, Person, Post, PostTemplate};
use crate::records::round::RoundPlan;
use crate::records::shift::{Assignment, Roster};
use crate::records::site::{ShiftDefinition, Site};

pub(super) const SITE: SiteId = SiteId([2; 16]);
pub(super) const LEAD: PersonId = PersonId([11; 16]);
pub(super) const NEXT_LEAD: PersonId = PersonId([12; 16]);
pub(super) const PATROL: PersonId = PersonId([13; 16]);
pub(super) const REVIEWER: PersonId = PersonId([14; 16]);
pub(super) const AUDITOR: PersonId = PersonId([15; 16]);
/// Holds the patrol post for two hours only.
pub(super) const HELPER: PersonId = PersonId([16; 16]);
pub(super) const PEOPLE: [PersonId; 6] = [LEAD, NEXT_LEAD, PATROL, REVIEWER, AUDITOR, HELPER];

pub(super) const LEAD_POST: RecordId = RecordId([21; 16]);
pub(super) const PATROL_POST: RecordId = RecordId([23; 16]);
pub(super) const ROUND_LIST: RecordId = RecordId([31; 16]);
pub(super) const HANDOVER_LIST: RecordId = RecordId([32; 16]);
pub(super) const PLAN: RecordId = RecordId([33; 16]);

pub(super) const HOUR: i64 = 3_600_000;
/// 2026-03-01 08:30 in Shanghai.
pub(super) const MORNING: i64 = 1_772_325_000_000;

fn both(zh: &str, en: &str) -> Bilingual {
    Bilingual::new(zh, en)
}

/// Everything that HQ describes, in order.
pub(super) fn objects() -> Vec<DescribeConfig> {
    let mut all = vec![describe(RecordId(SITE.0), site())];
    let people = [
        (LEAD, "张伟", 21, PostTemplate::DutyLead),
        (NEXT_LEAD, "李娜", 21, PostTemplate::DutyLead),
        (PATROL, "王芳", 23, PostTemplate::PatrolStaff),
        (REVIEWER, "刘洋", 24, PostTemplate::HqReviewer),
        (AUDITOR, "陈静", 25, PostTemplate::Auditor),
        (HELPER, "赵强", 23, PostTemplate::PatrolStaff),
    ];
    for (person, name, post, template) in people {
        let described = Person { name: name.into(), staff_number: post.to_string(), phone: None };
        all.push(describe(RecordId(person.0), described));
        all.push(describe(RecordId([post; 16]), post_of(template)));
        let post = RecordId([post; 16]);
        let (from, until) = if person == HELPER { (MORNING - HOUR, Some(MORNING + HOUR)) } else { (0, None) };
        let grant = Grant { person, post, from, until, reason: None, approver: None };
        all.push(describe(RecordId([person.0[0] + 100; 16]), grant));
    }
    let roster = Roster {
        date: "2026-03-01".parse().expect("a day"),
        shift: "day".into(),
        assignments: vec![Assignment { post: LEAD_POST, person: PATROL }],
    };
    all.push(describe(RecordId([40; 16]), roster));
    for (number, tag) in [(1, Some("T-1")), (2, None)] {
        all.push(describe(RecordId([50 + number; 16]), checkpoint(number.into(), tag)));
    }
    all.push(describe(ROUND_LIST, round_list()));
    all.push(describe(HANDOVER_LIST, handover_list()));
    all.push(describe(PLAN, plan()));
    all
}

fn describe(record: RecordId, object: impl Into<ConfigObject>) -> DescribeConfig {
    DescribeConfig { record, object: object.into() }
}

fn site() -> Site {
    let shift = |key: &str, name, start_minute, end_minute| ShiftDefinition {
        key: key.into(),
        name,
        start_minute,
        end_minute,
    };
    Site {
        name: both("青石岭泵站", "Qingshiling pump station"),
        time_zone: "Asia/Shanghai".into(),
        headquarters: both("本部", "headquarters"),
        shifts: vec![
            shift("day", both("白班", "day shift"), 480, 1200),
            shift("night", both("夜班", "night shift"), 1200, 480),
        ],
        lead_minutes: None,
        handover_checklist: Some(HANDOVER_LIST),
    }
}

fn post_of(template: PostTemplate) -> Post {
    let name = both(&format!("岗位{}", template.code()), &format!("post {}", template.code()));
    let capabilities = template.capabilities();
    Post { name, template: Some(template), capabilities, mandatory: false, active: true }
}

fn checkpoint(number: u32, tag: Option<&str>) -> Checkpoint {
    let name = both(&format!("{number} 号泵"), &format!("pump {number}"));
    let tag = tag.map(str::to_owned);
    Checkpoint { number, name, place: Bilingual::default(), tag, assets: vec![], active: true }
}

fn item(number: u32, checkpoint: u32, text: Bilingual, kind: ItemKind) -> Item {
    Item { number, checkpoint, text, kind, required: true }
}

fn round_list() -> Checklist {
    let limits = Limits { high_warn: Some(60), high_alarm: Some(80), ..Limits::default() };
    let reading = ItemKind::Reading(ReadingSpec { unit: "MPa".into(), decimals: 2, limits });
    let items = vec![
        item(1, 1, both("指示灯", "indicator lights"), ItemKind::Status),
        item(2, 1, both("出口压力", "outlet pressure"), reading),
        item(3, 2, both("门锁", "door lock"), ItemKind::Status),
    ];
    Checklist { name: both("日常巡检表", "daily checklist"), version: 1, items, active: true }
}

fn handover_list() -> Checklist {
    let items = vec![item(1, 0, both("钥匙 3 把", "3 keys"), ItemKind::Status)];
    Checklist { name: both("交接检查", "handover checklist"), version: 4, items, active: true }
}

fn plan() -> RoundPlan {
    RoundPlan {
        name: both("早巡检", "morning round"),
        checklist: ROUND_LIST,
        post: PATROL_POST,
        times: vec![480],
        window_minutes: 60,
        grace_minutes: None,
        active: true,
    }
}
