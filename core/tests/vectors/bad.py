"""The bad vectors: each has one thing wrong, is named after it, and carries the code it must be refused with."""

from __future__ import annotations

from typing import Any

import bad_envelopes
import bad_packed
import bad_segments
import bad_trust
import world
from forms import Meaning
from world import CHAIN, ORG, PHONE_KEY, SITE

Family = dict[str, Any]


def families() -> dict[str, Family]:
    """All bad families by file name."""
    return {
        "bad_cbor.json": {"about": "Section 1. `repeat` stands for bytes written that many times.", "vectors": cbor_vectors()},
        "bad_envelopes.json": {
            "about": "Sections 2, 5 and 6, for the organisation `org`.", "org": ORG, "vectors": bad_envelopes.vectors()
        },
        "bad_segments.json": {
            "about": "Section 4: refused as what follows `prev` in this chain.",
            "org": ORG, "site": SITE, "chain": CHAIN, "device_certificate": PHONE_KEY.certificate, "public_key": PHONE_KEY.public,
            "vectors": bad_segments.vectors(),
        },
        "bad_certificates.json": {
            "about": "Section 2.1: the last of `certificates` is refused, the others lead to it from the root key.",
            "org": ORG, "root_key": world.ROOT_KEY.public, "vectors": bad_trust.certificate_vectors(),
        },
        "bad_statements.json": {
            "about": "Section 6: statements that do not belong to the entry that carries them, in the phone's chain.",
            "org": ORG, "site": SITE, "chain": CHAIN, "device_certificate": PHONE_KEY.certificate,
            "vectors": bad_trust.statement_vectors(),
        },
        "bad_packed.json": {
            "about": "Section 7: bodies for the header of `segment` in segments.json.", "vectors": bad_packed.vectors()
        },
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
