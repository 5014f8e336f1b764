//! How many connections there may be, in all and from one address.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

type Counts = Arc<Mutex<BTreeMap<IpAddr, usize>>>;

/// The places there are.
#[derive(Debug, Clone)]
pub(super) struct Slots {
    all: Arc<Semaphore>,
    per_ip: usize,
    counts: Counts,
}

/// A place taken; given back when dropped.
#[derive(Debug)]
pub(super) struct Slot {
    counted: Option<(IpAddr, Counts)>,
    _permit: OwnedSemaphorePermit,
}

impl Slots {
    pub(super) fn new(all: usize, per_ip: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(all)), per_ip, counts: Counts::default() }
    }

    /// Waits until there is a place at all.
    pub(super) async fn free(&self) -> OwnedSemaphorePermit {
        Arc::clone(&self.all).acquire_owned().await.expect("the semaphore is never closed")
    }

    /// Takes the place for a client, unless its address has too many. Proxies we trust stand for many clients
    /// (`None`) and are not counted.
    pub(super) fn take(&self, permit: OwnedSemaphorePermit, ip: Option<IpAddr>) -> Option<Slot> {
        let Some(ip) = ip else { return Some(Slot { counted: None, _permit: permit }) };
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(ip).or_default();
        if *count >= self.per_ip {
            return None;
        }
        *count += 1;
        Some(Slot { counted: Some((ip, Arc::clone(&self.counts))), _permit: permit })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let Some((ip, counts)) = &self.counted else { return };
        let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(ip) {
            *count -= 1;
            if *count == 0 {
                counts.remove(ip);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_address_cannot_take_all_and_gives_back() {
        let slots = Slots::new(3, 1);
        let one = IpAddr::from([10, 0, 0, 1]);
        let first = slots.take(slots.free().await, Some(one));
        assert!(first.is_some());
        assert!(slots.take(slots.free().await, Some(one)).is_none());
        assert!(slots.take(slots.free().await, Some(IpAddr::from([10, 0, 0, 2]))).is_some());
        drop(first);
        assert!(slots.take(slots.free().await, Some(one)).is_some());
        assert_eq!(slots.all.available_permits(), 3);
    }
}
