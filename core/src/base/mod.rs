//! Words that everything shares: identifiers, digests, instants, values. Imports nothing of ours.

mod digest;
mod entropy;
mod ids;
mod instant;
mod planted;
mod value;

pub use digest::{Digest, Hasher};
pub use entropy::{Entropy, random};
pub use ids::{BootId, ChainId, DeviceId, DraftId, KeyId, OrgId, ParseIdError, PersonId, RecordId, SiteId};
pub use instant::{Millis, Reading, ServerSample};
#[cfg(feature = "canary")]
pub use planted::plant;
pub use planted::{Bug, planted};
pub use value::Value;

/// The number of an entry in its chain: 1, 2, 3… without gaps; 0 stands for "none".
pub type Seq = u64;
