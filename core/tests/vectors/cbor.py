"""Canonical CBOR (log-format.md, section 1): one encoder, one decoder that refuses every other form."""

from __future__ import annotations

from typing import TypeAlias, Union

from refusal import Refusal, require

Value: TypeAlias = Union[None, bool, int, bytes, str, list["Value"]]

MAX_DEPTH = 16
MAX_MEMBERS = 4096
MAX_TEXT = 16 * 1024
MAX_BYTES = 64 * 1024
MAX_INT = 2**63 - 1

UINT, NINT, BYTES, TEXT, ARRAY, SIMPLE = 0, 1, 2, 3, 4, 7
CONSTANTS = {20: False, 21: True, 22: None}


def head(major: int, argument: int) -> bytes:
    """The first bytes of an item, its argument in the shortest form."""
    top = major << 5
    if argument < 24:
        return bytes([top | argument])
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << (8 * size):
            return bytes([top | info]) + argument.to_bytes(size, "big")
    raise ValueError(f"{argument} does not fit in 64 bits")


def encode(value: Value) -> bytes:
    """The canonical form. The writer is trusted to stay inside the limits."""
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(UINT, value) if value >= 0 else head(NINT, -1 - value)
    if isinstance(value, bytes):
        return head(BYTES, len(value)) + value
    if isinstance(value, str):
        text = value.encode()
        return head(TEXT, len(text)) + text
    return head(ARRAY, len(value)) + b"".join(encode(member) for member in value)


def decode(data: bytes) -> Value:
    """The meaning of exactly one canonical item with nothing after it."""
    reader = Reader(data)
    value = reader.item()
    reader.end()
    return value


class Reader:
    """Reads canonical items from left to right; the first fault met decides the refusal."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        require(count <= len(self.data) - self.at, "not_canonical", "input ends inside an item")
        self.at += count
        return self.data[self.at - count : self.at]

    def expect(self, constant: bytes) -> None:
        """Passes over bytes that can only be these."""
        require(self.take(len(constant)) == constant, "not_canonical", f"expected {constant.hex()}")

    def end(self) -> None:
        """Refuses bytes after the last item."""
        require(self.at == len(self.data), "not_canonical", "bytes after the end")

    def head(self) -> tuple[int, int]:
        """The major type and argument of the next item."""
        first = self.take(1)[0]
        major, info = first >> 5, first & 31
        if info < 24:
            return major, info
        require(info < 28, "not_canonical", "indefinite or reserved length")
        argument = int.from_bytes(self.take(1 << (info - 24)), "big")
        shortest = head(major, argument)[0] == first and major != SIMPLE
        require(shortest, "not_canonical", "not the shortest form, or a float")
        return major, argument

    def item(self, depth: int = 0) -> Value:
        """The next item, itself inside `depth` arrays."""
        major, argument = self.head()
        if major in (UINT, NINT):
            require(argument <= MAX_INT, "not_canonical", "integer beyond 64 bits with sign")
            return argument if major == UINT else -1 - argument
        if major == BYTES:
            require(argument <= MAX_BYTES, "not_canonical", "byte string too long")
            return self.take(argument)
        if major == TEXT:
            require(argument <= MAX_TEXT, "not_canonical", "text too long")
            return _text(self.take(argument))
        if major == ARRAY:
            require(depth < MAX_DEPTH, "too_deep", "more than 16 arrays inside one another")
            require(argument <= MAX_MEMBERS, "not_canonical", "too many members")
            return [self.item(depth + 1) for _ in range(argument)]
        require(major == SIMPLE and argument in CONSTANTS, "not_canonical", "a map, tag or simple value")
        return CONSTANTS[argument]

    def bytes_item(self) -> bytes:
        """The next item, which must be a byte string."""
        value = self.item()
        if not isinstance(value, bytes):
            raise Refusal("not_canonical", "expected a byte string")
        return value


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise Refusal("not_canonical", "text is not UTF-8") from error
    control = any(c < " " and c not in "\n\t" for c in text)
    require(not control, "not_canonical", "control character in text")
    return text
