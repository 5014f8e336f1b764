//! What of a plan is not yet so.

use super::{ConfigWrite, ResolvedPlan};
use crate::base::{PersonId, RecordId};
use crate::records::checklist::Checklist;
use crate::records::config::{ConfigObject, ConfigView};
use crate::records::rules::RulePack;

/// The objects to write so that the configuration is as planned: applied twice, the second time has none.
#[must_use]
pub fn diff(plan: ResolvedPlan, view: &ConfigView<'_>) -> Vec<ConfigWrite> {
    plan.objects.into_iter().filter_map(|write| missing(write, view)).collect()
}

fn missing(write: ConfigWrite, view: &ConfigView<'_>) -> Option<ConfigWrite> {
    let ConfigWrite { record, object } = write;
    let object = match object {
        ConfigObject::Checklist(new) => ConfigObject::Checklist(next_checklist(new, view.checklist(record))),
        ConfigObject::Rules(new) => ConfigObject::Rules(next_rules(new, view.rules())),
        other => other,
    };
    (current(record, &object, view).as_ref() != Some(&object)).then_some(ConfigWrite { record, object })
}

/// What the configuration says of the same object now.
fn current(record: RecordId, like: &ConfigObject, view: &ConfigView<'_>) -> Option<ConfigObject> {
    match like {
        ConfigObject::Site(_) => view.site().cloned().map(Into::into),
        ConfigObject::Person(_) => view.person(PersonId(record.0)).cloned().map(Into::into),
        ConfigObject::Post(_) => view.post(record).cloned().map(Into::into),
        ConfigObject::Grant(_) => view.grant(record).cloned().map(Into::into),
        ConfigObject::Checkpoint(_) => view.checkpoint(record).cloned().map(Into::into),
        ConfigObject::Checklist(_) => view.checklist(record).cloned().map(Into::into),
        ConfigObject::RoundPlan(_) => view.plan(record).cloned().map(Into::into),
        ConfigObject::Roster(roster) => view.roster(roster.date, &roster.shift).cloned().map(Into::into),
        ConfigObject::Rules(_) => Some(view.rules().clone().into()),
        ConfigObject::Certificate(_) | ConfigObject::Revocation(_) => None,
    }
}

/// The checklist as it is, if nothing changed, else its next version.
fn next_checklist(new: Checklist, old: Option<&Checklist>) -> Checklist {
    let Some(old) = old else { return Checklist { version: 1, ..new } };
    let same = Checklist { version: old.version, ..new };
    if same == *old { same } else { Checklist { version: old.version + 1, ..same } }
}

/// The rules as they are, if nothing changed, else their next version.
fn next_rules(new: RulePack, old: &RulePack) -> RulePack {
    let same = RulePack { version: old.version, ..new };
    if same == *old { same } else { RulePack { version: old.version + 1, ..same } }
}

#[cfg(test)]
mod tests {
    use super::super::SitePlan;
    use super::*;
    use crate::base::OrgId;
    use crate::records::Kind;
    use crate::records::config::{ConfigPosition, SiteConfig};

    const EXAMPLE: &str = include_str!("../../../tests/fixtures/site.json");

    fn apply(config: &mut SiteConfig, json: &str, seq: u64) -> Vec<Kind> {
        let plan = SitePlan::from_json(json.as_bytes()).expect("a plan");
        let writes = diff(plan.resolve(OrgId([7; 16])).expect("sound"), &config.newest());
        let kinds = writes.iter().map(|w| w.object.kind()).collect();
        for write in writes {
            config.insert(ConfigPosition { epoch: 1, seq }, write.record, write.object);
        }
        kinds
    }

    #[test]
    fn applying_twice_writes_nothing() {
        let mut config = SiteConfig::default();
        assert!(apply(&mut config, EXAMPLE, 1).contains(&Kind::SiteDescribed));
        assert_eq!(apply(&mut config, EXAMPLE, 2), []);
    }

    #[test]
    fn every_object_survives_as_a_value() {
        let plan = SitePlan::from_json(EXAMPLE.as_bytes()).expect("a plan");
        for ConfigWrite { object, .. } in plan.resolve(OrgId([7; 16])).expect("sound").objects {
            assert_eq!(ConfigObject::read(object.field(), &object.to_value()), Some(object));
        }
    }

    #[test]
    fn only_what_changed_is_written_as_its_next_version() {
        let mut config = SiteConfig::default();
        apply(&mut config, EXAMPLE, 1);
        let changed = EXAMPLE.replacen("\"high_warn\": \"0.60\"", "\"high_warn\": \"0.58\"", 1);
        assert_eq!(apply(&mut config, &changed, 2), [Kind::ChecklistDescribed]);
        let view = config.newest();
        let versions: Vec<_> = view.checklists().map(|(_, c)| c.version).collect();
        assert!(versions.contains(&2) && view.rules().version == 1);
        assert_eq!(apply(&mut config, &changed, 3), []);
    }
}
