//! Where a demonstration keeps everything: the server's data, the phones, and the journals beside them.

use std::fs;
use std::path::{Path, PathBuf};

use super::DemoError;

/// The folders of one demonstration.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Takes a folder that is empty or not there yet.
    ///
    /// # Errors
    /// [`DemoError::FolderInUse`] for any other: nobody's data is ever touched.
    pub(super) fn take(root: &Path) -> Result<Self, DemoError> {
        let failed = |error| DemoError::File(root.to_owned(), error);
        let taken = match fs::read_dir(root) {
            Ok(mut entries) => entries.next().is_some(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
            Err(error) => return Err(failed(error)),
        };
        if taken {
            return Err(DemoError::FolderInUse(root.to_owned()));
        }
        let folder = Self { root: std::path::absolute(root).map_err(failed)? };
        for made in [folder.server(), folder.phones(), folder.journals()] {
            fs::create_dir_all(&made).map_err(|error| DemoError::File(made, error))?;
        }
        Ok(folder)
    }

    /// The first of `demo-1`, `demo-2` … in a folder that is not there yet.
    pub(super) fn free_in(parent: &Path) -> PathBuf {
        let mut numbers = 1_u32..;
        let free = numbers.find_map(|n| Some(parent.join(format!("demo-{n}"))).filter(|path| !path.exists()));
        free.unwrap_or_else(|| parent.join("demo"))
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn server(&self) -> PathBuf {
        self.root.join("server")
    }

    pub(super) fn phones(&self) -> PathBuf {
        self.root.join("phones")
    }

    pub(super) fn journals(&self) -> PathBuf {
        self.root.join("journals")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_something_in_it_is_left_alone() {
        let parent = tempfile::tempdir().expect("folder");
        let data = Folder::free_in(parent.path());
        assert_eq!(data, parent.path().join("demo-1"));
        Folder::take(&data).expect("taken");
        assert!(matches!(Folder::take(&data), Err(DemoError::FolderInUse(_))));
        assert_eq!(Folder::free_in(parent.path()), parent.path().join("demo-2"));
    }
}
