"""Forms: how the arrays of log-format.md translate to named meanings and back.

A meaning is what the JSON files show: records as objects by field name, identifiers and digests as bytes (hexadecimal in JSON).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

import cbor
from refusal import Refusal

Meaning = Any


class Mismatch(Exception):
    """A canonical value that does not have the form expected of it."""


@dataclass(frozen=True)
class Form:
    """One form: `read` gives the meaning of a value or raises `Mismatch`, `write` goes back."""

    read: Callable[[cbor.Value], Meaning]
    write: Callable[[Meaning], cbor.Value]


def decode(form: Form, data: bytes, code: str) -> Meaning:
    """The meaning of canonical bytes; refuses another form with `code`."""
    value = cbor.decode(data)
    try:
        return form.read(value)
    except Mismatch as mismatch:
        raise Refusal(code, str(mismatch)) from mismatch


def encode(form: Form, meaning: Meaning) -> bytes:
    """The canonical bytes of a meaning."""
    return cbor.encode(form.write(meaning))


def members(form: Form, meaning: Meaning) -> list[cbor.Value]:
    """The members of the array that a meaning is written as."""
    value = form.write(meaning)
    assert isinstance(value, list)
    return value


def expect(condition: bool, detail: str) -> None:
    """Raises `Mismatch` unless `condition` holds."""
    if not condition:
        raise Mismatch(detail)


def _array(value: cbor.Value) -> list[cbor.Value]:
    if not isinstance(value, list):
        raise Mismatch("expected an array")
    return value


def atom(kind: type, detail: str, holds: Callable[[Any], bool] = lambda _: True) -> Form:
    """A value of one Python type for which `holds` is true."""

    def read(value: cbor.Value) -> Meaning:
        expect(type(value) is kind and holds(value), f"expected {detail}")
        return value

    return Form(read, lambda meaning: meaning)


def between(low: int, high: int) -> Form:
    """An integer from `low` to `high`."""
    return atom(int, f"{low} to {high}", lambda n: low <= n <= high)


INT = atom(int, "an integer")
UINT = atom(int, "an unsigned integer", lambda n: n >= 0)
SEQ = atom(int, "a sequence number from 1", lambda n: n >= 1)
UINT16 = between(0, 2**16 - 1)
UINT32 = between(0, 2**32 - 1)
INT32 = between(-(2**31), 2**31 - 1)
BOOL = atom(bool, "a truth value")
TEXT = atom(str, "a text")


def fixed(size: int) -> Form:
    """A byte string of exactly `size` bytes."""
    return atom(bytes, f"{size} bytes", lambda b: len(b) == size)


def blob(limit: int = cbor.MAX_BYTES) -> Form:
    """A byte string of at most `limit` bytes."""
    return atom(bytes, f"at most {limit} bytes", lambda b: len(b) <= limit)


def nullable(form: Form) -> Form:
    """`null`, or the form."""
    return Form(
        lambda value: None if value is None else form.read(value),
        lambda meaning: None if meaning is None else form.write(meaning),
    )


def many(form: Form, limit: int = cbor.MAX_MEMBERS, ascending: int = 0) -> Form:
    """An array of at most `limit` members of one form, strictly ascending by as many of their leading members as asked."""

    def read(value: cbor.Value) -> Meaning:
        array = _array(value)
        expect(len(array) <= limit, f"expected at most {limit} members")
        meanings = [form.read(member) for member in array]
        keys = [_array(member)[:ascending] for member in array] if ascending else []
        expect(all(cbor_order(a) < cbor_order(b) for a, b in zip(keys, keys[1:])), "members not in ascending order")
        return meanings

    return Form(read, lambda meaning: [form.write(member) for member in meaning])


def cbor_order(value: cbor.Value) -> Any:
    """Orders arrays member by member: bytes as bytes, integers as numbers."""
    return tuple(map(cbor_order, value)) if isinstance(value, list) else value


def struct(**fields: Form) -> Form:
    """An array with one member for each named field. Members beyond them make it opaque; what is known is still read."""
    return _struct(fields, grows=True)


def part(**fields: Form) -> Form:
    """An array within one that may grow: it has one member for each named field, and never more."""
    return _struct(fields, grows=False)


def _struct(fields: dict[str, Form], grows: bool) -> Form:
    def read(value: cbor.Value) -> Meaning:
        array = _array(value)
        expect(len(array) == len(fields) or grows and len(array) > len(fields), f"expected {len(fields)} members")
        meaning = {name: form.read(member) for (name, form), member in zip(fields.items(), array)}
        return meaning | {"opaque": True} if len(array) > len(fields) else meaning

    return Form(read, lambda meaning: [form.write(meaning[name]) for name, form in fields.items()])


def constant(number: int) -> Form:
    """A member that is always this number."""
    return Form(between(number, number).read, lambda _: number)


def _show(value: cbor.Value) -> Meaning:
    if isinstance(value, list):
        return [_show(member) for member in value]
    return {"hex": value} if isinstance(value, bytes) else value


def _unshow(meaning: Meaning) -> cbor.Value:
    if isinstance(meaning, list):
        return [_unshow(member) for member in meaning]
    value: cbor.Value = meaning["hex"] if isinstance(meaning, dict) else meaning
    return value


ANY = Form(_show, _unshow)
"""Any canonical value; byte strings are shown as `{"hex": …}` to tell them from texts."""


def tagged(**variants: tuple[int, Form]) -> Form:
    """An array whose first member says which variant it is. Another number is opaque."""
    names = {number: name for name, (number, _) in variants.items()}

    def read(value: cbor.Value) -> Meaning:
        array = _array(value)
        expect(len(array) > 0, "expected a variant")
        name = names.get(UINT.read(array[0]))
        if name is None:
            return {"opaque": True}
        return {name: variants[name][1].read(array[1:])}

    def write(meaning: Meaning) -> cbor.Value:
        ((name, inner),) = meaning.items()
        number, form = variants[name]
        return [number, *members(form, inner)]

    return Form(read, write)
