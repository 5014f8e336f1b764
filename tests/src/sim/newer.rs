//! A phone with a newer app than anybody else's: it writes kinds that nobody here knows, and what it sends arrives in disorder.

use dutylog_core::capture::Intent;
use dutylog_core::log::{EntryRef, Segment};
use dutylog_core::records::Kind;
use dutylog_core::records::incident::{IncidentKind, KIND};
use dutylog_core::testing::Author;
use dutylog_server::ingest::{Outcome, Refusal};

use super::met::Hazard;
use super::{Acked, Fleet};

/// A kind that no app knows yet.
const UNKNOWN: u16 = 60_000;

/// Raises an incident by an entry of a kind that is unknown, or known, in a segment of its own.
fn raise(author: &mut Author, unknown: bool) -> (EntryRef, Segment) {
    let raised = Intent::creating(Kind::IncidentRaised).set(KIND, &IncidentKind::Other).done();
    let mut by = author.record(raised).by;
    if unknown {
        by = author.forge(|entry| entry.kind = UNKNOWN);
    }
    (by, author.seal())
}

impl Fleet {
    /// The newer app records two incidents, the first as only newer apps can. The second reaches the server first, and cannot be taken
    /// before the first is there; then both are.
    ///
    /// # Panics
    /// If the server answers otherwise.
    pub fn hear_newer_app(&mut self) {
        let mut author = self.newer.take().unwrap_or_else(|| self.server.author());
        author.wall = author.wall.max(self.now);
        let (unknown, first) = raise(&mut author, true);
        let (known, second) = raise(&mut author, false);
        let early = self.server.push(first.key, vec![second.clone()], self.now);
        let refused = matches!(early[..], [Outcome::Refused(Refusal::Gap { .. })]);
        assert!(refused, "taken before what it follows: {early:?}");
        self.met.note(Hazard::GapRefused);
        let taken = self.server.push(first.key, vec![first, second], self.now);
        let [Outcome::Taken(first), Outcome::Taken(_)] = &taken[..] else {
            panic!("a newer app is refused: {taken:?}")
        };
        self.met.note_if(first.opaque > 0, Hazard::OpaqueTaken);
        self.trace.tell(format_args!("a newer app's {} and {}", unknown.leaf, known.leaf));
        self.journal.extend([unknown, known].map(|by| Acked { by, phone: None }));
        self.newer = Some(author);
    }
}
