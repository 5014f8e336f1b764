//! What the libraries underneath do by themselves, beside what the log does: the reason for its own checks. An upgrade that
//! changes one of these must be noticed here, and thought through.

use dutylog_core::log::{CodecError, PublicKey, Reader, SealError, Signature, decode_value, scan};
use ed25519_dalek::{Signature as BareSignature, Verifier as _, VerifyingKey};
use minicbor::Decoder;

fn refused(bytes: &[u8]) -> bool {
    let scanned = scan(bytes);
    assert_eq!(decode_value(bytes).map(|_| ()), scanned);
    matches!(scanned, Err(CodecError::NotCanonical { .. }))
}

/// F7: a CBOR decoder reads numbers and lengths that are longer than needed.
#[test]
fn a_bare_decoder_accepts_longer_forms_and_the_log_does_not() {
    let five: [&[u8]; 4] = [&[0x18, 5], &[0x19, 0, 5], &[0x1a, 0, 0, 0, 5], &[0x1b, 0, 0, 0, 0, 0, 0, 0, 5]];
    for long in five {
        assert_eq!(Decoder::new(long).u64().expect("lenient"), 5);
        assert!(refused(long), "{long:02x?}");
    }
    assert_eq!(Decoder::new(&[0x58, 1, 0x61]).bytes().expect("lenient"), b"a");
    assert!(refused(&[0x58, 1, 0x61]));
    assert_eq!(Decoder::new(&[0x98, 0]).array().expect("lenient"), Some(0));
    assert!(refused(&[0x98, 0]));
}

/// F7: and it leaves what follows unread.
#[test]
fn a_bare_decoder_accepts_trailing_bytes_and_the_log_does_not() {
    assert_eq!(Decoder::new(&[5, 0]).u64().expect("lenient"), 5);
    assert!(refused(&[5, 0]));
    assert!(Reader::new(&[5, 0]).is_err());
}

/// F8: under a key of small order one fixed signature passes for every message.
#[test]
fn a_bare_verification_accepts_one_signature_for_all_messages_and_the_log_does_not() {
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&identity);
    let bare = VerifyingKey::from_bytes(&identity).expect("a point");
    for message in [&b"pump checked"[..], b"pump not checked", b""] {
        let forged = BareSignature::from_bytes(&signature);
        bare.verify(message, &forged).expect("lenient");
        bare.verify_strict(message, &forged).expect_err("strict");
        assert_eq!(PublicKey(identity).verify(message, &Signature(signature)), Err(SealError::WeakKey));
    }
    assert!(PublicKey(identity).is_weak());
}

/// F8, its neighbour: a key may be written in a second way, and the bare library takes it for the same key.
#[test]
fn a_bare_library_accepts_a_second_encoding_of_a_key_and_the_log_does_not() {
    // y = p + 1 stands for y = 1, the identity; y = p + 3 for y = 3, a key of large order.
    for offset in [1_u8, 3] {
        let mut second = [0xff; 32];
        (second[0], second[31]) = (0xed + offset, 0x7f);
        let bare = VerifyingKey::from_bytes(&second).expect("lenient");
        let mut first = [0; 32];
        first[0] = offset;
        assert_eq!(bare.to_edwards(), VerifyingKey::from_bytes(&first).expect("a point").to_edwards());
        assert!(PublicKey(second).is_weak(), "p + {offset}");
    }
    let mut three = [0; 32];
    three[0] = 3;
    assert!(!PublicKey(three).is_weak(), "the canonical encoding of that key is fine");
}
