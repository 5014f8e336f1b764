"""Bad packed bodies (log-format.md, section 7)."""

from __future__ import annotations

import log
import packing
import world
from forms import Meaning
from world import PHONE_LOG

TIME, WHO, RECORDS, KIND, LENGTH, OPS, STATEMENT = range(7)


def vectors() -> list[Meaning]:
    """Bodies that do not unpack, made from the columns of a good one."""
    segment = PHONE_LOG.segments[2]
    known = [log.read_entry(entry) for entry in segment.entries]
    good = packing.columns(segment.header, known)
    body = packing.join(good)
    cases = {
        "body_empty": b"", "body_truncated": body[:-1], "body_of_one_column": packing.join(good[:1]),
        "body_of_six_columns": packing.join(good[:6]),
        "byte_after_the_last_column": body + b"\x00", "column_longer_than_the_body": b"\x7f" + body[1:],
        "column_length_overflow": b"\xff" * 9 + b"\x01" + body[1:],
        "column_length_of_eleven_bytes": b"\xff" * 10 + b"\x01" + body[1:],
        "plain_body_truncated": b"\x00" + packing.join(segment.entries)[:-1],
        "plain_body_an_entry_short": b"\x00" + packing.join(segment.entries[:-1]),
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
        "who_author_mark_of_two_without_author": (WHO, b"\x03\x02\x01\x00"),
        "who_boot_mark_of_two_without_boot": (WHO, b"\x03" + author + b"\x01\x02"),
        "who_boot_mark_of_two": (WHO, b"\x03" + author + b"\x01\x02" + world.BOOT),
        "who_session_beyond_63_bits": (WHO, b"\x03" + author + over + b"\x00"),
        "kind_beyond_16_bits": (KIND, packing.varint(2**16) + good[KIND][1:]),
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
