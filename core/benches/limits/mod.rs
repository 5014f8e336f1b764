//! The limits: the least work that could do the job, written with the libraries themselves and no Dutylog code.
//!
//! L0 and L1 record, W2 and W5 write for the wire. They check no rights, hash and sign nothing and keep no conflicts.

mod columns;
mod raw_log;
mod raw_rows;
mod sqlite;
mod wire;

pub(crate) use columns::W5;
pub(crate) use raw_log::L0;
pub(crate) use raw_rows::L1;
pub(crate) use wire::W2;
