//! Folders to measure in: on the disk that the build is on, since a commit into memory costs nothing.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::ratios::{Durability, Outcome, Recorder};
use crate::site_year::Action;

/// An empty folder, gone when dropped.
pub(super) fn fresh() -> Outcome<TempDir> {
    Ok(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?)
}

/// A folder in which the subject holds these actions and is closed.
pub(super) fn holding<R: Recorder>(actions: &[Action]) -> Outcome<TempDir> {
    let folder = fresh()?;
    let mut subject = R::open(folder.path(), Durability::Normal)?;
    subject.apply(&R::pack(actions)?)?;
    subject.close()?;
    Ok(folder)
}

/// A copy of a folder and the files in it.
pub(super) fn copy(of: &Path) -> Outcome<TempDir> {
    let folder = fresh()?;
    for file in fs::read_dir(of)? {
        let file = file?;
        fs::copy(file.path(), folder.path().join(file.file_name()))?;
    }
    Ok(folder)
}

/// The size of the files in a folder, in MB (10⁶ bytes).
pub(super) fn size_mb(folder: &Path) -> Outcome<f64> {
    let mut bytes = 0;
    for file in fs::read_dir(folder)? {
        bytes += file?.metadata()?.len();
    }
    Ok(f64::from(u32::try_from(bytes)?) / 1e6)
}
