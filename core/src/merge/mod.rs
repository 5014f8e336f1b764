//! How entries become the state of records, the same on phone and server. `docs/merge-rules.md` gives the rules.

mod content;
mod fold;
mod frozen;
mod headquarters;
mod held;
mod judge;
mod knowledge;
mod register;
mod register_row;
mod state;
mod summary;
mod waiting;

pub use fold::{Addition, Folded, Forks, Opaque, Plan};
pub use held::Reviewed;
pub use judge::{Bench, Breach, Judgement, Standing, chain_record, made_between};
pub use knowledge::{Knowledge, Rejudge, Verdict};
pub use register::{Actor, Register, Version};
pub use state::{Added, Lookup, RecordState, Written};
pub use summary::Summary;
