//! How the domain's types become values and are read back.
//!
//! A structured value is a list whose later versions may only append members. So a reader leaves alone what stands
//! beyond the members it knows, and takes a member that is not there as null: what is appended is optional.

use crate::base::{BootId, ChainId, DeviceId, Digest, PersonId, RecordId, Seq, SiteId, Value};

/// A type that a field can hold.
pub trait FieldValue: Sized {
    /// The value that is written.
    fn to_value(&self) -> Value;

    /// Reads a value; none if it is not of this shape, as when a newer version wrote it.
    fn from_value(value: &Value) -> Option<Self>;
}

/// The members of a list, read in order.
#[derive(Debug)]
pub struct Parts<'v>(std::slice::Iter<'v, Value>);

impl<'v> Parts<'v> {
    /// Starts reading, if the value is a list.
    #[must_use]
    pub fn of(value: &'v Value) -> Option<Self> {
        value.as_list().map(|list| Self(list.iter()))
    }

    /// The next member; one that is not there reads as null. None if it has another shape.
    pub fn take<T: FieldValue>(&mut self) -> Option<T> {
        T::from_value(self.0.next().unwrap_or(&Value::Null))
    }
}

/// Bytes as a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Bytes(pub Vec<u8>);

impl FieldValue for Bytes {
    fn to_value(&self) -> Value {
        Value::Bytes(self.0.clone())
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_bytes().map(|b| Self(b.to_vec()))
    }
}

/// A text that may be longer than a text of the log, at most 64 KiB: it is written as its UTF-8 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct LongText(pub String);

impl FieldValue for LongText {
    fn to_value(&self) -> Value {
        Value::Bytes(self.0.clone().into_bytes())
    }

    fn from_value(value: &Value) -> Option<Self> {
        String::from_utf8(value.as_bytes()?.to_vec()).ok().map(Self)
    }
}

impl FieldValue for bool {
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl FieldValue for i64 {
    fn to_value(&self) -> Value {
        Value::Int(*self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_int()
    }
}

impl FieldValue for u32 {
    fn to_value(&self) -> Value {
        Value::Int((*self).into())
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_int()?.try_into().ok()
    }
}

impl FieldValue for Seq {
    fn to_value(&self) -> Value {
        Value::Int(i64::try_from(*self).expect("a chain never counts to 2^63"))
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_int()?.try_into().ok()
    }
}

impl FieldValue for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_text().map(str::to_owned)
    }
}

impl FieldValue for [u8; 8] {
    fn to_value(&self) -> Value {
        Value::Bytes(self.to_vec())
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_bytes()?.try_into().ok()
    }
}

impl FieldValue for Digest {
    fn to_value(&self) -> Value {
        Value::Bytes(self.0.to_vec())
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_bytes().and_then(Self::from_slice)
    }
}

macro_rules! id_values {
    ($($id:ty),*) => {$(
        impl FieldValue for $id {
            fn to_value(&self) -> Value {
                Value::Bytes(self.0.to_vec())
            }

            fn from_value(value: &Value) -> Option<Self> {
                value.as_bytes().and_then(Self::from_slice)
            }
        }
    )*};
}
id_values!(SiteId, ChainId, RecordId, PersonId, DeviceId, BootId);

impl<T: FieldValue> FieldValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }

    fn from_value(value: &Value) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::from_value(value).map(Some) }
    }
}

impl<T: FieldValue> FieldValue for Vec<T> {
    fn to_value(&self) -> Value {
        Value::List(self.iter().map(T::to_value).collect())
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_list()?.iter().map(T::from_value).collect()
    }
}

impl<A: FieldValue, B: FieldValue> FieldValue for (A, B) {
    fn to_value(&self) -> Value {
        Value::List(vec![self.0.to_value(), self.1.to_value()])
    }

    fn from_value(value: &Value) -> Option<Self> {
        let mut parts = Parts::of(value)?;
        Some((parts.take()?, parts.take()?))
    }
}

/// Makes a struct a list of its fields, in the order given here.
macro_rules! list_value {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        impl $crate::records::FieldValue for $name {
            fn to_value(&self) -> $crate::base::Value {
                $crate::base::Value::List(vec![$($crate::records::FieldValue::to_value(&self.$field)),+])
            }

            fn from_value(value: &$crate::base::Value) -> Option<Self> {
                let mut parts = $crate::records::Parts::of(value)?;
                Some(Self { $($field: parts.take()?),+ })
            }
        }
    };
}

/// Defines an enumeration whose members have numbers that are never used again for anything else.
macro_rules! codes {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$member_meta:meta])* $member:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum $name { $($(#[$member_meta])* $member = $code,)+ }

        impl $name {
            /// All of them, in order of definition.
            pub const ALL: &[Self] = &[$(Self::$member),+];

            /// Its number.
            #[must_use]
            pub const fn code(self) -> u16 {
                self as u16
            }

            /// By number; none for what a newer version knows.
            #[must_use]
            pub const fn from_code(code: u16) -> Option<Self> {
                match code {
                    $($code => Some(Self::$member),)+
                    _ => None,
                }
            }
        }

        impl $crate::records::FieldValue for $name {
            fn to_value(&self) -> $crate::base::Value {
                $crate::base::Value::Int(self.code().into())
            }

            fn from_value(value: &$crate::base::Value) -> Option<Self> {
                value.as_int()?.try_into().ok().and_then(Self::from_code)
            }
        }
    };
}

pub(crate) use {codes, list_value};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Capability;

    #[derive(Debug, PartialEq)]
    struct Pair {
        name: String,
        count: Option<u32>,
    }
    list_value!(Pair { name, count });

    #[test]
    fn a_list_may_be_longer_or_shorter_than_this_version_knows() {
        let pair = Pair { name: "a".into(), count: Some(2) };
        assert_eq!(Pair::from_value(&pair.to_value()), Some(pair));
        let newer = Value::List(vec!["a".into(), 2_u32.into(), true.into()]);
        assert_eq!(Pair::from_value(&newer).and_then(|p| p.count), Some(2));
        let older = Value::List(vec!["a".into()]);
        assert_eq!(Pair::from_value(&older), Some(Pair { name: "a".into(), count: None }));
        assert_eq!(Pair::from_value(&Value::List(vec![])), None, "what was there from the start is required");
    }

    #[test]
    fn numbers_that_do_not_fit_are_not_read() {
        assert_eq!(u32::from_value(&Value::Int(-1)), None);
        assert_eq!(u32::from_value(&Value::Int(1 << 40)), None);
        assert_eq!(Capability::from_value(&Value::Int(7)), Some(Capability::Acknowledge));
        assert_eq!(Capability::from_value(&Value::Int(99)), None);
        assert_eq!(Capability::from_value(&Value::Int(1 << 20)), None);
    }
}
