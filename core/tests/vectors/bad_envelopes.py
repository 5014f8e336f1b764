"""Bad envelopes: wrapping, protected header, signature, key or payload (log-format.md, sections 2, 5 and 6)."""

from __future__ import annotations

from typing import Any, Optional

import cbor
import cose
import ed25519
import forms
import log
import world
from forms import Meaning
from world import CHAIN, ORG, PATROL_KEY, PHONE_KEY, SERVER_KEY, SITE, T0, Key

CHECKPOINT: Meaning = {"v": 1, "org": ORG, "site": SITE, "epoch": 1, "size": 0, "root": b"\x01" * 32, "time_ms": T0}
TYPE = "dutylog-checkpoint"


def vectors() -> list[Meaning]:
    """Envelopes whose wrapping, header, signature, key or payload is wrong."""
    return [*_wrappings(), *_headers(), *_signatures(), *_weak_keys(), *_payloads(), *_certificates(), *_statements()]


def _envelope(name: str, code: str, envelope: bytes, type_: str = "checkpoint", signer: Any = SERVER_KEY, **more: Any) -> Meaning:
    vector = {"name": name, "code": code, "type": f"dutylog-{type_}", "public_key": signer.public, "kid": signer.kid}
    return vector | more | {"envelope": envelope}


def _checkpoint(**changes: Any) -> bytes:
    return forms.encode(log.CHECKPOINT, CHECKPOINT | changes)


def _signed(protected: bytes, payload: bytes, key: Key = SERVER_KEY, aad_type: str = TYPE, org: bytes = ORG) -> bytes:
    signature = ed25519.sign(world.seed(key.name), cose.to_be_signed(aad_type, org, protected, payload))
    return cose.assemble(protected, payload, signature)


def _wrappings() -> list[Meaning]:
    good = SERVER_KEY.sign("checkpoint", _checkpoint())
    parts = cose.parse(good)
    protected, payload, signature = map(cbor.encode, (parts.protected, parts.payload, parts.signature))
    long_payload = b"\x59\x00" + payload[1:]
    assert payload[0] == 0x58
    cases = {
        "empty": b"", "no_tag": good[1:], "tag_of_cose_sign": b"\xd8\x62" + good[1:], "tag_not_shortest": b"\xd8\x12" + good[1:],
        "trailing_byte": good + b"\x00", "truncated": good[:-1], "indefinite_array": b"\xd2\x9f" + good[2:] + b"\xff",
        "three_members": b"\xd2\x83" + protected + b"\xa0" + payload, "five_members": b"\xd2\x85" + good[2:] + b"\xf6",
        "unprotected_not_empty": b"\xd2\x84" + protected + b"\xa1\x18\x63\x00" + payload + signature,
        "unprotected_an_array": b"\xd2\x84" + protected + b"\x80" + payload + signature,
        "unprotected_indefinite": b"\xd2\x84" + protected + b"\xbf\xff" + payload + signature,
        "protected_a_map": b"\xd2\x84" + parts.protected + b"\xa0" + payload + signature,
        "payload_detached": b"\xd2\x84" + protected + b"\xa0\xf6" + signature,
        "payload_length_not_shortest": b"\xd2\x84" + protected + b"\xa0" + long_payload + signature,
        "signature_of_63_bytes": b"\xd2\x84" + protected + b"\xa0" + payload + cbor.encode(parts.signature[:63]),
        "signature_of_65_bytes": b"\xd2\x84" + protected + b"\xa0" + payload + cbor.encode(parts.signature + b"\x00"),
    }  # fmt: skip
    return [_envelope(name, "bad_envelope", envelope) for name, envelope in cases.items()]


def _headers() -> list[Meaning]:
    alg, kid, type_ = b"\x01\x32", b"\x04" + cbor.encode(SERVER_KEY.kid), b"\x10" + cbor.encode(TYPE)
    forms_ = {
        "protected_empty": b"", "protected_empty_map": b"\xa0", "protected_keys_in_other_order": b"\xa3" + kid + alg + type_,
        "protected_with_a_fourth_key": b"\xa4" + alg + kid + type_ + b"\x18\x20\x00",
        "protected_key_twice": b"\xa4" + alg + alg + kid + type_,
        "protected_trailing_byte": b"\xa3" + alg + kid + type_ + b"\x00", "kid_missing": b"\xa2" + alg + type_,
        "type_missing": b"\xa2" + alg + kid, "alg_missing": b"\xa2" + kid + type_,
        "alg_a_text": b"\xa3\x01\x65EdDSA" + kid + type_,
        "alg_null": b"\xa3\x01\xf6" + kid + type_, "alg_not_shortest": b"\xa3\x01\x38\x12" + kid + type_,
        "kid_of_seven_bytes": b"\xa3" + alg + b"\x04" + cbor.encode(SERVER_KEY.kid[:7]) + type_,
        "kid_of_another_key": cose.protected_header(TYPE, PHONE_KEY.kid),
    }  # fmt: skip
    payload = _checkpoint()
    vectors = [_envelope(name, "bad_envelope", _signed(protected, payload)) for name, protected in forms_.items()]
    for name, number in {"alg_eddsa_minus_8": -8, "alg_es256": -7, "alg_zero": 0, "alg_ed448": -53}.items():
        protected = cose.protected_header(TYPE, SERVER_KEY.kid, number)
        vectors.append(_envelope(name, "wrong_suite", _signed(protected, payload)))
    for name, other in {"type_of_a_receipt": "dutylog-receipt", "type_unknown": "dutylog-chekpoint", "type_empty": ""}.items():
        protected = cose.protected_header(other, SERVER_KEY.kid)
        vectors.append(_envelope(name, "bad_envelope", _signed(protected, payload, aad_type=other)))
    return vectors


def _flip(data: bytes, bit: int) -> bytes:
    return (int.from_bytes(data, "little") ^ 1 << bit).to_bytes(len(data), "little")


def _signatures() -> list[Meaning]:
    good = cose.parse(SERVER_KEY.sign("checkpoint", _checkpoint()))
    r, s = good.signature[:32], int.from_bytes(good.signature[32:], "little")
    message = cose.to_be_signed(TYPE, ORG, good.protected, good.payload)
    identity = ed25519.compress(ed25519.IDENTITY)
    k = ed25519.challenge(identity, SERVER_KEY.public, message)
    secret_only = k * ed25519.secret_scalar(world.seed(SERVER_KEY.name)) % ed25519.L
    signatures = {
        "signature_bit_flipped_in_r": _flip(good.signature, 3), "signature_bit_flipped_in_s": _flip(good.signature, 259),
        "signature_s_not_reduced": r + (s + ed25519.L).to_bytes(32, "little"), "signature_of_zeros": bytes(64),
        "signature_r_of_small_order": identity + secret_only.to_bytes(32, "little"),
        "signature_by_another_key": ed25519.sign(world.seed("stranger"), message),
    }  # fmt: skip
    vectors = [
        _envelope(name, "bad_signature", cose.assemble(good.protected, good.payload, signature))
        for name, signature in signatures.items()
    ]
    changed = cose.assemble(good.protected, _checkpoint(time_ms=T0 + 1), good.signature)
    other_aad = {
        "payload_changed": changed,
        "aad_of_another_organisation": _signed(good.protected, good.payload, org=world.OTHER_ORG),
        "aad_of_another_type": _signed(good.protected, good.payload, aad_type="dutylog-receipt"),
        "aad_missing_organisation": _signed(good.protected, good.payload, org=b""),
    }
    return vectors + [_envelope(name, "bad_signature", envelope) for name, envelope in other_aad.items()]


def _weak_keys() -> list[Meaning]:
    """F8: under these keys R = identity, S = 0 passes for every message if verification is not strict."""
    identity = ed25519.compress(ed25519.IDENTITY)
    order_8 = next(p for p in map(_torsion, range(2, 1000)) if p is not None)
    keys = {
        "key_is_the_identity": identity,
        "key_is_the_identity_not_canonical": (ed25519.P + 1).to_bytes(32, "little"),
        "key_of_order_two": (ed25519.P - 1).to_bytes(32, "little"),
        "key_of_order_four": bytes(32),
        "key_of_order_eight": order_8,
        "key_of_large_order_not_canonical": (ed25519.P + 3).to_bytes(32, "little"),
        "key_not_on_the_curve": next(
            n for n in (y.to_bytes(32, "little") for y in range(2, 99)) if ed25519.decompress(n) is None
        ),
    }
    vectors = []
    for name, public in keys.items():
        signer = log.PublicKey(public, log.root_kid(public))
        envelope = cose.assemble(cose.protected_header(TYPE, signer.kid), _checkpoint(), identity + bytes(32))
        vectors.append(_envelope(name, "weak_key", envelope, signer=signer))
    return vectors


def _torsion(y: int) -> Optional[bytes]:
    """A point of order exactly eight found from a y-coordinate, if it leads to one."""
    point = ed25519.decompress(y.to_bytes(32, "little"))
    torsion = point and ed25519.multiply(ed25519.L, point)
    if torsion is None or ed25519.compress(ed25519.multiply(4, torsion)) == ed25519.compress(ed25519.IDENTITY):
        return None
    return ed25519.compress(torsion)


def _payloads() -> list[Meaning]:
    members = forms.members(log.CHECKPOINT, CHECKPOINT)
    deep: cbor.Value = []
    for _ in range(15):
        deep = [deep]
    cases: dict[str, tuple[str, bytes]] = {
        "payload_not_canonical": ("not_canonical", _checkpoint().replace(b"\x01\x00\x58\x20", b"\x01\x18\x00\x58\x20")),
        "payload_with_a_trailing_byte": ("not_canonical", _checkpoint() + b"\x00"),
        "payload_too_deep": ("too_deep", cbor.encode([*members, [deep]])),
        "payload_empty": ("not_canonical", b""),
        "payload_not_an_array": ("bad_envelope", b"\x01"),
        "payload_a_member_short": ("bad_envelope", cbor.encode(members[:-1])),
        "payload_of_version_two": ("bad_envelope", cbor.encode([2, *members[1:]])),
        "payload_names_another_organisation": ("bad_envelope", _checkpoint(org=world.OTHER_ORG)),
        "payload_root_of_31_bytes": ("bad_envelope", _checkpoint(root=bytes(31))),
        "payload_epoch_beyond_32_bits": ("bad_envelope", _checkpoint(epoch=2**32)),
        "payload_size_negative": ("bad_envelope", _checkpoint(size=-1)),
    }
    return [_envelope(name, code, SERVER_KEY.sign("checkpoint", payload)) for name, (code, payload) in cases.items()]


def _certificates() -> list[Meaning]:
    phone, person, issuing = log.ROLE_PHONE, log.ROLE_PERSON, log.ROLE_ISSUING
    identity = ed25519.compress(ed25519.IDENTITY)
    cases: dict[str, tuple[str, int, Meaning]] = {
        "certificate_of_a_weak_key": ("weak_key", phone, {"public_key": identity}),
        "certificate_of_suite_two": ("wrong_suite", phone, {"suite": 2}),
        "certificate_of_another_organisation": ("bad_envelope", phone, {"org": world.OTHER_ORG}),
        "certificate_of_a_phone_without_site": ("bad_envelope", phone, {"site": None}),
        "certificate_of_a_phone_with_holder": ("bad_envelope", phone, {"holder": world.PHONE}),
        "certificate_of_a_phone_provisional": ("bad_envelope", phone, {"provisional": True}),
        "certificate_of_a_person_without_holder": ("bad_envelope", person, {}),
        "certificate_of_an_issuing_key_with_site": ("bad_envelope", issuing, {"site": SITE}),
        "certificate_with_a_key_of_31_bytes": ("bad_envelope", phone, {"public_key": bytes(31)}),
    }
    vectors = []
    for name, (code, role, changes) in cases.items():
        signer = world.ROOT_KEY if role == issuing else world.ISSUING_KEY
        certificate = world.certify(signer, "phone", role, world.PHONE, **changes).certificate
        vectors.append(_envelope(name, code, certificate or b"", "certificate", signer))
    return vectors


def _statements() -> list[Meaning]:
    digest = bytes(32)
    place = {"chain": CHAIN, "seq": 9}
    cases: dict[str, tuple[int, Any, Meaning]] = {
        "statement_of_another_entry": (8, "round", []), "statement_details_missing": (9, "session", []),
        "statement_decision_unknown": (9, "handover", [0, 3, "", None]), "statement_purpose_not_a_text": (9, 7, []),
    }  # fmt: skip
    vectors = []
    for name, (seq, purpose, details) in cases.items():
        envelope = world.statement(PATROL_KEY, purpose, digest, CHAIN, seq, details)
        vectors.append(_envelope(name, "bad_envelope", envelope, "statement", PATROL_KEY, **place))
    moved = world.statement(PATROL_KEY, "round", digest, world.CHAIN_B, 9, [])
    return vectors + [_envelope("statement_of_another_chain", "bad_envelope", moved, "statement", PATROL_KEY, **place)]
