//! Restoring a backup into an empty data folder.

use std::fs;
use std::path::Path;

use dutylog_core::base::Millis;

use super::manifest::Manifest;
use super::{BEGUN, BackupError, DATABASE, KEYS, WRITTEN, check, folder};
use crate::app::StartError;
use crate::config::Config;
use crate::database::Database;
use crate::keys::KeyFolder;
use crate::ledger::{SqliteLedger, resume};

/// Puts a backup in place and begins a new epoch, which is returned.
///
/// `after_epoch` is the highest epoch known to have been used; what the backup and those beside it say is looked at besides.
///
/// # Errors
/// [`BackupError`]; the data folder is then as it was, or holds keys and no database under the name that a server opens.
pub async fn restore(
    config: &Config,
    from: &Path,
    after_epoch: Option<u32>,
    now: Millis,
) -> Result<u32, BackupError> {
    let manifest = Manifest::read(from)?;
    if !folder::is_free(&config.data_dir)? {
        return Err(BackupError::Occupied(config.data_dir.clone()));
    }
    let copy = from.join(DATABASE);
    check::files(from, &manifest)?;
    folder::make(&config.data_dir)?;
    folder::copy(&from.join(KEYS), &config.key_folder())?;
    folder::copy(&from.join(WRITTEN), &config.desk_guard_folder())?;
    let keys = KeyFolder::at(config.key_folder()).load().map_err(StartError::from)?;
    let known = highest_known(from, &manifest)?.max(after_epoch.unwrap_or(0)).max(keys.latest_epoch());
    note(from, known + 1, after_epoch)?;
    // It gets its name once the new epoch has begun: under it, a server would take up the old one.
    let place = config.database_file();
    let draft = place.with_extension("restoring");
    fs::copy(&copy, &draft).map_err(BackupError::file(&draft))?;
    let epoch = begin(&draft, known, now).await?;
    folder::sync_file(&draft)?;
    fs::rename(&draft, &place).map_err(BackupError::file(&place))?;
    folder::sync(&config.data_dir)?;
    Ok(epoch)
}

async fn begin(file: &Path, known: u32, now: Millis) -> Result<u32, BackupError> {
    let database = Database::open(file).await.map_err(StartError::from)?;
    let epoch = resume(&SqliteLedger::new(database.clone()), known, true, now).await;
    // Closing folds what was written into the one file.
    database.close().await;
    Ok(epoch?)
}

/// The highest epoch that this backup or one beside it knows of: an older one must not begin what a newer one has begun.
fn highest_known(from: &Path, manifest: &Manifest) -> Result<u32, BackupError> {
    let mut known = manifest.epoch.max(begun(from)?);
    let from = from.canonicalize().map_err(BackupError::file(from))?;
    let Some(shelf) = from.parent() else { return Ok(known) };
    for beside in fs::read_dir(shelf).map_err(BackupError::file(shelf))? {
        let beside = beside.map_err(BackupError::file(shelf))?.path();
        // What is no backup says nothing.
        if let Ok(manifest) = Manifest::read(&beside) {
            known = known.max(manifest.epoch).max(begun(&beside)?);
        }
    }
    Ok(known)
}

/// The highest epoch that was begun from this backup; 0 for none.
fn begun(from: &Path) -> Result<u32, BackupError> {
    let path = from.join(BEGUN);
    match fs::read_to_string(&path) {
        Ok(text) => {
            text.trim().parse().map_err(|_| BackupError::Damaged(format!("{BEGUN}: {}", text.trim())))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(BackupError::File(path, error)),
    }
}

/// Notes beside the backup which epoch begins, before it does. Where that cannot be noted, somebody must have said what was used.
fn note(from: &Path, epoch: u32, said: Option<u32>) -> Result<(), BackupError> {
    let draft = from.join(BEGUN).with_extension("new");
    let noted = fs::write(&draft, format!("{epoch}\n")).and_then(|()| {
        fs::File::open(&draft)?.sync_all()?;
        fs::rename(&draft, from.join(BEGUN))
    });
    match noted {
        Err(error) if said.is_none() => Err(BackupError::EpochUnknown(error)),
        _ => Ok(()),
    }
}
