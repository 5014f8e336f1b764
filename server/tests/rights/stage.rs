//! The server that everybody asks, and the phone whose bundles are dropped off.

use std::collections::BTreeSet;

use dutylog_core::base::{ChainId, SiteId};
use dutylog_server::clock::{Clock as _, SystemClock};
use dutylog_server::ingest::Refusal;
use dutylog_server::ledger::SiteScope;

use crate::console::{World, site_of};
use crate::phone::Phone;

/// The chain that has forked, at every site.
pub(crate) const FORKED: u8 = 200;

pub(crate) struct Stage {
    pub(crate) world: World,
    /// The site that most callers belong to.
    pub(crate) site: SiteId,
    /// A phone of that site. Others carry what it recorded.
    pub(crate) courier: Phone,
}

impl Stage {
    pub(crate) async fn set(world: World, own: &str) -> Self {
        let site = site_of(own);
        let courier = Phone::enrol(&world, site, 4).await;
        Self { world, site, courier }
    }

    /// Lets a copied phone's chain come to a site.
    pub(crate) async fn fork(world: &World, site: &str, n: u8) {
        let site = site_of(site);
        let phone = Phone::enrol(world, site, n).await;
        let scope = SiteScope::enter(site, &*world.parts.keys).expect("every site");
        let pushed =
            world.parts.ingest.push(scope, phone.id, phone.forked(FORKED), SystemClock.now_ms()).await;
        let forked = pushed.expect("an answer")[1].remark();
        assert_eq!(forked, Some(Refusal::ForkDetected { at: 1 }));
    }

    fn scope(&self) -> SiteScope {
        SiteScope::enter(self.site, &*self.world.parts.keys).expect("every site")
    }

    /// The chains of which the site's log holds anything.
    pub(crate) async fn chains(&self) -> BTreeSet<ChainId> {
        let heads = self.world.parts.ledger().heads(self.scope(), None).await.expect("heads");
        heads.into_keys().collect()
    }
}
