//! Bundles: frames as a file, for exchange without any network, `docs/sync-protocol.md` 6.

mod error;
mod evidence;
mod export;
mod import;

use crate::log::pack::put;

pub use error::{BundleError, Unproven};
pub use evidence::{Evidence, certificates_for};
pub use export::{export, lacking};
pub use import::{Imported, import};

/// What a bundle begins with.
const MAGIC: &[u8; 8] = b"DUTYLOG\x01";
/// Bytes of a bundle.
pub const MAX_BUNDLE: usize = 64 << 20;
/// Bytes that one frame of a bundle is filled to before it is compressed: what is lost of a torn file is at most one.
const FRAME: usize = 256 << 10;

fn part(out: &mut Vec<u8>, bytes: &[u8]) {
    put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}
