//! The code that is read back over the telephone, so that both ends can later be matched.

use crate::base::{Digest, RecordId};

/// Six digits in two groups, such as `402 917`, derived from the incident.
#[must_use]
pub fn read_back_code(incident: RecordId) -> String {
    let digest = Digest::tagged("dutylog/read-back/v1", &incident.0);
    let number = digest.0[..8].iter().fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
    let code = number % 1_000_000;
    format!("{:03} {:03}", code / 1000, code % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_six_digits_and_always_the_same() {
        let code = read_back_code(RecordId([7; 16]));
        assert_eq!(code, read_back_code(RecordId([7; 16])));
        assert_ne!(code, read_back_code(RecordId([8; 16])));
        assert_eq!(code.len(), 7);
        assert!(code.bytes().enumerate().all(|(i, b)| if i == 3 { b == b' ' } else { b.is_ascii_digit() }));
    }
}
