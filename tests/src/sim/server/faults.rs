//! What goes wrong with a server: restored from an older copy, a database that takes no commit.

use std::sync::Arc;

use dutylog_server::{router, serve, shutdown};
use tempfile::TempDir;

use super::super::folder::temporary;
use super::super::site::START;
use super::Server;

impl Server {
    /// Copies the database, as a backup does.
    ///
    /// # Panics
    /// If it cannot be copied.
    #[must_use]
    pub fn back_up(&self) -> TempDir {
        let folder = temporary();
        let file = folder.path().join("copy.sqlite");
        let copied = self.database().execute("VACUUM INTO ?1", [file.to_str().expect("a path in text")]);
        copied.expect("copied");
        folder
    }

    /// Puts a copy in the place of the database, and starts again in a new epoch.
    ///
    /// # Panics
    /// If it does not start.
    pub fn restore(&mut self, backup: &TempDir) {
        self.runtime.block_on(self.running.state.database.close());
        let file = self.config.database_file();
        for beside in ["-wal", "-shm"] {
            let mut name = file.clone().into_os_string();
            name.push(beside);
            // There is none if closing has folded it in.
            drop(std::fs::remove_file(name));
        }
        std::fs::copy(backup.path().join("copy.sqlite"), &file).expect("copied back");
        let (trigger, shutdown) = shutdown::channel();
        let started = serve(self.config.clone(), Arc::clone(&self.clock) as _, shutdown);
        self.running = self.runtime.block_on(started).expect("starts");
        self.router = router(self.running.state.clone());
        self._trigger = trigger;
        let ledger = self.running.state.api.ledger();
        self.runtime.block_on(ledger.advance_epoch(1, START)).expect("a new epoch");
    }

    /// From now on no segment can be committed.
    ///
    /// # Panics
    /// If the database cannot be opened.
    pub fn break_commits(&self) {
        let db = rusqlite::Connection::open(self.config.database_file()).expect("the server's database");
        let broken = "CREATE TABLE anchors (id INTEGER PRIMARY KEY);
             CREATE TABLE dangling (id INTEGER REFERENCES anchors DEFERRABLE INITIALLY DEFERRED);
             CREATE TRIGGER dangle AFTER INSERT ON segments BEGIN INSERT INTO dangling VALUES (1); END;";
        db.execute_batch(broken).expect("broken on purpose");
    }
}
