//! A folder to work in, outside of what is verified.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use super::Failed;
use crate::app::StartError;
use crate::entropy::random;

/// The folder, which only its owner can look into; gone when this is.
#[derive(Debug)]
pub(super) struct Workplace(PathBuf);

impl Workplace {
    /// A new one, where this system keeps what does not last.
    pub(super) fn new() -> Result<Self, Failed> {
        let name: [u8; 8] = random().map_err(StartError::from)?;
        let path = std::env::temp_dir().join(format!("dutylog-verify-{:016x}", u64::from_be_bytes(name)));
        DirBuilder::new().mode(0o700).create(&path).map_err(|error| Failed::File(path.clone(), error))?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "the folder that was worked in could not be removed");
        }
    }
}
