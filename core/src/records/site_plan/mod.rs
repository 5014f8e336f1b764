//! `site.json`: one file in which an administrator describes a site.
//!
//! Things are called by names that the administrator chooses (a person by staff number); the same name means the same
//! object every time, so that a file may be applied as often as one likes. Applying adds and changes, and removes nothing:
//! a post, checkpoint, checklist or plan is retired by `"active": false`, a grant by its last day.

mod diff;
mod problem;
mod resolve;

pub use diff::diff;
pub use problem::{PlanFault, PlanProblem};
pub use resolve::{ConfigWrite, ResolvedPlan, person_id, site_id};

use serde::Deserialize;

use super::people::PostTemplate;
use super::rules::RuleId;
use super::{Bilingual, Capability};

/// A whole file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SitePlan {
    /// The site itself.
    pub site: SitePart,
    /// Its posts.
    pub posts: Vec<PostPart>,
    /// Its people.
    pub people: Vec<PersonPart>,
    /// Grants with a beginning, an end or a reason, beside the posts that people simply hold.
    #[serde(default)]
    pub grants: Vec<GrantPart>,
    /// Its checkpoints.
    #[serde(default)]
    pub checkpoints: Vec<CheckpointPart>,
    /// Its checklists.
    #[serde(default)]
    pub checklists: Vec<ChecklistPart>,
    /// Its round plans.
    #[serde(default)]
    pub round_plans: Vec<RoundPlanPart>,
    /// Who should be at which shift.
    #[serde(default)]
    pub roster: Vec<RosterPart>,
    /// Rules that differ from, or confirm, what holds by default.
    #[serde(default)]
    pub rules: Vec<RulePart>,
}

/// The site itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SitePart {
    /// Its lasting short name, unique in the organisation.
    pub key: String,
    /// What people call it.
    pub name: Bilingual,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// What people call headquarters.
    pub headquarters: Bilingual,
    /// The shifts of a day.
    pub shifts: Vec<ShiftPart>,
    /// How long before a shift its handover is signed, if it differs from the rule.
    pub handover_lead_minutes: Option<u32>,
    /// The checklist that is answered at every handover.
    pub handover_checklist: Option<String>,
}

/// One shift of every day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShiftPart {
    /// Its lasting short name.
    pub key: String,
    /// What people call it.
    pub name: Bilingual,
    /// When it starts, as `08:00`.
    pub start: String,
    /// When it ends, as `20:00`.
    pub end: String,
}

/// A post.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostPart {
    /// Its short name in this file.
    pub key: String,
    /// What people call it.
    pub name: Bilingual,
    /// The ready-made post it follows.
    pub template: Option<PostTemplate>,
    /// What it allows, if it differs from the template.
    pub capabilities: Option<Vec<Capability>>,
    /// Whether a shift without it has a gap.
    #[serde(default)]
    pub mandatory: bool,
    /// Whether it is still in use.
    #[serde(default = "yes")]
    pub active: bool,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonPart {
    /// Their staff number, unique in the organisation.
    pub staff_number: String,
    /// Their name.
    pub name: String,
    /// How to reach them.
    pub phone: Option<String>,
    /// The posts they simply hold.
    #[serde(default)]
    pub posts: Vec<String>,
}

/// A grant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantPart {
    /// Who, by staff number.
    pub person: String,
    /// Which post.
    pub post: String,
    /// Its first day at the site, as `2026-03-01`.
    pub from: String,
    /// Its last day; none: until told otherwise.
    pub until: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Who approved it, by staff number.
    pub approver: Option<String>,
}

/// A checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckpointPart {
    /// Its number.
    pub number: u32,
    /// What people call it.
    pub name: Bilingual,
    /// Where it is.
    pub place: Bilingual,
    /// What its NFC tag or QR code says.
    pub tag: Option<String>,
    /// The equipment there.
    #[serde(default)]
    pub assets: Vec<AssetPart>,
    /// Whether rounds still stop there.
    #[serde(default = "yes")]
    pub active: bool,
}

/// A piece of equipment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssetPart {
    /// What people call it.
    pub name: Bilingual,
    /// Its maker's model.
    pub model: Option<String>,
}

/// A checklist.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistPart {
    /// Its short name in this file.
    pub key: String,
    /// What people call it.
    pub name: Bilingual,
    /// Its items.
    pub items: Vec<ItemPart>,
    /// Whether it is still in use.
    #[serde(default = "yes")]
    pub active: bool,
}

/// An item of a checklist.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemPart {
    /// Its number, never given to another item.
    pub number: u32,
    /// The number of its checkpoint; none where nobody walks, as in a handover's checklist.
    pub checkpoint: Option<u32>,
    /// What to look at.
    pub text: Bilingual,
    /// For a number: how it is read. Without it the item is normal or not.
    pub reading: Option<ReadingPart>,
    /// Whether a round cannot be signed without it.
    #[serde(default = "yes")]
    pub required: bool,
}

/// How a number is read. Limits are written as text, such as `"0.60"`, so that they are exact.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingPart {
    /// Its unit.
    pub unit: String,
    /// Digits after the point, at most 6.
    pub decimals: u32,
    /// Below it: alarm.
    pub low_alarm: Option<String>,
    /// Below it: warning.
    pub low_warn: Option<String>,
    /// Above it: warning.
    pub high_warn: Option<String>,
    /// Above it: alarm.
    pub high_alarm: Option<String>,
}

/// A round plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundPlanPart {
    /// Its short name in this file.
    pub key: String,
    /// What people call it.
    pub name: Bilingual,
    /// What is asked.
    pub checklist: String,
    /// Whose holders walk it.
    pub post: String,
    /// When its windows open, as `22:00`.
    pub times: Vec<String>,
    /// How long a window stays open.
    pub window_minutes: u32,
    /// The grace after it, if it differs from the rule.
    pub grace_minutes: Option<u32>,
    /// Whether it is still in use.
    #[serde(default = "yes")]
    pub active: bool,
}

/// Who should be at one shift.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterPart {
    /// The day on which it starts.
    pub date: String,
    /// Which shift.
    pub shift: String,
    /// Who holds which post.
    pub assignments: Vec<AssignmentPart>,
}

/// One person at one post.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignmentPart {
    /// The post.
    pub post: String,
    /// The person, by staff number.
    pub person: String,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulePart {
    /// Which.
    pub rule: RuleId,
    /// Its figure.
    pub value: u32,
    /// The clause it comes from.
    pub clause: Bilingual,
}

const fn yes() -> bool {
    true
}

impl SitePlan {
    /// Reads a file.
    ///
    /// # Errors
    /// [`PlanProblem`] with the path of the first thing that has not the form of a plan.
    pub fn from_json(json: &[u8]) -> Result<Self, PlanProblem> {
        let mut reader = serde_json::Deserializer::from_slice(json);
        let plan = serde_path_to_error::deserialize(&mut reader).map_err(|e| PlanProblem::reading(&e))?;
        reader.end().map_err(|e| PlanProblem::trailing(&e))?;
        Ok(plan)
    }
}
