//! Small things the host and the layers above keep with the log: clock readings, what was last shown.

use rusqlite::{OptionalExtension, params};

use super::Store;
use super::error::StoreError;
use super::memory::Memory;
use crate::log::{Certificate, SealError};

impl Store {
    /// What was kept under a key.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn setting(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT value FROM settings WHERE key = ?1")?;
        Ok(select.query_row([key], |row| row.get(0)).optional()?)
    }

    /// Keeps something under a key.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn set_setting(&mut self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.write(|db, _| {
            db.prepare_cached(
                "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value",
            )?
            .execute(params![key, value])?;
            Ok(())
        })
    }

    /// Makes certificates known that came outside the log, at enrolment: issuers first.
    ///
    /// # Errors
    /// [`StoreError`]; a certificate that does not verify is refused with its reason, and none is kept.
    pub fn trust(
        &mut self,
        certificates: &[Vec<u8>],
    ) -> Result<Result<Vec<Certificate>, SealError>, StoreError> {
        let mut trust = self.memory.knowledge.trust().clone();
        let proven: Result<Vec<_>, _> = certificates.iter().map(|bytes| trust.add(bytes).cloned()).collect();
        let Ok(proven) = proven else { return Ok(proven) };
        self.write(|db, memory: &mut Memory| {
            for certificate in &proven {
                db.execute(
                    "INSERT INTO certificates (bytes) VALUES (?1) ON CONFLICT DO NOTHING",
                    [&certificate.bytes],
                )?;
                let _ = memory.knowledge.trust_mut().add(&certificate.bytes);
            }
            super::fold::Folding::new(db, memory).settle()
        })?;
        Ok(Ok(proven))
    }
}
