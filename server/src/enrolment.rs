//! One-time codes: the right to enrol a phone at a site, or a person on one of its phones. Headquarters' desk makes them, and enters each
//! in the log before it opens anything.

use dutylog_core::base::{Digest, Millis};

use crate::clock::MINUTE;
use crate::entropy::{EntropyError, random};
use crate::ledger::{Code, Enrols, Ledger, LedgerError, SiteScope};

/// How long a code is good for.
pub const CODE_LASTS: Millis = 10 * MINUTE;

/// The digest under which a code is kept.
#[must_use]
pub fn code_digest(code: &[u8; 16]) -> Digest {
    Digest::tagged("dutylog/enrolment-code/v1", code)
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
