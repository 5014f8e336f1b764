//! A root of the site's log further on than what is held: once proven here and given up since, or signed by the server for a
//! colleague. The log has to come to it; otherwise a server could make a phone forget what it had proven, and tell it something else.

use rusqlite::{Connection, OptionalExtension, params};

use super::Store;
use super::error::StoreError;
use super::holdings::peaks_of;
use crate::base::Digest;
use crate::log::{CodecError, Holdings, Pulled, Reader, SiteRoot, Writer};

const SETTING: &str = "promised_root";

/// The epoch and the root.
pub(super) fn load(db: &Connection) -> Result<Option<(u32, SiteRoot)>, StoreError> {
    let mut select = db.prepare_cached("SELECT value FROM settings WHERE key = ?1")?;
    let bytes: Option<Vec<u8>> = select.query_row([SETTING], |row| row.get(0)).optional()?;
    Ok(bytes.map(|bytes| read(&bytes)).transpose()?)
}

/// Keeps a root, unless one further on is kept already.
pub(super) fn keep(db: &Connection, epoch: u32, root: SiteRoot) -> Result<(), StoreError> {
    if load(db)?.is_some_and(|(held, further)| (held, further.size) >= (epoch, root.size)) {
        return Ok(());
    }
    let mut w = Writer::default();
    w.array(3).uint(epoch.into()).uint(root.size).bytes(&root.root.0);
    db.execute("INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)", params![SETTING, w.finish()])?;
    Ok(())
}

/// Lets go of it once the log has come so far.
pub(super) fn reached(db: &Connection, pulled: &Pulled) -> Result<(), StoreError> {
    match load(db)? {
        Some((epoch, root)) if epoch < pulled.epoch || root.size <= pulled.peaks.size() => let_go(db),
        _ => Ok(()),
    }
}

/// The server was restored, and kept so much: what it lost it cannot come to again.
pub(super) fn restored(db: &Connection, epoch: u32, kept: u64) -> Result<(), StoreError> {
    let Some((_, root)) = load(db)? else { return Ok(()) };
    let_go(db)?;
    if root.size <= kept { keep(db, epoch, root) } else { Ok(()) }
}

fn let_go(db: &Connection) -> Result<(), StoreError> {
    db.execute("DELETE FROM settings WHERE key = ?1", [SETTING])?;
    Ok(())
}

fn read(bytes: &[u8]) -> Result<(u32, SiteRoot), CodecError> {
    let mut r = Reader::new(bytes)?;
    r.array(3)?;
    Ok((r.small()?, SiteRoot { size: r.uint()?, root: Digest(r.fixed()?) }))
}

impl Store {
    /// Holds a root that the server signed, for whomever, against what it has sent here; true if they contradict each other. One
    /// further on than what is held is kept, and the log must come to it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn contradicts(&mut self, epoch: u32, signed: &SiteRoot) -> Result<bool, StoreError> {
        let pulled = self.pulled()?;
        if pulled.epoch != 0 && pulled.epoch != epoch {
            // Between epochs lies a restore, which sync judges.
            return Ok(false);
        }
        if signed.size <= pulled.peaks.size() {
            let told = self.memory.told.peaks();
            let comparable = signed.size >= told.size();
            return Ok(comparable && peaks_of(&self.db, told, signed.size)?.root() != signed.root);
        }
        let same = |(held, root): &(u32, SiteRoot)| (*held, root.size) == (epoch, signed.size);
        if let Some((_, promised)) = load(&self.db)?.filter(same) {
            return Ok(promised.root != signed.root);
        }
        self.write(|db, _| keep(db, epoch, *signed))?;
        Ok(false)
    }

    /// The newest receipt held, as the server signed it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn newest_receipt(&self) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT bytes FROM receipts ORDER BY epoch DESC, size DESC LIMIT 1";
        Ok(self.db.prepare_cached(sql)?.query_row((), |row| row.get(0)).optional()?)
    }
}
