//! Enrolment: from a one-time code to a certified key.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use dutylog_core::base::{Digest, Millis};
use dutylog_core::log::{Claims, Role, SealError};
use dutylog_core::sync::CONTENT_TYPE;
use dutylog_core::sync::enrol::{EnrolDevice, Enrolled};

use super::budget::Whose;
use super::problems;
use super::refused::Refused;
use crate::app::AppState;
use crate::http::Problem;
use crate::http::extract::ClientIp;
use crate::http::layers::slim::Slim;
use crate::ingest::Refusal;
use crate::ledger::{Enrols, SiteScope};

/// The digest under which a code is kept.
#[must_use]
pub fn code_digest(code: &[u8; 16]) -> Digest {
    Digest::tagged("dutylog/enrolment-code/v1", code)
}

/// `POST /v1/enrol`: a phone becomes a phone of the site that its code was made for.
pub(super) async fn device(
    State(state): State<AppState>,
    client: ClientIp,
    body: Bytes,
) -> Result<Response, Refused> {
    let asked = EnrolDevice::from_bytes(&body).map_err(not_proven)?;
    let now = state.clock.now_ms();
    let scope = redeem(&state, client, &asked.code, Enrols::Phone, now).await?;
    let claims = Claims {
        org: state.api.keys.org(),
        site: Some(scope.site()),
        role: Role::Phone,
        subject: asked.device.0,
        holder: None,
        key: asked.key,
        issued: now,
        provisional: false,
    };
    enrolled(&state, scope, claims).await
}

/// Uses a code up, if it is good for this.
pub(super) async fn redeem(
    state: &AppState,
    ClientIp(address): ClientIp,
    code: &[u8; 16],
    what: Enrols,
    now: Millis,
) -> Result<SiteScope, Problem> {
    let (ledger, budgets, digest) = (state.api.ledger(), &state.api.budgets, code_digest(code));
    budgets.room(Whose::AddressCodes(address), now).map_err(problems::too_many_tries)?;
    let site = ledger.site_of_code(digest).await?;
    if let Some(site) = site {
        budgets.room(Whose::SiteCodes(site), now).map_err(problems::too_many_tries)?;
        if let Some(scope) = ledger.redeem(site, digest, what, now).await? {
            tracing::info!(target: "security", site = %site, "an enrolment code was used");
            return Ok(scope);
        }
    }
    tracing::warn!(target: "security", "an enrolment code that opens nothing");
    // It was refused already; that there is no room left for it changes nothing.
    let _ = budgets.spend(Whose::AddressCodes(address), now);
    let _ = site.map(|site| budgets.spend(Whose::SiteCodes(site), now));
    Err(problems::code_not_valid())
}

/// Certifies a key and lets the site know.
pub(super) async fn enrolled(
    state: &AppState,
    scope: SiteScope,
    claims: Claims,
) -> Result<Response, Refused> {
    let subject = claims.subject;
    let certificate = state.api.keys.certify(claims).map_err(not_proven)?;
    state.api.ledger().add_certificate(scope, &certificate.bytes).await?;
    let mut certificates = state.api.keys.certificates().map(<[u8]>::to_vec).to_vec();
    certificates.push(certificate.bytes);
    let mut response = Enrolled { subject, certificates }.to_bytes().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.extensions_mut().insert(Slim);
    Ok(response)
}

/// Why a key is not certified.
pub(super) fn not_proven(error: SealError) -> Problem {
    match error {
        SealError::WeakKey => Refusal::WeakKey.into(),
        SealError::BadSignature => problems::bad_proof(),
        _ => problems::bad_message(),
    }
}
