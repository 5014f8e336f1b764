//! How often something may be done. Kept in memory: a restart forgives.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use dutylog_core::base::{KeyId, Millis, SiteId};

use crate::ingest::Budget;
use crate::ledger::Level;

/// Signed requests of one device.
const REQUESTS: Budget = Budget { name: "requests", burst: 20, per_hour: 60 * 60 };
/// Enrolment codes that open nothing.
const WRONG_CODES: Budget = Budget { name: "wrong_codes", burst: 10, per_hour: 10 };
/// Bundles dropped off at one site for devices that may not come in themselves.
const DROPS: Budget = Budget { name: "drops", burst: 10, per_hour: 10 };
/// What is paid off needs no memory; it is looked for once this many are remembered.
const TIDY_FROM: usize = 4_096;

/// Whose doing is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whose {
    /// Requests of a device.
    Requests(KeyId),
    /// Wrong codes for a site.
    SiteCodes(SiteId),
    /// Wrong codes from an address.
    AddressCodes(IpAddr),
    /// Bundles for a site.
    Drops(SiteId),
}

impl Whose {
    const fn budget(&self) -> &'static Budget {
        match self {
            Self::Requests(_) => &REQUESTS,
            Self::SiteCodes(_) | Self::AddressCodes(_) => &WRONG_CODES,
            Self::Drops(_) => &DROPS,
        }
    }
}

/// What is left to each.
#[derive(Debug, Default)]
pub(super) struct Budgets(Mutex<BTreeMap<Whose, Level>>);

impl Budgets {
    /// Counts one doing, or says in how many seconds there is room for it.
    pub(super) fn spend(&self, whose: Whose, now: Millis) -> Result<(), u32> {
        let mut levels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if levels.len() >= TIDY_FROM {
            levels.retain(|whose, level| !whose.budget().is_full(*level, now));
        }
        let left = whose.budget().spend(levels.get(&whose).copied(), 1, now)?;
        levels.insert(whose, left);
        Ok(())
    }

    /// Says whether there is room for one, and counts nothing.
    pub(super) fn room(&self, whose: Whose, now: Millis) -> Result<(), u32> {
        let levels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        whose.budget().spend(levels.get(&whose).copied(), 1, now).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: Whose = Whose::Requests(KeyId([1; 8]));

    #[test]
    fn twenty_at_once_then_one_a_second_for_each_device() {
        let budgets = Budgets::default();
        assert!((0..20).all(|_| budgets.spend(PHONE, 0).is_ok()));
        assert_eq!(budgets.spend(PHONE, 0), Err(1));
        assert_eq!(budgets.spend(Whose::Requests(KeyId([2; 8])), 0), Ok(()));
        assert_eq!(budgets.spend(PHONE, 1_000), Ok(()));
        assert_eq!(budgets.spend(PHONE, 1_000), Err(1));
    }

    #[test]
    fn what_is_paid_off_is_forgotten() {
        let (budgets, many) = (Budgets::default(), u32::try_from(TIDY_FROM).expect("few"));
        for n in 0..many {
            assert_eq!(budgets.spend(Whose::AddressCodes(IpAddr::from(n.to_be_bytes())), 0), Ok(()));
        }
        assert_eq!(budgets.spend(PHONE, 3_600_000), Ok(()));
        assert_eq!(budgets.0.lock().expect("lock").len(), 1);
    }
}
