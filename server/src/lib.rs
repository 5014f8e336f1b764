//! The server.

pub mod database;
pub mod ingest;
pub mod keys;
pub mod ledger;
