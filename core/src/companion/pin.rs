//! PINs: stretched, slowed down, never wiping anything.

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use crate::base::Millis;

/// The least a PIN has.
pub const MIN_DIGITS: usize = 6;

/// How much work it is to try a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinCost {
    /// Memory, KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
}

impl PinCost {
    /// 64 MiB, three passes: about an eighth of a second on a phone.
    pub const PHONE: Self = Self { memory: 64 * 1024, passes: 3 };
    /// The least that is accepted, for simulations that sign in thousands of times.
    pub const SIMULATION: Self = Self { memory: 64, passes: 1 };
}

/// Whether a PIN may be chosen: six digits or more, or any longer text.
#[must_use]
pub fn may_choose(pin: &str) -> bool {
    let all_alike = pin.chars().all(|c| pin.starts_with(c));
    pin.chars().count() >= MIN_DIGITS && pin.len() <= 128 && !all_alike
}

/// Stretches a PIN into the guard of the person's key. None if the cost is out of the algorithm's range.
#[must_use]
pub fn stretch(pin: &str, salt: &[u8; 16], cost: PinCost) -> Option<Zeroizing<Vec<u8>>> {
    let params = Params::new(cost.memory, cost.passes, 1, Some(32)).ok()?;
    let mut guard = Zeroizing::new(vec![0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(pin.as_bytes(), salt, &mut guard)
        .ok()?;
    Some(guard)
}

/// Wrong PINs in a row before waiting begins.
pub const FREE_TRIES: u32 = 5;
/// Wrong PINs in a row after which no further is taken: the person has to be enrolled on this phone again.
pub const LAST_TRY: u32 = 10;

/// How long to wait after so many wrong PINs in a row, in milliseconds.
#[must_use]
pub fn wait_after(tries: u32) -> Millis {
    const MINUTES: [Millis; 4] = [1, 5, 15, 60];
    match tries {
        0..FREE_TRIES => 0,
        FREE_TRIES => 30_000,
        more => MINUTES[(more - FREE_TRIES - 1).min(3) as usize] * 60_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_ends() {
        let waits: Vec<_> = (3..=LAST_TRY).map(|n| wait_after(n) / 1_000).collect();
        assert_eq!(waits, [0, 0, 30, 60, 300, 900, 3_600, 3_600]);
    }

    #[test]
    fn a_guard_depends_on_pin_and_salt() {
        let guard = |pin, salt| stretch(pin, &[salt; 16], PinCost::SIMULATION);
        assert!(guard("246813", 1).is_some());
        assert_eq!(guard("246813", 1), guard("246813", 1));
        assert_ne!(guard("246813", 1), guard("246814", 1));
        assert_ne!(guard("246813", 1), guard("246813", 2));
    }

    #[test]
    fn a_pin_has_six_digits_that_are_not_all_alike() {
        assert!(may_choose("246813") && may_choose("一个比较长的口令"));
        assert!(!may_choose("12345") && !may_choose("000000") && !may_choose(""));
    }
}
