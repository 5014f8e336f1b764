//! What is measured, one file per kind of work. Each takes the subject as a type: a limit today as the product later.

mod commit;
mod disk;
mod flat;
mod folder;
mod list;
mod memory;
mod sync;
mod wire;

pub(crate) use commit::commits;
pub(crate) use disk::disk;
pub(crate) use flat::flatness;
pub(crate) use list::list;
pub(crate) use memory::{MEASURE, answer, memory};
pub(crate) use sync::{apply, first_sync};
pub(crate) use wire::wire;
