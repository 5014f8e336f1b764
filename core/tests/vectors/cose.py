"""The signed envelope: COSE_Sign1 in its one fixed profile (log-format.md, section 2)."""

from __future__ import annotations

from dataclasses import dataclass

import cbor
import ed25519
from refusal import Refusal, require

ALG_ED25519 = -19


@dataclass(frozen=True)
class Envelope:
    """The parts of an envelope whose form is right; nothing is verified yet."""

    protected: bytes
    alg: int
    kid: bytes
    type: str
    payload: bytes
    signature: bytes


def protected_header(type_: str, kid: bytes, alg: int = ALG_ED25519) -> bytes:
    """`{ 1: alg, 4: kid, 16: type }`, keys in this order."""
    return b"\xa3\x01" + cbor.encode(alg) + b"\x04" + cbor.encode(kid) + b"\x10" + cbor.encode(type_)


def to_be_signed(type_: str, org: bytes, protected: bytes, payload: bytes) -> bytes:
    """The Sig_structure with `external_aad = type ‖ "/v1" ‖ org`."""
    aad = type_.encode() + b"/v1" + org
    return cbor.encode(["Signature1", protected, aad, payload])


def assemble(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    """The tagged array of four."""
    return b"\xd2\x84" + cbor.encode(protected) + b"\xa0" + cbor.encode(payload) + cbor.encode(signature)


def sign(seed: bytes, kid: bytes, type_: str, org: bytes, payload: bytes) -> bytes:
    """A whole envelope."""
    protected = protected_header(type_, kid)
    signature = ed25519.sign(seed, to_be_signed(type_, org, protected, payload))
    return assemble(protected, payload, signature)


def parse(data: bytes) -> Envelope:
    """Takes an envelope apart, refusing every form but the one."""
    try:
        reader = cbor.Reader(data)
        reader.expect(b"\xd2\x84")
        protected = reader.bytes_item()
        reader.expect(b"\xa0")
        payload, signature = reader.bytes_item(), reader.bytes_item()
        reader.end()
        alg, kid, type_ = _parse_protected(protected)
    except Refusal as refusal:
        raise Refusal("bad_envelope", refusal.detail) from refusal
    require(len(signature) == 64, "bad_envelope", "signature is not 64 bytes")
    return Envelope(protected, alg, kid, type_, payload, signature)


def _parse_protected(data: bytes) -> tuple[int, bytes, str]:
    reader = cbor.Reader(data)
    reader.expect(b"\xa3\x01")
    alg = reader.item()
    reader.expect(b"\x04\x48")
    kid = reader.take(8)
    reader.expect(b"\x10")
    type_ = reader.item()
    reader.end()
    if type(alg) is not int or not isinstance(type_, str):
        raise Refusal("bad_envelope", "a protected value of another kind")
    return alg, kid, type_


def open_envelope(data: bytes, type_: str, org: bytes, public: bytes, kid: bytes) -> bytes:
    """The canonical payload of an envelope that the holder of `public` signed as `type_` for `org`."""
    envelope = parse(data)
    require(envelope.type == type_, "bad_envelope", f"a {envelope.type}, expected a {type_}")
    require(envelope.kid == kid, "bad_envelope", "names another key")
    require(envelope.alg == ALG_ED25519, "wrong_suite", f"alg {envelope.alg}")
    require(not ed25519.is_weak(public), "weak_key", "the signer's key is weak")
    signed = to_be_signed(type_, org, envelope.protected, envelope.payload)
    require(ed25519.verify_strict(public, signed, envelope.signature), "bad_signature", f"of the {type_}")
    cbor.decode(envelope.payload)
    return envelope.payload
