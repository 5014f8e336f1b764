//! Certificates, revocations, codes, nonces and budgets in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use dutylog_core::base::{ChainId, Digest, KeyId, Millis, Seq, SiteId};
use dutylog_core::log::PublicKey;

use super::data::SiteData;
use super::{Cell, MemoryLedger};
use crate::ledger::Answer;
use crate::ledger::error::LedgerError;
use crate::ledger::registry::{
    Code, Enrols, Level, Nonce, Registry, Revocation, RevocationKind, Revocations,
};
use crate::ledger::scope::SiteScope;

impl Registry for MemoryLedger {
    fn add_certificate<'a>(&'a self, scope: SiteScope, bytes: &'a [u8]) -> Answer<'a, ()> {
        Box::pin(self.update(scope, move |data| {
            if !data.certificates.iter().any(|held| held == bytes) {
                data.certificates.push(bytes.to_vec());
            }
        }))
    }

    fn certificates(&self, scope: SiteScope) -> Answer<'_, Vec<Vec<u8>>> {
        Box::pin(async move { Ok(self.read(scope)?.certificates.clone()) })
    }

    fn revoke(&self, scope: SiteScope, key: KeyId, kind: RevocationKind, now: Millis) -> Answer<'_, ()> {
        Box::pin(self.update(scope, move |data| {
            let cut = cut(data, key);
            data.revocations.entry(key).or_insert(Revocation { kind, decided: now, cut });
        }))
    }

    fn revocations(&self, scope: SiteScope) -> Answer<'_, Revocations> {
        Box::pin(async move { Ok(self.read(scope)?.revocations.clone()) })
    }

    fn add_code(&self, scope: SiteScope, code: Code) -> Answer<'_, ()> {
        Box::pin(self.update(scope, move |data| {
            data.codes.entry(code.digest).or_insert((code, None));
        }))
    }

    fn site_of_code(&self, code: Digest) -> Answer<'_, Option<SiteId>> {
        Box::pin(async move {
            let sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
            let has = |(_, cell): &(&SiteId, &Arc<Cell>)| cell.read().codes.contains_key(&code);
            Ok(sites.iter().find(has).map(|(site, _)| *site))
        })
    }

    fn redeem<'a>(
        &'a self,
        site: SiteId,
        code: Digest,
        what: Enrols,
        key: &'a PublicKey,
        now: Millis,
    ) -> Answer<'a, Option<SiteScope>> {
        let scope = SiteScope::by_code(site);
        Box::pin(async move {
            let redeemed = self.update(scope, move |data| {
                let (code, used) = data.codes.get_mut(&code)?;
                let open = used.as_ref().map_or(now < code.expires, |by| by == key);
                (open && code.enrols == what).then(|| {
                    *used = Some(*key);
                    scope
                })
            });
            match redeemed.await {
                Err(LedgerError::NoSuchSite) => Ok(None),
                answer => answer,
            }
        })
    }

    fn exchange_nonce(
        &self,
        scope: SiteScope,
        key: KeyId,
        presented: Option<Nonce>,
        next: Nonce,
    ) -> Answer<'_, bool> {
        Box::pin(self.update(scope, move |data| {
            let expected = data.nonces.insert(key, next);
            presented.is_some() && presented == expected
        }))
    }

    fn budget<'a>(&'a self, scope: SiteScope, key: KeyId, what: &'a str) -> Answer<'a, Option<Level>> {
        Box::pin(async move { Ok(self.read(scope)?.budgets.get(&(key, what.to_owned())).copied()) })
    }
}

/// The last number held of each chain that a key has sealed.
fn cut(data: &SiteData, key: KeyId) -> BTreeMap<ChainId, Seq> {
    let mut cut = BTreeMap::new();
    for row in data.rows.iter().filter(|row| row.key == key) {
        let last = cut.entry(row.chain).or_insert(row.last);
        *last = row.last.max(*last);
    }
    cut
}
