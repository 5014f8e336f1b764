//! Restoring a backup into an empty data folder.

use std::fs;
use std::path::Path;

use dutylog_core::base::Millis;

use super::manifest::Manifest;
use super::{BEGUN, BackupError, DATABASE, KEYS, WRITTEN, folder};
use crate::app::{StartError, open_database};
use crate::config::Config;
use crate::keys::KeyFolder;
use crate::ledger::{SqliteLedger, resume};

/// Puts a backup in place and begins a new epoch, which is returned.
///
/// `after_epoch` is the highest epoch known to have been used; what the backup and its folder say is looked at besides.
///
/// # Errors
/// [`BackupError`]; the data folder is then as it was, or holds no database that a server would take for whole.
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
    if folder::digest(&copy)?.to_string() != manifest.database {
        return Err(BackupError::Damaged(format!("{DATABASE}: SHA-256")));
    }
    let known = manifest.epoch.max(after_epoch.unwrap_or(0)).max(begun(from)?);
    note(from, known + 1, after_epoch)?;
    folder::make(&config.data_dir)?;
    folder::copy(&from.join(KEYS), &config.key_folder())?;
    folder::copy(&from.join(WRITTEN), &config.desk_guard_folder())?;
    // Last: without it there is nothing that a server could start with.
    let place = config.database_file();
    fs::copy(&copy, &place).map_err(BackupError::file(&place))?;
    begin(config, known, now).await
}

async fn begin(config: &Config, known: u32, now: Millis) -> Result<u32, BackupError> {
    let database = open_database(config).await?;
    let ledger = SqliteLedger::new(database.clone());
    let keys = KeyFolder::at(config.key_folder()).open(&mut crate::entropy::SystemEntropy, now);
    let latest = keys.map_err(StartError::from)?.latest_epoch();
    let epoch = resume(&ledger, known.max(latest), true, now).await;
    database.close().await;
    Ok(epoch?)
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
