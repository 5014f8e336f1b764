//! Where records stand, as numbers that lists filter by.

use dutylog_core::records::handover::HandoverState;

macro_rules! states {
    ($(#[$meta:meta])* $name:ident { $($(#[$member_meta:meta])* $member:ident,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$member_meta])* $member,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$member),+];

            /// Its number in tables.
            #[must_use]
            pub const fn code(self) -> i64 {
                self as i64
            }

            /// By number.
            #[must_use]
            pub fn from_code(code: i64) -> Option<Self> {
                Self::ALL.iter().copied().find(|s| s.code() == code)
            }
        }
    };
}

states! {
    /// Where a round that was begun or left out stands.
    RoundAt {
        /// Begun, not signed.
        Running,
        /// Signed.
        Signed,
        /// Left out with a reason.
        Skipped,
    }
}

states! {
    /// Where an incident stands.
    IncidentAt {
        /// Nobody has acknowledged it.
        Open,
        /// Acknowledged, not closed.
        Acknowledged,
        /// Closed.
        Closed,
    }
}

/// A handover's state in tables.
pub(super) fn handover_code(state: HandoverState) -> i64 {
    state as i64
}

/// Reads what [`handover_code`] wrote.
pub(super) fn handover_from(code: i64) -> Option<HandoverState> {
    HandoverState::ALL.iter().copied().find(|s| handover_code(*s) == code)
}
