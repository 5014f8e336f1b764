//! The only way to a site's data: a [`SiteScope`], handed out by [`SiteScope::enter`] to whoever may enter that site.

use dutylog_core::base::SiteId;
use dutylog_core::log::{Certificate, Role};

/// Whoever can be asked which sites it may enter: a device by its certificate, an account by its grants, the server itself.
pub trait MayEnter {
    /// Whether it may read and write what belongs to this site.
    fn may_enter(&self, site: SiteId) -> bool;
}

/// The right to work on one site. No method of the ledger takes a bare identifier of something inside a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SiteScope(SiteId);

impl SiteScope {
    /// Authorises. Nothing is said about why not: a site that is not yours and one that does not exist look alike.
    #[must_use]
    pub fn enter(site: SiteId, who: &(impl MayEnter + ?Sized)) -> Option<Self> {
        who.may_enter(site).then_some(Self(site))
    }

    /// Which site.
    #[must_use]
    pub const fn site(self) -> SiteId {
        self.0
    }

    /// What a redeemed enrolment code opens.
    pub(super) const fn by_code(site: SiteId) -> Self {
        Self(site)
    }
}

impl MayEnter for Certificate {
    fn may_enter(&self, site: SiteId) -> bool {
        let device = matches!(self.claims.role, Role::Phone | Role::Headquarters);
        device && self.claims.site == Some(site)
    }
}
