//! What runs have met. A simulation in which a hazard never happens proves nothing about it, so a whole series of runs must have met
//! every one.

use std::collections::BTreeMap;

/// Something that goes wrong at a site, seen by what came of it and not by what the dice asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hazard {
    /// A new phone stands on a snapshot that it took over.
    SnapshotTakenOver,
    /// A phone was copied whole while entries were open, and both branches of that tail were reported.
    OpenTailForked,
    /// The server reported a fork.
    ForkReported,
    /// A phone learned of a fork from a colleague's bundle.
    ForkMetInBundle,
    /// A phone's database was replaced by an older copy, and the phone noticed.
    OlderCopyRestored,
    /// An entry was recorded by a clock fifty years ahead.
    RecordedDecadesAhead,
    /// An entry was recorded by a clock fifty years behind.
    RecordedDecadesBehind,
    /// A bundle brought entries that had to wait for those before them.
    BundleWaited,
    /// The server refused what came before what it follows.
    GapRefused,
    /// An entry was recorded under a configuration that HQ had already replaced.
    ConfigurationInFlight,
    /// A bundle brought what was held already.
    BundleRepeated,
    /// The server got one request twice.
    RequestRepeated,
    /// A bundle arrived after one that was sent later.
    BundleOvertaken,
    /// The server did what it was asked, and the reply was lost.
    ReplyLost,
    /// Somebody else answered for the server.
    AnsweredByStranger,
    /// The app was closed in the middle of a conversation.
    ConversationCut,
    /// An entry of a kind that nobody here knows was taken in.
    OpaqueTaken,
}

impl Hazard {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::SnapshotTakenOver,
        Self::OpenTailForked,
        Self::ForkReported,
        Self::ForkMetInBundle,
        Self::OlderCopyRestored,
        Self::RecordedDecadesAhead,
        Self::RecordedDecadesBehind,
        Self::BundleWaited,
        Self::GapRefused,
        Self::ConfigurationInFlight,
        Self::BundleRepeated,
        Self::RequestRepeated,
        Self::BundleOvertaken,
        Self::ReplyLost,
        Self::AnsweredByStranger,
        Self::ConversationCut,
        Self::OpaqueTaken,
    ];
}

/// How often each hazard was met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Met(BTreeMap<Hazard, u64>);

impl Met {
    /// A hazard was met.
    pub fn note(&mut self, hazard: Hazard) {
        *self.0.entry(hazard).or_default() += 1;
    }

    /// A hazard was met, if it was.
    pub(super) fn note_if(&mut self, met: bool, hazard: Hazard) {
        if met {
            self.note(hazard);
        }
    }

    /// Adds what another run has met.
    pub fn add(&mut self, other: &Self) {
        for (hazard, times) in &other.0 {
            *self.0.entry(*hazard).or_default() += times;
        }
    }

    /// How often a hazard was met.
    #[must_use]
    pub fn times(&self, hazard: Hazard) -> u64 {
        self.0.get(&hazard).copied().unwrap_or_default()
    }

    /// The hazards that were not met at all.
    #[must_use]
    pub fn never(&self) -> Vec<Hazard> {
        Hazard::ALL.into_iter().filter(|hazard| self.times(*hazard) == 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_run_has_met_is_named() {
        let (mut one, mut other) = (Met::default(), Met::default());
        Hazard::ALL.into_iter().filter(|h| *h != Hazard::GapRefused).for_each(|h| one.note(h));
        assert_eq!(one.never(), [Hazard::GapRefused]);
        other.note(Hazard::GapRefused);
        one.add(&other);
        assert_eq!((one.never(), one.times(Hazard::GapRefused)), (vec![], 1));
    }
}
