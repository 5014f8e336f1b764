//! Canonical CBOR, `docs/log-format.md` section 1: one exact form for everything that is hashed or signed.

mod read;
mod scan;
mod write;

pub use read::{Reader, decode_value};
pub use scan::scan;
pub use write::{Writer, encode_value};

/// Why bytes could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// Not in the exact form that is signed: a longer way to write a number, a map, trailing bytes…
    #[error("not in the exact form that was signed (byte {at}: {why})")]
    NotCanonical {
        /// Offset of the first byte that is wrong.
        at: usize,
        /// What is wrong with it.
        why: &'static str,
    },
    /// More than 16 arrays inside each other.
    #[error("nested more than 16 levels")]
    TooDeep,
    /// Canonical, but not of the form that belongs here.
    #[error("not of the form expected: {what}")]
    Shape {
        /// What was expected.
        what: &'static str,
    },
    /// Of the right form as far as this version knows it, but from a newer one: opaque, to be kept and never refused.
    #[error("from a newer version: {what}")]
    Newer {
        /// What would have been known.
        what: &'static str,
    },
}

impl CodecError {
    /// The stable code of the refusal (`docs/log-format.md` section 9), for what stands in a segment; `opaque` for what is none.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotCanonical { .. } => "not_canonical",
            Self::TooDeep => "too_deep",
            Self::Shape { .. } => "bad_segment",
            Self::Newer { .. } => "opaque",
        }
    }
}

const fn shape(what: &'static str) -> CodecError {
    CodecError::Shape { what }
}
