//! Who asks: the device whose signature covers the whole request.
//!
//! Nothing of the body is unpacked before. What a stranger can learn is the same for a site that exists and one that does not.

use std::sync::Arc;

use axum::http::{HeaderMap, Method, Uri, header};
use dutylog_core::base::{KeyId, Millis, SiteId};
use dutylog_core::log::{Claims, Trust};
use dutylog_core::sync::Nonce;
use dutylog_core::sync::auth::{Asked, Authorization};

use super::budget::Whose;
use super::problems;
use super::refused::Refused;
use crate::app::AppState;
use crate::entropy;
use crate::http::Problem;
use crate::ingest::Refusal;
use crate::ledger::{Revocation, SiteScope};

/// A request as it was signed.
#[derive(Debug)]
pub(super) struct Signed<'a> {
    pub(super) method: &'a Method,
    pub(super) uri: &'a Uri,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

/// A device that proved itself.
#[derive(Debug)]
pub(super) struct Device {
    /// The site it belongs to.
    pub(super) scope: SiteScope,
    /// Its key.
    pub(super) key: KeyId,
    /// What its certificate says.
    pub(super) claims: Claims,
    /// Whom the site trusts.
    pub(super) trust: Arc<Trust>,
    /// What its next request is to sign.
    pub(super) nonce: Nonce,
    /// How often the site's server was restored.
    pub(super) epoch: u32,
    /// Whether it was cut off.
    pub(super) revoked: Option<Revocation>,
    /// The time of the request.
    pub(super) now: Millis,
}

impl Device {
    /// Admits the device that signed a request about a site, and uses up the request's nonce.
    ///
    /// # Errors
    /// [`Refused`]
    pub(super) async fn admit(state: &AppState, site: &str, signed: &Signed<'_>) -> Result<Self, Refused> {
        let said = authorization(signed.headers).ok_or_else(problems::signature_needed)?;
        let (scope, trust) = enter(state, site, said.key).await?;
        let certificate = trust.get(said.key).ok_or_else(problems::no_such_site)?;
        let path = signed.uri.path_and_query().map_or("/", |path| path.as_str());
        let (method, site, body) = (signed.method.as_str(), scope.site(), signed.body);
        let covers = |origin| Asked { method, path, site, body, origin }.verify(&said, certificate).is_ok();
        if !state.origins.all().any(covers) {
            tracing::warn!(target: "security", key = %said.key, "a request's signature does not fit");
            return Err(problems::wrong_signature().into());
        }
        let now = state.clock.now_ms();
        let spent = state.api.budgets.spend(Whose::Requests(said.key), now);
        spent.map_err(|retry_after_s| Refusal::TooMany { retry_after_s })?;
        let claims = certificate.claims.clone();
        let nonce = renew(state, scope, &said).await?;
        let ledger = state.api.ledger();
        let (mut revocations, site) = tokio::try_join!(ledger.revocations(scope), ledger.state(scope))?;
        let (revoked, epoch) = (revocations.remove(&said.key), site.epoch);
        Ok(Self { scope, key: said.key, claims, trust, nonce, epoch, revoked, now })
    }

    /// What a revoked device is told when it wants to read.
    ///
    /// # Errors
    /// The refusal.
    pub(super) fn may_read(&self) -> Result<(), Refused> {
        match self.revoked {
            Some(_) => Err(self.refuse(Refusal::DeviceRevoked)),
            None => Ok(()),
        }
    }

    /// A refusal that brings the next nonce.
    pub(super) fn refuse(&self, problem: impl Into<Problem>) -> Refused {
        Refused::with_nonce(problem, self.nonce)
    }
}

fn authorization(headers: &HeaderMap) -> Option<Authorization> {
    Authorization::from_header(headers.get(header::AUTHORIZATION)?.to_str().ok()?)
}

/// The site, if the key was certified for it.
async fn enter(state: &AppState, site: &str, key: KeyId) -> Result<(SiteScope, Arc<Trust>), Problem> {
    let site: SiteId = site.parse().map_err(|_| problems::no_such_site())?;
    // The server itself looks the key up; whether the device may enter is decided by its certificate.
    let ours = SiteScope::enter(site, &*state.api.keys).ok_or_else(problems::no_such_site)?;
    let trust = state.api.ingest.trust(ours, &[key]).await?;
    let scope = trust.get(key).and_then(|certificate| SiteScope::enter(site, certificate));
    scope.map(|scope| (scope, trust)).ok_or_else(|| {
        tracing::warn!(target: "security", %key, "a device asked for a site that is not its own");
        problems::no_such_site()
    })
}

/// Uses the request's nonce up; a copied request finds it used.
async fn renew(state: &AppState, scope: SiteScope, said: &Authorization) -> Result<Nonce, Refused> {
    let next = entropy::random()?;
    let fresh = state.api.ledger().exchange_nonce(scope, said.key, Some(said.nonce), next).await?;
    if fresh { Ok(next) } else { Err(Refused::with_nonce(problems::stale_nonce(), next)) }
}
