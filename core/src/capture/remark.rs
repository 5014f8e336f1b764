//! What may be done about any record: comments, and settling what people wrote without having seen each other.

use super::{Asked, Capture, CaptureError, Context, Entered, Intent, Rejection, Side};
use crate::base::{RecordId, Value};
use crate::merge::Lookup;
use crate::records::{
    Cell, FieldId, FieldValue, Kind, Member, Parts, Shape, comment, describe, fits, list_value,
    settling_needs,
};

/// Comments on a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Which record.
    pub record: RecordId,
    /// What is to be said.
    pub text: Entered,
}
list_value!(Comment { record, text });

impl Capture for Comment {
    fn kind(&self) -> Kind {
        Kind::Commented
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let text = self.text.required(Asked::Text)?;
        let said = comment::Comment { person: ctx.person()?, text, at: ctx.now };
        Ok(Intent::about(Kind::Commented, self.record).add(comment::COMMENTS, &said).done())
    }
}

/// Settles a field or member with several values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettleConflict {
    /// What is to be settled.
    pub cell: Cell,
    /// The value that is to stand.
    pub value: Value,
    /// Whether it is meant to be none of those that were written.
    pub is_new: bool,
}

impl FieldValue for SettleConflict {
    fn to_value(&self) -> Value {
        let member = match self.cell.member {
            Member::Whole => Value::Null,
            Member::Number(number) => number.into(),
            Member::Id(id) => Value::Bytes(id.to_vec()),
        };
        let (record, field) = (self.cell.record.to_value(), u32::from(self.cell.field.0).to_value());
        Value::List(vec![record, field, member, self.value.clone(), self.is_new.into()])
    }

    fn from_value(value: &Value) -> Option<Self> {
        let [_, _, member, chosen, ..] = value.as_list()? else { return None };
        let mut parts = Parts::of(value)?;
        let (record, field) = (parts.take()?, parts.take::<u32>()?);
        let member = match member {
            Value::Null => Member::Whole,
            Value::Int(number) => Member::Number(u32::try_from(*number).ok()?),
            Value::Bytes(id) => Member::Id(id.as_slice().try_into().ok()?),
            _ => return None,
        };
        let is_new = value.as_list()?.get(4)?.as_bool()?;
        let cell = Cell { record, field: FieldId(u16::try_from(field).ok()?), member };
        Some(Self { cell, value: chosen.clone(), is_new })
    }
}

impl Capture for SettleConflict {
    fn kind(&self) -> Kind {
        Kind::ConflictSettled
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let Cell { record, field, member } = self.cell;
        let register = ctx.state.register(&self.cell).map_err(CaptureError::State)?;
        if !register.in_conflict() || describe(field).is_none_or(|d| d.shape == Shape::Set) {
            return Err(Rejection::NothingToSettle { field }.into());
        }
        let live = register.values().any(|v| *v == self.value);
        if !live && !self.is_new {
            return Err(Rejection::NotALiveValue { field }.into());
        }
        if !live && !fits(field, &self.value) {
            return Err(Rejection::ValueUnfit { field }.into());
        }
        if let Some(capability) = settling_needs(field).filter(|c| !ctx.allows(*c)) {
            // Headquarters, which has no such right, chooses among what people at the site wrote.
            if ctx.side == Side::Site || !live {
                return Err(Rejection::NotAllowed { capability }.into());
            }
        }
        Ok(Intent::about(Kind::ConflictSettled, record).write(field, member, self.value).done())
    }
}
