//! Planted bugs: each breaks one promise on purpose, so that a test can show that it would be noticed.
//!
//! Without the feature `canary`, which only the tests turn on, [`planted`] is the constant `false`. With it, `DUTYLOG_PLANT=SkipPrev` in the
//! environment switches a bug on for a whole process, and `plant` from within.

/// A bug that can be switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Bug {
    /// Says "saved" before the commit.
    AckBeforeCommit = 1,
    /// Does not check that a segment follows the one before it.
    SkipPrev,
    /// Verifies signatures leniently.
    LenientVerify,
    /// Goes on with an old chain after a restore.
    ReuseSequence,
    /// Resumes sync from the phone's own mark instead of what the server says it holds.
    ClientCheckpoint,
    /// Applies operations that do not follow the chain's head.
    ApplyOutOfOrder,
    /// Overwrites one branch of a fork.
    OverwriteFork,
    /// Decides between concurrent values by the wall clock.
    LastWriterWins,
    /// Takes a receipt for granted when the server answers 200.
    TrustStatus,
    /// Accepts bytes after the end.
    TrailingBytes,
    /// Signs the receipt before the commit.
    ReceiptBeforeCommit,
    /// Leaves the site out of a query.
    MissingSiteFilter,
    /// Stops folding at the first entry that cannot be folded.
    StopOnOpaque,
}

impl Bug {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::AckBeforeCommit,
        Self::SkipPrev,
        Self::LenientVerify,
        Self::ReuseSequence,
        Self::ClientCheckpoint,
        Self::ApplyOutOfOrder,
        Self::OverwriteFork,
        Self::LastWriterWins,
        Self::TrustStatus,
        Self::TrailingBytes,
        Self::ReceiptBeforeCommit,
        Self::MissingSiteFilter,
        Self::StopOnOpaque,
    ];
}

#[cfg(feature = "canary")]
mod switch;

#[cfg(feature = "canary")]
pub use switch::plant;

/// Whether a bug is switched on.
#[must_use]
#[inline]
pub fn planted(bug: Bug) -> bool {
    #[cfg(feature = "canary")]
    return switch::on(bug);
    #[cfg(not(feature = "canary"))]
    {
        let _ = bug;
        false
    }
}
