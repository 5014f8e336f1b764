//! What people wrote without having seen each other, and settling it.

use dutylog_core::base::Value;
use dutylog_core::capture::SettleConflict;
use dutylog_core::companion::{self as core, Conflict, Contender};
use dutylog_core::locales::{Locale, Words as _, field_name, value_text};
use dutylog_core::log::{decode_value, encode_value};
use dutylog_core::merge::{Lookup as _, RecordState};
use dutylog_core::records::checklist::Item;
use dutylog_core::records::round::{RESULT, STARTED};
use dutylog_core::records::{Cell, FieldId, Member};

use super::{Answer, Logbook};
use crate::error::{DutylogError, Failure};
use crate::forms::NewValue;
use crate::host::Reading;
use crate::rows::{ConflictRow, ConflictValueRow, Saved, name_of};

#[uniffi::export]
impl Logbook {
    /// Everything that waits for a person to settle it; of one record, or of all if `record` is none.
    pub fn conflicts(&self, record: Option<String>) -> Result<Vec<ConflictRow>, DutylogError> {
        self.read(|app| {
            let all = match &record {
                Some(record) => app.conflicts_of(super::record(record, "record")?)?,
                None => app.conflicts()?,
            };
            all.iter().map(|conflict| row(app, conflict, self.lending.locale)).collect()
        })
    }

    /// Settles a conflict: the value, as `conflicts` names it, is to stand. What was not chosen stays in the log.
    pub fn settle_conflict(
        &self,
        draft: String,
        record: String,
        cell: String,
        value: String,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        let value = || value_of(&value).ok_or(Failure::Argument("value"));
        self.settle(&draft, [&record, &cell], value, false, &reading)
    }

    /// Settles a conflict with a value that nobody wrote before: neither was right. Fails with `Rejected` (`value_unfit`) if the field takes
    /// no such value.
    pub fn settle_conflict_anew(
        &self,
        draft: String,
        record: String,
        cell: String,
        value: NewValue,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.settle(&draft, [&record, &cell], || Ok(value.into()), true, &reading)
    }
}

impl Logbook {
    fn settle(
        &self,
        draft: &str,
        [record, cell]: [&str; 2],
        value: impl FnOnce() -> Answer<Value>,
        is_new: bool,
        reading: &Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(draft, reading, |_| {
            let (field, member) = cell_of(cell).ok_or(Failure::Argument("cell"))?;
            let cell = Cell { record: super::record(record, "record")?, field, member };
            Ok(SettleConflict { cell, value: value()?, is_new }.into())
        })
    }
}

fn row(app: &core::Companion, conflict: &Conflict, locale: Locale) -> Answer<ConflictRow> {
    let config = app.store().knowledge().now();
    let Cell { record, field, member } = conflict.cell;
    let item = item_of(app, &app.store().reader().record(record)?, field, member);
    let value = |contender: &Contender| ConflictValueRow {
        value: hex(&encode_value(&contender.value)),
        text: value_text(field, &contender.value, item, config.zone(), locale),
        author: contender.author.map(|author| name_of(&config, author)).unwrap_or_default(),
        at_ms: contender.at,
    };
    let of_item = item.map(|item| item.text.get(locale).to_owned());
    Ok(ConflictRow {
        record: record.to_string(),
        record_text: conflict.kind.words(locale).to_owned(),
        cell: cell_text(field, member),
        name: of_item.unwrap_or_else(|| field_name(field, locale)),
        values: conflict.values.iter().map(value).collect(),
    })
}

/// The item that an answer answers.
fn item_of<'a>(
    app: &'a core::Companion,
    state: &RecordState,
    field: FieldId,
    member: Member,
) -> Option<&'a Item> {
    let (true, Member::Number(number)) = (field == RESULT.id(), member) else { return None };
    let started = state.get(STARTED)?;
    let config = app.store().knowledge().now();
    config.checklist_version(started.checklist, started.checklist_version)?.item(number)
}

fn cell_text(field: FieldId, member: Member) -> String {
    match member {
        Member::Whole => format!("{}", field.0),
        Member::Number(number) => format!("{}.{number}", field.0),
        Member::Id(id) => format!("{}.{}", field.0, hex(&id)),
    }
}

fn cell_of(text: &str) -> Option<(FieldId, Member)> {
    let (field, member) = text.split_once('.').map_or((text, None), |(field, member)| (field, Some(member)));
    let member = match member {
        None => Member::Whole,
        Some(id) if id.len() == 32 => Member::Id(unhex(id)?.try_into().ok()?),
        Some(number) => Member::Number(number.parse().ok()?),
    };
    Some((FieldId(field.parse().ok()?), member))
}

fn value_of(text: &str) -> Option<Value> {
    decode_value(&unhex(text)?).ok()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.is_ascii().then(|| text.as_bytes().chunks(2))?;
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
