//! Folders of phones and servers: in memory where the system offers that, and copied as a careless backup would.

use std::io;
use std::path::Path;

use tempfile::TempDir;

/// A folder that goes with the test.
///
/// # Panics
/// If the system gives none.
#[must_use]
pub(super) fn temporary() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    made.expect("a folder for the test")
}

/// Copies every file, folder by folder; `wanted` chooses by name.
///
/// # Errors
/// The system's.
pub(super) fn copy(from: &Path, to: &Path, wanted: &dyn Fn(&str) -> bool) -> io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to.join(&name), wanted)?;
        } else if name.to_str().is_some_and(wanted) {
            std::fs::copy(entry.path(), to.join(&name))?;
        }
    }
    Ok(())
}
