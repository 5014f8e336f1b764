//! What a value may be so that the log can carry it (`docs/log-format.md` sections 1 and 3), checked before it is written.

use crate::base::Value;

/// Bytes of a text.
pub const MAX_TEXT: usize = 16 * 1024;
/// Bytes of a byte string.
pub const MAX_BYTES: usize = 64 * 1024;
/// Members of a list.
pub const MAX_MEMBERS: usize = 4096;
/// Bytes of what one entry changes, kept a little under the log's own limit for its framing.
pub const MAX_CHANGE: usize = 47 * 1024;

/// Bytes that a member needs at most beside its own.
const FRAMING: usize = 9;

/// Why the log cannot carry a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A text has a control character other than line feed and tab.
    #[error("a text has a control character")]
    ControlCharacter,
    /// A text, a byte string or a list is too long, or the whole is.
    #[error("too long")]
    TooLong,
}

/// How many bytes a value needs at most.
///
/// # Errors
/// [`Unfit`] if the log cannot carry it.
pub fn size_of(value: &Value) -> Result<usize, Unfit> {
    let size = FRAMING
        + match value {
            Value::Null | Value::Bool(_) | Value::Int(_) => 0,
            Value::Text(text) => text_size(text)?,
            Value::Bytes(bytes) => within(bytes.len(), MAX_BYTES)?,
            Value::List(members) => {
                within(members.len(), MAX_MEMBERS)?;
                members.iter().map(size_of).sum::<Result<usize, Unfit>>()?
            }
        };
    within(size, MAX_CHANGE)
}

fn text_size(text: &str) -> Result<usize, Unfit> {
    if text.chars().any(|c| c < ' ' && c != '\n' && c != '\t') {
        return Err(Unfit::ControlCharacter);
    }
    within(text.len(), MAX_TEXT)
}

fn within(size: usize, limit: usize) -> Result<usize, Unfit> {
    if size <= limit { Ok(size) } else { Err(Unfit::TooLong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_log_cannot_carry_is_known_beforehand() {
        let text = |t: String| size_of(&Value::List(vec![Value::Text(t)]));
        assert_eq!(text("振动\n偏大\t".into()), Ok(2 * FRAMING + 14));
        assert_eq!(text("a\r".into()), Err(Unfit::ControlCharacter));
        assert!(text("a".repeat(MAX_TEXT)).is_ok());
        assert_eq!(text("a".repeat(MAX_TEXT + 1)), Err(Unfit::TooLong));
        assert_eq!(size_of(&Value::List(vec![Value::Null; MAX_MEMBERS + 1])), Err(Unfit::TooLong));
        let large = Value::List(vec![Value::Text("a".repeat(MAX_TEXT)); 3]);
        assert_eq!(size_of(&large), Err(Unfit::TooLong));
    }
}
