//! The words people read, in Chinese and English, and the texts that are signed.
//!
//! Both languages stand side by side in one place, so that neither can be forgotten.

mod addendum;
mod chain;
mod ended;
mod fields;
mod handover;
mod incident;
mod judgement;
mod kinds;
mod people;
mod plan;
mod problem;
mod proof;
mod rejections;
mod round;
mod rules;
mod text;
mod trouble;
mod value;

use std::fmt;
use std::str::FromStr;

pub use addendum::{AddendumLine, addendum_text};
pub use ended::end_text;
pub use fields::{field_name, field_words};
pub use handover::{HandoverSheet, handover_text, subject_text};
pub use incident::{IncidentSheet, incident_text, report_clock_text};
pub use judgement::{breach_text, clock_wrong_text, stale_text};
pub use plan::plan_problem_text;
pub use problem::problem_text;
pub use rejections::{RejectionText, rejection_text};
pub use round::{RoundSheet, outcome_text, round_text};
pub use rules::{rule_clause, rule_text};
pub use trouble::{Trouble, trouble_text};
pub use value::value_text;

use crate::records::Bilingual;

/// A language that people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Locale {
    /// Chinese as written in mainland China.
    #[default]
    ZhCn,
    /// English.
    En,
}

impl Locale {
    /// All of them.
    pub const ALL: &[Self] = &[Self::ZhCn, Self::En];

    /// The language tag, as in `lang` attributes and signed documents.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// Picks the text of this language.
    #[must_use]
    pub const fn pick<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        match self {
            Self::ZhCn => zh,
            Self::En => en,
        }
    }
}

/// A text that is not a language tag of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a language this version speaks: expected zh-CN or en")]
pub struct UnknownLocale;

impl FromStr for Locale {
    type Err = UnknownLocale;

    fn from_str(tag: &str) -> Result<Self, UnknownLocale> {
        Self::ALL.iter().copied().find(|l| l.tag().eq_ignore_ascii_case(tag)).ok_or(UnknownLocale)
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl Bilingual {
    /// The text of one language.
    #[must_use]
    pub fn get(&self, locale: Locale) -> &str {
        locale.pick(&self.zh, &self.en)
    }
}

/// Something that has a name in both languages.
pub trait Words {
    /// The Chinese and the English name.
    fn both(&self) -> (&'static str, &'static str);

    /// The name in one language.
    fn words(&self, locale: Locale) -> &'static str {
        let (zh, en) = self.both();
        locale.pick(zh, en)
    }
}

/// Gives an enumeration its names.
macro_rules! words {
    ($name:ty { $($member:pat => $zh:literal, $en:literal;)+ }) => {
        impl $crate::locales::Words for $name {
            fn both(&self) -> (&'static str, &'static str) {
                match self { $($member => ($zh, $en),)+ }
            }
        }
    };
}
use words;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::records::{Capability, Kind, RecordKind, chain, checklist, handover, incident, people, round};
    use crate::records::{rules, schema, security, shift};

    fn check(what: &str, (zh, en): (&str, &str)) {
        assert!(!zh.trim().is_empty() && !en.trim().is_empty(), "{what} has no name in one language");
        assert_ne!(zh, en, "{what} has one name for both languages");
        assert!(!zh.is_ascii(), "{what} has no Chinese name: {zh}");
        assert!(en.is_ascii(), "{what} has no English name: {en}");
    }

    fn check_all<W: Words + fmt::Debug>(all: &[W]) {
        let mut seen = BTreeSet::new();
        for one in all {
            check(&format!("{one:?}"), one.both());
            assert!(seen.insert(one.both().0) && seen.insert(one.both().1), "{one:?} shares its name");
        }
    }

    #[test]
    fn everything_has_its_own_name_in_both_languages() {
        check_all(Kind::ALL);
        check_all(RecordKind::ALL);
        check_all(Capability::ALL);
        check_all(people::PostTemplate::ALL);
        check_all(checklist::Verdict::ALL);
        check_all(round::ItemStatus::ALL);
        check_all(round::PresenceGrade::ALL);
        check_all(incident::IncidentKind::ALL);
        check_all(incident::Severity::ALL);
        check_all(incident::IncidentState::ALL);
        check_all(crate::capture::Asked::ALL);
        check_all(handover::Block::ALL);
        check_all(handover::ResourceState::ALL);
        check_all(handover::Role::ALL);
        check_all(handover::Decision::ALL);
        check_all(handover::HandoverState::ALL);
        check_all(shift::AttendanceKind::ALL);
        check_all(rules::RuleId::ALL);
        check_all(rules::RuleUnit::ALL);
        check_all(security::RevocationKind::ALL);
        check_all(chain::SignInMethod::ALL);
        check_all(chain::SessionEnd::ALL);
        check_all(chain::HeldDecision::ALL);
    }

    #[test]
    fn every_round_status_has_a_name() {
        use round::RoundStatus as S;
        let (silent, owing) = (S::Unknown(vec![]), S::NotHereYet(vec![]));
        check_all(&[
            S::Upcoming,
            S::Due,
            S::Running,
            S::OnTime,
            S::Late,
            S::Skipped,
            S::Missed,
            owing,
            silent,
        ]);
    }

    #[test]
    fn every_field_has_a_name() {
        for field in schema::fields() {
            check(&field.id.to_string(), field_words(field.id).expect("a name"));
        }
    }

    #[test]
    fn every_rule_says_where_it_comes_from() {
        for rule in rules::RuleId::ALL {
            let clause = rule_clause(*rule);
            check(&format!("{rule:?}"), (clause.0, clause.1));
        }
    }

    #[test]
    fn tags_are_read_as_they_are_written() {
        for locale in Locale::ALL {
            assert_eq!(locale.to_string().parse(), Ok(*locale));
        }
        assert_eq!("ZH-cn".parse(), Ok(Locale::ZhCn));
        assert!("fr".parse::<Locale>().is_err());
    }
}
