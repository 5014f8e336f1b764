//! The domain: what is recorded, with no behaviour beyond its own rules.

mod field;

pub use field::{Cell, FieldId, Member};
