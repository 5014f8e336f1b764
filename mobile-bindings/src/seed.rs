//! Unpredictable bytes from the seed the host lends.
//!
//! The seed alone would repeat itself if a host handed over the same one twice, and a repeated identifier of a draft would look like a
//! repetition of what was saved before. So the key store's own secret and the clocks go in as well.

use std::sync::{Arc, Mutex, PoisonError};

use dutylog_core::base::{Digest, Entropy, Reading};
use dutylog_core::log::{KeyStore, KeyStoreError};

/// The least that a seed has.
pub(crate) const SEED: usize = 32;

/// One stream of bytes, shared by all that a logbook opens and reopens.
#[derive(Clone)]
pub(crate) struct Seeded(Arc<Mutex<Stream>>);

struct Stream {
    key: Digest,
}

impl std::fmt::Debug for Seeded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seeded(…)")
    }
}

impl Seeded {
    /// A stream from a seed, the secret of the installation and the moment.
    pub(crate) fn new(seed: &[u8], keys: &dyn KeyStore, now: Reading) -> Result<Self, KeyStoreError> {
        let moment = [now.wall.to_be_bytes(), now.mono.to_be_bytes(), now.boot.0].concat();
        let key = keys.mac("entropy", &[seed, &moment].concat())?;
        Ok(Self::from_key(Digest::tagged("dutylog/entropy/v1", &[&key.0[..], seed].concat())))
    }

    /// A stream from a seed alone, for a key store that is not there yet.
    pub(crate) fn alone(seed: &[u8]) -> Self {
        Self::from_key(Digest::tagged("dutylog/entropy/v1", seed))
    }

    fn from_key(key: Digest) -> Self {
        Self(Arc::new(Mutex::new(Stream { key })))
    }
}

impl Entropy for Seeded {
    fn fill(&mut self, buffer: &mut [u8]) {
        let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in buffer.chunks_mut(32) {
            let block = Digest::tagged("dutylog/entropy-block/v1", &stream.key.0);
            chunk.copy_from_slice(&block.0[..chunk.len()]);
            // What was given cannot be computed from what the memory holds afterwards.
            stream.key = Digest::tagged("dutylog/entropy-key/v1", &stream.key.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dutylog_core::base::{BootId, random};
    use dutylog_core::log::SoftKeys;

    #[test]
    fn the_same_seed_at_another_moment_gives_other_bytes() {
        let keys = SoftKeys::new([1; 32], Box::new(Seeded::alone(&[2; 32])), Default::default());
        let at = |mono| Reading { wall: 5, zone: 0, mono, boot: BootId([1; 8]) };
        let draw = |mono| random::<16>(&mut Seeded::new(&[3; 32], &keys, at(mono)).expect("a secret"));
        assert_ne!(draw(1), draw(2));
        assert_eq!(draw(1), draw(1));
        let mut stream = Seeded::alone(&[4; 32]);
        assert_ne!(random::<40>(&mut stream), random::<40>(&mut stream.clone()));
    }
}
