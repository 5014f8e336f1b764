//! The chains, and the small numbers by which rows name them.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::columns::{fixed, maybe_fixed};
use super::error::StoreError;
use crate::base::{ChainId, Digest, Seq};

/// Whose chain it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Own {
    /// Another device's.
    No,
    /// This phone's, and closed.
    Closed,
    /// This phone's, being written.
    Current,
}

/// What is known of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chain {
    pub(super) n: u32,
    pub(super) id: ChainId,
    pub(super) own: Own,
    /// The certificate of the device that writes it, for own chains.
    pub(super) certificate: Option<Vec<u8>>,
    /// Whether any of its segments overlap.
    pub(super) tangled: bool,
    /// The first number under which two entries differ.
    pub(super) fork: Option<Seq>,
    /// Over the sealed leaves, for own chains.
    pub(super) running: Digest,
}

/// All chains, as the database has them. Few: one for each phone's incarnation and HQ's epoch.
///
/// A clone is changed together with the transaction and takes the original's place after the commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Chains {
    rows: Vec<Chain>,
    numbers: BTreeMap<ChainId, u32>,
}

impl Chains {
    /// Reads them.
    pub(super) fn load(db: &Connection) -> Result<Self, StoreError> {
        let mut select =
            db.prepare("SELECT n, id, own, certificate, tangled, fork, running FROM chains ORDER BY n")?;
        let rows = select.query_map((), |row| {
            Ok(Chain {
                n: row.get(0)?,
                id: ChainId(fixed(row, 1)?),
                own: match row.get::<_, i64>(2)? {
                    0 => Own::No,
                    1 => Own::Closed,
                    _ => Own::Current,
                },
                certificate: row.get(3)?,
                tangled: row.get(4)?,
                fork: row.get::<_, Option<i64>>(5)?.map(i64::cast_unsigned),
                running: maybe_fixed(row, 6)?.map(Digest).unwrap_or_default(),
            })
        })?;
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        let dense = (1..).zip(&rows).all(|(n, row)| row.n == n);
        let numbers = rows.iter().map(|row| (row.id, row.n)).collect();
        if dense { Ok(Self { rows, numbers }) } else { Err(StoreError::damaged("the list of chains")) }
    }

    /// All of them, in the order they became known.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Chain> {
        self.rows.iter()
    }

    /// The number of a chain, if it is known.
    pub(super) fn number(&self, id: ChainId) -> Option<u32> {
        self.numbers.get(&id).copied()
    }

    /// The identifier behind a number.
    pub(super) fn id(&self, n: u32) -> Option<ChainId> {
        self.get(n).map(|chain| chain.id)
    }

    /// The chain of a number.
    pub(super) fn get(&self, n: u32) -> Option<&Chain> {
        self.rows.get(usize::try_from(n).ok()?.checked_sub(1)?)
    }

    /// The chain of an identifier.
    pub(super) fn of(&self, id: ChainId) -> Option<&Chain> {
        self.get(self.number(id)?)
    }

    fn get_mut(&mut self, n: u32) -> Option<&mut Chain> {
        self.rows.get_mut(usize::try_from(n).ok()?.checked_sub(1)?)
    }

    /// The chain this phone writes.
    pub(super) fn current(&self) -> Option<&Chain> {
        self.rows.iter().find(|chain| chain.own == Own::Current)
    }

    /// The number of a chain, given one now if it was not known.
    pub(super) fn assign(&mut self, db: &Connection, id: ChainId) -> Result<u32, StoreError> {
        if let Some(n) = self.number(id) {
            return Ok(n);
        }
        let n = u32::try_from(self.rows.len() + 1).map_err(|_| StoreError::damaged("too many chains"))?;
        db.execute("INSERT INTO chains (n, id) VALUES (?1, ?2)", params![n, id.0])?;
        self.rows.push(Chain {
            n,
            id,
            own: Own::No,
            certificate: None,
            tangled: false,
            fork: None,
            running: Digest::default(),
        });
        self.numbers.insert(id, n);
        Ok(n)
    }

    /// Starts writing a chain; the one written so far is closed.
    pub(super) fn start(
        &mut self,
        db: &Connection,
        id: ChainId,
        certificate: &[u8],
    ) -> Result<u32, StoreError> {
        self.close(db)?;
        let n = self.assign(db, id)?;
        db.execute("UPDATE chains SET own = 2, certificate = ?2 WHERE n = ?1", params![n, certificate])?;
        if let Some(chain) = self.get_mut(n) {
            (chain.own, chain.certificate) = (Own::Current, Some(certificate.to_vec()));
        }
        Ok(n)
    }

    /// Closes the chain being written, if there is one.
    pub(super) fn close(&mut self, db: &Connection) -> Result<(), StoreError> {
        db.execute("UPDATE chains SET own = 1 WHERE own = 2", ())?;
        self.rows.iter_mut().filter(|c| c.own == Own::Current).for_each(|c| c.own = Own::Closed);
        Ok(())
    }

    /// Notes that segments of a chain overlap, and from where on they differ, if they do.
    pub(super) fn tangle(&mut self, db: &Connection, n: u32, fork: Option<Seq>) -> Result<(), StoreError> {
        if let Some(chain) = self.get_mut(n) {
            chain.tangled = true;
            chain.fork = [chain.fork, fork].into_iter().flatten().min();
            let fork = chain.fork.map(u64::cast_signed);
            db.execute("UPDATE chains SET tangled = 1, fork = ?2 WHERE n = ?1", params![n, fork])?;
        }
        Ok(())
    }

    /// Moves the running hash of an own chain.
    pub(super) fn advance(&mut self, db: &Connection, n: u32, running: Digest) -> Result<(), StoreError> {
        db.execute("UPDATE chains SET running = ?2 WHERE n = ?1", params![n, running.0])?;
        if let Some(chain) = self.get_mut(n) {
            chain.running = running;
        }
        Ok(())
    }
}
