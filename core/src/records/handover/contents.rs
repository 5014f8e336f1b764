//! What a handover is about: three blocks, collected from what is open.

use crate::base::{Millis, PersonId, RecordId};
use crate::records::checklist::Verdict;
use crate::records::incident::{IncidentKind, IncidentState, Severity};
use crate::records::round::{ItemStatus, RoundStatus, Window};
use crate::records::value::codes;
use crate::records::{Bilingual, FieldId, RecordKind};

codes! {
    /// The regulation's three blocks (R63).
    pub enum Block {
        /// What is not finished.
        OpenItems = 1,
        /// What may go wrong.
        Risks = 2,
        /// How equipment, keys and people are.
        Resources = 3,
    }
}

codes! {
    /// How a resource is.
    pub enum ResourceState {
        /// There, and works.
        Sound = 1,
        /// There, and does not work.
        Faulty = 2,
        /// Not there.
        Missing = 3,
    }
}

/// What one item of a handover is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An incident.
    Incident {
        /// Its kind, if this version knows it.
        kind: Option<IncidentKind>,
        /// Its severity, if said.
        severity: Option<Severity>,
        /// Where it stands.
        state: IncidentState,
        /// Where it is and what it is, as far as told.
        about: String,
    },
    /// An item of a round that was found wrong and became no incident.
    Finding {
        /// The checkpoint.
        checkpoint: Bilingual,
        /// The item.
        item: Bilingual,
        /// What it means.
        verdict: Verdict,
        /// The reading with its unit, if it is one.
        reading: Option<String>,
        /// What the person added.
        note: Option<String>,
    },
    /// A planned round.
    Round {
        /// The plan's name.
        plan: Bilingual,
        /// When it was due.
        window: Window,
        /// Whether it was done.
        status: RoundStatus,
    },
    /// What people wrote without having seen each other, and nobody has settled.
    Conflict {
        /// Of which kind of record, if this version knows it.
        kind: Option<RecordKind>,
        /// In which fields.
        fields: Vec<FieldId>,
    },
    /// Something to keep an eye on.
    Watch {
        /// What.
        text: String,
    },
    /// A key, a vehicle, a piece of equipment.
    Resource {
        /// What.
        name: Bilingual,
        /// How it is.
        state: ResourceState,
        /// What is to say about it.
        note: Option<String>,
    },
    /// A mandatory post that nobody filled.
    PostGap {
        /// The post.
        post: Bilingual,
    },
}

impl Subject {
    /// The block it belongs to; none if there is nothing to hand over.
    #[must_use]
    pub fn block(&self) -> Option<Block> {
        match self {
            Self::Incident { state, .. } => (*state != IncidentState::Closed).then_some(Block::OpenItems),
            Self::Finding { verdict, .. } => match verdict {
                Verdict::Alarm => Some(Block::OpenItems),
                Verdict::Warning => Some(Block::Risks),
                Verdict::Normal => None,
            },
            Self::Round { status, .. } => match status {
                RoundStatus::Due | RoundStatus::Running => Some(Block::OpenItems),
                RoundStatus::Missed | RoundStatus::NotHereYet(_) | RoundStatus::Unknown(_) => {
                    Some(Block::Risks)
                }
                _ => None,
            },
            Self::Conflict { .. } => Some(Block::OpenItems),
            Self::Watch { .. } => Some(Block::Risks),
            Self::Resource { .. } | Self::PostGap { .. } => Some(Block::Resources),
        }
    }
}

/// One item of a handover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoverItem {
    /// The block it stands in.
    pub block: Block,
    /// The record it is about.
    pub record: RecordId,
    /// What it is about.
    pub subject: Subject,
    /// Who takes it on.
    pub next_owner: Option<PersonId>,
}

impl HandoverItem {
    /// What tells it from the other items of its handover, however what it is about has moved on.
    #[must_use]
    pub fn key(&self) -> String {
        let record = self.record;
        match &self.subject {
            Subject::Incident { .. } => format!("incident/{record}"),
            Subject::Finding { checkpoint, item, .. } => {
                format!("finding/{record}/{}/{}", checkpoint.zh, item.zh)
            }
            Subject::Round { window, .. } => format!("round/{record}/{}", window.start),
            Subject::Conflict { .. } => format!("conflict/{record}"),
            Subject::Watch { text } => format!("watch/{record}/{text}"),
            Subject::Resource { name, .. } => format!("resource/{record}/{}", name.zh),
            Subject::PostGap { .. } => format!("post/{record}"),
        }
    }

    /// Whether it keeps the handover from being offered: what is not finished needs a next owner (R64).
    #[must_use]
    pub fn lacks_owner(&self) -> bool {
        self.block == Block::OpenItems && self.next_owner.is_none()
    }
}

/// The items of a handover: block by block, in each by record, otherwise in the order given.
#[must_use]
pub fn collect(subjects: impl IntoIterator<Item = (RecordId, Subject)>) -> Vec<HandoverItem> {
    let item = |(record, subject): (RecordId, Subject)| {
        subject.block().map(|block| HandoverItem { block, record, subject, next_owner: None })
    };
    let mut items: Vec<_> = subjects.into_iter().filter_map(item).collect();
    items.sort_by_key(|i| (i.block, i.record));
    items
}

/// One line of the handover's own checklist (R65).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckLine {
    /// What is asked.
    pub text: Bilingual,
    /// The answer; a handover with an unanswered line cannot be offered.
    pub status: Option<ItemStatus>,
    /// What the person adds.
    pub note: Option<String>,
}

/// A phone whose records the handover may lack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SilentPhone {
    /// What people call it.
    pub name: String,
    /// The time of the newest record that it delivered; none if it never did.
    pub heard_until: Option<Millis>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incident(state: IncidentState) -> Subject {
        Subject::Incident { kind: None, severity: None, state, about: String::new() }
    }

    fn finding(verdict: Verdict) -> Subject {
        let (checkpoint, item) = (Bilingual::default(), Bilingual::default());
        Subject::Finding { checkpoint, item, verdict, reading: None, note: None }
    }

    fn round(status: RoundStatus) -> Subject {
        Subject::Round { plan: Bilingual::default(), window: Window { start: 0, end: 0 }, status }
    }

    #[test]
    fn everything_open_stands_in_its_block_and_nothing_else() {
        let table = [
            (incident(IncidentState::Open), Some(Block::OpenItems)),
            (incident(IncidentState::Acknowledged), Some(Block::OpenItems)),
            (incident(IncidentState::Closed), None),
            (finding(Verdict::Alarm), Some(Block::OpenItems)),
            (finding(Verdict::Warning), Some(Block::Risks)),
            (finding(Verdict::Normal), None),
            (round(RoundStatus::Running), Some(Block::OpenItems)),
            (round(RoundStatus::Due), Some(Block::OpenItems)),
            (round(RoundStatus::Missed), Some(Block::Risks)),
            (round(RoundStatus::Unknown(vec![])), Some(Block::Risks)),
            (round(RoundStatus::OnTime), None),
            (Subject::Conflict { kind: None, fields: vec![] }, Some(Block::OpenItems)),
            (Subject::Watch { text: String::new() }, Some(Block::Risks)),
            (Subject::PostGap { post: Bilingual::default() }, Some(Block::Resources)),
        ];
        for (subject, block) in table {
            assert_eq!(subject.block(), block, "{subject:?}");
        }
    }

    #[test]
    fn only_what_is_not_finished_needs_an_owner() {
        let id = |n| RecordId([n; 16]);
        let subjects = [
            (id(1), Subject::Watch { text: "valve".into() }),
            (id(3), incident(IncidentState::Open)),
            (id(2), finding(Verdict::Alarm)),
            (id(4), incident(IncidentState::Closed)),
        ];
        let mut items = collect(subjects);
        assert_eq!(items.iter().map(|i| i.record).collect::<Vec<_>>(), [id(2), id(3), id(1)]);
        assert_eq!(items.iter().filter(|i| i.lacks_owner()).count(), 2);
        items.iter_mut().for_each(|i| i.next_owner = Some(PersonId::default()));
        assert!(!items.iter().any(HandoverItem::lacks_owner));
    }
}
