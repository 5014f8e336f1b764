//! An organisation with one site, a server in memory, and phones.

mod network;
mod org;
mod phone;
mod server;

use crate::base::{BootId, Digest, Entropy, Millis, OrgId, SiteId};
use crate::log::MemoryLog;

pub(super) use network::{Fate, Reply};
pub(super) use org::Org;
pub(super) use phone::Phone;
pub(super) use server::Server;

pub(super) const ORG: OrgId = OrgId([1; 16]);
pub(super) const SITE: SiteId = SiteId([2; 16]);
pub(super) const ORIGIN: &str = "https://duty.example";
pub(super) const BOOT: BootId = BootId([4; 8]);
pub(super) const NOON: Millis = 1_790_000_000_000;

/// Counts up.
#[derive(Debug, Default)]
pub(super) struct Counting(pub(super) u64);

impl Entropy for Counting {
    fn fill(&mut self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            chunk.copy_from_slice(&self.0.to_be_bytes()[..chunk.len()]);
        }
    }
}

/// Whether every one of these logs holds the same segments.
pub(super) fn same<'l>(logs: impl IntoIterator<Item = &'l MemoryLog>) -> bool {
    let ids = |log: &MemoryLog| -> Vec<Digest> {
        let mut ids: Vec<_> = log.segments().map(|s| s.header.id()).collect();
        ids.sort();
        ids
    };
    let all: Vec<_> = logs.into_iter().map(ids).collect();
    all.windows(2).all(|pair| pair[0] == pair[1])
}
