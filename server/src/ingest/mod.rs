//! Ingest: what a push brings, judged, appended, receipted.
//!
//! [`mod@admit`] decides and knows no database; [`receive`] asks it, appends under the site's lock, commits, and only then signs
//! receipts; [`refusal`] has the words for what was not simply taken.

pub mod admit;
pub mod budget;
mod cost;
mod enact;
mod outcome;
pub mod receive;
pub mod refusal;
#[cfg(test)]
mod tests;
mod trust;

pub use admit::{Admission, admit};
pub use budget::Budget;
pub use outcome::{IngestError, Outcome, Taken};
pub use receive::Ingest;
pub use refusal::{Refusal, Words};
