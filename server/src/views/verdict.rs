//! What became of an entry, as it is kept and shown.

use dutylog_core::merge::{Breach, Opaque, Verdict};
use dutylog_core::records::{Capability, FieldId};

/// Whether an entry counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It counts.
    Counts,
    /// A newer version is needed to know what it means.
    Opaque,
    /// Kept, and does not count.
    Refused,
    /// Kept until somebody reviews it.
    Held,
    /// What it is to be judged by has not arrived.
    Waits,
}

impl Standing {
    /// Those that are shown as a problem.
    pub const PROBLEMS: [Self; 4] = [Self::Opaque, Self::Refused, Self::Held, Self::Waits];

    /// Its number in tables.
    #[must_use]
    pub const fn code(self) -> i64 {
        self as i64
    }

    /// By number.
    #[must_use]
    pub fn from_code(code: i64) -> Option<Self> {
        [Self::Counts].into_iter().chain(Self::PROBLEMS).find(|s| s.code() == code)
    }
}

/// What became of an entry, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it counts.
    pub standing: Standing,
    /// A stable code of the reason, such as `not_allowed:6`; empty when it counts.
    pub reason: String,
}

impl Outcome {
    pub(super) fn of(verdict: &Verdict) -> Self {
        let (standing, reason) = match verdict {
            Verdict::Counts(_) => (Standing::Counts, String::new()),
            Verdict::Opaque(opaque) => (Standing::Opaque, opaque_code(*opaque).into()),
            Verdict::Refused(breach) => (Standing::Refused, breach_code(*breach)),
            Verdict::Held => (Standing::Held, "cut_off".into()),
            Verdict::Waits => (Standing::Waits, "not_arrived".into()),
        };
        Self { standing, reason }
    }

    /// Where one entry came in several segments, the most favourable outcome holds.
    pub(super) fn rank(&self) -> (u8, &str) {
        let order = match self.standing {
            Standing::Counts => 0,
            Standing::Opaque => 1,
            Standing::Waits => 2,
            Standing::Held => 3,
            Standing::Refused => 4,
        };
        (order, &self.reason)
    }
}

fn opaque_code(opaque: Opaque) -> &'static str {
    match opaque {
        Opaque::Kind => "unknown_kind",
        Opaque::Operations => "unknown_operations",
        Opaque::Field => "unknown_field",
    }
}

fn breach_code(breach: Breach) -> String {
    match breach {
        Breach::NotAllowed(capability) => format!("not_allowed:{}", capability.code()),
        Breach::NoPerson => "no_person".into(),
        Breach::WrongSession => "wrong_session".into(),
        Breach::HqOnly => "hq_only".into(),
        Breach::SiteOnly => "site_only".into(),
        Breach::ForeignField(field) => format!("foreign_field:{}", field.0),
        Breach::OtherName => "other_name".into(),
        Breach::BadStatement => "bad_statement".into(),
        Breach::OtherContent => "other_content".into(),
        Breach::Excluded => "excluded".into(),
    }
}

/// Reads a reason back, for words in the reader's language; none for reasons that are no breach.
#[must_use]
pub fn breach_of(reason: &str) -> Option<Breach> {
    let (name, number) = reason.split_once(':').unwrap_or((reason, ""));
    Some(match name {
        "not_allowed" => Breach::NotAllowed(Capability::from_code(number.parse().ok()?)?),
        "no_person" => Breach::NoPerson,
        "wrong_session" => Breach::WrongSession,
        "hq_only" => Breach::HqOnly,
        "site_only" => Breach::SiteOnly,
        "foreign_field" => Breach::ForeignField(FieldId(number.parse().ok()?)),
        "other_name" => Breach::OtherName,
        "bad_statement" => Breach::BadStatement,
        "other_content" => Breach::OtherContent,
        "excluded" => Breach::Excluded,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_read_back() {
        let all = [
            Breach::NotAllowed(Capability::Acknowledge),
            Breach::NoPerson,
            Breach::WrongSession,
            Breach::HqOnly,
            Breach::SiteOnly,
            Breach::ForeignField(FieldId(65)),
            Breach::OtherName,
            Breach::BadStatement,
            Breach::OtherContent,
            Breach::Excluded,
        ];
        for breach in all {
            assert_eq!(breach_of(&breach_code(breach)), Some(breach));
        }
        assert_eq!(breach_of("cut_off"), None);
        assert_eq!(Standing::from_code(Standing::Waits.code()), Some(Standing::Waits));
    }
}
