"""Why input is refused: the codes of log-format.md, section 9."""

from __future__ import annotations

from typing import Any, Callable, TypeVar

Result = TypeVar("Result")

CODES = (
    "not_canonical",
    "too_deep",
    "bad_envelope",
    "wrong_suite",
    "weak_key",
    "bad_signature",
    "bad_segment",
    "broken_link",
    "bad_packing",
    "bad_proof",
)


class Refusal(Exception):
    """Input that must not be accepted, with the stable code and a detail for people."""

    def __init__(self, code: str, detail: str) -> None:
        assert code in CODES, code
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def with_place(place: str, work: Callable[..., Result], *arguments: Any) -> Result:
    """Does the work; a refusal from it names the place."""
    try:
        return work(*arguments)
    except Refusal as refusal:
        raise Refusal(refusal.code, f"{place}: {refusal.detail}") from refusal


def require(condition: bool, code: str, detail: str) -> None:
    """Refuses with `code` unless `condition` holds."""
    if not condition:
        raise Refusal(code, detail)
