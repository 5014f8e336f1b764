//! What is wrong with a plan, and where.

use crate::records::RecordKind;
use crate::records::limits::Unfit;

/// Something wrong at one place of a plan. `locales::plan_problem_text` says it to people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {fault:?}")]
pub struct PlanProblem {
    /// Where, such as `people[3].posts[0]`; empty for the file as a whole.
    pub path: String,
    /// What.
    pub fault: PlanFault,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanFault {
    /// It is not JSON, or has another type than expected.
    Malformed(String),
    /// A field that a plan does not have.
    UnknownField(String),
    /// A field is not there.
    MissingField(String),
    /// A field or a name is there twice.
    Duplicate(String),
    /// A word that is not one of those expected.
    UnknownWord(String),
    /// A text is empty.
    Empty,
    /// Nothing of this kind has this name in the plan.
    NoSuch(RecordKind, String),
    /// Not the IANA name of a time zone.
    NotATimeZone(String),
    /// Not a time of day such as `08:00`.
    NotATime(String),
    /// Not a day such as `2026-03-01`.
    NotADay(String),
    /// Not a number, or one with more digits after the point than the item has.
    NotAReading(String),
    /// The limits do not stand in order.
    LimitsOutOfOrder,
    /// A number beyond what is allowed: from the first to the second.
    OutOfRange(u32, u32),
    /// A grant that ends needs a reason and an approver.
    UnreasonedGrant,
    /// A post needs a template or capabilities.
    PostAllowsNothing,
    /// The log cannot carry it.
    Unfit(Unfit),
}

impl PlanProblem {
    pub(super) fn new(path: String, fault: PlanFault) -> Self {
        Self { path, fault }
    }

    pub(super) fn reading(error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        Self { path, fault: PlanFault::reading(&error.inner().to_string()) }
    }

    pub(super) fn trailing(error: &serde_json::Error) -> Self {
        Self { path: String::new(), fault: PlanFault::Malformed(error.to_string()) }
    }
}

impl PlanFault {
    /// Recognises what the JSON reader says in its fixed sentences.
    fn reading(message: &str) -> Self {
        let named = |start: &str| -> Option<String> {
            message.strip_prefix(start)?.split('`').next().map(str::to_owned)
        };
        None.or_else(|| named("unknown field `").map(Self::UnknownField))
            .or_else(|| named("missing field `").map(Self::MissingField))
            .or_else(|| named("duplicate field `").map(Self::Duplicate))
            .or_else(|| named("unknown variant `").map(Self::UnknownWord))
            .unwrap_or_else(|| Self::Malformed(message.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::SitePlan;
    use super::*;

    fn problem(json: &str) -> PlanProblem {
        SitePlan::from_json(json.as_bytes()).expect_err("not a plan")
    }

    #[test]
    fn a_file_that_is_not_a_plan_says_where() {
        let table = [
            (r#"{"site":{},"x":1}"#, "site", PlanFault::MissingField("key".into())),
            (
                r#"{"people":[{"staff_number":"1","nam":"A"}]}"#,
                "people[0].nam",
                PlanFault::UnknownField("nam".into()),
            ),
            (r#"{"people":[],"people":[]}"#, "", PlanFault::Duplicate("people".into())),
            (
                r#"{"posts":[{"key":"a","name":{"zh":"a","en":"a"},"template":"boss"}]}"#,
                "posts[0].template",
                PlanFault::UnknownWord("boss".into()),
            ),
        ];
        for (json, path, fault) in table {
            let found = problem(json);
            assert_eq!(found.fault, fault, "{json}");
            assert_eq!(found.path, path, "{json}");
        }
        assert!(matches!(problem("{").fault, PlanFault::Malformed(_)));
        assert!(matches!(problem(r#"{"people":1}"#).fault, PlanFault::Malformed(_)));
    }
}
