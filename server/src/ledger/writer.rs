//! What appending needs of an engine, under the site's lock.

use dutylog_core::base::{ChainId, Digest, KeyId, Seq};
use dutylog_core::log::{Head, Peaks, Signature};

use super::Answer;
use super::model::{Aside, SiteState, Stored};
use super::registry::Level;
use super::row::Row;
use super::scope::SiteScope;

/// A transaction that holds the **site lock**: nobody else appends to the site until it ends, so positions are dense and
/// commits happen in their order. Dropping it without [`SiteWriter::commit`] undoes everything.
///
/// SQLite takes the database's only writing connection; PostgreSQL locks the site's row; memory takes a mutex.
pub trait SiteWriter: Send {
    /// Which site is locked.
    fn scope(&self) -> SiteScope;

    /// The site, with what this transaction has appended.
    fn state(&self) -> &SiteState;

    /// A segment of the log by its identifier.
    fn find(&mut self, id: Digest) -> Answer<'_, Option<Stored>>;

    /// The last number of the segment, in the log or awaiting its body, that has this identifier.
    fn last_of(&mut self, chain: ChainId, id: Digest) -> Answer<'_, Option<Seq>>;

    /// The highest number of the chain, in the log or awaiting its body; 0 for none.
    fn highest(&mut self, chain: ChainId) -> Answer<'_, Seq>;

    /// The key that seals a chain, by its first segment, in the log or awaiting its body; none if nothing is held.
    fn owner(&mut self, chain: ChainId) -> Answer<'_, Option<KeyId>>;

    /// The segments of the log that hold numbers `from..=to` of a chain.
    fn overlapping(&mut self, chain: ChainId, from: Seq, to: Seq) -> Answer<'_, Vec<Stored>>;

    /// Whether something of the chain before this number still awaits its body.
    fn awaits_before(&mut self, chain: ChainId, first: Seq) -> Answer<'_, bool>;

    /// The ends of a chain's branches.
    fn heads(&mut self, chain: ChainId) -> Answer<'_, Vec<Head>>;

    /// Puts a segment at the end of the site's log, whose tree then has these peaks.
    fn push(&mut self, row: Row, peaks: Peaks) -> Answer<'_, ()>;

    /// Adds its signature to a segment that the run it came in had proven.
    fn complete(&mut self, id: Digest, signature: Signature) -> Answer<'_, ()>;

    /// Keeps a segment outside the log. Keeping one twice for the same reason is harmless.
    fn set_aside(&mut self, aside: Aside) -> Answer<'_, ()>;

    /// What is left of a device's budget; none if it was never used.
    fn budget<'a>(&'a mut self, key: KeyId, what: &'a str) -> Answer<'a, Option<Level>>;

    /// Writes down what is left of it.
    fn set_budget<'a>(&'a mut self, key: KeyId, what: &'a str, level: Level) -> Answer<'a, ()>;

    /// Makes everything durable and lets the lock go.
    fn commit(self: Box<Self>) -> Answer<'static, ()>;
}
