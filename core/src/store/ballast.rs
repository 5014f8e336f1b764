//! Space kept in reserve, so that text can still be saved when the disk is full.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::{At, StoreError};
use super::files::{beside, remove_scratch};

/// A file of no use but its size.
#[derive(Debug)]
pub(super) struct Ballast {
    path: PathBuf,
    held: bool,
}

impl Ballast {
    /// Takes up so many bytes beside the database, unless the disk is too full for it. 0: none.
    pub(super) fn take(database: &Path, bytes: u64) -> Result<Self, StoreError> {
        let path = beside(database, "ballast");
        let whole = std::fs::metadata(&path).is_ok_and(|file| file.len() >= bytes);
        if bytes == 0 || whole {
            return Ok(Self { path, held: bytes > 0 });
        }
        match fill(&path, bytes).at("writing", &path) {
            Ok(()) => Ok(Self { path, held: true }),
            Err(StoreError::Full) => {
                remove_scratch(&path)?;
                Ok(Self { path, held: false })
            }
            Err(error) => Err(error),
        }
    }

    /// Whether the reserve is there.
    pub(super) fn held(&self) -> bool {
        self.held
    }

    /// Gives the space back; false if there was none to give.
    pub(super) fn release(&mut self) -> Result<bool, StoreError> {
        remove_scratch(&self.path)?;
        Ok(std::mem::replace(&mut self.held, false))
    }
}

/// Writes bytes that no file system can leave out or compress away.
fn fill(path: &Path, bytes: u64) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    let mut noise = 0x9e37_79b9_7f4a_7c15_u64;
    let mut left = bytes;
    while left > 0 {
        let mut block = Vec::with_capacity(64 * 1024);
        while block.len() < 64 * 1024 {
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            block.extend_from_slice(&noise.to_le_bytes());
        }
        let len = usize::try_from(left).map_or(block.len(), |left| left.min(block.len()));
        file.write_all(&block[..len])?;
        left -= len as u64;
    }
    file.sync_all()
}
