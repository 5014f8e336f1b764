//! Identifiers. Each is its own type, so that a site can never be passed where a person is meant.

use std::fmt;
use std::str::FromStr;

/// A text that should have been an identifier and is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: expected {expected} hexadecimal digits, hyphens allowed")]
pub struct ParseIdError {
    /// How many hexadecimal digits were expected.
    pub expected: usize,
}

pub(super) fn parse_hex<const N: usize>(text: &str) -> Result<[u8; N], ParseIdError> {
    let error = ParseIdError { expected: N * 2 };
    let mut bytes = [0; N];
    let mut count = 0;
    for c in text.chars().filter(|c| *c != '-') {
        let digit = u8::try_from(c.to_digit(16).ok_or(error)?).map_err(|_| error)?;
        let slot = bytes.get_mut(count / 2).ok_or(error)?;
        *slot = *slot << 4 | digit;
        count += 1;
    }
    if count == N * 2 { Ok(bytes) } else { Err(error) }
}

macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $len:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// How many bytes it has.
            pub const LEN: usize = $len;

            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// From a slice, if it has the right length.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                parse_hex(text).map(Self)
            }
        }
    };
}

id!(
    /// The organisation: one root key, many sites.
    OrgId, 16
);
id!(
    /// A site: the boundary of every right and every query.
    SiteId, 16
);
id!(
    /// A chain: the entries of one (site, device, incarnation).
    ChainId, 16
);
id!(
    /// A record: a round, an incident, a handover, a shift, or an object of the site's configuration.
    RecordId, 16
);
id!(
    /// A person.
    PersonId, 16
);
id!(
    /// A phone, or HQ's own device.
    DeviceId, 16
);
id!(
    /// A draft on one phone. Makes a repeated commit harmless; never leaves the phone.
    DraftId, 16
);
id!(
    /// One run of a device between two boots.
    BootId, 8
);
id!(
    /// Which key signed: the first 8 bytes of a digest, see `docs/log-format.md` section 2.
    KeyId, 8
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips_and_refuses_what_is_not_one() {
        let id = SiteId([0xab; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("abababab-abab-abab-abab-abababababab".parse(), Ok(id));
        assert!("".parse::<SiteId>().is_err());
        assert!("zz".repeat(16).parse::<SiteId>().is_err());
        assert!("ab".repeat(17).parse::<SiteId>().is_err());
    }
}
