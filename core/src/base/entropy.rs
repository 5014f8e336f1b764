//! Randomness as it is handed in.

/// A source of unpredictable bytes, lent by the host.
pub trait Entropy: Send {
    /// Fills a buffer.
    fn fill(&mut self, buffer: &mut [u8]);
}

/// So many random bytes.
pub fn random<const N: usize>(entropy: &mut dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}
