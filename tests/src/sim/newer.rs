//! A phone with a newer app than anybody else's: it writes kinds that nobody here knows, and what it sends arrives in disorder.

use dutylog_core::capture::Intent;
use dutylog_core::log::EntryRef;
use dutylog_core::records::Kind;
use dutylog_core::records::incident::{IncidentKind, KIND};
use dutylog_core::testing::Author;
use dutylog_server::ingest::{Outcome, Refusal};

use super::met::Hazard;
use super::{Acked, Fleet};

/// A kind that no app knows yet.
const UNKNOWN: u16 = 60_000;

/// Raises an incident.
fn raise(author: &mut Author) -> EntryRef {
    author.record(Intent::creating(Kind::IncidentRaised).set(KIND, &IncidentKind::Other).done()).by
}

/// Raises an incident as only newer apps can.
fn raise_unknown(author: &mut Author) -> EntryRef {
    raise(author);
    author.forge(|entry| entry.kind = UNKNOWN)
}

impl Fleet {
    /// The newer app records incidents, the first as only newer apps can. What it sealed last reaches the server first, and cannot be
    /// taken before the rest is there; then all of it is.
    ///
    /// # Panics
    /// If the server answers otherwise.
    pub fn hear_newer_app(&mut self) {
        let mut author = self.newer.take().unwrap_or_else(|| self.server.author());
        author.wall = author.wall.max(self.now);
        let mut recorded = vec![raise_unknown(&mut author), raise(&mut author)];
        let first = author.seal();
        recorded.push(raise(&mut author));
        let second = author.seal();
        let early = self.server.push(first.key, vec![second.clone()], self.now);
        let refused = matches!(early[..], [Outcome::Refused(Refusal::Gap { .. })]);
        assert!(refused, "taken before what it follows: {early:?}");
        self.met.note(Hazard::GapRefused);
        let taken = self.server.push(first.key, vec![first, second], self.now);
        let [Outcome::Taken(first), Outcome::Taken(_)] = &taken[..] else {
            panic!("a newer app is refused: {taken:?}")
        };
        self.met.note_if(first.opaque > 0, Hazard::OpaqueTaken);
        for by in recorded {
            self.trace.tell(format_args!("a newer app's {} {}", by.seq, by.leaf));
            self.journal.push(Acked { by, phone: None });
        }
        self.newer = Some(author);
    }
}
