//! The benches' workload has exactly the numbers it is described by.

#[path = "../benches/site_year/mod.rs"]
#[allow(dead_code, unused_imports, reason = "this test reads only part of the workload")]
mod site_year;

use std::collections::BTreeSet;

use site_year::{Action, Kind, Value, site_year};

fn count(actions: &[Action], kind: Kind) -> usize {
    actions.iter().filter(|a| a.kind == kind).count()
}

#[test]
fn the_year_has_the_stated_numbers() {
    let year = site_year().first;
    assert_eq!(year.len(), 90_669);
    assert_eq!(year.iter().map(|a| a.record).collect::<BTreeSet<_>>().len(), 4_223);
    assert_eq!(count(&year, Kind::Round), 2_920);
    assert_eq!(count(&year, Kind::CheckResult), 2_920 * 25);
    assert_eq!(count(&year, Kind::Handover), 1_095);
    assert_eq!(count(&year, Kind::HandoverItem), 1_095 * 8);
    assert_eq!(count(&year, Kind::Signature), 1_095 * 2);
    assert_eq!(count(&year, Kind::Incident), 208);
    assert_eq!(count(&year, Kind::TimelineLine), 208 * 12);
}

#[test]
fn half_of_the_results_carry_a_reading_and_one_in_twenty_a_note() {
    let year = site_year().first;
    let results: Vec<_> = year.iter().filter(|a| a.kind == Kind::CheckResult).collect();
    let share = |wanted: fn(&Value) -> bool| {
        let with = results.iter().filter(|a| a.fields.iter().any(|f| wanted(&f.value))).count();
        with * 1000 / results.len()
    };
    assert!((490..=510).contains(&share(|v| matches!(v, Value::Reading(_)))));
    assert!((45..=55).contains(&share(|v| matches!(v, Value::Text(t) if t.len() == 40))));
}

#[test]
fn actions_come_in_order_at_least_five_seconds_apart() {
    let year = site_year();
    for actions in [&year.first, &year.second] {
        assert!(actions.windows(2).all(|pair| pair[1].at_ms - pair[0].at_ms >= 5_000));
        assert!(actions.iter().all(|a| a.at_ms % 1_000 == 0));
        assert!(actions.iter().all(|a| !a.fields.is_empty()));
    }
    let steps = year.first.windows(2).filter(|pair| pair[0].record == pair[1].record);
    assert!(steps.into_iter().all(|pair| pair[1].at_ms - pair[0].at_ms <= 90_000));
}

#[test]
fn the_second_phone_adds_records_and_edits_the_last_of_the_first() {
    let year = site_year();
    assert_eq!(year.second.len(), 10_000);
    let (added, edits) = year.second.split_at(8_000);
    assert!(added.iter().all(|a| a.record >= 4_223));
    assert!(edits.iter().all(|a| (3_723..4_223).contains(&a.record) && a.fields.len() == 1));
    let written = |edit: &Action| {
        let field = &edit.fields[0];
        let same = |a: &&Action| a.record == edit.record && a.kind == edit.kind;
        year.first
            .iter()
            .filter(same)
            .flat_map(|a| &a.fields)
            .any(|f| (f.item, f.name) == (field.item, field.name))
    };
    assert!(edits.iter().step_by(50).all(written));
}

#[test]
fn the_workload_is_the_same_every_time() {
    let (one, two) = (site_year(), site_year());
    assert!(one.first == two.first && one.second == two.second);
}
