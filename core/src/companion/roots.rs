//! Phones tell each other what the server has signed of its log: a server that tells two of them two histories is found in the field.

use super::Companion;
use super::error::CompanionError;
use crate::log::Segment;
use crate::sync::bundle::{self, Evidence};

/// Where the newest checkpoint is kept.
const CHECKPOINT: &str = "checkpoint";

impl Companion {
    /// Keeps what the server signed at last.
    pub(super) fn keep_checkpoint(&mut self, envelope: Option<&[u8]>) -> Result<(), CompanionError> {
        let Some(envelope) = envelope else { return Ok(()) };
        Ok(self.store.set_setting(CHECKPOINT, envelope)?)
    }

    /// What goes along with the segments of a bundle: certificates, the newest checkpoint and the newest receipt.
    pub(super) fn evidence(&self, segments: &[Segment]) -> Result<Evidence, CompanionError> {
        let certificates = bundle::certificates_for(segments, self.store.knowledge().trust());
        let checkpoints = self.store.setting(CHECKPOINT)?.into_iter().collect();
        Ok(Evidence {
            certificates,
            checkpoints,
            receipts: self.store.newest_receipt()?.into_iter().collect(),
        })
    }

    /// What the server signed for a colleague and contradicts what it sent here, as evidence.
    pub(super) fn contradiction(
        &mut self,
        read: &bundle::Imported,
    ) -> Result<Option<Vec<u8>>, CompanionError> {
        let checkpoints = read.checkpoints.iter().map(|(c, bytes)| (c.epoch, &c.log, bytes));
        let receipts = read.receipts.iter().map(|(r, bytes)| (r.epoch, &r.log, bytes));
        for (epoch, log, bytes) in checkpoints.chain(receipts) {
            if self.store.contradicts(epoch, log)? {
                return Ok(Some(bytes.clone()));
            }
        }
        Ok(None)
    }
}
