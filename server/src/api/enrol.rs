//! Enrolment: from a one-time code to a certified key.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use dutylog_core::base::{DeviceId, Millis};
use dutylog_core::log::{Certificate, Claims, PublicKey, Role, SealError};
use dutylog_core::sync::auth::NONCE_HEADER;
use dutylog_core::sync::enrol::{EnrolDevice, EnrolPerson, Enrolled};

use super::body::{self, Body};
use super::budget::Whose;
use super::device::{Device, Signed};
use super::problems;
use super::refused::{Refused, nonce_value};
use crate::app::AppState;
use crate::enrolment::code_digest;
use crate::http::Problem;
use crate::http::extract::ClientIp;
use crate::ingest::Refusal;
use crate::ledger::{Enrols, SiteScope};

/// `POST /v1/enrol`: a phone becomes a phone of the site that its code was made for.
#[utoipa::path(
    post, path = "/v1/enrol", tag = "enrolment",
    request_body(content = Vec<u8>, content_type = "application/x-dutylog", description = "EnrolDevice"),
    responses(
        (status = 200, content_type = "application/x-dutylog", body = Vec<u8>, description = "Enrolled"),
        (status = 400, description = "`bad_message`"),
        (status = 403, description = "`code_not_valid`"),
        (status = 409, description = "`device_known`"),
        (status = 415, description = "`wrong_media_type`"),
        (status = 422, description = "`weak_key`, `bad_proof`"),
        (status = 429, description = "`too_many_tries`"),
    )
)]
pub(super) async fn device(
    State(state): State<AppState>,
    client: ClientIp,
    Body(body): Body,
) -> Result<Response, Refused> {
    let asked = EnrolDevice::from_bytes(&body).map_err(not_proven)?;
    let now = state.clock.now_ms();
    let scope = redeem(&state, client, &asked.code, Enrols::Phone, &asked.key, now).await?;
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
    if let Some(known) = state.desk.certified(scope, &claims).await? {
        // The answer was lost on its way.
        return Ok(answer(&state, known));
    }
    if state.views.trust(scope).await?.certificates().any(|known| known.claims.subject == claims.subject) {
        return Err(problems::device_known().into());
    }
    enrolled(&state, scope, claims, &asked.label).await.map_err(Refused::from)
}

/// `POST /v1/sites/{site}/people`: a person gets a key on a phone, by a code that was made for them.
#[utoipa::path(
    post, path = "/v1/sites/{site}/people", tag = "enrolment",
    params(("site" = String, Path, description = "The site, 32 hexadecimal digits")),
    request_body(content = Vec<u8>, content_type = "application/x-dutylog", description = "EnrolPerson, signed by the phone"),
    responses(
        (status = 200, content_type = "application/x-dutylog", body = Vec<u8>, description = "Enrolled"),
        (status = 400, description = "`bad_message`"),
        (status = 401, description = "`signature_needed`, `wrong_signature`, `stale_nonce`, `device_revoked`"),
        (status = 403, description = "`code_not_valid`"),
        (status = 404, description = "`not_found`"),
        (status = 415, description = "`wrong_media_type`"),
        (status = 422, description = "`weak_key`, `bad_proof`"),
        (status = 429, description = "`too_many_requests`, `too_many_tries`"),
    )
)]
pub(super) async fn person(
    State(state): State<AppState>,
    client: ClientIp,
    Path(site): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Response, Refused> {
    let signed = Signed { method: &method, uri: &uri, headers: &headers, body: &body };
    let device = Device::admit(&state, &site, &signed).await?;
    let refuse = |problem: Problem| device.refuse(problem);
    device.may_read()?;
    let phone = DeviceId(device.claims.subject);
    let asked = EnrolPerson::from_bytes(&body, phone).map_err(|error| refuse(not_proven(error)))?;
    let what = Enrols::Person(asked.person);
    let scope = redeem(&state, client, &asked.code, what, &asked.key, device.now).await;
    if scope.map_err(refuse)? != device.scope {
        return Err(refuse(problems::code_not_valid()));
    }
    let claims = Claims {
        org: state.api.keys.org(),
        site: Some(device.scope.site()),
        role: Role::Person,
        subject: asked.person.0,
        holder: Some(phone.0),
        key: asked.key,
        issued: device.now,
        provisional: false,
    };
    let known = state.desk.certified(device.scope, &claims).await.map_err(|error| refuse(error.into()))?;
    let mut response = match known {
        // The answer was lost on its way.
        Some(known) => answer(&state, known),
        None => enrolled(&state, device.scope, claims, "").await.map_err(refuse)?,
    };
    response.headers_mut().insert(NONCE_HEADER, nonce_value(device.nonce));
    Ok(response)
}

/// Uses a code up for a key, if it is good for this.
async fn redeem(
    state: &AppState,
    ClientIp(address): ClientIp,
    code: &[u8; 16],
    what: Enrols,
    key: &PublicKey,
    now: Millis,
) -> Result<SiteScope, Problem> {
    let (ledger, budgets, digest) = (state.api.ledger(), &state.api.budgets, code_digest(code));
    budgets.room(Whose::AddressCodes(address), now).map_err(problems::too_many_tries)?;
    let site = ledger.site_of_code(digest).await?;
    if let Some(site) = site {
        budgets.room(Whose::SiteCodes(site), now).map_err(problems::too_many_tries)?;
        if let Some(scope) = ledger.redeem(site, digest, what, key, now).await? {
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
async fn enrolled(
    state: &AppState,
    scope: SiteScope,
    claims: Claims,
    label: &str,
) -> Result<Response, Problem> {
    let certificate = state.api.keys.certify(claims).map_err(not_proven)?;
    state.desk.certify_named(scope, None, &certificate, label).await?;
    Ok(answer(state, certificate))
}

/// A certificate with those that prove it.
fn answer(state: &AppState, certificate: Certificate) -> Response {
    let mut certificates = state.api.keys.certificates().map(<[u8]>::to_vec).to_vec();
    let subject = certificate.claims.subject;
    certificates.push(certificate.bytes);
    body::answer(Enrolled { subject, certificates }.to_bytes())
}

/// Why a key is not certified.
fn not_proven(error: SealError) -> Problem {
    match error {
        SealError::WeakKey => Refusal::WeakKey.into(),
        SealError::BadSignature => problems::bad_proof(),
        _ => problems::bad_message(),
    }
}
