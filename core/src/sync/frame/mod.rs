//! Frames: segments of any chains on their way, `docs/sync-protocol.md` section 3.
//!
//! A [`FrameWriter`] leaves out what a reader can compute and lays the rest out in columns; [`Frame::decode`] rebuilds every
//! header and entry exactly, whatever the segments were, damaged ones too. Nothing is trusted by that: see
//! [`verify`](super::verify).

mod columns;
mod header;
mod line;
mod planes;
mod reader;
pub(crate) mod squeeze;
mod writer;

use crate::base::{ChainId, Seq};
use crate::log::Segment;
use crate::log::pack::PackError;

pub use writer::{Fit, FrameWriter, Signatures};

/// Bytes a frame may unpack to.
pub const MAX_UNPACKED: usize = 4 << 20;
/// Bytes that a frame's entries may take in their canonical form.
pub const MAX_EXPANDED: usize = 16 << 20;
/// Segments in a frame, held ones included.
pub const MAX_ITEMS: usize = 1 << 14;
/// Chains in a frame.
pub const MAX_LINES: usize = 1 << 12;
/// Certificates in a frame, and bytes of one.
pub const MAX_CERTIFICATES: usize = 1 << 8;
/// Packed bytes after which a run carries a signature again, so that any part of it can be passed on in one push.
pub const SIGN_EVERY: usize = 64 << 10;

/// Segments on their way, with what is needed to check them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// The position of the first item in the site's log, if the items are a stretch of it.
    pub start: Option<u64>,
    /// Certificates, issuers first.
    pub certificates: Vec<Vec<u8>>,
    /// The segments.
    pub items: Vec<Item>,
}

/// One segment of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A segment.
    Segment(Box<Segment>),
    /// A segment that the receiver holds already and need not be sent.
    Held {
        /// Its chain.
        chain: ChainId,
        /// The number of its first entry.
        first: Seq,
        /// How many entries.
        count: u32,
    },
}

/// Why a frame could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// It unpacks to more than [`MAX_UNPACKED`] or its entries to more than [`MAX_EXPANDED`].
    #[error("the frame unpacks to more than is allowed")]
    TooLarge,
    /// Of a version this one does not know.
    #[error("the frame is of a newer version")]
    Version,
    /// A segment names more heads than allowed.
    #[error("a segment names more than 32 heads")]
    TooManyHeads,
    /// Anything else that no writer makes.
    #[error("the frame is damaged: {0}")]
    Damaged(&'static str),
}

impl FrameError {
    /// The stable code (`docs/sync-protocol.md` 7).
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "body_too_large_decompressed",
            Self::Version => "newer_version",
            Self::TooManyHeads => "too_many_heads",
            Self::Damaged(_) => "bad_frame",
        }
    }
}

impl From<PackError> for FrameError {
    fn from(error: PackError) -> Self {
        Self::Damaged(error.0)
    }
}

/// The first byte of an unpacked frame.
const VERSION: u8 = 1;
