//! Whether a backup is what was written.

use std::path::Path;

use super::manifest::Manifest;
use super::{BackupError, DATABASE, KEYS, MANIFEST, folder};

/// Checks the files of a folder against its manifest; one without a manifest is no backup, and nothing is said of it.
///
/// # Errors
/// [`BackupError`]
pub fn check(folder: &Path) -> Result<(), BackupError> {
    match folder.join(MANIFEST).try_exists() {
        Ok(true) => files(folder, &Manifest::read(folder)?),
        Ok(false) => Ok(()),
        Err(error) => Err(BackupError::File(folder.to_owned(), error)),
    }
}

/// Checks the files of a backup against its manifest.
pub(super) fn files(from: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    if folder::digest(&from.join(DATABASE))?.to_string() != manifest.database {
        return Err(BackupError::Damaged(format!("{DATABASE}: SHA-256")));
    }
    for (name, digest) in &manifest.keys {
        if folder::digest(&from.join(KEYS).join(name))?.to_string() != *digest {
            return Err(BackupError::Damaged(format!("{KEYS}/{name}: SHA-256")));
        }
    }
    Ok(())
}
