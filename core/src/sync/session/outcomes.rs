//! What became of segments that were sent, in the server's words.

use std::collections::BTreeMap;

use super::Flight;
use super::SyncSession;
use super::answer::PATIENCE;
use super::offer::Sent;
use crate::base::{Bug, ChainId, planted};
use crate::log::{Head, Holdings};
use crate::sync::message::{Outcome, OutcomeKind, Response};

impl SyncSession {
    /// Notes what became of segments that the server took.
    pub(super) fn note(&mut self, response: &Response) {
        for outcome in &response.outcomes {
            let Outcome { chain, kind, first, last } = *outcome;
            match kind {
                OutcomeKind::Gap | OutcomeKind::Refused(_) => {}
                OutcomeKind::HeldForReview if self.reviewed.insert((chain, first, last)) => {
                    self.report.held += (last + 1).saturating_sub(first);
                }
                OutcomeKind::HeldForReview => {}
                _ => self.problem(kind.code(), chain, first, last),
            }
        }
    }

    /// Sends again what the server could not take.
    pub(super) fn follow_up<H: Holdings>(
        &mut self,
        flight: &Flight,
        response: &Response,
        holdings: &H,
    ) -> Result<(), H::Error> {
        let heads = by_chain(&response.heads);
        for outcome in &response.outcomes {
            match outcome.kind {
                OutcomeKind::Gap if !planted(Bug::ClientCheckpoint) => {
                    self.gap(outcome, &flight.sent, heads.get(&outcome.chain), holdings)?;
                }
                OutcomeKind::Refused(_) => self.send_again(outcome, &flight.sent),
                _ => {}
            }
        }
        Ok(())
    }

    /// The server lacks what comes before: go on after the newest of its heads that is held here too.
    fn gap<H: Holdings>(
        &mut self,
        gap: &Outcome,
        sent: &[Sent],
        heads: Option<&Vec<Head>>,
        holdings: &H,
    ) -> Result<(), H::Error> {
        let mut after: Option<Head> = None;
        for head in heads.into_iter().flatten() {
            if holdings.segment(&head.segment)?.is_some() {
                after = after.max(Some(*head));
            }
        }
        if self.offers.asked(gap.chain, 0) >= PATIENCE {
            self.offers.give_up(gap.chain);
            self.problem(gap.kind.code(), gap.chain, gap.last + 1, gap.last + 1);
            return Ok(());
        }
        let again: Vec<_> = sent.iter().filter(|s| s.chain == gap.chain).map(|s| s.id).collect();
        self.offers.resume(gap.chain, after.map(|head| head.segment), &again);
        Ok(())
    }

    /// A segment was refused: it is sent once more, in case it was hurt on the way; then the rest goes on without it.
    fn send_again(&mut self, refused: &Outcome, sent: &[Sent]) {
        let segment = sent.iter().find(|s| s.chain == refused.chain && s.first == refused.first);
        match segment {
            Some(segment) if self.offers.asked(refused.chain, refused.first) == 1 => {
                // The first segment of a chain follows nothing that is held.
                let before = (segment.first > 1).then_some(segment.prev);
                self.offers.resume(segment.chain, before, &[segment.id]);
            }
            _ => self.problem(refused.kind.code(), refused.chain, refused.first, refused.last),
        }
    }
}

pub(super) fn by_chain(heads: &[(ChainId, Head)]) -> BTreeMap<ChainId, Vec<Head>> {
    heads.iter().fold(BTreeMap::new(), |mut map, (chain, head)| {
        map.entry(*chain).or_insert_with(Vec::new).push(*head);
        map
    })
}
