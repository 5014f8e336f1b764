//! Why the demonstration cannot go on.

use std::path::PathBuf;

use dutylog_core::base::Millis;
use dutylog_core::records::site_plan::PlanProblem;

use super::phone::PhoneError;
use crate::accounts::AccountsError;
use crate::app::StartError;
use crate::desk::DeskError;
use crate::entropy::EntropyError;
use crate::ledger::LedgerError;
use crate::views::ViewError;

/// Why the demonstration cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The folder has something in it that is not ours to touch.
    #[error("文件夹 {0} 不是空的，请另选一个 / the folder {0} is not empty; choose another")]
    FolderInUse(PathBuf),
    /// A file or folder cannot be made.
    #[error("无法写入 {0} / cannot write {0}: {1}")]
    File(PathBuf, #[source] std::io::Error),
    /// A phone's journal cannot be read.
    #[error("无法读取记录簿 {0} / cannot read the journal {0}: {1}")]
    Journal(PathBuf, #[source] std::io::Error),
    /// The server does not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// No account could be made.
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    /// The operating system gives no random bytes.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// Headquarters did not do as the story asks.
    #[error("本部 / headquarters: {0}")]
    Desk(#[from] DeskError),
    /// The ledger could not answer.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The views could not answer.
    #[error(transparent)]
    Views(#[from] ViewError),
    /// A key of the organisation is not what it should be.
    #[error(transparent)]
    Seal(#[from] dutylog_core::log::SealError),
    /// A site's description has mistakes.
    #[error("the site's description has mistakes: {0:?}")]
    Plan(Vec<PlanProblem>),
    /// A phone did not do as the story asks.
    #[error("手机 {phone} 在 {at} 未能执行 {deed} / phone {phone} at {at} could not do {deed}: {source}")]
    Phone {
        /// Which phone.
        phone: &'static str,
        /// When.
        at: Millis,
        /// What.
        deed: String,
        /// Why.
        #[source]
        source: PhoneError,
    },
    /// A phone could not be enrolled, or closed with something unsent.
    #[error(transparent)]
    Enrol(#[from] PhoneError),
    /// A phone still has entries without a receipt after everybody has talked with the server.
    #[error("手机 {0} 还有 {1} 条记录未送达 / phone {0} still has {1} entries that HQ has not received")]
    Unconfirmed(&'static str, u64),
    /// No HTTP client can be made.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    /// Somebody asked to stop.
    #[error("已停止 / stopped")]
    Stopped,
    /// A task broke off.
    #[error("the work broke off: {0}")]
    Broken(#[from] tokio::task::JoinError),
}
