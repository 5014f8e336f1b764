//! Canonical CBOR: one form, nothing else, however hostile the bytes.

use dutylog_core::log::{
    CodecError, Entry, Envelope, EnvelopeKind, Header, check_ops, decode_ops, decode_value, encode_value,
    scan,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::strategies::value;

/// Bytes that get further into a decoder than random ones: short heads, small numbers, much nesting.
fn cborish() -> impl Strategy<Value = Vec<u8>> {
    let head =
        prop_oneof![Just(0x81_u8), Just(0x82), 0x00_u8..0x20, 0x40_u8..0x46, 0x60_u8..0x66, any::<u8>()];
    vec(head, 0..200)
}

proptest! {
    #[test]
    fn a_value_has_one_form_and_comes_back(value in value()) {
        let bytes = encode_value(&value);
        prop_assert_eq!(scan(&bytes), Ok(()));
        prop_assert_eq!(decode_value(&bytes), Ok(value));
    }

    #[test]
    fn what_is_accepted_is_the_only_way_to_write_it(bytes in prop_oneof![vec(any::<u8>(), 0..300), cborish()]) {
        let scanned = scan(&bytes);
        match decode_value(&bytes) {
            Ok(value) => prop_assert_eq!(encode_value(&value), bytes),
            Err(error) => prop_assert_eq!(scanned, Err(error)),
        }
    }

    #[test]
    fn nothing_that_reads_bytes_panics(bytes in prop_oneof![vec(any::<u8>(), 0..300), cborish()]) {
        let _ = (Entry::from_bytes(&bytes), Header::from_bytes(&bytes));
        let _ = (decode_ops(&bytes), check_ops(&bytes, 16));
        let _ = Envelope::parse(EnvelopeKind::Statement, &bytes);
        let _ = Envelope::parse(EnvelopeKind::Statement, &[&[0xd2, 0x84][..], &bytes].concat());
    }

    #[test]
    fn a_changed_byte_is_refused_or_means_something_else(
        value in value(), at in any::<prop::sample::Index>(), mask in 1_u8..
    ) {
        let mut bytes = encode_value(&value);
        let at = at.index(bytes.len());
        bytes[at] ^= mask;
        if let Ok(other) = decode_value(&bytes) {
            prop_assert_ne!(&other, &value);
            prop_assert_eq!(encode_value(&other), bytes);
        }
    }

    #[test]
    fn a_shortened_or_lengthened_value_is_refused(value in value(), cut in any::<prop::sample::Index>(), more in any::<u8>()) {
        let mut bytes = encode_value(&value);
        prop_assert!(scan(&bytes[..cut.index(bytes.len())]).is_err());
        bytes.push(more);
        prop_assert!(scan(&bytes).is_err());
    }
}

/// A million arrays inside each other are refused on a stack that a few hundred calls would overflow.
#[test]
fn depth_bombs_are_refused_in_constant_stack() {
    let refuse = || {
        let bomb = vec![0x81; 1_000_000];
        assert_eq!(scan(&bomb), Err(CodecError::TooDeep));
        assert_eq!(decode_value(&bomb), Err(CodecError::TooDeep));
        assert_eq!(decode_ops(&bomb), Err(CodecError::TooDeep));
        assert_eq!(check_ops(&bomb, 1), Err(CodecError::TooDeep));
        assert_eq!(Header::from_bytes(&bomb), Err(CodecError::TooDeep));
        assert!(Entry::from_bytes(&bomb).is_err());
    };
    let small = std::thread::Builder::new().stack_size(64 * 1024);
    small.spawn(refuse).expect("a thread can be started").join().expect("nothing overflows");
}

/// The same where an envelope is expected: its wrapping is read by a library, which must not recurse without end.
#[test]
fn depth_bombs_for_envelopes_are_refused() {
    for head in [&[][..], &[0xd2], &[0xd2, 0x84, 0x40], &[0xd2, 0x84, 0x40, 0xa1, 0x01]] {
        let bomb = [head, &vec![0x81; 1_000_000]].concat();
        let refused = Envelope::parse(EnvelopeKind::Segment, &bomb).expect_err("a bomb is no envelope");
        assert_eq!(refused.code(), "bad_envelope");
    }
}
