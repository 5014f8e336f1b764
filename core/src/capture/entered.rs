//! Text as a person typed it.

use super::{Asked, Rejection};
use crate::base::Value;
use crate::records::{FieldValue, LongText, limits};

/// Text as a person typed it. A draft keeps it byte for byte, whatever it holds; captured is what [`Self::text`] makes of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Entered(pub String);

impl Entered {
    /// The text without what the log cannot carry: line breaks become line feeds, other control characters go, and so
    /// does space around it.
    ///
    /// # Errors
    /// [`Rejection::TextTooLong`]
    pub fn text(&self) -> Result<String, Rejection> {
        let unified = self.0.replace("\r\n", "\n").replace('\r', "\n");
        let kept: String = unified.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        let text = kept.trim();
        if text.len() > limits::MAX_TEXT {
            return Err(Rejection::TextTooLong { bytes: text.len(), limit: limits::MAX_TEXT });
        }
        Ok(text.to_owned())
    }

    /// The text, which must say something.
    ///
    /// # Errors
    /// [`Rejection::TextMissing`] or [`Rejection::TextTooLong`]
    pub fn required(&self, asked: Asked) -> Result<String, Rejection> {
        let text = self.text()?;
        if text.is_empty() { Err(Rejection::TextMissing { asked }) } else { Ok(text) }
    }

    /// The text, if there is one that says something.
    pub(super) fn told(entered: Option<&Self>) -> Result<Option<String>, Rejection> {
        let text = entered.map(Self::text).transpose()?;
        Ok(text.filter(|t| !t.is_empty()))
    }
}

impl From<&str> for Entered {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Entered {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl FieldValue for Entered {
    fn to_value(&self) -> Value {
        Value::Bytes(self.0.clone().into_bytes())
    }

    fn from_value(value: &Value) -> Option<Self> {
        LongText::from_value(value).map(|text| Self(text.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_log_cannot_carry_is_taken_out_and_nothing_else() {
        let table = [
            (" 振动偏大\r\n已停机 ", "振动偏大\n已停机"),
            ("a\u{0}b\u{7f}c\td\re", "abc\td\ne"),
            ("\u{1}\n ", ""),
        ];
        for (typed, text) in table {
            assert_eq!(Entered::from(typed).text().as_deref(), Ok(text));
        }
        let missing = Rejection::TextMissing { asked: Asked::Reason };
        assert_eq!(Entered::from(" \n").required(Asked::Reason), Err(missing));
        let long = Entered::from("泵".repeat(6000));
        assert_eq!(long.text(), Err(Rejection::TextTooLong { bytes: 18_000, limit: limits::MAX_TEXT }));
    }

    #[test]
    fn a_draft_keeps_every_byte() {
        for typed in ["a\r\u{0}b", &"泵".repeat(20_000), ""] {
            let entered = Entered::from(typed);
            assert_eq!(Entered::from_value(&entered.to_value()), Some(entered));
        }
    }
}
