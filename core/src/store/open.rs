//! Opening a database is a ritual: own it, finish what a crash interrupted, identify it, upgrade it, check it, load it.
//!
//! Nothing on the way deletes anything. A damaged database is kept beside what could be saved of it.

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::{Connection, params};

use super::ballast::Ballast;
use super::check::quick_check;
use super::columns::fixed;
use super::error::{At, StoreError};
use super::files::{self, Replace};
use super::guard::Standing;
use super::guard_file;
use super::lock::Ownership;
use super::memory::Memory;
use super::pragma::{self, Durability};
use super::reader::Reader;
use super::salvage::{Salvage, salvage};
use super::schema::{self, Found};
use super::{Store, upgrade};
use crate::base::{OrgId, SiteId};
use crate::log::{KeyStore, PublicKey};

/// Whose log a database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The organisation.
    pub org: OrgId,
    /// Its root key, pinned at enrolment.
    pub root: PublicKey,
    /// The site.
    pub site: SiteId,
    /// This installation: random, made once, kept where backups do not reach.
    pub install: [u8; 16],
}

/// How a database is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The database; its companion files lie beside it.
    pub path: PathBuf,
    /// Whose log it is.
    pub identity: Identity,
    /// How much a commit waits for the disk.
    pub durability: Durability,
    /// Bytes kept in reserve for a full disk; 0 for none.
    pub ballast: u64,
}

/// 16 MB: room for weeks of text.
pub const BALLAST: u64 = 16_000_000;

impl Config {
    /// As phones open it.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, identity: Identity) -> Self {
        Self { path: path.into(), identity, durability: Durability::Full, ballast: BALLAST }
    }
}

/// What opening found worth telling.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// The version it was upgraded from.
    pub upgraded_from: Option<i32>,
    /// What could be saved of a damaged database.
    pub salvage: Option<Salvage>,
    /// The last process did not close it.
    pub unclean: bool,
    /// The guard lagged by more than a kill explains.
    pub guard_behind: bool,
    /// What is derived from the log was made anew, because this version folds differently.
    pub rebuilt: bool,
}

impl Store {
    /// Opens a database, and creates it if there is none.
    ///
    /// # Errors
    /// [`StoreError`]; the file is then as it was.
    pub fn open(config: &Config, keys: Arc<dyn KeyStore>) -> Result<Self, StoreError> {
        let mut store = Self::load(config, Arc::clone(&keys), None)?;
        match store.refold_if_outdated() {
            // Folding reads all of the log, and so comes upon what nothing else has looked at.
            Err(StoreError::Damaged { .. }) if store.report.salvage.is_none() => {
                drop(store);
                let saved = {
                    let _owner = Ownership::take(&config.path)?;
                    salvage(config)?
                };
                store = Self::load(config, keys, Some(saved))?;
                store.refold_if_outdated()?;
            }
            folded => folded?,
        }
        Ok(store)
    }

    fn load(config: &Config, keys: Arc<dyn KeyStore>, saved: Option<Salvage>) -> Result<Self, StoreError> {
        let owner = Ownership::take(&config.path)?;
        files::resume(&config.path)?;
        let mut report = Report { salvage: saved, ..Report::default() };
        let opened = match ritual(config, &mut report) {
            Err(StoreError::Damaged { .. }) if config.path.exists() && report.salvage.is_none() => {
                report.salvage = Some(salvage(config)?);
                ritual(config, &mut report)
            }
            opened => opened,
        };
        let Opened { db, reader, generation, memory } = opened?;
        let mut store = Self {
            reader,
            ballast: Ballast::take(&config.path, config.ballast)?,
            config: config.clone(),
            db,
            generation,
            memory,
            keys,
            guard: None,
            standing: Standing::NoChain,
            report,
            upkeep: super::upkeep::Due::default(),
            stale: false,
            _owner: owner,
        };
        store.take_guard()?;
        Ok(store)
    }

    fn take_guard(&mut self) -> Result<(), StoreError> {
        let newest = self.mark();
        let (found, turn) = guard_file::read(&self.config.path, newest.as_ref(), &*self.keys)?;
        self.judge_guard(found, turn)
    }
}

struct Opened {
    db: Connection,
    reader: Reader,
    generation: i64,
    memory: Memory,
}

fn ritual(config: &Config, report: &mut Report) -> Result<Opened, StoreError> {
    if !config.path.exists() {
        create(config)?;
    }
    let mut reader = pragma::reader(&config.path)?;
    if let Found::Version(version) = schema::identify(&reader)?
        && version < schema::current()
    {
        drop(reader);
        upgrade::upgrade(&config.path, version, &mut |_| Ok(()))?;
        report.upgraded_from = Some(version);
        reader = pragma::reader(&config.path)?;
    }
    let db = pragma::writer(&config.path, config.durability)?;
    // Entering waits for no disk. A power cut may forget it, and then nothing was committed after it: the next commit flushes the
    // whole write-ahead log, this frame included, before it is called saved, and so does a checkpoint. If that log began anew with
    // this frame, what it held before had been flushed into the database.
    pragma::synchronous(&db, "OFF")?;
    let (generation, clean) = enter(&db, &config.identity)?;
    pragma::wait(&db, config.durability)?;
    report.unclean = !clean;
    if !clean {
        quick_check(&db)?;
    }
    let memory = Memory::load(&db, &config.identity)?;
    let reader = Reader::over(reader, memory.chains.clone());
    Ok(Opened { db, reader, generation, memory })
}

/// Makes a new database under another name, so that none is ever seen half made.
fn create(config: &Config) -> Result<(), StoreError> {
    if !Replace::Salvaged.kept_files(&config.path).is_empty() {
        return Err(StoreError::damaged("the database is gone, and a damaged one is beside its place"));
    }
    let new = files::scratch(&config.path);
    let db = pragma::copy(&new)?;
    for (version, step) in (0..).zip(schema::STEPS) {
        schema::step(&db, version, step)?;
    }
    insert_identity(&db, &config.identity)?;
    db.close().map_err(|(_, error)| error)?;
    std::fs::rename(&new, &config.path).at("creating", &config.path)?;
    files::sync_folder(&config.path)
}

pub(super) fn insert_identity(db: &Connection, identity: &Identity) -> Result<(), StoreError> {
    let Identity { org, root, site, install } = identity;
    db.execute(
        "INSERT INTO store (one, org, root, site, install, fold) VALUES (1, ?1, ?2, ?3, ?4, ?5)",
        params![org.0, root.0, site.0, install, super::rebuild::FOLD],
    )?;
    Ok(())
}

/// Checks whose log it is and marks the database as being written; a second writer will notice.
fn enter(db: &Connection, identity: &Identity) -> Result<(i64, bool), StoreError> {
    let (org, root, site, generation, clean) =
        db.query_row("SELECT org, root, site, generation, clean FROM store WHERE one = 1", (), |row| {
            Ok((fixed(row, 0)?, fixed(row, 1)?, fixed(row, 2)?, row.get::<_, i64>(3)?, row.get(4)?))
        })?;
    if (OrgId(org), PublicKey(root), SiteId(site)) != (identity.org, identity.root, identity.site) {
        return Err(StoreError::Elsewhere { what: "another site or organisation" });
    }
    db.execute("UPDATE store SET generation = generation + 1, clean = 0", ())?;
    Ok((generation + 1, clean))
}
