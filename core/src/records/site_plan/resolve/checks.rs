//! Checkpoints and checklists.

use super::super::{AssetPart, ChecklistPart, ItemPart, PlanFault, ReadingPart};
use super::Resolver;
use super::read::steps;
use crate::records::RecordKind;
use crate::records::checklist::{
    Asset, Checklist, Checkpoint, Item, ItemKind, Limits, NO_CHECKPOINT, ReadingSpec,
};

/// Digits after the point that a reading may have.
const MOST_DECIMALS: u32 = 6;

impl Resolver<'_> {
    pub(super) fn checkpoints(&mut self) {
        let parts = &self.plan.checkpoints;
        self.unique("checkpoints", "number", parts.iter().map(|c| c.number));
        for (i, part) in parts.iter().enumerate() {
            let path = format!("checkpoints[{i}]");
            self.both(&format!("{path}.name"), &part.name);
            let asset = |a: &AssetPart| Asset { name: a.name.clone(), model: a.model.clone() };
            let checkpoint = Checkpoint {
                number: part.number,
                name: part.name.clone(),
                place: part.place.clone(),
                tag: part.tag.clone(),
                assets: part.assets.iter().map(asset).collect(),
                active: part.active,
            };
            self.write(
                &path,
                self.named_record(RecordKind::Checkpoint, &part.number.to_string()),
                checkpoint,
            );
        }
    }

    pub(super) fn checklists(&mut self) {
        let parts = &self.plan.checklists;
        self.unique("checklists", "key", parts.iter().map(|c| &c.key));
        for (i, part) in parts.iter().enumerate() {
            let path = format!("checklists[{i}]");
            self.both(&format!("{path}.name"), &part.name);
            let items = self.items(&path, part);
            let checklist = Checklist { name: part.name.clone(), version: 0, items, active: part.active };
            self.write(&path, self.named_record(RecordKind::Checklist, &part.key), checklist);
        }
    }

    fn items(&mut self, path: &str, part: &ChecklistPart) -> Vec<Item> {
        self.unique(&format!("{path}.items"), "number", part.items.iter().map(|i| i.number));
        let items = part.items.iter().enumerate();
        items.map(|(n, item)| self.item(&format!("{path}.items[{n}]"), item)).collect()
    }

    fn item(&mut self, path: &str, part: &ItemPart) -> Item {
        self.both(&format!("{path}.text"), &part.text);
        let known = |number| self.plan.checkpoints.iter().any(|c| c.number == number);
        if let Some(number) = part.checkpoint.filter(|number| !known(*number)) {
            let fault = PlanFault::NoSuch(RecordKind::Checkpoint, number.to_string());
            self.fault(format!("{path}.checkpoint"), fault);
        }
        let reading = part.reading.as_ref().map(|r| self.reading(&format!("{path}.reading"), r));
        Item {
            number: part.number,
            checkpoint: part.checkpoint.unwrap_or(NO_CHECKPOINT),
            text: part.text.clone(),
            kind: reading.map_or(ItemKind::Status, ItemKind::Reading),
            required: part.required,
        }
    }

    fn reading(&mut self, path: &str, part: &ReadingPart) -> ReadingSpec {
        self.not_empty(format!("{path}.unit"), &part.unit);
        self.in_range(format!("{path}.decimals"), part.decimals, 0, MOST_DECIMALS);
        let mut limit = |name: &str, text: &Option<String>| {
            let text = text.as_ref()?;
            Some(self.take(format!("{path}.{name}"), steps(text, part.decimals)))
        };
        let limits = Limits {
            low_alarm: limit("low_alarm", &part.low_alarm),
            low_warn: limit("low_warn", &part.low_warn),
            high_warn: limit("high_warn", &part.high_warn),
            high_alarm: limit("high_alarm", &part.high_alarm),
        };
        let sound = self.problems.last().is_none_or(|p| !p.path.starts_with(path));
        if sound && !limits.in_order() {
            self.fault(path, PlanFault::LimitsOutOfOrder);
        }
        ReadingSpec { unit: part.unit.clone(), decimals: part.decimals, limits }
    }
}
