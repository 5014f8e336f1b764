//! The server as a subject: one exchange over a real connection, and a year taken in.

mod bare;
mod empty;
mod exchange;
mod ingest;
mod phone;
mod place;
mod wire;

pub(crate) use exchange::exchange;
pub(crate) use ingest::ingest;
