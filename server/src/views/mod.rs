//! The views: what the log comes to, as rows that pages read. Caches of the one fold in `core`; they can be dropped and built
//! again to the same content. `project` writes them; the other modules read, one a family of pages.

mod board;
mod bulk;
mod cell;
mod columns;
mod error;
mod family;
mod project;
mod states;
mod verdict;

pub use board::{Board, PhoneCard, PlanVersion};
pub use error::ViewError;
pub use family::Family;
pub use project::Projector;
pub use states::{IncidentAt, RoundAt};
pub use verdict::{Outcome, Standing, breach_of};
