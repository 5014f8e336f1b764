"""Packed entries (log-format.md, section 7)."""

from __future__ import annotations

from itertools import groupby
from typing import Callable, Iterator, Optional, Sequence

import cbor
import forms
import log
from forms import Meaning
from refusal import require

TWO64 = 1 << 64
MAX_RECORDS = 16
MAX_KIND = 2**16 - 1
Author = Optional[bytes]


def varint(number: int) -> bytes:
    """Unsigned LEB128, shortest form."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out) + bytes([number])


def zigzag(difference: int) -> int:
    """A difference modulo 2⁶⁴, small when it is near zero on either side."""
    signed = (difference + TWO64 // 2) % TWO64 - TWO64 // 2
    return 2 * signed if signed >= 0 else -2 * signed - 1


def unzigzag(number: int) -> int:
    """The difference again."""
    return number >> 1 if number & 1 == 0 else -(number + 1 >> 1)


def wrap(number: int) -> int:
    """A signed 64-bit number, from one modulo 2⁶⁴."""
    return (number + TWO64 // 2) % TWO64 - TWO64 // 2


class Column:
    """Reads one column, or the whole body, from left to right."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        require(count <= len(self.data) - self.at, "bad_packing", "column ends early")
        self.at += count
        return self.data[self.at - count : self.at]

    def varint(self, limit: int = cbor.MAX_INT) -> int:
        """The next number, at most `limit`."""
        number, shift = 0, 0
        while True:
            byte = self.take(1)[0]
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
            require(shift < 70, "bad_packing", "varint longer than ten bytes")
        require(byte != 0 or shift == 0, "bad_packing", "varint not in shortest form")
        require(number <= limit, "bad_packing", "number too large")
        return number

    def flag(self) -> bool:
        """A byte that is 0 or 1."""
        byte = self.take(1)[0]
        require(byte < 2, "bad_packing", "a mark other than 0 and 1")
        return byte == 1

    def end(self) -> None:
        """Refuses bytes left over."""
        require(self.at == len(self.data), "bad_packing", "bytes left over in a column")


def pack(header: Meaning, entries: Sequence[bytes]) -> bytes:
    """The one packed body of a segment's entries."""
    known = [log.read_entry(entry) for entry in entries]
    if any("opaque" in entry for entry in known):
        return varint(0) + join(entries)
    return join(columns(header, known))


def columns(header: Meaning, known: Sequence[Meaning]) -> list[bytes]:
    """The seven columns, without their lengths."""
    return [
        _pack_time(header, known),
        _pack_who(header, known),
        _pack_records(header, known),
        b"".join(varint(entry["kind"]) for entry in known),
        b"".join(varint(len(entry["ops"])) for entry in known),
        b"".join(entry["ops"] for entry in known),
        _pack_statements(known),
    ]


def join(parts: Sequence[bytes]) -> bytes:
    """Each part behind its length."""
    return b"".join(varint(len(part)) + part for part in parts)


def _pack_time(header: Meaning, entries: Sequence[Meaning]) -> bytes:
    times = [header["clock"]["wall_ms"]] + [entry["t_ms"] for entry in entries]
    return b"".join(varint(zigzag(b - a)) for a, b in zip(times, times[1:]))


def _pack_who(header: Meaning, entries: Sequence[Meaning]) -> bytes:
    out = bytearray()
    for (author, session, boot), run in groupby(entries, lambda e: (e["author"], e["session"], e["boot"])):
        out += varint(len(list(run)))
        out += b"\x00" if author is None else b"\x01" + author
        out += varint(session)
        out += b"\x00" if boot == header["clock"]["boot"] else b"\x01" + boot
    return bytes(out)


def _pack_records(header: Meaning, entries: Sequence[Meaning]) -> bytes:
    out = bytearray()
    seen: list[bytes] = []
    before: list[bytes] = []
    for entry in entries:
        derived = _namer(header, entry)
        codes, made = bytearray(), 0
        for record in entry["records"]:
            if record == derived(made):
                codes += varint(1)
                made += 1
            else:
                codes += varint(2 + seen.index(record)) if record in seen else varint(0) + record
            if record not in seen:
                seen.append(record)
        if entry["records"] == before:
            out += varint(0)
        elif len(entry["records"]) == made == 1:
            out += varint(1)
        else:
            out += varint(len(entry["records"]) + 2) + codes
        before = entry["records"]
    return bytes(out)


def _namer(header: Meaning, entry: Meaning) -> Callable[[int], bytes]:
    return lambda n: log.derived_record(header["chain"], entry["seq"], entry["t_ms"], entry["boot"], n)


def _pack_statements(entries: Sequence[Meaning]) -> bytes:
    out, without = bytearray(), 0
    for entry in entries:
        if entry["statement"] is None:
            without += 1
        else:
            out += varint(without) + varint(len(entry["statement"])) + entry["statement"]
            without = 0
    return bytes(out) + (varint(without) if without else b"")


def unpack(header: Meaning, body: bytes) -> list[bytes]:
    """The canonical entries of a packed body."""
    whole = Column(body)
    time_length = whole.varint()
    if time_length == 0:
        entries = [whole.take(whole.varint()) for _ in range(header["count"])]
        whole.end()
        return entries
    time = Column(whole.take(time_length))
    who, records, kinds, lengths, ops, statements = (Column(whole.take(whole.varint())) for _ in range(6))
    whole.end()
    partial = list(_unpack_who(header, time, who))
    lists = _unpack_records(header, records, partial)
    all_statements = _unpack_statements(statements, header["count"])
    for entry, names, statement in zip(partial, lists, all_statements, strict=True):
        entry |= {"records": names, "kind": kinds.varint(MAX_KIND), "ops": ops.take(lengths.varint()), "statement": statement}
    for column in (kinds, lengths, ops):
        column.end()
    return [forms.encode(log.ENTRY, entry) for entry in partial]


def _unpack_who(header: Meaning, time: Column, who: Column) -> Iterator[Meaning]:
    count, t_ms, done = header["count"], header["clock"]["wall_ms"], 0
    while done < count:
        length = who.varint()
        require(0 < length <= count - done, "bad_packing", "a run of no or too many entries")
        author = who.take(16) if who.flag() else None
        session = who.varint()
        boot = who.take(8) if who.flag() else header["clock"]["boot"]
        for seq in range(header["first"] + done, header["first"] + done + length):
            t_ms = wrap(t_ms + unzigzag(time.varint(TWO64 - 1)))
            yield {"seq": seq, "t_ms": t_ms, "boot": boot, "author": author, "session": session}
        done += length
    who.end()
    time.end()


def _unpack_records(header: Meaning, column: Column, entries: Sequence[Meaning]) -> list[list[bytes]]:
    lists: list[list[bytes]] = []
    seen: list[bytes] = []
    for entry in entries:
        derived, code = _namer(header, entry), column.varint()
        if code == 0:
            names = lists[-1] if lists else []
        elif code == 1:
            names = [derived(0)]
        else:
            require(code - 2 <= MAX_RECORDS, "bad_packing", "too many records")
            names = _unpack_names(column, code - 2, derived, seen)
        seen += [name for name in dict.fromkeys(names) if name not in seen]
        lists.append(names)
    column.end()
    return lists


def _unpack_names(column: Column, count: int, derived: Callable[[int], bytes], seen: Sequence[bytes]) -> list[bytes]:
    names: list[bytes] = []
    made = 0
    for _ in range(count):
        code = column.varint()
        distinct = list(dict.fromkeys([*seen, *names]))
        require(code < 2 + len(distinct), "bad_packing", "index of a record not seen yet")
        if code == 1:
            names.append(derived(made))
            made += 1
        else:
            names.append(column.take(16) if code == 0 else distinct[code - 2])
    return names


def _unpack_statements(column: Column, count: int) -> list[Optional[bytes]]:
    statements: list[Optional[bytes]] = []
    while len(statements) < count:
        without = column.varint()
        require(without <= count - len(statements), "bad_packing", "more entries than the segment has")
        statements += [None] * without
        if len(statements) < count:
            statements.append(column.take(column.varint()))
    column.end()
    return statements
