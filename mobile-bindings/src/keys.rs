//! A key store in software, in a file: for phones whose hardware makes no Ed25519 keys, under a secret that the hardware protects.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use dutylog_core::log::{self, CodecError, KeyStore as _, Reader, SoftKeys, Writer};

use crate::host::{KeyStore, KeyStoreError};
use crate::seed::{SEED, Seeded};

/// Keys in a file, each sealed under the installation's secret and its guard.
struct FileKeys {
    path: PathBuf,
    keys: SoftKeys,
    /// One at a time changes the file.
    writing: Mutex<()>,
}

/// A key store in software. `path` is a file of its own, kept out of backups; `secret` is 32 bytes that the platform's store protects
/// and gives to this app alone (a key wrapped by Android Keystore, an item of the iOS Keychain with
/// `kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly`); `seed` is 32 bytes from the secure random generator, drawn anew for each opening.
///
/// Every key is sealed under the secret, a person's key under their PIN as well: the file alone is worth nothing.
#[uniffi::export]
pub fn software_key_store(
    path: String,
    secret: Vec<u8>,
    seed: Vec<u8>,
) -> Result<Arc<dyn KeyStore>, KeyStoreError> {
    let short = || KeyStoreError::Failed { reason: "secret and seed are 32 bytes".into() };
    let secret: [u8; 32] = secret.try_into().map_err(|_| short())?;
    if seed.len() < SEED {
        return Err(short());
    }
    let path = PathBuf::from(path);
    let keys = SoftKeys::new(secret, Box::new(Seeded::alone(&seed)), load(&path)?);
    Ok(Arc::new(FileKeys { path, keys, writing: Mutex::new(()) }))
}

impl FileKeys {
    fn changed<T>(
        &self,
        change: impl FnOnce(&SoftKeys) -> Result<T, log::KeyStoreError>,
    ) -> Result<T, KeyStoreError> {
        let _one = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let done = change(&self.keys)?;
        save(&self.path, &self.keys.export()).map_err(failed)?;
        Ok(done)
    }
}

impl KeyStore for FileKeys {
    fn create(&self, name: String, guard: Option<Vec<u8>>) -> Result<Vec<u8>, KeyStoreError> {
        self.changed(|keys| keys.create(&name, guard.as_deref())).map(|key| key.0.to_vec())
    }

    fn sign(&self, name: String, guard: Option<Vec<u8>>, content: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        Ok(self.keys.sign(&name, guard.as_deref(), &content)?.0.to_vec())
    }

    fn mac(&self, name: String, content: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        Ok(self.keys.mac(&name, &content)?.0.to_vec())
    }

    fn delete(&self, name: String) -> Result<(), KeyStoreError> {
        self.changed(|keys| keys.delete(&name))
    }
}

fn failed(error: std::io::Error) -> KeyStoreError {
    KeyStoreError::Failed { reason: error.kind().to_string() }
}

fn load(path: &Path) -> Result<BTreeMap<String, Vec<u8>>, KeyStoreError> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(failed(error)),
    };
    read(&bytes).map_err(|_| KeyStoreError::Failed { reason: "the file of keys is damaged".into() })
}

fn read(bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, CodecError> {
    let keys = Reader::new(bytes)?.list(|r| {
        r.array(2)?;
        Ok((r.text()?.to_owned(), r.bytes()?.to_vec()))
    })?;
    Ok(keys.into_iter().collect())
}

/// Writes the file whole, or leaves it as it was.
fn save(path: &Path, keys: &BTreeMap<String, Vec<u8>>) -> std::io::Result<()> {
    let mut w = Writer::default();
    w.array(keys.len());
    for (name, sealed) in keys {
        w.array(2).text(name).bytes(sealed);
    }
    replace(path, &w.finish())
}

/// Puts a file in the place of another: after a power cut it is the old one or the new one.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let temporary = path.with_extension("new");
    let mut file = std::fs::File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)?;
    std::fs::File::open(folder)?.sync_all()
}
