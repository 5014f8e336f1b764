//! Certificates and revocations as the site's log carries them.

use super::Set;
use super::chain::EntryMark;
use super::value::{Bytes, codes, list_value};
use crate::base::{Millis, RecordId};

/// Certificates, as signed. One record may have several, all of them valid.
pub const CERTIFICATE: Set<Bytes> = Set::new(10);
/// Versions of a revocation.
pub const REVOCATION: Set<Revocation> = Set::new(11);

codes! {
    /// Why a device or person was cut off.
    pub enum RevocationKind {
        /// The person left, or the device was given back.
        Left = 1,
        /// The device is lost.
        Lost = 2,
        /// A key may be in other hands.
        Compromised = 3,
    }
}

/// A device or person was cut off: by what the server already held, not by a clock.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revocation {
    /// Who: the identifier of a device or a person, as a record.
    pub subject: RecordId,
    /// Why.
    pub kind: RevocationKind,
    /// For each chain, the last entry that was held when it was decided (of a forked one, of each branch). What came later is held
    /// for review, and so is all of a chain that is not listed: nothing of it was held.
    pub cut: Vec<EntryMark>,
    /// When it was decided.
    pub decided_at: Millis,
    /// Whether HQ has put on record that nothing more will come from the device.
    pub written_off: Option<bool>,
}
list_value!(Revocation { subject, kind, cut, decided_at, written_off });
