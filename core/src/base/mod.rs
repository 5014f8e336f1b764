//! Words that everything shares: identifiers, digests, instants, values. Imports nothing of ours.

mod digest;
mod ids;
mod instant;
mod value;

pub use digest::{Digest, Hasher};
pub use ids::{BootId, ChainId, DeviceId, DraftId, KeyId, OrgId, ParseIdError, PersonId, RecordId, SiteId};
pub use instant::{Millis, Reading, ServerSample};
pub use value::Value;

/// The number of an entry in its chain: 1, 2, 3… without gaps; 0 stands for "none".
pub type Seq = u64;
