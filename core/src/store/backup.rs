//! Copies of the database while it is in use.

use std::path::Path;

use super::Store;
use super::error::StoreError;
use super::files::Replace;

impl Store {
    /// Writes a compact, consistent copy to a path where nothing is yet. A copy is for looking at, or for salvage: opened as a
    /// log it would be recognised by the guard, and start a new chain.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn backup_to(&self, path: &Path) -> Result<(), StoreError> {
        let target = path.to_str().ok_or(StoreError::Elsewhere { what: "the path is not text" })?;
        self.db.execute("VACUUM INTO ?1", [target])?;
        Ok(())
    }

    /// Removes the files that upgrades have left behind; to be called when a sync with the upgraded database has succeeded.
    ///
    /// Damaged files are never removed.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn forget_previous(&mut self) -> Result<(), StoreError> {
        let kept = Replace::Upgraded.kept_files(&self.config.path);
        kept.iter().rev().try_for_each(|path| super::files::remove_scratch(path))
    }
}
