"""Bad segments: header, entries or place in the chain (log-format.md, sections 3 and 4)."""

from __future__ import annotations

from typing import Any, Optional, Sequence

import cbor
import forms
import log
import merkle
import world
from forms import Meaning
from world import CHAIN, PHONE_KEY, PHONE_LOG, SITE, Chain

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


def vectors() -> list[Meaning]:
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
        _segment("root_of_no_entries", "bad_segment", three, root=merkle.root([])),
    ]


def _segment_headers() -> list[Meaning]:
    three = _entries(4, 3)
    clock = world.header_meaning(CHAIN, bytes(32), 4, [])["clock"]
    heads = sorted(world.ident(f"head {n}") for n in range(33))
    seen = [{"chain": chain, "seq": 1, "segment": bytes(32)} for chain in heads]
    forged = CHAIN_AT_4.forge("", three)
    header, members = forged.header_bytes, forms.members(log.SEGMENT, forged.header)
    longer_clock = [*members[:7], [*_list(members[7]), 0], *members[8:]]
    return [
        _segment("count_zero", "bad_segment", []),
        _segment("count_257", "bad_segment", _entries(4, 257)),
        _segment("count_below_the_entries", "bad_segment", three, count=2),
        _segment("count_above_the_entries", "bad_segment", three, count=4),
        _segment("first_zero", "bad_segment", _entries(1, 1), at=CHAIN_AT_1, first=0),
        _segment("quality_four", "bad_segment", three, clock=clock | {"quality": 4}),
        _segment("zone_beyond_32_bits", "bad_segment", three, clock=clock | {"tz_min": 2**31}),
        _segment("hybrid_counter_beyond_32_bits", "bad_segment", three, clock=clock | {"hlc_ctr": 2**32}),
        _segment("configuration_of_number_zero", "bad_segment", three, cfg={"chain": CHAIN, "seq": 0}),
        _segment("seen_of_number_zero", "bad_segment", three, seen=[seen[0] | {"seq": 0}]),
        _segment("clock_with_a_ninth_member", "bad_segment", three, payload=cbor.encode(longer_clock)),
        _segment("seen_33_heads", "bad_segment", three, seen=seen),
        _segment("seen_not_sorted", "bad_segment", three, seen=seen[1::-1]),
        _segment("seen_one_head_twice", "bad_segment", three, seen=[seen[0], seen[0]]),
        _segment("of_another_site", "bad_segment", three, site=world.OTHER_SITE),
        _segment("of_another_organisation", "bad_segment", three, org=world.OTHER_ORG),
        _segment("of_another_chain", "bad_segment", three, chain=world.CHAIN_B),
        _segment("of_version_two", "bad_segment", three, payload=cbor.encode([2, *members[1:]])),
        _segment("header_a_member_short", "bad_segment", three, payload=cbor.encode(members[:-1])),
        _segment("header_not_canonical", "not_canonical", three, payload=b"\x8c\x18\x01" + header[2:]),
    ]


def _list(value: cbor.Value) -> list[cbor.Value]:
    assert isinstance(value, list)
    return value


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
    zero = [{"chain": CHAIN, "seq": 0, "mark": bytes(8)}]
    longer_cite = cbor.encode([[0, 0, 1, None, 1, [[CHAIN, 1, bytes(8), 0]]]])
    short_member = forms.encode(log.OPS, [world.write_op(0, 1, 1, member={"hex": bytes(7)})])
    changes: dict[str, Meaning] = {
        "entry_number_zero": {"seq": 0}, "entry_of_17_records": {"records": [world.ident(f"record {n}") for n in range(17)]},
        "entry_names_a_record_twice": {"records": [record, record]}, "entry_session_later_than_itself": {"session": 5},
        "entry_author_of_15_bytes": {"author": bytes(15)},
        "operation_on_a_record_not_named": {"ops": b"\x81\x84\x01\x00\x01\x01"},
        "one_member_written_twice": {"ops": twice, "records": [record]},
        "write_with_33_citations": {"ops": forms.encode(log.OPS, [world.write_op(0, 1, 1, cites=cites)]), "records": [record]},
        "operation_of_no_members": {"ops": b"\x81\x80"}, "operation_not_an_array": {"ops": b"\x81\x01"},
        "operation_without_value": {"ops": b"\x81\x83\x01\x00\x01", "records": [record]},
        "entry_kind_beyond_16_bits": {"kind": 2**16},
        "field_beyond_16_bits": {"ops": forms.encode(log.OPS, [world.add_op(0, 2**16, 1)]), "records": [record]},
        "member_beyond_32_bits": {"ops": forms.encode(log.OPS, [world.write_op(0, 1, 1, member=2**32)]), "records": [record]},
        "citation_of_number_zero": {"ops": forms.encode(log.OPS, [world.write_op(0, 1, 1, cites=zero)]), "records": [record]},
        "citation_with_a_fourth_member": {"ops": longer_cite, "records": [record]},
        "member_of_seven_bytes": {"ops": short_member, "records": [record]},
    }  # fmt: skip
    vectors = [_segment(name, "bad_segment", _entries(4, 1, **change)) for name, change in changes.items()]
    entry = _entries(4, 1)[0]
    assert entry[:2] == b"\x89\x04"
    vectors.append(_segment("entry_not_canonical", "not_canonical", [b"\x89\x18\x04" + entry[2:]]))
    vectors.append(_segment("entry_with_a_trailing_byte", "not_canonical", [entry + b"\x00"]))
    vectors.append(_segment("entry_a_member_short", "bad_segment", [b"\x88" + entry[1:-1]]))
    vectors.append(_segment("operations_not_canonical", "not_canonical", _entries(4, 1, ops=b"\x98\x00")))
    vectors += [
        _long_entry("operations_beyond_48_kib", 48 * 1024 + 1, 0),
        _long_entry("entry_beyond_64_kib", 48 * 1024, 64 * 1024 + 1),
    ]
    deep = b"\x81" * 16 + b"\x80"
    return vectors + [_segment("operations_too_deep", "too_deep", _entries(4, 1, ops=deep))]


def _long_entry(name: str, ops_size: int, entry_size: int) -> Meaning:
    entry = world.long_entry(4, ops_size, entry_size)
    return _segment(name, "bad_segment", [entry]) | {"entries": [world.with_repeats(entry)]}
