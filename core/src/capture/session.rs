//! What a device records of itself: sessions, its clock, and who claims what it recorded alone.

use super::{Capture, CaptureError, Context, Intent, Rejection};
use crate::base::{Millis, Value};
use crate::log::{Purpose, session_digest};
use crate::merge::{Lookup, chain_record};
use crate::records::chain::{
    AUTHOR_CLAIMED, CLOCK_CHANGED, ClockChange, EntryAt, SESSION_CLOSED, SESSION_OPENED, SessionClosed,
    SessionEnd, SessionOpened, SignInMethod,
};
use crate::records::{Kind, RecordKind, list_value};

/// Signs in: the context's person is the one who does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// How they showed who they are.
    pub method: SignInMethod,
}
list_value!(OpenSession { method });

impl Capture for OpenSession {
    fn kind(&self) -> Kind {
        Kind::SessionOpened
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let person = ctx.person()?;
        let vouched_for = self.method == SignInMethod::Provisional;
        if ctx.config.person(person).is_none() && !vouched_for {
            return Err(Rejection::NotHere { kind: RecordKind::Person }.into());
        }
        let (method, policy, stale_days) = (self.method, ctx.config.rules().version, ctx.stale_days());
        let opened = SessionOpened { person, method, policy, stale_days };
        let digest = session_digest(ctx.site, ctx.device, person, ctx.now);
        let details = Value::List(vec![method_name(self.method).into()]);
        let about = Intent::about_chain(Kind::SessionOpened, ctx.chain).add(SESSION_OPENED, &opened);
        Ok(about.signed(Purpose::Session, digest, details).done())
    }
}

const fn method_name(method: SignInMethod) -> &'static str {
    match method {
        SignInMethod::Pin => "pin",
        SignInMethod::Biometric => "biometric",
        SignInMethod::Provisional => "provisional",
        SignInMethod::Console => "console",
    }
}

/// Ends the session. The segment is sealed with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseSession {
    /// Why.
    pub reason: SessionEnd,
}
list_value!(CloseSession { reason });

impl Capture for CloseSession {
    fn kind(&self) -> Kind {
        Kind::SessionClosed
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let closed = SessionClosed { reason: self.reason };
        Ok(Intent::about_chain(self.kind(), ctx.chain).add(SESSION_CLOSED, &closed).sealing().done())
    }
}

/// Notes that the wall clock was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveClock {
    /// What it would have shown.
    pub before: Millis,
    /// What it shows.
    pub after: Millis,
}
list_value!(MoveClock { before, after });

impl Capture for MoveClock {
    fn kind(&self) -> Kind {
        Kind::ClockChanged
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let change = ClockChange { before: self.before, after: self.after };
        Ok(Intent::about_chain(self.kind(), ctx.chain).add(CLOCK_CHANGED, &change).done())
    }
}

/// Claims what this device recorded while nobody was signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimAuthor {
    /// The entry.
    pub entry: EntryAt,
}
list_value!(ClaimAuthor { entry });

impl Capture for ClaimAuthor {
    fn kind(&self) -> Kind {
        Kind::AuthorClaimed
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        if self.entry.chain != ctx.chain {
            return Err(Rejection::EntryElsewhere.into());
        }
        let claimed = ctx.record(chain_record(ctx.chain))?.added(AUTHOR_CLAIMED);
        if claimed.iter().any(|c| c.value == self.entry) {
            return Err(Rejection::AlreadyClaimed.into());
        }
        Ok(Intent::about_chain(self.kind(), ctx.chain).add(AUTHOR_CLAIMED, &self.entry).done())
    }
}
