//! What is wrong with a proof.

use crate::log::codec::CodecError;
use crate::log::seal::SealError;
use crate::log::segment::SegmentError;

/// Why a proof shows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// It does not begin as proofs do, or is of a newer form.
    #[error("this is not a proof")]
    NotAProof,
    /// It is not of the form that proofs have.
    #[error("not of a proof's form: {0}")]
    Form(#[from] CodecError),
    /// A certificate does not lead to the root key.
    #[error("a certificate: {0}")]
    Certificate(#[source] SealError),
    /// No certified device sealed the entry.
    #[error("the device's seal: {0}")]
    Seal(#[from] SegmentError),
    /// The headers do not lead from the entry to the signature.
    #[error("the headers do not follow each other")]
    BrokenLink,
    /// The entry is not in the segment that was sealed.
    #[error("the entry is not in the segment that was sealed")]
    NotInSegment,
    /// The person's own signature is not theirs.
    #[error("the person's signature: {0}")]
    Statement(#[source] SealError),
    /// The server did not sign the receipt.
    #[error("the receipt: {0}")]
    Receipt(#[source] SealError),
    /// The receipt is another segment's.
    #[error("the receipt is another segment's")]
    OtherReceipt,
    /// The segment is not where the receipt says.
    #[error("the receipt does not prove the place in the log")]
    NotInLog,
    /// Two entries that can stand beside each other.
    #[error("the two entries are no fork")]
    NoFork,
}

impl From<SealError> for ProofError {
    fn from(error: SealError) -> Self {
        Self::Seal(error.into())
    }
}

impl ProofError {
    /// The stable code, `docs/log-format.md` section 9.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAProof | Self::Form(CodecError::Shape { .. }) | Self::NotInLog | Self::NoFork => {
                "bad_proof"
            }
            Self::Form(error) => error.code(),
            Self::Seal(error) => error.code(),
            Self::Certificate(error) | Self::Statement(error) | Self::Receipt(error) => error.code(),
            Self::BrokenLink => "broken_link",
            Self::NotInSegment => "bad_segment",
            Self::OtherReceipt => "bad_envelope",
        }
    }
}
