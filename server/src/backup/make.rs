//! Making a backup: copied while the server goes on, opened again and checked, and only then counted.

use std::fs;
use std::path::Path;

use dutylog_core::base::Millis;
use dutylog_core::log::merkle::{Peaks, site_leaf};

use super::manifest::{Manifest, SiteMark};
use super::{BackupError, DATABASE, KEYS, MANIFEST, WRITTEN, folder};
use crate::app::Parts;
use crate::config::Config;
use crate::database::Database;
use crate::ledger::{Ledger, SiteScope, SqliteLedger};

/// Writes a backup to a folder that is not there yet.
///
/// # Errors
/// [`BackupError`]; what was begun beside the folder is removed.
pub async fn make(parts: &Parts, config: &Config, to: &Path, now: Millis) -> Result<Manifest, BackupError> {
    if !folder::is_free(to)? {
        return Err(BackupError::Occupied(to.to_owned()));
    }
    // Under another name until it is whole.
    let draft = to.with_extension("unfinished");
    let made = write(parts, config, &draft, now).await;
    if made.is_err() {
        // The error that is told is the one that stopped it.
        drop(fs::remove_dir_all(&draft));
    }
    let (manifest, marks) = made?;
    if to.exists() {
        fs::remove_dir(to).map_err(BackupError::file(to))?;
    }
    fs::rename(&draft, to).map_err(BackupError::file(to))?;
    if let Some(parent) = to.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        folder::sync(parent)?;
    }
    for (scope, size) in marks {
        parts.ledger().backed_up(scope, size).await?;
    }
    Ok(manifest)
}

/// What a backup has of each site.
type Marks = Vec<(SiteScope, u64)>;

async fn write(
    parts: &Parts,
    config: &Config,
    draft: &Path,
    now: Millis,
) -> Result<(Manifest, Marks), BackupError> {
    if !folder::is_free(draft)? {
        fs::remove_dir_all(draft).map_err(BackupError::file(draft))?;
    }
    folder::make(draft)?;
    // The keys first: of an epoch that begins meanwhile the copy then knows less than its keys, never more.
    let copy = draft.join(DATABASE);
    parts.database.copy_to(&copy).await?;
    folder::copy(&config.key_folder(), &draft.join(KEYS))?;
    folder::copy(&config.desk_guard_folder(), &draft.join(WRITTEN))?;
    let (epoch, sites, marks) = check(parts, &copy).await?;
    let manifest =
        Manifest::new(now, folder::digest(&copy)?, folder::digests(&draft.join(KEYS))?, epoch, sites);
    folder::write(&draft.join(MANIFEST), &manifest.to_json(), 0o600)?;
    folder::sync(draft)?;
    Ok((manifest, marks))
}

/// Opens the copy and checks it: its structure, and that every site's log has the root it says.
async fn check(parts: &Parts, copy: &Path) -> Result<(u32, Vec<SiteMark>, Marks), BackupError> {
    let database = Database::open(copy).await.map_err(crate::app::StartError::from)?;
    let checked = look(parts, &database).await;
    // Closing folds its log into the one file whose digest is taken.
    database.close().await;
    checked
}

async fn look(parts: &Parts, database: &Database) -> Result<(u32, Vec<SiteMark>, Marks), BackupError> {
    database.check().await?.map_err(BackupError::Damaged)?;
    let ledger = SqliteLedger::new(database.clone());
    let (mut sites, mut marks) = (Vec::new(), Vec::new());
    for site in ledger.sites().await? {
        let Some(scope) = SiteScope::enter(site, &*parts.keys) else { continue };
        let log = ledger.state(scope).await?.log();
        let ids = ledger.site_log(scope, 0, log.size).await?;
        let peaks = (0..).zip(&ids).fold(Peaks::default(), |peaks, (at, id)| peaks.with(site_leaf(at, id)));
        if (peaks.size(), peaks.root()) != (log.size, log.root) {
            return Err(BackupError::Damaged(format!("site {site}: the log does not have its root")));
        }
        sites.push(SiteMark { site: site.to_string(), size: log.size, root: log.root.to_string() });
        marks.push((scope, log.size));
    }
    Ok((ledger.epoch().await?, sites, marks))
}
