//! The key folder: one file for each key, readable by the server's user alone (folder 0700, files 0400).
//!
//! The whole folder appears at once: it is written beside its place and renamed, so that a server killed at its first start finds
//! either no keys or all of them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use dutylog_core::base::{Entropy, Millis, OrgId, random};
use dutylog_core::log::{Certificate, PublicKey, SecretKey};

use super::{Certified, KeysError, ServerKeys};

/// Where the keys are kept.
#[derive(Debug, Clone)]
pub struct KeyFolder {
    path: PathBuf,
}

const ROOT: &str = "root.key";
const ISSUING: &str = "issuing";
const LOG: &str = "log";
const ORG: &str = "org";
const HEADQUARTERS: &str = "hq-";

impl KeyFolder {
    /// The folder at this path.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The keys in the folder; at a server's first start, new ones.
    ///
    /// # Errors
    /// [`KeysError`]. What is there is never replaced.
    pub fn open(&self, entropy: &mut dyn Entropy, now: Millis) -> Result<ServerKeys, KeysError> {
        if !self.path.try_exists().map_err(|e| failed(&self.path, e))? {
            self.create(&ServerKeys::generate(entropy, now)?)?;
        }
        self.load()
    }

    /// Makes HQ's device key of an epoch, unless it is there.
    ///
    /// # Errors
    /// [`KeysError`]
    pub fn add_headquarters(
        &self,
        keys: &mut ServerKeys,
        epoch: u32,
        entropy: &mut dyn Entropy,
    ) -> Result<(), KeysError> {
        if keys.headquarters.contains_key(&epoch) {
            return Ok(());
        }
        let key = SecretKey::from_seed(random(entropy));
        // Written whole under another name first: half a key would stop the next start.
        let (draft, place) = (self.path.join("hq.new"), self.headquarters_file(epoch));
        remove_if_there(&draft)?;
        write(&draft, key.seed())?;
        fs::rename(&draft, &place).map_err(|e| failed(&place, e))?;
        sync_folder(&self.path)?;
        keys.headquarters.insert(epoch, key);
        Ok(())
    }

    fn headquarters_file(&self, epoch: u32) -> PathBuf {
        self.path.join(format!("{HEADQUARTERS}{epoch}.key"))
    }

    fn create(&self, keys: &ServerKeys) -> Result<(), KeysError> {
        let draft = self.path.with_extension("new");
        if draft.try_exists().map_err(|e| failed(&draft, e))? {
            // An earlier first start was cut off before its keys were ever used.
            fs::remove_dir_all(&draft).map_err(|e| failed(&draft, e))?;
        }
        make_folder(&draft).map_err(|e| failed(&draft, e))?;
        write(&draft.join(ORG), &keys.org.0)?;
        write(&draft.join(ROOT), keys.root.seed())?;
        for (name, certified) in [(ISSUING, &keys.issuing), (LOG, &keys.log)] {
            write(&draft.join(name).with_extension("key"), certified.key.seed())?;
            write(&draft.join(name).with_extension("cert"), &certified.certificate.bytes)?;
        }
        sync_folder(&draft)?;
        fs::rename(&draft, &self.path).map_err(|e| failed(&self.path, e))?;
        match self.path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            Some(parent) => sync_folder(parent),
            None => sync_folder(Path::new(".")),
        }
    }

    /// The keys in the folder, which must be there.
    ///
    /// # Errors
    /// [`KeysError`]
    pub fn load(&self) -> Result<ServerKeys, KeysError> {
        refuse_open(&self.path)?;
        let org = OrgId(self.fixed(ORG)?);
        let root = SecretKey::from_seed(self.fixed(ROOT)?);
        let issuing = self.certified(ISSUING, org, &root.public())?;
        let log = self.certified(LOG, org, &issuing.key.public())?;
        Ok(ServerKeys { org, root, issuing, log, headquarters: self.load_headquarters()? })
    }

    fn certified(&self, name: &str, org: OrgId, issuer: &PublicKey) -> Result<Certified, KeysError> {
        let key = SecretKey::from_seed(self.fixed(&format!("{name}.key"))?);
        let path = self.path.join(format!("{name}.cert"));
        let certificate =
            Certificate::verify(&read(&path)?, org, issuer).map_err(|e| damaged(&path, e.to_string()))?;
        match certificate.claims.key == key.public() {
            true => Ok(Certified { key, certificate }),
            false => Err(damaged(&path, "it is of another key")),
        }
    }

    fn load_headquarters(&self) -> Result<BTreeMap<u32, SecretKey>, KeysError> {
        let mut keys = BTreeMap::new();
        for file in fs::read_dir(&self.path).map_err(|e| failed(&self.path, e))? {
            let name = file.map_err(|e| failed(&self.path, e))?.file_name();
            let epoch = name.to_str().and_then(|name| name.strip_prefix(HEADQUARTERS)?.strip_suffix(".key"));
            if let Some(epoch) = epoch.and_then(|epoch| epoch.parse().ok()) {
                keys.insert(epoch, SecretKey::from_seed(self.fixed(&format!("{HEADQUARTERS}{epoch}.key"))?));
            }
        }
        Ok(keys)
    }

    fn fixed<const N: usize>(&self, name: &str) -> Result<[u8; N], KeysError> {
        let path = self.path.join(name);
        refuse_open(&path)?;
        read(&path)?.try_into().map_err(|_| damaged(&path, "it has the wrong length"))
    }
}

fn failed(path: &Path, source: io::Error) -> KeysError {
    KeysError::Folder { path: path.display().to_string(), source }
}

fn damaged(path: &Path, why: impl Into<String>) -> KeysError {
    KeysError::Damaged { path: path.display().to_string(), why: why.into() }
}

fn read(path: &Path) -> Result<Vec<u8>, KeysError> {
    fs::read(path).map_err(|e| failed(path, e))
}

fn remove_if_there(path: &Path) -> Result<(), KeysError> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(failed(path, e)),
        _ => Ok(()),
    }
}

/// Writes a new file and waits until it is on the disk.
fn write(path: &Path, bytes: &[u8]) -> Result<(), KeysError> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o400);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|e| failed(path, e))
}

fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn sync_folder(path: &Path) -> Result<(), KeysError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(|e| failed(path, e))
}

#[cfg(unix)]
fn refuse_open(path: &Path) -> Result<(), KeysError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).map_err(|e| failed(path, e))?.permissions().mode();
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeysError::Open { path: path.display().to_string() }) }
}

#[cfg(not(unix))]
fn refuse_open(_path: &Path) -> Result<(), KeysError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts upwards: different bytes at every draw.
    struct Counting(u8);

    impl Entropy for Counting {
        fn fill(&mut self, buffer: &mut [u8]) {
            buffer.fill_with(|| {
                self.0 = self.0.wrapping_add(1);
                self.0
            });
        }
    }

    fn folder() -> (tempfile::TempDir, KeyFolder) {
        let parent = tempfile::tempdir().expect("a folder for the test");
        let folder = KeyFolder::at(parent.path().join("keys"));
        (parent, folder)
    }

    #[test]
    fn the_second_start_finds_the_keys_of_the_first() {
        let (_parent, folder) = folder();
        let mut first = folder.open(&mut Counting(0), 1).expect("first start");
        folder.add_headquarters(&mut first, 3, &mut Counting(7)).expect("an epoch's key");
        let second = folder.open(&mut Counting(99), 2).expect("second start");
        assert_eq!((second.org(), second.root()), (first.org(), first.root()));
        assert_eq!(second.certificates(), first.certificates());
        assert_eq!(second.latest_epoch(), 3);
        let key = |keys: &ServerKeys| keys.headquarters(3).map(SecretKey::public);
        assert_eq!(key(&second), key(&first));
        assert!(second.trust().is_ok());
    }

    #[test]
    fn a_first_start_that_was_cut_off_is_begun_again() {
        let (parent, folder) = folder();
        fs::create_dir(parent.path().join("keys.new")).expect("what was left");
        assert!(folder.open(&mut Counting(0), 1).is_ok());
    }

    #[test]
    fn a_damaged_key_stops_the_start_and_is_left_alone() {
        let (parent, folder) = folder();
        folder.open(&mut Counting(0), 1).expect("first start");
        let file = parent.path().join("keys/log.key");
        fs::remove_file(&file).expect("removed");
        write(&file, b"short").expect("replaced");
        assert!(matches!(folder.open(&mut Counting(9), 2), Err(KeysError::Damaged { .. })));
        assert_eq!(fs::read(&file).expect("still there"), b"short");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_the_keys() {
        use std::os::unix::fs::PermissionsExt as _;
        let (parent, folder) = folder();
        folder.open(&mut Counting(0), 1).expect("first start");
        let path = parent.path().join("keys");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o700);
        assert_eq!(mode(&path.join(ROOT)), 0o400);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("opened");
        assert!(matches!(folder.open(&mut Counting(9), 2), Err(KeysError::Open { .. })));
    }
}
