//! The domain: what is recorded, with no behaviour beyond its own rules.
//!
//! A record's state is fields and sets ([`Field`], [`Members`], [`Set`]). Each family of records has a module that defines
//! its fields, the types they hold, and pure functions that say what the state means: the state is handed in, and so
//! is the time. [`schema::describe`] knows every field by its number.

mod capability;
mod field;
mod kind;
mod lawful;
mod settling;
mod text;
mod value;

pub mod calendar;
pub mod chain;
pub mod checklist;
pub mod comment;
pub mod config;
pub mod handover;
pub mod incident;
pub mod kpi;
pub mod limits;
pub mod people;
pub mod round;
pub mod rules;
pub mod schema;
pub mod security;
pub mod shift;
pub mod site;
pub mod site_plan;

pub use capability::{Capabilities, Capability};
pub use chain::HeldDecision;
pub use field::{Cell, Field, FieldId, FieldKind, Member, Members, Set, Shape};
pub use kind::{Kind, RecordKind};
pub use lawful::{is_flagged, is_headline, may_write, speaks_for};
pub use schema::describe;
pub use settling::{fits, is_open, settling_needs};
pub use text::Bilingual;
pub(crate) use value::list_value;
pub use value::{Bytes, FieldValue, LongText, Parts};
