//! Why a backup cannot be made or restored. Nothing that was there is changed then.

use std::path::{Path, PathBuf};

use crate::app::StartError;
use crate::ledger::LedgerError;

/// The sentence says what is wrong in both languages.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder.
    #[error("无法读写 {0} / {0} cannot be read or written: {1}")]
    File(PathBuf, #[source] std::io::Error),
    /// Something is there already.
    #[error("{0} 已存在且不为空，不会覆盖 / {0} exists and is not empty; nothing is overwritten")]
    Occupied(PathBuf),
    /// No backup, or one of another version.
    #[error("{0} 不是本程序的备份 / {0} is not a backup of this program: {1}")]
    NotABackup(PathBuf, String),
    /// The copy is not what was written.
    #[error("备份已损坏 / the backup is damaged: {0}")]
    Damaged(String),
    /// It cannot be noted which epoch begins.
    #[error(
        "备份文件夹不能写入，无法记下新纪元。请用 --after-epoch 给出已用过的最大纪元号 / the folder of the backup cannot be \
         written, so the new epoch cannot be noted there. Give the highest epoch used so far with --after-epoch: {0}"
    )]
    EpochUnknown(#[source] std::io::Error),
    /// The data folder cannot be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The ledger could not answer.
    #[error("无法使用日志 / cannot use the ledger: {0}")]
    Ledger(#[from] LedgerError),
    /// The database failed.
    #[error("数据库出错 / the database failed: {0}")]
    Database(#[from] sqlx::Error),
}

impl BackupError {
    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |error| Self::File(path.to_owned(), error)
    }
}
