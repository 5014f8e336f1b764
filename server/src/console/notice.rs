//! A line at the top of a page that says how the last action went.

/// What happened, in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Whether it went wrong; screen readers then interrupt for it.
    pub is_error: bool,
}

impl Notice {
    /// It went wrong.
    #[must_use]
    pub const fn error(text: String) -> Self {
        Self { text, is_error: true }
    }

    /// It went well.
    #[must_use]
    pub const fn done(text: String) -> Self {
        Self { text, is_error: false }
    }
}
