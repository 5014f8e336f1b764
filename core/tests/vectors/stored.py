"""What is read out of stored vector files."""

from __future__ import annotations

from typing import Any, Callable, Optional

import forms
import log
from forms import Meaning
from refusal import Refusal

Families = dict[str, Any]
h = bytes.fromhex


def expand(parts: Any) -> bytes:
    """Bytes from hexadecimal, a `repeat` rule, or a list of these."""
    if isinstance(parts, list):
        return b"".join(map(expand, parts))
    if isinstance(parts, dict):
        unit, times = parts["repeat"]
        return h(str(unit)) * int(times)
    return h(str(parts))


def plain(meaning: Meaning) -> Meaning:
    """A meaning as JSON shows it."""
    if isinstance(meaning, dict):
        return {name: plain(member) for name, member in meaning.items()}
    if isinstance(meaning, list):
        return [plain(member) for member in meaning]
    return meaning.hex() if isinstance(meaning, bytes) else meaning


def code_of(work: Callable[..., Any], *arguments: Any) -> Optional[str]:
    """The code with which the work is refused, or `None`."""
    try:
        work(*arguments)
    except Refusal as refusal:
        return refusal.code
    return None


def segments_by_name(families: Families) -> dict[str, tuple[Meaning, list[bytes]]]:
    """Header and entries of every segment in `segments.json`."""
    return {
        segment["name"]: (forms.decode(log.SEGMENT, h(segment["header"]), "bad_segment"), [h(e) for e in segment["entries"]])
        for chain in families["segments.json"]["chains"]
        for segment in chain["segments"]
    }


def certificate_list(families: Families) -> tuple[bytes, list[bytes]]:
    """The root key and the envelopes in `certificates.json`."""
    vectors = families["certificates.json"]["vectors"]
    return h(vectors[0]["signer"]), [h(vector["envelope"]) for vector in vectors]
