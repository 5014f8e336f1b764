//! What may settle a conflict: a value that fits, or, where somebody speaks or signs in their own name, only one of those that were written.

use super::{Capability, Field, FieldId, FieldValue, Members};
use super::{handover, incident, round};
use crate::base::Value;

macro_rules! open_fields {
    ($($handle:expr),+ $(,)?) => {
        /// Whether a conflict in a field may be settled with a value that nobody has written before. What was signed or is told in
        /// somebody's name can only be chosen, not made up.
        #[must_use]
        pub fn is_open(field: FieldId) -> bool {
            const OPEN: &[FieldId] = &[$($handle.id()),+];
            OPEN.contains(&field)
        }

        /// Whether such a field takes a value.
        #[must_use]
        pub fn fits(field: FieldId, value: &Value) -> bool {
            $(($handle.id() == field && reads(&$handle, value)))||+
        }
    };
}

open_fields!(
    round::SKIPPED,
    round::REST_NORMAL,
    round::RESULT,
    round::ROUND_SKIPPED,
    incident::KIND,
    incident::SEVERITY,
    incident::OCCURRED,
    incident::RECEIVED,
    incident::REPORTER,
    incident::CONTACT,
    incident::PLACE,
    incident::NATURE,
    incident::FIRST_STATE,
    incident::SUGGESTION,
    incident::RESULT,
    incident::CAUSE,
    incident::RESPONSIBILITY,
    incident::COUNTERMEASURE,
    incident::ORIGIN,
    incident::ASSIGNED,
    handover::ONE_SIDED,
);

/// What whoever settles a conflict in a field must be allowed besides: what changing it takes. Whether there was a conflict at all, only
/// those know who held what was written then, so settling must not be a way round that right (decision 0006).
#[must_use]
pub fn settling_needs(field: FieldId) -> Option<Capability> {
    (field == incident::SEVERITY.id()).then_some(Capability::RunIncident)
}

/// A handle's type, which says what its field takes.
trait Holds {
    type Held: FieldValue;
}

impl<T: FieldValue> Holds for Field<T> {
    type Held = T;
}

impl<T: FieldValue> Holds for Members<T> {
    type Held = T;
}

fn reads<H: Holds>(_: &H, value: &Value) -> bool {
    H::Held::from_value(value).is_some()
}
