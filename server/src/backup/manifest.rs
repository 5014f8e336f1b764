//! What a backup says of itself.

use std::collections::BTreeMap;
use std::path::Path;

use dutylog_core::base::{Digest, Millis};
use serde::{Deserialize, Serialize};

use super::{BackupError, MANIFEST};

/// The version this program writes.
const VERSION: u32 = 1;

/// The manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    version: u32,
    /// When it was made, by the server's clock, ms.
    pub made_ms: Millis,
    /// SHA-256 of the copy, in hexadecimal digits.
    pub database: String,
    /// SHA-256 of each key file, by name, in hexadecimal digits.
    pub keys: BTreeMap<String, String>,
    /// The server's epoch.
    pub epoch: u32,
    /// How much of each site's log it has.
    pub sites: Vec<SiteMark>,
}

/// How much of a site's log a backup has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteMark {
    /// The site, in hexadecimal digits.
    pub site: String,
    /// Segments.
    pub size: u64,
    /// The Merkle root over them, in hexadecimal digits.
    pub root: String,
}

impl Manifest {
    pub(super) fn new(
        made_ms: Millis,
        database: Digest,
        keys: BTreeMap<String, String>,
        epoch: u32,
        sites: Vec<SiteMark>,
    ) -> Self {
        Self { version: VERSION, made_ms, database: database.to_string(), keys, epoch, sites }
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        let mut text = serde_json::to_vec_pretty(self).expect("numbers and texts alone");
        text.push(b'\n');
        text
    }

    pub(super) fn read(folder: &Path) -> Result<Self, BackupError> {
        let not = |why: String| BackupError::NotABackup(folder.to_owned(), why);
        let bytes = std::fs::read(folder.join(MANIFEST)).map_err(|e| not(e.to_string()))?;
        let manifest: Self = serde_json::from_slice(&bytes).map_err(|e| not(e.to_string()))?;
        match manifest.version {
            VERSION => Ok(manifest),
            version => Err(not(format!("version {version}"))),
        }
    }
}
