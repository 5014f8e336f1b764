//! Whose signatures count at a site, remembered between pushes.

use std::sync::{Arc, PoisonError};

use dutylog_core::base::KeyId;
use dutylog_core::log::Trust;

use super::outcome::IngestError;
use super::receive::Ingest;
use crate::ledger::SiteScope;

impl Ingest {
    /// Everything that is trusted at a site: the organisation's keys and the site's certificates. `wanted` are keys that must be
    /// looked up afresh if they are not known yet; certificates are only ever added.
    ///
    /// # Errors
    /// [`IngestError`]
    pub async fn trust(&self, scope: SiteScope, wanted: &[KeyId]) -> Result<Arc<Trust>, IngestError> {
        let known = self.trusts.lock().unwrap_or_else(PoisonError::into_inner).get(&scope.site()).cloned();
        if let Some(trust) = known.as_ref().filter(|t| wanted.iter().all(|key| t.get(*key).is_some())) {
            return Ok(Arc::clone(trust));
        }
        // What is known stays known: only what is new has to be verified.
        let mut trust = known.map_or_else(|| self.keys.trust(), |trust| Ok((*trust).clone()))?;
        let certificates = self.ledger.certificates(scope).await?;
        certificates.iter().try_for_each(|bytes| trust.add(bytes).map(drop))?;
        let trust = Arc::new(trust);
        if certificates.is_empty() {
            // Anybody may ask for a site that does not exist; nothing is remembered of it.
            return Ok(trust);
        }
        let mut trusts = self.trusts.lock().unwrap_or_else(PoisonError::into_inner);
        trusts.insert(scope.site(), Arc::clone(&trust));
        Ok(trust)
    }
}
