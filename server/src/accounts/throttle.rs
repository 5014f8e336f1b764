//! How often somebody may try to sign in.
//!
//! Tries are counted by account, by address and over all. Nobody is ever locked out: tries come back with time. A browser
//! from which the account signed in before has a count of its own, so that a stranger who keeps guessing at an account
//! slows down strangers and not its owner.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use dutylog_core::base::{Digest, Millis};

use crate::clock::MINUTE;

/// Whose tries are counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// Tries at a name from browsers it never signed in from.
    Name(String),
    /// Tries at a name from a browser it signed in from.
    Browser(String, Digest),
    /// Tries from an address.
    Address(IpAddr),
    /// Tries at all.
    Everyone,
}

impl Key {
    /// How many tries in a minute.
    const fn per_minute(&self) -> i64 {
        match self {
            Self::Name(_) | Self::Browser(..) => 5,
            Self::Address(_) => 30,
            Self::Everyone => 300,
        }
    }

    const fn ms_per_try(&self) -> Millis {
        MINUTE / self.per_minute()
    }
}

/// When each key's debt of tries is paid off. A try adds its price; a minute's worth of tries may be owed.
#[derive(Debug, Default)]
pub(super) struct Throttle(Mutex<BTreeMap<Key, Millis>>);

impl Throttle {
    /// Counts one try under every key, or says how many seconds to wait and counts nothing.
    pub(super) fn count(&self, now: Millis, keys: &[Key]) -> Result<(), u32> {
        let mut paid_off = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What is paid off needs no memory; what a clock set back left behind is forgiven.
        paid_off.retain(|_, at| *at > now && *at <= now + MINUTE);
        let after =
            |key: &Key, map: &BTreeMap<Key, Millis>| map.get(key).copied().unwrap_or(now) + key.ms_per_try();
        let wait = keys.iter().map(|key| after(key, &paid_off) - now - MINUTE).max().unwrap_or(0);
        if wait > 0 {
            return Err(u32::try_from((wait + 999) / 1000).unwrap_or(u32::MAX));
        }
        for key in keys {
            let at = after(key, &paid_off);
            paid_off.insert(key.clone(), at);
        }
        Ok(())
    }

    /// Forgives a key: it was the owner.
    pub(super) fn forgive(&self, key: &Key) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> [Key; 1] {
        [Key::Name("li.wei".into())]
    }

    #[test]
    fn five_in_a_minute_then_one_every_twelve_seconds() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            assert_eq!(throttle.count(0, &name()), Ok(()));
        }
        assert_eq!(throttle.count(0, &name()), Err(12));
        assert_eq!(throttle.count(11_000, &name()), Err(1));
        assert_eq!(throttle.count(12_000, &name()), Ok(()));
        assert_eq!(throttle.count(12_000, &name()), Err(12));
    }

    #[test]
    fn a_refused_try_costs_nothing_and_others_are_not_touched() {
        let throttle = Throttle::default();
        assert_eq!((0..500).filter(|_| throttle.count(0, &name()).is_ok()).count(), 5);
        assert_eq!(throttle.count(0, &[Key::Name("other".into())]), Ok(()));
        assert_eq!(throttle.count(0, &[Key::Browser("li.wei".into(), Digest::of(b"known"))]), Ok(()));
        assert_eq!(throttle.count(60_000, &name()), Ok(()));
        assert_eq!(throttle.0.lock().expect("lock").len(), 1);
    }

    #[test]
    fn success_forgives() {
        let throttle = Throttle::default();
        assert!((0..5).all(|_| throttle.count(0, &name()).is_ok()));
        throttle.forgive(&name()[0]);
        assert_eq!(throttle.count(0, &name()), Ok(()));
    }
}
