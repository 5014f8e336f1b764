//! Where the story is set: three remote sites, their people and their phones.

use std::sync::LazyLock;

use dutylog_core::base::{Millis, OrgId, PersonId, SiteId};
use dutylog_core::records::checklist::Checklist;
use dutylog_core::records::config::ConfigObject;
use dutylog_core::records::site_plan::{SitePlan, person_id, site_id};

use crate::clock::{HOUR, MINUTE};

/// The leads of a site, as numbers in its list of people.
pub(super) const LEADS: [usize; 2] = [0, 1];
/// Its technician.
pub(super) const TECHNICIAN: usize = 2;
/// Its patrol staff.
pub(super) const PATROL: [usize; 2] = [3, 4];
/// The reviewer at headquarters, by staff number.
pub(super) const REVIEWER: &str = "HQ01";
/// The administrator at headquarters, by staff number.
pub(super) const ADMINISTRATOR: &str = "HQ02";

/// A phone of the story.
#[derive(Debug, Clone, Copy)]
pub(super) struct PhoneCast {
    /// The name of its folder.
    pub(super) key: &'static str,
    /// What people call it.
    pub(super) label: &'static str,
    /// Who signs in on it.
    pub(super) people: &'static [usize],
    /// By how much its clock is wrong from the start.
    pub(super) clock_error: Millis,
}

/// A time without signal that comes again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outage {
    /// Whose.
    pub(super) phone: usize,
    /// When it begins, in hours after the first midnight.
    pub(super) from_hour: i64,
    /// How long it lasts.
    pub(super) hours: i64,
    /// After how many days the same happens again.
    pub(super) every_days: i64,
}

/// A site of the story.
#[derive(Debug)]
pub(super) struct Place {
    /// The file that describes it, as an administrator would write it.
    pub(super) json: &'static str,
    /// The same, read.
    pub(super) plan: SitePlan,
    /// What a round asks.
    pub(super) checklist: Checklist,
    /// Its phones.
    pub(super) phones: &'static [PhoneCast],
    /// The phone of each lead; the same if they share one.
    pub(super) lead_phones: [usize; 2],
    /// The phone of the patrol staff.
    pub(super) patrol_phone: usize,
    /// The technician's own phone, if they have one.
    pub(super) technician_phone: Option<usize>,
    /// When phones have no signal.
    pub(super) outages: &'static [Outage],
}

impl Place {
    /// The site's identifier.
    pub(super) fn site(&self, org: OrgId) -> SiteId {
        site_id(org, &self.plan.site.key)
    }

    /// A person's identifier.
    pub(super) fn person(&self, org: OrgId, number: usize) -> PersonId {
        person_id(org, &self.plan.people[number].staff_number)
    }
}

const PUMP_PHONES: &[PhoneCast] = &[
    PhoneCast {
        key: "pump-lead-1", label: "张伟的手机 / Zhang Wei's phone", people: &[0], clock_error: 0
    },
    PhoneCast { key: "pump-lead-2", label: "李娜的手机 / Li Na's phone", people: &[1], clock_error: 0 },
    PhoneCast {
        key: "pump-patrol",
        label: "泵站巡检手机 / pump patrol phone",
        people: &[2, 3, 4],
        clock_error: 0,
    },
];

/// Two days and more in which the whole valley has no signal: the leads hand over from phone to phone.
const PUMP_OUTAGES: &[Outage] = &[
    Outage { phone: 0, from_hour: 42, hours: 40, every_days: 9 },
    Outage { phone: 1, from_hour: 42, hours: 40, every_days: 9 },
    Outage { phone: 2, from_hour: 42, hours: 41, every_days: 9 },
];

const SUBSTATION_PHONES: &[PhoneCast] = &[
    PhoneCast {
        key: "substation-tablet",
        label: "主控室平板 / control room tablet",
        people: &[0, 1],
        clock_error: 0,
    },
    PhoneCast {
        key: "substation-patrol",
        label: "变电站巡检手机 / substation patrol phone",
        people: &[3, 4],
        clock_error: 0,
    },
    PhoneCast {
        key: "substation-technician",
        label: "郭鹏的手机 / Guo Peng's phone",
        people: &[2],
        clock_error: 0,
    },
];

const DATA_ROOM_PHONES: &[PhoneCast] = &[
    PhoneCast {
        key: "data-lead-1",
        label: "徐明的手机 / Xu Ming's phone",
        people: &[0],
        clock_error: -3 * MINUTE,
    },
    PhoneCast {
        key: "data-lead-2", label: "高洁的手机 / Gao Jie's phone", people: &[1], clock_error: 0
    },
    PhoneCast {
        key: "data-patrol",
        label: "机房巡检手机 / data room patrol phone",
        people: &[2, 3, 4],
        clock_error: 43 * MINUTE,
    },
];

/// Two days in which the patrol phone stays below ground.
const DATA_ROOM_OUTAGES: &[Outage] = &[Outage { phone: 2, from_hour: 54, hours: 52, every_days: 11 }];

/// The three sites.
pub(super) fn places() -> &'static [Place; 3] {
    &PLACES
}

static PLACES: LazyLock<[Place; 3]> = LazyLock::new(|| {
    [
        Place { outages: PUMP_OUTAGES, ..place(include_str!("pump_station.json"), PUMP_PHONES, [0, 1], 2) },
        Place {
            technician_phone: Some(2),
            ..place(include_str!("substation.json"), SUBSTATION_PHONES, [0, 0], 1)
        },
        Place {
            outages: DATA_ROOM_OUTAGES,
            ..place(include_str!("data_room.json"), DATA_ROOM_PHONES, [0, 1], 2)
        },
    ]
});

fn place(
    json: &'static str,
    phones: &'static [PhoneCast],
    lead_phones: [usize; 2],
    patrol_phone: usize,
) -> Place {
    let plan =
        SitePlan::from_json(json.as_bytes()).expect("the file is part of the program, and a test reads it");
    let checklist = daily(&plan);
    Place { json, plan, checklist, phones, lead_phones, patrol_phone, technician_phone: None, outages: &[] }
}

/// The checklist of the rounds, with its limits as figures.
fn daily(plan: &SitePlan) -> Checklist {
    let resolved =
        plan.resolve(OrgId::default()).expect("the file is part of the program, and a test resolves it");
    let lists = resolved.objects.into_iter().filter_map(|write| match write.object {
        ConfigObject::Checklist(list) => Some(list),
        _ => None,
    });
    lists.into_iter().max_by_key(|list| list.items.len()).expect("the same test finds the checklist")
}

/// A time in the story: so many hours after the first midnight.
pub(super) const fn hour(first: Millis, hours: i64) -> Millis {
    first + hours * HOUR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_describe_three_sites_with_nine_phones() {
        let places = places();
        assert_eq!(places.iter().map(|place| place.phones.len()).sum::<usize>(), 9);
        for place in places {
            assert_eq!(place.checklist.checkpoints().len(), 4);
            assert!(place.plan.people.iter().any(|person| person.staff_number == REVIEWER));
            assert!(place.plan.people.iter().any(|person| person.staff_number == ADMINISTRATOR));
        }
    }
}
