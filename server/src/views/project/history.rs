//! Since when which round plan and which grace have held: a new version never judges the past again.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{DeviceId, Millis, RecordId};
use dutylog_core::merge::Addition;
use dutylog_core::records::FieldValue;
use dutylog_core::records::chain::{PHONE_NAMED, PhoneNamed};
use dutylog_core::records::round::{ROUND_PLAN, RoundPlan};
use dutylog_core::records::rules::{RULES, RuleId, RulePack};

/// Versions by the time HQ wrote them.
#[derive(Debug, Default)]
pub(super) struct History {
    plans: BTreeMap<RecordId, BTreeSet<(Millis, RoundPlan)>>,
    graces: BTreeSet<(Millis, u32)>,
    labels: BTreeMap<DeviceId, (Millis, String)>,
}

impl History {
    /// Takes in what an entry of HQ added.
    pub(super) fn learn(&mut self, at: Millis, additions: &[Addition]) {
        for addition in additions {
            if addition.field == ROUND_PLAN.id() {
                if let Some(plan) = RoundPlan::from_value(&addition.value) {
                    self.plans.entry(addition.record).or_default().insert((at, plan));
                }
            } else if addition.field == RULES.id()
                && let Some(rules) = RulePack::from_value(&addition.value)
            {
                self.graces.insert((at, rules.value(RuleId::RoundGrace)));
            } else if addition.field == PHONE_NAMED.id()
                && let Some(PhoneNamed { device, label }) = PhoneNamed::from_value(&addition.value)
            {
                let named = self.labels.entry(device).or_default();
                *named = (at, label).max(std::mem::take(named));
            }
        }
    }

    /// Every version of every plan with when it began to hold, oldest first.
    pub(super) fn plans(&self) -> impl Iterator<Item = (RecordId, Millis, &RoundPlan)> {
        self.plans.iter().flat_map(|(id, versions)| versions.iter().map(|(since, plan)| (*id, *since, plan)))
    }

    /// What a phone said last that it is called.
    pub(super) fn label(&self, device: DeviceId) -> Option<&str> {
        self.labels.get(&device).map(|(_, label)| label.as_str())
    }

    /// The rule pack's graces with when each began to hold, oldest first.
    pub(super) fn graces(&self) -> impl Iterator<Item = (Millis, u32)> {
        self.graces.iter().copied()
    }
}
