//! Numbers that look random and are the same for the same seed, so that a run can be repeated.

use dutylog_core::base::Entropy;

/// SplitMix64. The keys of simulated phones are made of it too: they guard nothing but a story.
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    /// A stream of its own for each purpose, so that a change in one part of the story leaves the others as they were.
    pub(super) fn new(seed: u64, purpose: &str) -> Self {
        let mixed = purpose.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(mixed)
    }

    /// Another stream that goes on from here.
    pub(super) fn fork(&mut self) -> Self {
        Self(self.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `low` up to and with `high`.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = low.abs_diff(high) + 1;
        low.min(high).saturating_add_unsigned(self.next() % span)
    }

    /// Whether something happens that happens so often in a hundred.
    pub(super) fn in_hundred(&mut self, often: i64) -> bool {
        self.between(1, 100) <= often
    }

    /// One of several.
    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let span = u64::try_from(from.len()).unwrap_or(u64::MAX);
        let index = usize::try_from(self.next() % span).unwrap_or_default();
        from[index]
    }
}

impl Entropy for Chance {
    fn fill(&mut self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_and_each_purpose_its_own() {
        let draw = |seed, purpose| {
            let mut chance = Chance::new(seed, purpose);
            [chance.next(), chance.next()]
        };
        assert_eq!(draw(42, "story"), draw(42, "story"));
        assert_ne!(draw(42, "story"), draw(42, "phones"));
        assert_ne!(draw(42, "story"), draw(43, "story"));
    }

    #[test]
    fn both_ends_are_reached_and_nothing_beyond() {
        let mut chance = Chance::new(1, "ends");
        let drawn: std::collections::BTreeSet<i64> = (0..200).map(|_| chance.between(-2, 2)).collect();
        assert_eq!(drawn, (-2..=2).collect());
    }
}
