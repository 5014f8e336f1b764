//! What a session comes to.

use crate::base::{ChainId, Digest, Seq, ServerSample};
use crate::sync::message::Nonce;

/// What happened in a session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// How it ended.
    pub end: End,
    /// What it began with.
    pub begun: Begun,
    /// Segments sent, repetitions included.
    pub sent: u64,
    /// New segments taken in.
    pub received: u64,
    /// Receipts that verified.
    pub receipts: u64,
    /// Entries that the server keeps for a lead to confirm.
    pub held: u64,
    /// Requests made.
    pub round_trips: u64,
    /// Bytes of bodies sent.
    pub bytes_up: u64,
    /// Bytes of bodies received.
    pub bytes_down: u64,
    /// What to tell people, or HQ, about.
    pub problems: Vec<Problem>,
    /// Up to which position the server's backup has everything.
    pub backup: Option<u64>,
    /// The newest comparison of clocks.
    pub sample: Option<ServerSample>,
    /// For the next session's [`SyncConfig`](super::SyncConfig).
    pub nonce: Option<Nonce>,
    /// With an alarm: the checkpoint by which the server contradicts itself, as evidence.
    pub evidence: Option<Vec<u8>>,
    /// The newest envelope in which the server signed how far its log has come, held against what is held here: for the next who
    /// hears another story.
    pub checkpoint: Option<Vec<u8>>,
    /// Certificates learned, issuers first; proven.
    pub certificates: Vec<Vec<u8>>,
}

impl Report {
    /// Four digits that name the evidence of an alarm: read over a telephone, they let HQ find it.
    #[must_use]
    pub fn support_code(&self) -> String {
        let Some(evidence) = &self.evidence else { return "0000".into() };
        let [first, second, ..] = Digest::of(evidence).0;
        format!("{first:02X}{second:02X}")
    }
}

/// What a session began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Begun {
    /// What was held already, or the first page.
    #[default]
    Log,
    /// A snapshot, taken over.
    Snapshot,
    /// A snapshot that was not proven: nothing of it was taken, and the log was asked for instead.
    NotProven,
}

/// How a session ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum End {
    /// It has not.
    #[default]
    Running,
    /// Both sides have what the other had to give, save for the problems named.
    CaughtUp,
    /// Something answered, and it was not HQ: a hotel's sign-in page, for instance. Nothing counts as sent.
    NotHq,
    /// Nothing answered, too often in a row.
    Unreachable,
    /// The server no longer speaks this version. Everything recorded stays; it can be exported.
    UpgradeNeeded,
    /// The server will not talk to this device.
    Refused {
        /// Its stable code.
        code: String,
    },
    /// The server contradicts itself. Nothing was merged; nothing must be deleted.
    Alarm(Alarm),
}

/// How a server contradicts itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alarm {
    /// Its log is shorter than it was, or its epoch smaller.
    WentBack,
    /// Its log at a size is not what it was, or not what it signed.
    Contradicts,
}

impl End {
    /// The stable code (`docs/sync-protocol.md` 7).
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Running => "running",
            Self::CaughtUp => "caught_up",
            Self::NotHq => "not_hq",
            Self::Unreachable => "unreachable",
            Self::UpgradeNeeded => "upgrade_needed",
            Self::Refused { code } => code,
            Self::Alarm(Alarm::WentBack) => "log_went_back",
            Self::Alarm(Alarm::Contradicts) => "log_contradicts",
        }
    }
}

/// A stretch of a chain that is not as it should be; the rest went on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The stable code (`docs/sync-protocol.md` 7).
    pub code: String,
    /// The chain.
    pub chain: ChainId,
    /// The first entry concerned.
    pub first: Seq,
    /// The last.
    pub last: Seq,
}
