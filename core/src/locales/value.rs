//! A field's value as people read it, wherever one has to be shown by itself: beside another that it conflicts with, or in a form.

use super::{Locale, Words, outcome_text};
use crate::base::{Millis, Value};
use crate::records::calendar::Zone;
use crate::records::checklist::Item;
use crate::records::incident::{
    ASSIGNED, CLOSED, Closed, IncidentKind, KIND, OCCURRED, RECEIVED, SEVERITY, Severity,
};
use crate::records::round::{Answer, Outcome, REST_NORMAL, RESULT};
use crate::records::{FieldId, FieldValue as _};

/// A value of a field, as people read it. `item` is what an answer answers; times are shown in the site's zone.
#[must_use]
pub fn value_text(
    field: FieldId,
    value: &Value,
    item: Option<&Item>,
    zone: Option<Zone>,
    locale: Locale,
) -> String {
    let known = chosen(field, value, locale)
        .or_else(|| moment(field, value, zone))
        .or_else(|| answered(field, value, item, locale))
        .or_else(|| yes_or_no(field, value, locale));
    known.or_else(|| String::from_value(value)).unwrap_or_else(|| unread(value, locale))
}

fn chosen(field: FieldId, value: &Value, locale: Locale) -> Option<String> {
    if field == KIND.id() {
        return IncidentKind::from_value(value).map(|kind| kind.words(locale).to_owned());
    }
    let severity = (field == SEVERITY.id()).then(|| Severity::from_value(value)).flatten()?;
    Some(severity.words(locale).to_owned())
}

fn moment(field: FieldId, value: &Value, zone: Option<Zone>) -> Option<String> {
    let at = match field {
        _ if field == OCCURRED.id() || field == RECEIVED.id() => Millis::from_value(value)?,
        _ if field == CLOSED.id() => Closed::from_value(value)?.at,
        _ => return None,
    };
    Some(zone.unwrap_or(Zone::UTC).minute_text(at))
}

fn answered(field: FieldId, value: &Value, item: Option<&Item>, locale: Locale) -> Option<String> {
    let answer = (field == RESULT.id()).then(|| Answer::from_value(value)).flatten()?;
    let Some(item) = item else { return Some(answer.status.words(locale).to_owned()) };
    Some(outcome_text(item, &Outcome::Answered(&answer, answer.verdict(item)), locale))
}

fn yes_or_no(field: FieldId, value: &Value, locale: Locale) -> Option<String> {
    let says = (field == ASSIGNED.id() || field == REST_NORMAL.id()).then(|| value.as_bool()).flatten()?;
    Some(if says { locale.pick("是", "yes") } else { locale.pick("否", "no") }.to_owned())
}

/// What a newer version wrote, or what is not for reading.
fn unread(value: &Value, locale: Locale) -> String {
    let (zh, en) = if value.is_null() {
        ("（空）", "(nothing)")
    } else {
        ("（无法显示）", "(cannot be shown)")
    };
    locale.pick(zh, en).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::incident::PLACE;

    #[test]
    fn a_value_is_said_by_what_its_field_means() {
        let said = |field, value: &Value| {
            [Locale::ZhCn, Locale::En].map(|locale| value_text(field, value, None, None, locale))
        };
        assert_eq!(said(SEVERITY.id(), &Severity::High.to_value())[1], Severity::High.words(Locale::En));
        assert_eq!(said(OCCURRED.id(), &Value::Int(60_000)), ["1970-01-01 00:01"; 2]);
        assert_eq!(said(PLACE.id(), &Value::Text("泵房".into())), ["泵房"; 2]);
        assert_eq!(said(ASSIGNED.id(), &Value::Bool(true)), ["是", "yes"]);
        assert_eq!(said(PLACE.id(), &Value::Null), ["（空）", "(nothing)"]);
    }
}
