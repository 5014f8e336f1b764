//! A state in one word.

use askama::Template;

/// How a state looks. The word beside it says the same, so that colour is never needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::console) enum Tone {
    /// As it should be.
    Good,
    /// Done, but late; to be watched.
    Late,
    /// Not as it should be.
    Bad,
    /// Nobody can know yet. Accuses nobody.
    Unknown,
    /// On its way.
    Awaited,
    /// Under way.
    Info,
    /// Nothing to say about it.
    Plain,
}

impl Tone {
    /// The class in the style sheet.
    pub(in crate::console) const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Late => "late",
            Self::Bad => "bad",
            Self::Unknown => "unknown",
            Self::Awaited => "awaited",
            Self::Info => "info",
            Self::Plain => "plain",
        }
    }
}

/// The word with its tone.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(ext = "html", source = r#"<span class="badge {{ tone.class() }}">{{ word }}</span>"#)]
pub(in crate::console) struct Badge {
    pub(in crate::console) tone: Tone,
    pub(in crate::console) word: String,
}

impl Badge {
    pub(in crate::console) fn new(tone: Tone, word: impl Into<String>) -> Self {
        Self { tone, word: word.into() }
    }
}
