//! Every choice of the workload, from one seed.

use super::words::WORDS;

/// splitmix64 (Steele, Lea, Flood 2014) and what is drawn from it.
#[derive(Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A number in `low..=high`.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        let drawn = self.next() % (u64::from(high - low) + 1);
        low + u32::try_from(drawn).expect("a remainder of a u32 range fits in a u32")
    }

    /// An index into a list of `len` members.
    pub(super) fn index(&mut self, len: usize) -> usize {
        let len = u64::try_from(len).expect("lists here are short");
        usize::try_from(self.next() % len).expect("an index is below the length of a list")
    }

    /// True in `percent` of the draws.
    pub(super) fn percent(&mut self, percent: u32) -> bool {
        self.between(1, 100) <= percent
    }

    /// Words separated by spaces, cut at exactly `len` characters.
    pub(super) fn text(&mut self, len: usize) -> String {
        let mut text = String::with_capacity(len + 16);
        while text.len() < len {
            text.push_str(WORDS[self.index(WORDS.len())]);
            text.push(' ');
        }
        text.truncate(len);
        text
    }

    /// A text of 8 to 48 characters: what people type into a field of one line.
    pub(super) fn line(&mut self) -> String {
        let len = self.between(8, 48);
        self.text(usize::try_from(len).expect("48 fits"))
    }

    /// `len` bytes without any pattern, as signatures are.
    pub(super) fn bytes(&mut self, len: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(len + 8);
        while bytes.len() < len {
            bytes.extend_from_slice(&self.next().to_le_bytes());
        }
        bytes.truncate(len);
        bytes
    }
}
