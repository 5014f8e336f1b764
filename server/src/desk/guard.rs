//! How far HQ has written, noted outside the database: a database that was silently put back would have HQ write its numbers twice.
//!
//! The note is written after each commit. Behind is harmless: the process ended in between. Ahead means that the database lost what HQ wrote.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::PathBuf;

use dutylog_core::base::{Seq, SiteId};

use super::DeskError;
use super::circumstances::Circumstances;

#[derive(Debug)]
pub(super) struct Guard {
    folder: PathBuf,
}

impl Guard {
    pub(super) const fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Notes that HQ has written up to a number. That it failed is no reason to fail what was committed: the next note says more.
    pub(super) fn note(&self, now: &Circumstances, last: Seq) {
        if let Err(error) = self.write(now, last) {
            tracing::error!(%error, site = %now.scope.site(), "how far HQ has written cannot be noted");
        }
    }

    fn write(&self, now: &Circumstances, last: Seq) -> Result<(), DeskError> {
        let path = self.file(now.scope.site(), now.epoch);
        // Another process may be noting at the same moment.
        let draft = path.with_extension(format!("{}.new", std::process::id()));
        let written = fs::create_dir_all(&self.folder)
            .and_then(|()| File::create(&draft))
            .and_then(|mut file| {
                writeln!(file, "{last}")?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&draft, &path));
        written.map_err(|source| failed(&path, source))
    }

    /// Up to which number HQ is known to have written. Whoever compares it with the database reads this first: both only grow.
    pub(super) fn read(&self, site: SiteId, epoch: u32) -> Result<Seq, DeskError> {
        let path = self.file(site, epoch);
        match fs::read_to_string(&path) {
            Ok(text) => {
                let damaged = |_| failed(&path, io::Error::new(io::ErrorKind::InvalidData, "not a number"));
                text.trim().parse().map_err(damaged)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(failed(&path, error)),
        }
    }

    fn file(&self, site: SiteId, epoch: u32) -> PathBuf {
        self.folder.join(format!("{site}-{epoch}"))
    }
}

fn failed(path: &std::path::Path, source: io::Error) -> DeskError {
    DeskError::Guard { path: path.display().to_string(), source }
}
