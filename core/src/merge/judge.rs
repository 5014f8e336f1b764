//! Whether an entry counts. Judged against what its author could know: the configuration version its segment cites.
//!
//! A verdict never discards: what does not count is kept, shown with its reason, and may be appealed.

use super::content;
use super::fold::Forks;
use super::held::{Reviewed, cut_off};
use crate::base::{ChainId, Millis, RecordId, Seq};
use crate::log::{
    Certificate, ClockEvidence, Entry, EntryRef, Envelope, EnvelopeKind, Header, Op, Quality, Role,
    Statement, Trust,
};
use crate::records::config::{ConfigView, SiteConfig};
use crate::records::security::RevocationKind;
use crate::records::{Capability, FieldId, HeldDecision, Kind, may_write, settling_needs, speaks_for};

/// Why an entry does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Breach {
    /// The author held no post that allows it, in the configuration the author acted under.
    #[error("no post that allows {0:?}")]
    NotAllowed(Capability),
    /// It needs a person, and nobody was signed in.
    #[error("nobody was signed in")]
    NoPerson,
    /// The session it names was not opened by its author on this device.
    #[error("the session is not the author's")]
    WrongSession,
    /// Only HQ's own device may do this.
    #[error("only headquarters may do this")]
    HqOnly,
    /// HQ's own device may not do this.
    #[error("only somebody at the site may do this")]
    SiteOnly,
    /// It changes what this kind of action does not change.
    #[error("the action does not change {0}")]
    ForeignField(FieldId),
    /// It speaks in another person's name.
    #[error("it speaks in another person's name")]
    OtherName,
    /// A statement is missing, or does not verify, or is somebody else's.
    #[error("the person's signature is missing or not theirs")]
    BadStatement,
    /// What it carries is not what its author signed.
    #[error("the content does not match what was signed")]
    OtherContent,
    /// It was held for review, and somebody looked at it and decided that it does not count.
    #[error("excluded after review")]
    Excluded,
}

/// What becomes of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// It counts.
    Lawful,
    /// It is kept and does not count.
    Refused(Breach),
    /// Its device or author was cut off before it arrived, or its author knew that the chain had been closed: kept until somebody reviews it.
    Held,
    /// What it is to be judged by has not arrived yet.
    Waits,
}

/// Everything that bears on an entry besides itself.
#[derive(Debug)]
pub struct Bench<'a> {
    /// The segment's header.
    pub header: &'a Header,
    /// Whose device sealed it.
    pub device: &'a Certificate,
    /// The configuration it cites; none if that has not arrived.
    pub cited: Option<ConfigView<'a>>,
    /// When HQ wrote the entry it cites: the true time cannot be earlier.
    pub cited_at: Millis,
    /// All of the configuration that has arrived: revocations in it count whenever they were made.
    pub config: &'a SiteConfig,
    /// Keys that are certified.
    pub trust: &'a Trust,
    /// The chains that have forked.
    pub forks: &'a Forks,
    /// Whether its author had read that headquarters closed the chain because it forked; none if what it cites has not arrived.
    pub closed: Option<bool>,
}

/// What the chain's own history says.
#[derive(Clone, Copy)]
pub struct Standing<'a> {
    /// Whether the entry of a number opened a session of this entry's author; none while that entry waits itself.
    pub session: &'a dyn Fn(Seq) -> Option<bool>,
    /// What was decided about the entry, should it be held.
    pub reviewed: &'a dyn Fn() -> Reviewed,
}

impl std::fmt::Debug for Standing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Standing")
    }
}

/// What speaks against an entry.
enum Against {
    Breach(Breach),
    /// Something it leans on has not arrived.
    Missing,
}

impl From<Breach> for Against {
    fn from(breach: Breach) -> Self {
        Self::Breach(breach)
    }
}

impl Bench<'_> {
    /// Judges one entry.
    #[must_use]
    pub fn judge(
        &self,
        by: EntryRef,
        entry: &Entry,
        kind: Kind,
        ops: &[Op],
        standing: &Standing<'_>,
    ) -> Judgement {
        let verdict = self
            .fields(entry, kind, ops)
            .and_then(|()| self.side(kind))
            .and_then(|()| self.person(entry, kind, ops, standing))
            .and_then(|()| self.statement(entry, kind, ops));
        match verdict {
            Ok(()) => self.in_time(by, entry, kind, standing),
            Err(Against::Breach(breach)) => Judgement::Refused(breach),
            Err(Against::Missing) => Judgement::Waits,
        }
    }

    fn is_hq(&self) -> bool {
        self.device.claims.role == Role::Headquarters
    }

    /// What becomes of an entry that is in order in itself: it counts, unless its device or author was cut off before it arrived, or its
    /// author knew that the chain was closed.
    fn in_time(&self, by: EntryRef, entry: &Entry, kind: Kind, standing: &Standing<'_>) -> Judgement {
        let Some(closed) = self.closed else { return Judgement::Waits };
        // A closed chain is no verdict on anybody: a lead of the site may confirm what was written in it.
        let Some(why) = self.cut_off(by, entry).max(closed.then_some(RevocationKind::Left)) else {
            return Judgement::Lawful;
        };
        // What is held lifts no hold: otherwise two who were cut off could let each other in again.
        let decided = if kind == Kind::HeldReviewed { None } else { (standing.reviewed)().outcome(why) };
        match decided {
            Some(HeldDecision::Accepted) => Judgement::Lawful,
            Some(HeldDecision::Excluded) => Judgement::Refused(Breach::Excluded),
            None => Judgement::Held,
        }
    }

    fn cut_off(&self, by: EntryRef, entry: &Entry) -> Option<RevocationKind> {
        if self.is_hq() {
            return None;
        }
        let subjects = [Some(RecordId(self.device.claims.subject)), entry.author.map(|p| RecordId(p.0))];
        cut_off(self.config, subjects.into_iter().flatten(), by, self.forks)
    }

    fn fields(&self, entry: &Entry, kind: Kind, ops: &[Op]) -> Result<(), Against> {
        for op in ops {
            let (Op::Write { field, value, .. } | Op::Add { field, value, .. }) = op;
            if !may_write(kind, *field) {
                return Err(Breach::ForeignField(*field).into());
            }
            // Settling chooses among values that others wrote in their own names.
            let named = speaks_for(*field, value).filter(|_| kind != Kind::ConflictSettled);
            if named.is_some_and(|person| entry.author != Some(person)) {
                return Err(Breach::OtherName.into());
            }
        }
        Ok(())
    }

    fn side(&self, kind: Kind) -> Result<(), Against> {
        match (self.is_hq(), kind.hq_only()) {
            (false, true) => Err(Breach::HqOnly.into()),
            (true, false) if !kind.hq_may() => Err(Breach::SiteOnly.into()),
            _ => Ok(()),
        }
    }

    fn person(&self, entry: &Entry, kind: Kind, ops: &[Op], standing: &Standing<'_>) -> Result<(), Against> {
        if self.is_hq() {
            return Ok(());
        }
        let Some(author) = entry.author else {
            return if kind.needs_person() { Err(Breach::NoPerson.into()) } else { Ok(()) };
        };
        // A session begins before what is done in it: otherwise a later entry could change an earlier one's verdict.
        let opened = entry.session < entry.seq;
        if kind != Kind::SessionOpened
            && !(opened && (standing.session)(entry.session).ok_or(Against::Missing)?)
        {
            return Err(Breach::WrongSession.into());
        }
        let Some(needed) = kind.required() else { return Ok(()) };
        let cited = self.cited.as_ref().ok_or(Against::Missing)?;
        let (from, until) = made_between(&self.header.clock, self.cited_at, entry.at);
        let mut all = [needed].into_iter().chain(besides(kind, ops));
        match all.find(|needed| !cited.may_within(author, *needed, from, until)) {
            Some(missing) => Err(Breach::NotAllowed(missing).into()),
            None => Ok(()),
        }
    }

    fn statement(&self, entry: &Entry, kind: Kind, ops: &[Op]) -> Result<(), Against> {
        let Some(needed) = content::purpose(kind, ops) else { return Ok(()) };
        let bytes = entry.statement.as_deref().ok_or(Breach::BadStatement)?;
        let envelope = Envelope::parse(EnvelopeKind::Statement, bytes).map_err(|_| Breach::BadStatement)?;
        if self.trust.get(envelope.key).is_none() {
            return Err(Against::Missing);
        }
        let carried = Statement::verify_carried(entry, self.header.chain, self.device, self.trust);
        match carried {
            // Whoever has a key can issue one; until that right is judged too, what it proves is not who signed.
            Ok((_, signer)) if signer.claims.provisional => Err(Breach::BadStatement.into()),
            Ok((statement, _)) if statement.purpose == needed => {
                let signed = content::is_signed(entry, kind, ops, &statement);
                if signed { Ok(()) } else { Err(Breach::OtherContent.into()) }
            }
            _ => Err(Breach::BadStatement.into()),
        }
    }
}

/// What an action needs to be allowed because of the fields that it settles.
fn besides(kind: Kind, ops: &[Op]) -> impl Iterator<Item = Capability> + '_ {
    let settles = kind == Kind::ConflictSettled;
    let fields = ops.iter().map(|op| match op {
        Op::Write { field, .. } | Op::Add { field, .. } => *field,
    });
    fields.filter(move |_| settles).filter_map(settling_needs)
}

/// Between which instants an entry was made, as far as can be shown: by the segment's clocks, by when HQ wrote the configuration
/// it cites, and by what the entry claims. A wrong clock is evidence about the clock, not about the person: it neither
/// gives nor takes a right.
#[must_use]
pub fn made_between(clock: &ClockEvidence, cited_at: Millis, at: Millis) -> (Millis, Millis) {
    match (clock.quality, clock.sample) {
        (Quality::Sampled, Some(s)) => {
            let since = clock.mono.saturating_sub(s.mono);
            let at = s.server.saturating_add(since).saturating_add(at.saturating_sub(clock.wall));
            (at.max(cited_at), at.max(cited_at))
        }
        _ => (cited_at, at.max(cited_at)),
    }
}

/// The record under which a chain keeps what is about itself.
#[must_use]
pub fn chain_record(chain: ChainId) -> RecordId {
    RecordId(chain.0)
}
