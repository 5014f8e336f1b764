//! Where, when and by whom an action is captured, and the checks that every action passes.

use std::collections::BTreeSet;

use super::{Change, Intent, Rejection, Target};
use crate::base::{ChainId, DeviceId, Millis, OrgId, PersonId, RecordId, SiteId};
use crate::locales::Locale;
use crate::log::MAX_RECORDS;
use crate::merge::{Lookup, RecordState};
use crate::records::calendar::Zone;
use crate::records::config::ConfigView;
use crate::records::rules::RuleId;
use crate::records::site::Site;
use crate::records::{Capability, Cell, Kind, RecordKind, limits};

/// Bytes that one change needs at most beside its value and citations.
const PER_CHANGE: usize = 40;
/// A day.
const DAY: Millis = 24 * 60 * 60_000;
/// Bytes that a citation needs at most.
const PER_CITE: usize = 40;

/// Whose device acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// A phone at the site.
    Site,
    /// HQ's own device.
    Headquarters,
}

/// What bears on an action besides itself.
#[derive(Debug, Clone)]
pub struct Context<'a, L> {
    /// The organisation.
    pub org: OrgId,
    /// The site.
    pub site: SiteId,
    /// The chain that the entry will be appended to.
    pub chain: ChainId,
    /// Whose chain it is.
    pub device: DeviceId,
    /// On which side it stands.
    pub side: Side,
    /// The configuration that the entry's segment cites.
    pub config: ConfigView<'a>,
    /// Who is signed in; for [`super::OpenSession`], who signs in. None for the device alone.
    pub person: Option<PersonId>,
    /// What the wall clock claims. The entry must be stamped with the same instant.
    pub now: Millis,
    /// Between which instants the true time lies ([`crate::merge::made_between`]): rights are judged by it, so that
    /// a wrong clock locks nobody out.
    pub between: (Millis, Millis),
    /// When headquarters was last heard of, by its own clock.
    pub heard: Millis,
    /// The language in which texts are shown and signed.
    pub locale: Locale,
    /// The state of records.
    pub state: &'a L,
}

/// Why an action was not captured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaptureError<E> {
    /// A rule stands against it.
    #[error("rejected: {0}")]
    Rejected(#[from] Rejection),
    /// The state could not be looked up.
    #[error("the state could not be read")]
    State(E),
}

/// Something that a person, or the device alone, does.
pub trait Capture: Sized {
    /// What kind of entry it becomes.
    fn kind(&self) -> Kind;

    /// What it changes, by the rules of its family; rights and limits are [`Self::capture`]'s to check.
    ///
    /// # Errors
    /// [`CaptureError`]
    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>>;

    /// Captures it: what comes out is lawful and fits into one entry.
    ///
    /// # Errors
    /// [`CaptureError`]
    fn capture<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        ctx.permit(self.kind())?;
        let intent = self.intent(ctx)?;
        ctx.check_size(&intent)?;
        Ok(intent)
    }
}

impl<'a, L> Context<'a, L> {
    /// For how many whole days headquarters has not been heard of, if that is more than the site's rules allow. Nothing is refused for it.
    #[must_use]
    pub fn stale_days(&self) -> Option<u32> {
        let (_, now) = self.between;
        let days = u32::try_from(now.saturating_sub(self.heard) / DAY).ok()?;
        (days > self.config.rules().value(RuleId::OfflineSignIn)).then_some(days)
    }

    /// Whether this kind of action may be done here, now, by whoever is signed in. Denied unless a post allows it.
    ///
    /// # Errors
    /// [`Rejection`]
    pub fn permit(&self, kind: Kind) -> Result<(), Rejection> {
        match (self.side, kind.hq_only()) {
            (Side::Site, true) => return Err(Rejection::HqOnly { kind }),
            (Side::Headquarters, false) if !kind.hq_may() => return Err(Rejection::SiteOnly { kind }),
            _ => {}
        }
        let Some(person) = self.person else {
            return if kind.needs_person() { Err(Rejection::NobodySignedIn) } else { Ok(()) };
        };
        match kind.required() {
            Some(capability) if !self.may(person, capability) => Err(Rejection::NotAllowed { capability }),
            _ => Ok(()),
        }
    }

    /// Whether whoever is signed in may do this here, now.
    pub(super) fn allows(&self, capability: Capability) -> bool {
        self.person.is_some_and(|person| self.may(person, capability))
    }

    fn may(&self, person: PersonId, capability: Capability) -> bool {
        let (from, until) = self.between;
        self.config.may_within(person, capability, from, until)
    }

    pub(super) fn person(&self) -> Result<PersonId, Rejection> {
        self.person.ok_or(Rejection::NobodySignedIn)
    }

    /// What people call a person; the bare identifier of one who is not on the list.
    pub(super) fn name(&self, person: PersonId) -> String {
        self.config.person(person).map_or_else(|| person.to_string(), |p| p.name.clone())
    }

    pub(super) fn site_and_zone(&self) -> Result<(&'a Site, Zone), Rejection> {
        let site = self.config.site().ok_or(Rejection::SiteNotDescribed)?;
        Ok((site, site.zone().ok_or(Rejection::SiteNotDescribed)?))
    }
}

impl<L: Lookup> Context<'_, L> {
    /// A record of which something is held.
    pub(super) fn held(
        &self,
        record: RecordId,
        kind: RecordKind,
    ) -> Result<RecordState, CaptureError<L::Error>> {
        let state = self.record(record)?;
        if state.summary.kind == Some(kind) { Ok(state) } else { Err(Rejection::NotHere { kind }.into()) }
    }

    pub(super) fn record(&self, record: RecordId) -> Result<RecordState, CaptureError<L::Error>> {
        self.state.record(record).map_err(CaptureError::State)
    }

    /// That an intent fits into one entry, with the citations that its writes will carry.
    fn check_size(&self, intent: &Intent) -> Result<(), CaptureError<L::Error>> {
        let mut total = 0;
        let mut targets = BTreeSet::new();
        for change in &intent.changes {
            let (Change::Write(target, _, _, value) | Change::Add(target, _, value)) = change;
            targets.insert(*target);
            total +=
                limits::size_of(value).map_err(Rejection::from)? + PER_CHANGE + self.citations(change)?;
        }
        let fits = total <= limits::MAX_CHANGE && targets.len() <= MAX_RECORDS;
        if fits { Ok(()) } else { Err(Rejection::TooLarge.into()) }
    }

    fn citations(&self, change: &Change) -> Result<usize, CaptureError<L::Error>> {
        let Change::Write(Target::Known(record), field, member, _) = change else { return Ok(0) };
        let cell = Cell { record: *record, field: *field, member: *member };
        let register = self.state.register(&cell).map_err(CaptureError::State)?;
        Ok(register.cites_for(self.chain).len() * PER_CITE)
    }
}
