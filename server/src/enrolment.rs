//! One-time codes: the right to enrol a phone at a site, or a person on one of its phones.

use dutylog_core::base::{Digest, Millis, PersonId};
use dutylog_core::sync::enrol::Invitation;

use crate::clock::MINUTE;
use crate::entropy::{EntropyError, random};
use crate::keys::ServerKeys;
use crate::ledger::{Code, Enrols, Ledger, LedgerError, SiteScope};

/// How long a code is good for.
pub const CODE_LASTS: Millis = 10 * MINUTE;

/// No code was made.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// The operating system gives no random bytes.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The ledger could not answer.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// The digest under which a code is kept.
#[must_use]
pub fn code_digest(code: &[u8; 16]) -> Digest {
    Digest::tagged("dutylog/enrolment-code/v1", code)
}

/// Invites a phone to a site.
///
/// # Errors
/// [`InviteError`]
pub async fn invite_phone(
    ledger: &dyn Ledger,
    keys: &ServerKeys,
    scope: SiteScope,
    origin: String,
    now: Millis,
) -> Result<Invitation, InviteError> {
    let (code, expires) = issue(ledger, scope, Enrols::Phone, now).await?;
    Ok(Invitation { org: keys.org(), site: scope.site(), root: keys.root(), origin, code, expires })
}

/// Lets a person get a key on one of the site's phones.
///
/// # Errors
/// [`InviteError`]
pub async fn invite_person(
    ledger: &dyn Ledger,
    scope: SiteScope,
    person: PersonId,
    now: Millis,
) -> Result<[u8; 16], InviteError> {
    issue(ledger, scope, Enrols::Person(person), now).await.map(|(code, _)| code)
}

async fn issue(
    ledger: &dyn Ledger,
    scope: SiteScope,
    enrols: Enrols,
    now: Millis,
) -> Result<([u8; 16], Millis), InviteError> {
    let (bytes, code) = draw(enrols, now)?;
    publish(ledger, scope, code).await?;
    Ok((bytes, code.expires))
}

/// Draws a code, which opens nothing yet, and what is kept of it.
///
/// # Errors
/// When the operating system gives no random bytes.
pub fn draw(enrols: Enrols, now: Millis) -> Result<([u8; 16], Code), EntropyError> {
    let code: [u8; 16] = random()?;
    Ok((code, Code { digest: code_digest(&code), enrols, expires: now + CODE_LASTS }))
}

/// Makes a code good.
///
/// # Errors
/// [`LedgerError`]
pub async fn publish(ledger: &dyn Ledger, scope: SiteScope, code: Code) -> Result<(), LedgerError> {
    ledger.add_code(scope, code).await?;
    tracing::info!(target: "security", site = %scope.site(), "an enrolment code was made");
    Ok(())
}
