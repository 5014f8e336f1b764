//! Folders for the server's user alone, and files that reach the disk.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use dutylog_core::base::{Digest, Hasher};

use super::BackupError;

/// Whether nothing is there, or an empty folder.
pub(super) fn is_free(folder: &Path) -> Result<bool, BackupError> {
    match fs::read_dir(folder) {
        Ok(mut files) => Ok(files.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(BackupError::File(folder.to_owned(), error)),
    }
}

/// Makes a folder that nobody else can look into.
pub(super) fn make(folder: &Path) -> Result<(), BackupError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(BackupError::file(folder))
}

/// Copies a folder of plain files, with who may read them. A folder that is not there has nothing to copy.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    if !from.exists() {
        return Ok(());
    }
    make(to)?;
    for file in fs::read_dir(from).map_err(BackupError::file(from))? {
        let file = file.map_err(BackupError::file(from))?;
        if file.file_type().map_err(BackupError::file(from))?.is_file() {
            let bytes = fs::read(file.path()).map_err(BackupError::file(from))?;
            let mode = file.metadata().map_err(BackupError::file(from))?.permissions().mode() & 0o700;
            write(&to.join(file.file_name()), &bytes, mode)?;
        }
    }
    sync(to)
}

/// Writes a new file.
pub(super) fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), BackupError> {
    let written =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).and_then(|mut file| {
            file.write_all(bytes)?;
            file.set_permissions(Permissions::from_mode(mode))?;
            file.sync_all()
        });
    written.map_err(BackupError::file(path))
}

/// Makes a file's content durable.
pub(super) fn sync_file(path: &Path) -> Result<(), BackupError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(BackupError::file(path))
}

/// The digest of every plain file in a folder, by name.
pub(super) fn digests(folder: &Path) -> Result<BTreeMap<String, String>, BackupError> {
    let mut digests = BTreeMap::new();
    for file in fs::read_dir(folder).map_err(BackupError::file(folder))? {
        let file = file.map_err(BackupError::file(folder))?;
        let name = file.file_name().to_string_lossy().into_owned();
        digests.insert(name, digest(&file.path())?.to_string());
    }
    Ok(digests)
}

/// Makes what a folder holds durable.
pub(super) fn sync(folder: &Path) -> Result<(), BackupError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(BackupError::file(folder))
}

/// The digest of a file.
pub(super) fn digest(path: &Path) -> Result<Digest, BackupError> {
    let mut file = File::open(path).map_err(BackupError::file(path))?;
    let (mut hasher, mut buffer) = (Hasher::default(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer).map_err(BackupError::file(path))? {
            0 => return Ok(hasher.finish()),
            n => hasher = hasher.with(&buffer[..n]),
        }
    }
}
