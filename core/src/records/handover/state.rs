//! Where a handover stands: a function of what was signed, in whatever order it arrived.

use super::{Decision, HandoverSignature, Role};

/// Where a handover stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HandoverState {
    /// Nobody has signed.
    Draft,
    /// The outgoing lead has signed.
    Offered,
    /// Both have signed.
    Accepted,
    /// The incoming lead did not take it.
    Refused,
    /// The outgoing lead took it back.
    Withdrawn,
    /// The outgoing lead signed alone, with a reason.
    OneSided,
}

/// What may be done with a handover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HandoverAction {
    /// Freeze, sign and offer it.
    Offer,
    /// Sign for the incoming side.
    Accept,
    /// Refuse it.
    Refuse,
    /// Take it back.
    Withdraw,
    /// Say that the outgoing lead signs alone.
    SignAlone,
    /// Acknowledge what arrived after the cut.
    AcknowledgeAddendum,
}

impl HandoverState {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::Draft, Self::Offered, Self::Accepted, Self::Refused, Self::Withdrawn, Self::OneSided];

    /// Whether the action fits the state. A lead who comes after all may still accept what was signed alone.
    #[must_use]
    pub const fn allows(self, action: HandoverAction) -> bool {
        use HandoverAction as A;
        match self {
            Self::Draft => matches!(action, A::Offer | A::SignAlone),
            Self::Offered => matches!(action, A::Accept | A::Refuse | A::Withdraw | A::SignAlone),
            Self::OneSided => matches!(action, A::Accept | A::Refuse | A::AcknowledgeAddendum),
            Self::Accepted => matches!(action, A::AcknowledgeAddendum),
            Self::Refused | Self::Withdrawn => false,
        }
    }
}

/// Where a handover stands.
///
/// An acceptance that did not know of a withdrawal or a refusal counts: it is complete evidence by itself.
#[must_use]
pub fn handover_state(signatures: &[HandoverSignature], withdrawn: bool, one_sided: bool) -> HandoverState {
    let by = |role, accepts: bool| {
        signatures.iter().filter(move |s| s.role == role && (s.decision != Decision::Refuse) == accepts)
    };
    let offered: Vec<_> = by(Role::Outgoing, true).collect();
    let answered = |accepts| by(Role::Incoming, accepts).any(|answer| answers(answer, &offered));
    if offered.is_empty() {
        HandoverState::Draft
    } else if answered(true) {
        HandoverState::Accepted
    } else if withdrawn {
        HandoverState::Withdrawn
    } else if answered(false) {
        HandoverState::Refused
    } else if one_sided {
        HandoverState::OneSided
    } else {
        HandoverState::Offered
    }
}

/// Whether an answer is to a document that was offered, by the one it is addressed to, or by anyone but whoever handed over. An
/// answer to anything else, or by anybody else, answers nothing.
fn answers(answer: &HandoverSignature, offered: &[&HandoverSignature]) -> bool {
    let mut to_it = offered.iter().filter(|offer| offer.document == answer.document).peekable();
    let may = |offer: &&HandoverSignature| {
        offer.person != answer.person && offer.to.is_none_or(|to| to == answer.person)
    };
    to_it.peek().is_some() && to_it.all(may)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Digest, PersonId};

    fn signature(role: Role, decision: Decision) -> HandoverSignature {
        let document = Digest::default();
        let person = PersonId(
            [match role {
                Role::Outgoing => 1,
                Role::Incoming => 2,
            }; 16],
        );
        HandoverSignature { person, role, decision, remarks: String::new(), at: 0, document, to: None }
    }

    #[test]
    fn an_answer_to_another_document_answers_nothing() {
        let offered = signature(Role::Outgoing, Decision::Accept);
        for decision in [Decision::Accept, Decision::Refuse] {
            let other =
                HandoverSignature { document: Digest([1; 32]), ..signature(Role::Incoming, decision) };
            assert_eq!(handover_state(&[other, offered.clone()], false, false), HandoverState::Offered);
        }
    }

    #[test]
    fn nobody_answers_their_own_handover_nor_one_that_is_addressed_to_another() {
        let offered = signature(Role::Outgoing, Decision::Accept);
        for decision in [Decision::Accept, Decision::Refuse] {
            let answer = signature(Role::Incoming, decision);
            let own = HandoverSignature { person: offered.person, ..answer.clone() };
            let to_another = HandoverSignature { to: Some(PersonId([3; 16])), ..offered.clone() };
            let to_them = HandoverSignature { to: Some(answer.person), ..offered.clone() };
            assert_eq!(handover_state(&[own, offered.clone()], false, false), HandoverState::Offered);
            assert_eq!(handover_state(&[answer.clone(), to_another], false, false), HandoverState::Offered);
            assert_ne!(handover_state(&[answer, to_them], false, false), HandoverState::Offered);
        }
    }

    #[test]
    fn where_it_stands_whatever_the_order() {
        use Decision::{Accept, AcceptWithRemarks, Refuse};
        use Role::{Incoming, Outgoing};
        type Signed<'a> = &'a [(Role, Decision)];
        let table: [(Signed<'_>, bool, bool, HandoverState); 9] = [
            (&[], false, false, HandoverState::Draft),
            (&[(Incoming, Accept)], false, false, HandoverState::Draft),
            (&[(Outgoing, Accept)], false, false, HandoverState::Offered),
            (&[(Outgoing, Accept)], false, true, HandoverState::OneSided),
            (&[(Outgoing, Accept)], true, true, HandoverState::Withdrawn),
            (&[(Outgoing, Accept), (Incoming, Refuse)], false, false, HandoverState::Refused),
            (&[(Outgoing, Accept), (Incoming, AcceptWithRemarks)], false, true, HandoverState::Accepted),
            (&[(Outgoing, Accept), (Incoming, Accept)], true, false, HandoverState::Accepted),
            (
                &[(Outgoing, Accept), (Incoming, Refuse), (Incoming, Accept)],
                false,
                false,
                HandoverState::Accepted,
            ),
        ];
        for (signed, withdrawn, one_sided, expected) in table {
            let mut signatures: Vec<_> = signed.iter().map(|(r, d)| signature(*r, *d)).collect();
            assert_eq!(handover_state(&signatures, withdrawn, one_sided), expected, "{signed:?}");
            signatures.reverse();
            assert_eq!(handover_state(&signatures, withdrawn, one_sided), expected, "{signed:?} reversed");
        }
    }

    #[test]
    fn what_is_over_allows_nothing_but_its_addendum() {
        use HandoverAction as A;
        let actions = [A::Offer, A::Accept, A::Refuse, A::Withdraw, A::SignAlone, A::AcknowledgeAddendum];
        let allowed = |state: HandoverState| actions.map(|a| state.allows(a));
        assert_eq!(allowed(HandoverState::Draft), [true, false, false, false, true, false]);
        assert_eq!(allowed(HandoverState::Offered), [false, true, true, true, true, false]);
        assert_eq!(allowed(HandoverState::Accepted), [false, false, false, false, false, true]);
        assert_eq!(allowed(HandoverState::Withdrawn), [false; 6]);
        assert_eq!(allowed(HandoverState::Refused), [false; 6]);
    }
}
