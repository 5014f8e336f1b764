//! What an entry says, on one line: its changes in the reader's language.

mod config;
mod record;

use std::collections::BTreeMap;

use dutylog_core::base::{RecordId, Value};
use dutylog_core::locales::field_name;
use dutylog_core::log::{Entry, Op};
use dutylog_core::records::checklist::Checklist;
use dutylog_core::records::{FieldId, FieldValue, Member};

use super::words::{Words, capitalised, hex};
use crate::views::Board;

/// What is needed to say it: names, and the checklists of the rounds it may be about.
#[derive(Debug)]
pub(super) struct Sayer<'a> {
    pub(super) words: &'a Words,
    pub(super) board: &'a Board,
    pub(super) checklists: &'a BTreeMap<RecordId, Checklist>,
}

impl Sayer<'_> {
    /// All that an entry changes, as far as it fits on a line; empty if its kind says it all.
    pub(super) fn line(&self, entry: &Entry) -> String {
        let Ok(ops) = entry.operations() else { return String::new() };
        let told: Vec<String> = ops.iter().filter_map(|op| self.op(entry, op)).collect();
        told.join(self.words.pick("；", "; "))
    }

    fn op(&self, entry: &Entry, op: &Op) -> Option<String> {
        let (Op::Write { record, field, value, .. } | Op::Add { record, field, value }) = op;
        let member = if let Op::Write { member, .. } = op { *member } else { Member::Whole };
        let record = entry.records.get(usize::from(*record)).copied();
        let told = self.value(record, *field, member, value)?;
        let told = told.trim().to_owned();
        (!told.is_empty()).then_some(told)
    }

    /// A value of a field on one line; none if this version cannot read it.
    pub(super) fn value(
        &self,
        record: Option<RecordId>,
        field: FieldId,
        member: Member,
        value: &Value,
    ) -> Option<String> {
        self.of_record(record, field, member, value).or_else(|| self.of_config(field, value))
    }

    /// A value as evidence: never left out, whatever it is.
    pub(super) fn evidence(
        &self,
        record: Option<RecordId>,
        field: FieldId,
        member: Member,
        value: &Value,
    ) -> (String, String) {
        let name = capitalised(&field_name(field, self.words.locale()));
        let name = match member {
            Member::Whole => name,
            Member::Number(number) => format!("{name} {number}"),
            Member::Id(id) => format!("{name} {}", self.words.person(dutylog_core::base::PersonId(id))),
        };
        let told = self.value(record, field, member, value).filter(|told| !told.is_empty());
        (name, told.unwrap_or_else(|| raw(value)))
    }

    fn joined(&self, parts: &[String]) -> String {
        let told: Vec<&str> = parts.iter().map(|p| p.trim()).filter(|p| !p.is_empty()).collect();
        told.join(" · ")
    }

    fn reads<T: FieldValue>(value: &Value) -> Option<T> {
        T::from_value(value)
    }
}

/// A value as it stands.
pub(super) fn raw(value: &Value) -> String {
    match value {
        Value::Null => "—".into(),
        Value::Bool(yes) => yes.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Bytes(bytes) => hex(bytes),
        Value::List(members) => {
            format!("[{}]", members.iter().map(raw).collect::<Vec<_>>().join(", "))
        }
    }
}
