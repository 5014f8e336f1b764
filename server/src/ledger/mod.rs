//! The ledger: append-only truth. What phones and HQ signed, in the order the server took it, site by site.
//!
//! - [`Ledger`] and [`Registry`] say what an engine can do; [`SqliteLedger`] and [`MemoryLedger`] do it, and one contract suite
//!   (`contract`) holds them to it.
//! - `append` is the one way in, written once over [`SiteWriter`].
//! - Every method takes a [`SiteScope`]: whoever has none cannot even ask.

use std::future::Future;
use std::pin::Pin;

use dutylog_core::base::{ChainId, Digest, Millis, OrgId, Seq, SiteId};
use dutylog_core::log::SiteRoot;

mod append;
mod branches;
#[cfg(any(test, feature = "testing"))]
pub mod contract;
mod epoch;
mod error;
mod memory;
mod model;
mod proven;
mod registry;
mod row;
mod scope;
mod sqlite;
mod writer;

pub use append::{Appended, Placed, append, append_header};
pub use branches::branches;
pub use epoch::resume;
pub use error::LedgerError;
pub use memory::MemoryLedger;
pub use model::{Aside, Fork, Heads, Place, Reason, RestoreNotice, SiteState, Stored};
pub use proven::{Flaw, Proven};
pub use registry::{Code, Enrols, Level, Nonce, Registry, Revocation, RevocationKind, Revocations};
pub use row::Row;
pub use scope::{MayEnter, SiteScope};
pub use sqlite::SqliteLedger;
pub use writer::SiteWriter;

/// What an engine gives back: later, and only if it could answer.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, LedgerError>> + Send + 'a>>;

/// The log of every site.
///
/// Reads see what is committed. `Err` means that the engine could not answer; a refusal is a value.
pub trait Ledger: Registry + std::fmt::Debug + 'static {
    /// Makes a site. Making it again for the same organisation is harmless.
    fn create_site(&self, scope: SiteScope, org: OrgId, now: Millis) -> Answer<'_, ()>;

    /// The sites there are. Entering one is another matter, see [`SiteScope::enter`].
    fn sites(&self) -> Answer<'_, Vec<SiteId>>;

    /// Takes the site's lock.
    fn begin(&self, scope: SiteScope) -> Answer<'_, Box<dyn SiteWriter>>;

    /// The site as it is now.
    fn state(&self, scope: SiteScope) -> Answer<'_, SiteState>;

    /// The site's log from a position on, as much as fits so many bytes but at least one segment if there is one.
    fn page(&self, scope: SiteScope, from: u64, max_bytes: usize) -> Answer<'_, Vec<Stored>>;

    /// The identifiers at positions `from..to`.
    fn site_log(&self, scope: SiteScope, from: u64, to: u64) -> Answer<'_, Vec<Digest>>;

    /// Root of the site's log when it had this size; none if it never had.
    fn root_at(&self, scope: SiteScope, size: u64) -> Answer<'_, Option<SiteRoot>>;

    /// The ends of every branch: of the given chains, or of all.
    fn heads<'a>(&'a self, scope: SiteScope, chains: Option<&'a [ChainId]>) -> Answer<'a, Heads>;

    /// A segment by its identifier.
    fn segment(&self, scope: SiteScope, id: Digest) -> Answer<'_, Option<Stored>>;

    /// A chain's segments that end at `from` or later, every branch, in the order they were taken.
    fn chain(&self, scope: SiteScope, chain: ChainId, from: Seq) -> Answer<'_, Vec<Stored>>;

    /// Every fork, in the order they were seen.
    fn forks(&self, scope: SiteScope) -> Answer<'_, Vec<Fork>>;

    /// What is kept outside the log, in the order of identifiers; what came into the log since is left out.
    fn set_aside(&self, scope: SiteScope) -> Answer<'_, Vec<Aside>>;

    /// Records how many segments a verified backup holds. It never goes back.
    fn backed_up(&self, scope: SiteScope, size: u64) -> Answer<'_, ()>;

    /// The epochs that began by a restore.
    fn restore_notices(&self, scope: SiteScope) -> Answer<'_, Vec<RestoreNotice>>;

    /// The server's epoch: how often it was restored, counting from 1.
    fn epoch(&self) -> Answer<'_, u32>;

    /// Begins a new epoch in every site, naming the log the old one left, and returns it. It is above both the present one
    /// and `past`, the highest that is known from outside the database, which a restore does not take back.
    fn advance_epoch(&self, past: u32, now: Millis) -> Answer<'_, u32>;
}
