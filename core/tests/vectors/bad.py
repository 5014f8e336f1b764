"""The bad vectors: each has one thing wrong, is named after it, and carries the code it must be refused with."""

from __future__ import annotations

from typing import Any, Optional, Sequence

import cbor
import cose
import ed25519
import forms
import log
import packing
import world
from forms import Meaning
from world import CHAIN, ORG, PATROL_KEY, PHONE_KEY, PHONE_LOG, SERVER_KEY, SITE, T0, Chain, Key

Family = dict[str, Any]


def families() -> dict[str, Family]:
    """All bad families by file name."""
    return {
        "bad_cbor.json": {"about": "Section 1. `repeat` stands for bytes written that many times.", "vectors": cbor_vectors()},
        "bad_envelopes.json": {"about": "Sections 2, 5 and 6, for the organisation `org`.", "org": ORG, "vectors": envelope_vectors()},
        "bad_segments.json": {
            "about": "Section 4: refused as what follows `prev` in this chain.",
            "org": ORG, "site": SITE, "chain": CHAIN, "device_certificate": PHONE_KEY.certificate, "public_key": PHONE_KEY.public,
            "vectors": segment_vectors(),
        },
        "bad_certificates.json": {
            "about": "Section 2.1: the last of `certificates` is refused, the others lead to it from the root key.",
            "org": ORG, "root_key": world.ROOT_KEY.public, "vectors": trust_vectors(),
        },
        "bad_statements.json": {
            "about": "Section 6: statements that do not belong to the entry that carries them, in the phone's chain.",
            "org": ORG, "site": SITE, "chain": CHAIN, "device_certificate": PHONE_KEY.certificate, "vectors": carried_vectors(),
        },
        "bad_packed.json": {"about": "Section 7: bodies for the header of `segment` in segments.json.", "vectors": packed_vectors()},
    }  # fmt: skip


def cbor_vectors() -> list[Meaning]:
    """Everything that section 1 excludes."""
    cases: dict[str, Any] = {
        "empty_input": "", "integer_not_shortest_one_byte": "1805", "integer_not_shortest_two_bytes": "190018",
        "integer_not_shortest_four_bytes": "1a0000ffff", "integer_not_shortest_eight_bytes": "1b00000000ffffffff",
        "negative_integer_not_shortest": "3805", "integer_two_to_the_63": "1b8000000000000000",
        "integer_below_minus_two_to_the_63": "3b8000000000000000", "byte_length_not_shortest": "580161",
        "text_length_not_shortest": "780161", "array_length_not_shortest": "980100", "trailing_byte": "0000",
        "two_items": "8000", "truncated_integer": "19", "truncated_bytes": "41", "truncated_array": "8200",
        "indefinite_array": "9f00ff", "indefinite_text": "7f6161ff", "indefinite_bytes": "5f4161ff", "break_alone": "ff",
        "empty_map": "a0", "map": "a10102", "indefinite_map": "bfff", "half_float": "f93c00", "single_float": "fa3f800000",
        "double_float": "fb3ff0000000000000", "tag": "c100", "tag_inside": "81c100", "bignum": "c2410a", "undefined": "f7",
        "unassigned_simple": "e0", "simple_value_in_two_bytes": "f820", "null_in_two_bytes": "f816", "reserved_length": "1c",
        "reserved_length_of_array": "9d", "text_with_nul": "6100", "text_with_carriage_return": "610d",
        "text_with_escape": "611b", "text_with_unit_separator": "611f", "invalid_utf8_lone_continuation": "6180",
        "invalid_utf8_overlong": "62c080", "invalid_utf8_surrogate": "63eda080", "invalid_utf8_beyond_the_last": "64f4908080",
        "invalid_utf8_truncated": "62e580", "array_length_beyond_the_input": "9b7fffffffffffffff",
        "byte_length_beyond_the_input": "5b7fffffffffffffff", "largest_byte_length": "5bffffffffffffffff",
        "too_many_members": ["991001", {"repeat": ["00", 4097]}], "text_too_long": ["794001", {"repeat": ["61", 16_385]}],
        "bytes_too_long": ["5a00010001", {"repeat": ["61", 65_537]}],
    }  # fmt: skip
    deep: dict[str, Any] = {
        "seventeen_arrays_deep": [{"repeat": ["81", 16]}, "80"],
        "seventeen_arrays_deep_second_member": ["8200", {"repeat": ["81", 15]}, "80"],
        "a_million_arrays_deep": {"repeat": ["81", 1_000_000]},
    }
    return [{"name": name, "code": "not_canonical", "bytes": parts} for name, parts in cases.items()] + [
        {"name": name, "code": "too_deep", "bytes": parts} for name, parts in deep.items()
    ]


CHECKPOINT: Meaning = {"v": 1, "org": ORG, "site": SITE, "epoch": 1, "size": 0, "root": b"\x01" * 32, "time_ms": T0}
TYPE = "dutylog-checkpoint"


def envelope_vectors() -> list[Meaning]:
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
        "protected_with_a_fourth_key": b"\xa4" + alg + kid + type_ + b"\x18\x20\x00", "protected_key_twice": b"\xa4" + alg + alg + kid + type_,
        "protected_trailing_byte": b"\xa3" + alg + kid + type_ + b"\x00", "kid_missing": b"\xa2" + alg + type_,
        "type_missing": b"\xa2" + alg + kid, "alg_missing": b"\xa2" + kid + type_, "alg_a_text": b"\xa3\x01\x65EdDSA" + kid + type_,
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
        _envelope(name, "bad_signature", cose.assemble(good.protected, good.payload, signature)) for name, signature in signatures.items()
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
        "key_not_on_the_curve": next(n for n in (y.to_bytes(32, "little") for y in range(2, 99)) if ed25519.decompress(n) is None),
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
    members = log.CHECKPOINT.write(CHECKPOINT)
    deep: cbor.Value = []
    for _ in range(15):
        deep = [deep]
    cases: dict[str, tuple[str, bytes]] = {
        "payload_not_canonical": ("not_canonical", _checkpoint().replace(b"\x01\x00\x58\x20", b"\x01\x18\x00\x58\x20")),
        "payload_with_a_trailing_byte": ("not_canonical", _checkpoint() + b"\x00"),
        "payload_too_deep": ("too_deep", cbor.encode(members + [[deep]])),
        "payload_empty": ("not_canonical", b""),
        "payload_not_an_array": ("bad_envelope", b"\x01"),
        "payload_a_member_short": ("bad_envelope", cbor.encode(members[:-1])),
        "payload_of_version_two": ("bad_envelope", cbor.encode([2, *members[1:]])),
        "payload_names_another_organisation": ("bad_envelope", _checkpoint(org=world.OTHER_ORG)),
        "payload_root_of_31_bytes": ("bad_envelope", _checkpoint(root=bytes(31))),
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
    cases = {
        "statement_of_another_entry": (8, "round", []), "statement_details_missing": (9, "session", []),
        "statement_decision_unknown": (9, "handover", [0, 3, "", None]), "statement_purpose_not_a_text": (9, 7, []),
    }  # fmt: skip
    vectors = []
    for name, (seq, purpose, details) in cases.items():
        envelope = world.statement(PATROL_KEY, purpose, digest, CHAIN, seq, details)  # type: ignore[arg-type]
        vectors.append(_envelope(name, "bad_envelope", envelope, "statement", PATROL_KEY, **place))
    moved = world.statement(PATROL_KEY, "round", digest, world.CHAIN_B, 9, [])
    return vectors + [_envelope("statement_of_another_chain", "bad_envelope", moved, "statement", PATROL_KEY, **place)]


CHAIN_AT_4 = Chain(CHAIN, PHONE_KEY, PHONE_LOG.segments[:2])
CHAIN_AT_1 = Chain(CHAIN, PHONE_KEY)


def _entries(first: int, count: int, **changes: Any) -> list[bytes]:
    plain = {"author": None, "session": 0}
    return [world.entry_bytes(world.entry_meaning(seq, 1, [], **plain) | changes) for seq in range(first, first + count)]


def _segment(
    name: str,
    code: str,
    entries: Sequence[bytes],
    shown: Optional[Sequence[bytes]] = None,
    at: Chain = CHAIN_AT_4,
    payload: Optional[bytes] = None,
    **changes: Any,
) -> Meaning:
    """A segment signed over `entries`, presented with `shown` after the last one of `at`."""
    forged = at.forge(name, entries, **changes)
    envelope = forged.envelope if payload is None else PHONE_KEY.sign("segment", payload)
    shown = entries if shown is None else shown
    return {"name": name, "code": code, "prev": at.prev, "first": at.next_seq, "envelope": envelope, "entries": list(shown)}


def trust_vectors() -> list[Meaning]:
    """Certificates whose signer may not sign them."""
    root, issuing, phone, lead = world.ROOT_KEY, world.ISSUING_KEY, PHONE_KEY, world.LEAD_KEY
    person = {"holder": world.PHONE}
    provisional = person | {"provisional": True}
    cases: dict[str, tuple[list[Key], Key, int, Meaning]] = {
        "issuing_key_by_an_issuing_key": ([issuing], issuing, log.ROLE_ISSUING, {}),
        "phone_by_the_root_key": ([], root, log.ROLE_PHONE, {}),
        "phone_by_a_phone": ([issuing, phone], phone, log.ROLE_PHONE, {}),
        "phone_by_a_person": ([issuing, lead], lead, log.ROLE_PHONE, {}),
        "server_log_key_by_a_phone": ([issuing, phone], phone, log.ROLE_SERVER, {}),
        "person_by_a_person_not_provisional": ([issuing, lead], lead, log.ROLE_PERSON, person),
        "provisional_person_by_a_phone": ([issuing, phone], phone, log.ROLE_PERSON, provisional),
        "provisional_person_by_a_person_of_another_site": ([issuing, lead], lead, log.ROLE_PERSON, provisional | {"site": world.OTHER_SITE}),
        "phone_by_a_stranger": ([issuing], Key("stranger"), log.ROLE_PHONE, {}),
    }  # fmt: skip
    return [
        {"name": name, "code": "bad_signature"}
        | {"certificates": [key.certificate for key in path] + [world.certify(signer, "subject", role, world.ident("subject"), **changes).certificate]}
        for name, (path, signer, role, changes) in cases.items()
    ]  # fmt: skip


def carried_vectors() -> list[Meaning]:
    """Entries that carry a statement which is not theirs to carry."""
    patrol, lead, newcomer, t_ms = world.PATROL, world.LEAD, world.NEWCOMER, T0 + 60_000
    ours = log.session_digest(SITE, world.PHONE, patrol, t_ms)
    digests = {
        "session_of_another_site": log.session_digest(world.OTHER_SITE, world.PHONE, patrol, t_ms),
        "session_of_another_device": log.session_digest(SITE, world.PHONE_B, patrol, t_ms),
        "session_of_another_person": log.session_digest(SITE, world.PHONE, lead, t_ms),
        "session_at_another_time": log.session_digest(SITE, world.PHONE, patrol, t_ms + 1),
    }
    vectors = [_carried(name, PATROL_KEY, patrol, digest) for name, digest in digests.items()]
    return vectors + [
        _carried("by_another_person_than_the_author", world.LEAD_KEY, patrol, ours),
        _carried("by_a_person_where_there_is_no_author", PATROL_KEY, None, ours),
        _carried("by_a_key_of_another_device", world.NEWCOMER_KEY, newcomer, log.session_digest(SITE, world.PHONE, newcomer, t_ms)),
        _carried("by_the_device_itself", PHONE_KEY, world.PHONE, log.session_digest(SITE, world.PHONE, world.PHONE, t_ms)),
    ]


def _carried(name: str, key: Key, author: Optional[bytes], digest: bytes) -> Meaning:
    envelope = world.statement(key, "session", digest, CHAIN, 1, ["pin"])
    entry = world.entry_bytes(world.entry_meaning(1, 1, [], author=author, statement=envelope))
    return {"name": name, "code": "bad_envelope", "signer_certificate": key.certificate, "entry": entry}


def segment_vectors() -> list[Meaning]:
    """Segments whose header, entries or place in the chain is wrong."""
    return [*_segment_entries(), *_segment_headers(), *_segment_links(), *_segment_entry_forms()]


def _segment_entries() -> list[Meaning]:
    three = _entries(4, 3)
    changed = _entries(4, 3, kind=2)
    return [
        _segment("entry_changed", "bad_segment", three, [three[0], changed[1], three[2]]),
        _segment("entry_missing", "bad_segment", three, three[:2]),
        _segment("entry_added", "bad_segment", three, [*three, *_entries(7, 1)]),
        _segment("entries_swapped", "bad_segment", three, [three[1], three[0], three[2]]),
        _segment("entry_twice", "bad_segment", [three[0], three[0], three[1]]),
        _segment("entry_number_skipped", "bad_segment", [three[0], three[2]]),
        _segment("entry_numbers_do_not_start_at_first", "bad_segment", _entries(5, 2)),
        _segment("root_of_no_entries", "bad_segment", three, root=world.sha256(b"")),
    ]


def _segment_headers() -> list[Meaning]:
    three = _entries(4, 3)
    clock = world.header_meaning(CHAIN, bytes(32), 4, [])["clock"]
    heads = sorted(world.ident(f"head {n}") for n in range(33))
    seen = [{"chain": chain, "seq": 1, "segment": bytes(32)} for chain in heads]
    header = CHAIN_AT_4.forge("", three).header_bytes
    return [
        _segment("count_zero", "bad_segment", []),
        _segment("count_257", "bad_segment", _entries(4, 257)),
        _segment("first_zero", "bad_segment", _entries(1, 1), at=CHAIN_AT_1, first=0),
        _segment("quality_four", "bad_segment", three, clock=clock | {"quality": 4}),
        _segment("seen_33_heads", "bad_segment", three, seen=seen),
        _segment("seen_not_sorted", "bad_segment", three, seen=seen[1::-1]),
        _segment("seen_one_head_twice", "bad_segment", three, seen=[seen[0], seen[0]]),
        _segment("of_another_site", "bad_segment", three, site=world.OTHER_SITE),
        _segment("of_another_organisation", "bad_segment", three, org=world.OTHER_ORG),
        _segment("of_another_chain", "bad_segment", three, chain=world.CHAIN_B),
        _segment("of_version_two", "bad_segment", three, payload=cbor.encode([2, *cbor.decode(header)[1:]])),  # type: ignore[index]
        _segment("header_a_member_short", "bad_segment", three, payload=cbor.encode(cbor.decode(header)[:-1])),  # type: ignore[index]
        _segment("header_not_canonical", "not_canonical", three, payload=b"\x8c\x18\x01" + header[2:]),
    ]


def _segment_links() -> list[Meaning]:
    one, three = _entries(1, 1), _entries(4, 3)
    other_genesis = log.genesis(world.PHONE_B_KEY.certificate or b"", SITE, CHAIN)
    return [
        _segment("prev_of_the_segment_before_last", "broken_link", three, prev=PHONE_LOG.segments[0].id),
        _segment("prev_zero", "broken_link", three, prev=bytes(32)),
        _segment("prev_genesis_in_mid_chain", "broken_link", three, prev=CHAIN_AT_1.prev),
        _segment("genesis_of_another_certificate", "broken_link", one, at=CHAIN_AT_1, prev=other_genesis),
        _segment("gap_before_first", "broken_link", _entries(5, 1), first=5),
        _segment("first_already_held", "broken_link", _entries(3, 1), first=3),
    ]


def _segment_entry_forms() -> list[Meaning]:
    record = world.ident("record")
    twice = forms.encode(log.OPS, [world.write_op(0, 1, 1, member=2), world.write_op(0, 1, 2, member=2)])
    cites = [{"chain": CHAIN, "seq": n + 1, "mark": bytes(8)} for n in range(33)]
    changes: dict[str, Meaning] = {
        "entry_number_zero": {"seq": 0}, "entry_of_17_records": {"records": [world.ident(f"record {n}") for n in range(17)]},
        "entry_names_a_record_twice": {"records": [record, record]}, "entry_session_later_than_itself": {"session": 5},
        "entry_author_of_15_bytes": {"author": bytes(15)}, "operation_on_a_record_not_named": {"ops": b"\x81\x84\x01\x00\x01\x01"},
        "one_member_written_twice": {"ops": twice, "records": [record]},
        "write_with_33_citations": {"ops": forms.encode(log.OPS, [world.write_op(0, 1, 1, cites=cites)]), "records": [record]},
        "operation_without_value": {"ops": b"\x81\x83\x01\x00\x01", "records": [record]},
        "member_of_seven_bytes": {"ops": forms.encode(log.OPS, [world.write_op(0, 1, 1, member={"hex": bytes(7)})]), "records": [record]},
    }  # fmt: skip
    vectors = [_segment(name, "bad_segment", _entries(4, 1, **change)) for name, change in changes.items()]
    entry = _entries(4, 1)[0]
    assert entry[:2] == b"\x89\x04"
    vectors.append(_segment("entry_not_canonical", "not_canonical", [b"\x89\x18\x04" + entry[2:]]))
    vectors.append(_segment("entry_with_a_trailing_byte", "not_canonical", [entry + b"\x00"]))
    vectors.append(_segment("entry_a_member_short", "bad_segment", [cbor.encode(cbor.decode(entry)[:-1])]))  # type: ignore[index]
    vectors.append(_segment("operations_not_canonical", "not_canonical", _entries(4, 1, ops=b"\x98\x00")))
    vectors += [_long_entry("operations_beyond_48_kib", 48 * 1024 + 1, 0), _long_entry("entry_beyond_64_kib", 48 * 1024, 64 * 1024 + 1)]
    deep = b"\x81" * 16 + b"\x80"
    return vectors + [_segment("operations_too_deep", "too_deep", _entries(4, 1, ops=deep))]


def _long_entry(name: str, ops_size: int, entry_size: int) -> Meaning:
    entry = world.long_entry(4, ops_size, entry_size)
    return _segment(name, "bad_segment", [entry]) | {"entries": [world.with_repeats(entry)]}


TIME, WHO, RECORDS, KIND, LENGTH, OPS, STATEMENT = range(7)


def packed_vectors() -> list[Meaning]:
    """Bodies that do not unpack, made from the columns of a good one."""
    segment = PHONE_LOG.segments[2]
    known = [log.read_entry(entry) for entry in segment.entries]
    good = packing.columns(segment.header, known)
    body = packing.join(good)
    cases = {
        "body_empty": b"", "body_truncated": body[:-1], "body_of_one_column": packing.join(good[:1]), "body_of_six_columns": packing.join(good[:6]),
        "byte_after_the_last_column": body + b"\x00", "column_longer_than_the_body": b"\x7f" + body[1:],
        "column_length_overflow": b"\xff" * 9 + b"\x01" + body[1:], "column_length_of_eleven_bytes": b"\xff" * 10 + b"\x01" + body[1:],
        "plain_body_truncated": b"\x00" + packing.join(segment.entries)[:-1], "plain_body_an_entry_short": b"\x00" + packing.join(segment.entries[:-1]),
        "plain_body_with_a_byte_left_over": b"\x00" + packing.join(segment.entries) + b"\x00",
    }  # fmt: skip
    for name, (column, data) in _column_changes(good).items():
        cases[name] = packing.join([*good[:column], data, *good[column + 1 :]])
    return [{"name": name, "code": "bad_packing", "segment": segment.name, "body": data} for name, data in cases.items()]


def _column_changes(good: list[bytes]) -> dict[str, tuple[int, bytes]]:
    author = b"\x01" + world.PATROL
    largest = packing.varint(2**63 - 1)
    over = packing.varint(2**63)
    names = {
        "time": TIME, "who": WHO, "records": RECORDS, "kind": KIND, "ops_length": LENGTH, "ops": OPS, "statement": STATEMENT
    }  # fmt: skip
    changes = {f"{name}_with_a_byte_left_over": (column, good[column] + b"\x00") for name, column in names.items()}
    changes |= {f"{name}_truncated": (column, good[column][:-1]) for name, column in names.items()}
    return changes | {
        "varint_of_eleven_bytes": (TIME, b"\x80" * 10 + b"\x00" + good[TIME][1:]),
        "varint_beyond_64_bits": (TIME, b"\xff" * 9 + b"\x02" + good[TIME][1:]),
        "varint_not_shortest": (KIND, b"\x94\x00" + good[KIND][1:]),
        "who_run_of_no_entries": (WHO, b"\x00\x00\x00\x00" + good[WHO]),
        "who_run_too_long": (WHO, b"\x04" + author + b"\x01\x00"),
        "who_run_of_the_largest_length": (WHO, largest + author + b"\x01\x00"),
        "who_author_mark_of_two": (WHO, b"\x03\x02" + world.PATROL + b"\x01\x00"),
        "who_boot_mark_of_two": (WHO, b"\x03" + author + b"\x01\x02" + world.BOOT),
        "who_session_beyond_63_bits": (WHO, b"\x03" + author + over + b"\x00"),
        "kind_beyond_63_bits": (KIND, over + good[KIND][1:]),
        "record_index_out_of_range": (RECORDS, b"\x03\x02\x00\x00"),
        "record_index_one_past_the_last": (RECORDS, b"\x04\x01\x03\x00\x00"),
        "records_seventeen": (RECORDS, b"\x13" + b"\x01" * 17 + b"\x00\x00"),
        "records_of_the_largest_length": (RECORDS, largest),
        "ops_length_beyond_the_column": (LENGTH, b"\xff\x7f" + good[LENGTH][1:]),
        "statement_after_more_entries_than_there_are": (STATEMENT, b"\x04"),
        "statement_longer_than_the_column": (STATEMENT, b"\x02\x05\x00"),
        "statement_count_after_the_last": (STATEMENT, b"\x02\x01\x80\x00"),
    }
