//! Secrets that a browser carries.

use std::fmt;

use dutylog_core::base::Digest;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::entropy::{EntropyError, random};

/// 256 random bits. Travels as hexadecimal; only its digest is stored.
#[derive(Clone)]
pub struct Token(Zeroizing<[u8; 32]>);

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn new() -> Result<Self, EntropyError> {
        random().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// Reads what a browser sent.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = Zeroizing::new([0; 32]);
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// As it travels.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// As it is stored.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::tagged("dutylog/token", self.0.as_slice())
    }

    /// The token that forms carry, bound to this one and of no other use.
    #[must_use]
    pub fn form_token(&self) -> String {
        Digest::tagged("dutylog/form", self.0.as_slice()).to_string()
    }

    /// Whether a form carries the right token; takes the same time for every wrong one.
    #[must_use]
    pub fn form_token_is(&self, claimed: &str) -> bool {
        self.form_token().as_bytes().ct_eq(claimed.as_bytes()).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let token = Token::new().expect("random");
        let again = Token::parse(&token.text()).expect("parses");
        assert_eq!(again.digest(), token.digest());
        assert!(
            again.form_token_is(&token.form_token())
                && !again.form_token_is("")
                && !again.form_token_is(&token.text())
        );
    }

    #[test]
    fn only_64_hexadecimal_digits() {
        for text in ["", "00", &"g".repeat(64), &"0".repeat(65), &"é".repeat(32)] {
            assert!(Token::parse(text).is_none());
        }
    }

    #[test]
    fn never_printed() {
        assert_eq!(format!("{:?}", Token::new().expect("random")), "Token(…)");
    }
}
