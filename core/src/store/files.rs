//! Files beside the database: their names, and how one takes another's place so that a crash leaves the old or the new.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::error::{At, StoreError};

/// The file `<database>.<extension>`.
pub(super) fn beside(database: &Path, extension: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

/// The write-ahead log of a database.
pub(super) fn wal(database: &Path) -> PathBuf {
    suffixed(database, "-wal")
}

fn suffixed(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Makes names in the database's folder durable.
pub(super) fn sync_folder(database: &Path) -> Result<(), StoreError> {
    let folder = database.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Windows opens no folders as files, and needs no such step.
    if cfg!(unix) { File::open(folder).and_then(|f| f.sync_all()).at("flushing", folder) } else { Ok(()) }
}

/// Removes a file that may not be there. Only for files that hold nothing of their own.
pub(super) fn remove_scratch(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).at("removing", path),
        _ => Ok(()),
    }
}

/// Removes a scratch database with all that belongs to it.
pub(super) fn remove_database(path: &Path) -> Result<(), StoreError> {
    ["", "-wal", "-shm", "-journal"].iter().try_for_each(|suffix| remove_scratch(&suffixed(path, suffix)))
}

/// Moves a file if it is there.
fn shift(from: &Path, to: &Path) -> Result<(), StoreError> {
    if from.exists() { fs::rename(from, to).at("moving", from) } else { Ok(()) }
}

/// Why a database is replaced, and so under which name the old one is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Replace {
    /// By its upgraded copy.
    Upgraded,
    /// By what could be salvaged of it.
    Salvaged,
}

impl Replace {
    const ALL: [Self; 2] = [Self::Upgraded, Self::Salvaged];

    fn ready(self, database: &Path) -> PathBuf {
        beside(database, if self == Self::Upgraded { "upgraded" } else { "salvaged" })
    }

    fn kept(self) -> &'static str {
        if self == Self::Upgraded { "previous" } else { "damaged" }
    }

    /// The files under which old databases have been kept, oldest first.
    pub(super) fn kept_files(self, database: &Path) -> Vec<PathBuf> {
        (1_u32..)
            .map(|n| beside(database, &format!("{}-{n}", self.kept())))
            .take_while(|path| path.exists())
            .collect()
    }

    fn next_kept(self, database: &Path) -> PathBuf {
        beside(database, &format!("{}-{}", self.kept(), self.kept_files(database).len() + 1))
    }
}

/// The name under which a copy is being made. What is found under it was not finished.
pub(super) fn scratch(database: &Path) -> PathBuf {
    beside(database, "new")
}

/// Puts the finished, closed and flushed scratch copy in the database's place, and keeps the old file.
pub(super) fn replace(database: &Path, why: Replace) -> Result<(), StoreError> {
    let new = scratch(database);
    File::open(&new).and_then(|f| f.sync_all()).at("flushing", &new)?;
    // From this name on the copy is known to be whole: a crash below is finished by the next `resume`.
    shift(&new, &why.ready(database))?;
    sync_folder(database)?;
    finish(database, why)
}

/// Finishes a replacement that was interrupted, and clears away what was never finished.
pub(super) fn resume(database: &Path) -> Result<(), StoreError> {
    remove_database(&scratch(database))?;
    Replace::ALL
        .into_iter()
        .filter(|why| why.ready(database).exists())
        .try_for_each(|why| finish(database, why))
}

fn finish(database: &Path, why: Replace) -> Result<(), StoreError> {
    if database.exists() {
        shift(database, &why.next_kept(database))?;
    }
    // The log belongs to the file that was moved, be it now or before a crash.
    if let Some(kept) = why.kept_files(database).last() {
        shift(&wal(database), &wal(kept))?;
    }
    remove_scratch(&suffixed(database, "-shm"))?;
    shift(&why.ready(database), database)?;
    sync_folder(database)
}
