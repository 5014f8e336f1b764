//! What does not fit.

use std::path::PathBuf;

use dutylog_core::base::SiteId;
use dutylog_core::locales::Words as _;
use dutylog_core::log::ProofError;
use dutylog_core::sync::bundle::BundleError;

use crate::app::StartError;
use crate::backup::BackupError;
use crate::ledger::LedgerError;
use crate::views::ViewError;

/// Why something is not verified; the sentence says it in both languages.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// A file.
    #[error("无法读写 {0} / {0} cannot be read or written: {1}")]
    File(PathBuf, #[source] std::io::Error),
    /// Not an exported file, or not of this organisation, or not all there.
    #[error("文件不能通过核对 / the file is not verified: {0}")]
    Bundle(#[from] BundleError),
    /// A proof that shows nothing.
    #[error("{} / {} ({})", .0.both().0, .0.both().1, .0.code())]
    Proof(#[from] ProofError),
    /// A file too short to say what it is.
    #[error("这不是导出的文件 / this is not an exported file")]
    Foreign,
    /// The database file is damaged.
    #[error("数据库文件已损坏 / the database file is damaged: {0}")]
    Structure(String),
    /// A segment.
    #[error("站点 {site} 第 {position} 段不正确 / site {site}, segment {position}, is not right: {what}")]
    Segment {
        /// The site.
        site: SiteId,
        /// Its position.
        position: u64,
        /// What is wrong.
        what: String,
    },
    /// The log as a whole.
    #[error("站点 {0} 的日志与承诺的根不符 / the log of site {0} does not have the root that was promised")]
    Root(SiteId),
    /// The views.
    #[error(
        "站点 {0} 的视图与重建的不同，请运行 rebuild / the views of site {0} are not what a rebuild gives; run rebuild"
    )]
    Views(SiteId),
    /// What new phones were told is not what the log comes to.
    #[error(
        "站点 {site} 在第 {size} 段处的快照与日志的重放结果不同 / the snapshot of site {site} at segment {size} is not what a replay of the log gives"
    )]
    Snapshot {
        /// The site.
        site: SiteId,
        /// How much of its log the snapshot told of.
        size: u64,
    },
    /// A backup is not as it was made.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The data folder cannot be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The ledger could not answer.
    #[error("无法使用日志 / cannot use the ledger: {0}")]
    Ledger(#[from] LedgerError),
    /// The views could not answer.
    #[error("无法使用视图 / cannot use the views: {0}")]
    View(#[from] ViewError),
    /// The database failed.
    #[error("数据库出错 / the database failed: {0}")]
    Database(#[from] sqlx::Error),
}
