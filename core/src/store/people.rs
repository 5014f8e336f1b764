//! What the phone keeps about the people who share it: never a key, only what slows the guessing of a PIN.

use rusqlite::{OptionalExtension, params};

use super::Store;
use super::columns::fixed;
use super::error::StoreError;
use crate::base::{Millis, PersonId};

/// The lock before a person's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lock {
    /// With what the PIN is stretched.
    pub salt: [u8; 16],
    /// Wrong PINs in a row.
    pub tries: u32,
    /// Until when no further PIN is accepted, by the monotonic clock.
    pub until: Millis,
}

impl Store {
    /// The lock of a person who has a key on this phone.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn lock(&self, person: PersonId) -> Result<Option<Lock>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT salt, tries, until FROM people WHERE id = ?1")?;
        let lock = select.query_row([person.0], |row| {
            Ok(Lock { salt: fixed(row, 0)?, tries: row.get(1)?, until: row.get(2)? })
        });
        Ok(lock.optional()?)
    }

    /// The people who have a key on this phone.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn people(&self) -> Result<Vec<PersonId>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT id FROM people ORDER BY id")?;
        Ok(select.query_map((), |row| fixed(row, 0).map(PersonId))?.collect::<Result<_, _>>()?)
    }

    /// Sets a person's lock.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn set_lock(&mut self, person: PersonId, lock: &Lock) -> Result<(), StoreError> {
        self.write(|db, _| {
            db.prepare_cached(
                "INSERT INTO people (id, salt, tries, until) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET salt = excluded.salt, tries = excluded.tries, until = excluded.until",
            )?
            .execute(params![person.0, lock.salt, lock.tries, lock.until])?;
            Ok(())
        })
    }
}
