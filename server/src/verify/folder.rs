//! A data folder: on a copy, so that a server may go on meanwhile and nothing it has is touched.

use std::sync::Arc;

use dutylog_core::log::Trust;
use dutylog_core::log::merkle::{Peaks, site_leaf};

use super::chains::Chains;
use super::replay::replay;
use super::workplace::Workplace;
use super::{Failed, Verified};
use crate::app::StartError;
use crate::backup;
use crate::config::Config;
use crate::database::Database;
use crate::keys::{KeyFolder, ServerKeys};
use crate::ledger::{Ledger, LedgerError, SiteScope, SqliteLedger, Stored};
use crate::views::{Projector, Views};

/// Packed bytes read at once.
const PAGE_BYTES: usize = 1 << 20;

/// Verifies every site of a data folder or of a backup: seals, chains, the roots that receipts and checkpoints promised, the views, and what new
/// phones were told. Nothing in the folder is written: not a table is brought up to date, no key is made, no epoch begins.
///
/// # Errors
/// [`Failed`] at the first thing that does not fit.
pub async fn folder(config: &Config) -> Result<Vec<Verified>, Failed> {
    backup::check(&config.data_dir)?;
    let keys = KeyFolder::at(config.key_folder()).load().map_err(StartError::Keys)?;
    let place = Workplace::new()?;
    let copy = place.path().join("verifying.sqlite");
    Database::copy_of(&config.database_file(), &copy).await?;
    let database = Database::open(&copy).await.map_err(StartError::from)?;
    let verified = match of_another_organisation(&keys, &database).await {
        Ok(false) => sites(&keys, &database).await,
        Ok(true) => Err(StartError::OtherKeys(config.key_folder()).into()),
        Err(error) => Err(error.into()),
    };
    database.close().await;
    verified
}

/// Whether the keys are another organisation's than the database.
async fn of_another_organisation(keys: &ServerKeys, database: &Database) -> Result<bool, LedgerError> {
    let ledger = SqliteLedger::new(database.clone());
    for scope in ledger.sites().await?.into_iter().filter_map(|site| SiteScope::enter(site, keys)) {
        if ledger.state(scope).await?.org != keys.org() {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn sites(keys: &ServerKeys, database: &Database) -> Result<Vec<Verified>, Failed> {
    database.check().await?.map_err(Failed::Structure)?;
    let ledger: Arc<dyn Ledger> = Arc::new(SqliteLedger::new(database.clone()));
    let root = keys.trust().map_err(|error| StartError::Keys(error.into()))?;
    let projector = Projector::new(database.clone(), Arc::clone(&ledger), root.clone());
    let folded = Views::new(database.clone(), Arc::clone(&ledger), root.clone());
    let mut all = Vec::new();
    for site in ledger.sites().await? {
        let Some(scope) = SiteScope::enter(site, keys) else { continue };
        let mut trust = root.clone();
        for bytes in ledger.certificates(scope).await? {
            trust.add(&bytes).map_err(|error| Failed::Segment {
                site,
                position: 0,
                what: error.to_string(),
            })?;
        }
        all.push(log(&*ledger, scope, &trust).await?);
        views(&projector, &folded, &*ledger, scope).await?;
    }
    Ok(all)
}

/// Replays a site's log.
async fn log(ledger: &dyn Ledger, scope: SiteScope, trust: &Trust) -> Result<Verified, Failed> {
    let site = scope.site();
    let (mut chains, mut peaks, mut entries) = (Chains::default(), Peaks::default(), 0);
    loop {
        let page = ledger.page(scope, peaks.size(), PAGE_BYTES).await?;
        if page.is_empty() {
            break;
        }
        for Stored { segment, place, .. } in &page {
            let position = peaks.size();
            peaks.push(site_leaf(position, &segment.header.id()));
            let promised = (place.position, place.root) == (position, peaks.root());
            let followed = chains.follow(segment, position, trust);
            let followed = followed.and_then(|()| if promised { Ok(()) } else { Err("its receipt".into()) });
            followed.map_err(|what| Failed::Segment { site, position, what })?;
            entries += segment.entries.len() as u64;
        }
    }
    if let Some(position) = chains.unproven() {
        return Err(Failed::Segment { site, position, what: "nothing proves it".into() });
    }
    let state = ledger.state(scope).await?.log();
    if (state.size, state.root) != (peaks.size(), peaks.root()) {
        return Err(Failed::Root(site));
    }
    Ok(Verified { site, segments: peaks.size(), entries, complete: Some(peaks.size()) })
}

async fn views(
    projector: &Projector,
    views: &Views,
    ledger: &dyn Ledger,
    scope: SiteScope,
) -> Result<(), Failed> {
    projector.catch_up(scope).await?;
    let live = projector.dump(scope).await?;
    let differ = replay(projector, views, ledger, scope).await?;
    if let Some(snapshot) = differ.first() {
        return Err(Failed::Snapshot { site: scope.site(), size: snapshot.told.size });
    }
    if live == projector.dump(scope).await? { Ok(()) } else { Err(Failed::Views(scope.site())) }
}
