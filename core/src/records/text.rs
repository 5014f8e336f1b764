//! Text in both languages.

use super::value::list_value;

/// A text that people read, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}
list_value!(Bilingual { zh, en });

impl Bilingual {
    /// Both texts.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}
