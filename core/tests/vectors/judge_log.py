"""Verifies the vectors' own log as a whole, and spoiled in one place at a time."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Callable

import ed25519
import verify
from forms import Meaning
from stored import Families, certificate_list, code_of


def faults(families: Families) -> list[str]:
    """What `verify` says wrongly of the whole log, or of a spoiled one."""
    good = whole_document(families)
    found = [f"verify: the whole log gave {code}" for code in [code_of(lambda: verify.document(good))] if code]
    for name, (code, spoil) in SPOILERS.items():
        doc = deepcopy(good)
        spoil(doc)
        given = code_of(verify.document, doc)
        if given != code:
            found.append(f"verify: {name} gave {given}, expected {code}")
    return found


def whole_document(families: Families) -> Meaning:
    """The vectors' own log in the form that `verify` takes."""
    root, certificates = certificate_list(families)
    chains = [
        {key: chain[key] for key in ("site", "chain", "device_certificate")}
        | {"segments": [{"envelope": s["envelope"], "entries": s["entries"]} for s in chain["segments"]]}
        for chain in families["segments.json"]["chains"]
    ]
    site_log = families["site_log.json"]
    envelopes = {key: [v["envelope"] for v in site_log[key]] for key in ("receipts", "checkpoints")}
    head = {"org": site_log["org"], "root_key": root.hex(), "certificates": [c.hex() for c in reversed(certificates)]}
    return head | {"chains": chains, **envelopes, "site_log": site_log["segment_ids"]}


def _flip(text: str, from_end: int) -> str:
    at = len(text) - from_end
    return text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]


def _spoil_entry(doc: Meaning) -> None:
    entries = doc["chains"][1]["segments"][1]["entries"]
    entries[0] = _flip(entries[0], 1)


def _spoil_signature(doc: Meaning) -> None:
    segment = doc["chains"][1]["segments"][1]
    segment["envelope"] = _flip(segment["envelope"], 10)


def _spoil_root_key(doc: Meaning) -> None:
    doc["root_key"] = ed25519.public_key(bytes(32)).hex()


def _swap_site_log(doc: Meaning) -> None:
    doc["site_log"][0], doc["site_log"][1] = doc["site_log"][1], doc["site_log"][0]


SPOILERS: dict[str, tuple[str, Callable[[Meaning], Any]]] = {
    "another root key": ("bad_signature", _spoil_root_key),
    "issuing certificate left out": ("bad_signature", lambda doc: doc["certificates"].pop()),
    "person's certificate left out": ("bad_signature", lambda doc: doc["certificates"].pop(0)),
    "first segment left out": ("broken_link", lambda doc: doc["chains"][1]["segments"].pop(0)),
    "segment left out in the middle": ("broken_link", lambda doc: doc["chains"][1]["segments"].pop(2)),
    "segments swapped": ("broken_link", lambda doc: doc["chains"][1]["segments"].reverse()),
    "entry changed": ("bad_segment", _spoil_entry),
    "entry left out": ("bad_segment", lambda doc: doc["chains"][1]["segments"][4]["entries"].pop(100)),
    "signature changed": ("bad_signature", _spoil_signature),
    "chain under another device": (
        "bad_envelope",
        lambda doc: doc["chains"][1].update(device_certificate=doc["chains"][0]["device_certificate"]),
    ),
    "chain under another site": ("bad_segment", lambda doc: doc["chains"][1].update(site=doc["chains"][1]["chain"])),
    "site log cut short": ("bad_segment", lambda doc: doc["site_log"].pop()),
    "site log reordered": ("bad_segment", _swap_site_log),
    "site log with one segment twice": ("bad_segment", lambda doc: doc["site_log"].append(doc["site_log"][0])),
    "last segment left out, which has a receipt": ("bad_segment", lambda doc: doc["chains"][1]["segments"].pop()),
    "receipt in place of a checkpoint": ("bad_envelope", lambda doc: doc["checkpoints"].append(doc["receipts"][0])),
    "receipt signature changed": ("bad_signature", lambda doc: doc["receipts"].append(_flip(doc["receipts"][0], 10))),
}
