//! Passwords that guessers try first.
//!
//! Out of the 427,000 breached and default passwords of SecLists and the lists of zxcvbn (both under the MIT licence) those of
//! twelve characters and more, in lower case: 12,000. Shorter ones are refused for their length. What is kept of each is the
//! beginning of its SHA-256, in order: a quarter of the room, searched by halves, and nobody has to read them.

use sha2::{Digest as _, Sha256};

const MARK_BYTES: usize = 8;

static MARKS: &[u8] = include_bytes!("common-passwords.bin");

/// Whether a password, in lower case, is among them.
pub(super) fn is_common(folded: &str) -> bool {
    let digest = Sha256::digest(folded);
    let (marks, _) = MARKS.as_chunks::<MARK_BYTES>();
    digest.first_chunk::<MARK_BYTES>().is_some_and(|mark| marks.binary_search(mark).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marks_are_whole_and_in_order() {
        let (marks, rest) = MARKS.as_chunks::<MARK_BYTES>();
        assert!(rest.is_empty() && marks.len() > 12_000 && marks.is_sorted());
    }

    #[test]
    fn what_was_breached_is_found_and_a_sentence_of_ones_own_is_not() {
        for common in ["qwertyuiop123", "mylove123456", "password1234", "123456789012", "iloveyou1234"] {
            assert!(is_common(common), "{common}");
        }
        assert!(!is_common("seven herons over the spillway") && !is_common(""));
    }
}
