//! Unpredictable bytes, from the operating system and nowhere else.

/// The operating system could not give random bytes; nothing secret may be made then.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random bytes: {0}")]
pub struct EntropyError(#[from] getrandom::Error);

/// The operating system's random bytes, for those who take a source handed in.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl dutylog_core::base::Entropy for SystemEntropy {
    /// Ends the process's work in hand rather than making a secret of anything weaker.
    fn fill(&mut self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("an operating system that gives random bytes");
    }
}

/// `N` random bytes.
///
/// # Errors
/// When the operating system refuses; callers must not go on with anything weaker.
pub fn random<const N: usize>() -> Result<[u8; N], EntropyError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// Letters and digits that nobody confuses when reading them aloud or from paper: no 0 O 1 l I, 32 in all.
const READABLE: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyzA";

/// Writes random bytes as readable characters, 5 bits each: `bytes` of 20 give 20 characters and 100 bits.
#[must_use]
pub fn readable(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(READABLE[usize::from(byte & 31)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readable_characters_are_32_different_ones() {
        let all: Vec<u8> = (0..32).collect();
        let unique: std::collections::BTreeSet<char> = readable(&all).chars().collect();
        assert_eq!(unique.len(), 32);
    }

    #[test]
    fn two_draws_differ() {
        assert_ne!(random::<32>().expect("random"), random::<32>().expect("random"));
    }
}
