"""Verifies the vectors' own log as a whole, and spoiled in one place at a time."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Callable

import cbor
import cose
import ed25519
import forms
import log
import verify
import world
from forms import Form, Meaning
from stored import Families, certificate_list, code_of, h


def faults(families: Families) -> list[str]:
    """What `verify` says wrongly of the whole log, or of a spoiled one."""
    good = whole_document(families)
    found = [f"verify: the whole log gave {code}" for code in [code_of(verify.document, good)] if code]
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


def _forge(doc: Meaning, type_: str, form: Form, envelope: str, **changes: Any) -> None:
    """Adds what the server's log key never should have signed."""
    meaning = form.read(cbor.decode(cose.parse(h(envelope)).payload)) | changes
    doc[f"{type_}s"].append(world.SERVER_KEY.sign(type_, forms.encode(form, meaning)).hex())


def _receipt_too_early(doc: Meaning) -> None:
    place = {"size": 3, "root": log.site_root([h(segment) for segment in doc["site_log"][:3]])}
    _forge(doc, "receipt", log.RECEIPT, doc["receipts"][5], **place)


def _receipt_of_another_number(doc: Meaning) -> None:
    _forge(doc, "receipt", log.RECEIPT, doc["receipts"][1], seq=2)


def _checkpoint_of_another_root(doc: Meaning) -> None:
    _forge(doc, "checkpoint", log.CHECKPOINT, doc["checkpoints"][1], root=bytes(32))


def _seen_root_of_another_log(doc: Meaning) -> None:
    chain = world.Chain(world.HQ_CHAIN, world.HQ_KEY)
    segment = chain.seal("forged", world.HQ_LOG.segments[0].entries, ckpt={"size": 0, "root": bytes(32)})
    doc["chains"][0]["segments"][0]["envelope"] = segment.envelope.hex()
    doc["receipts"].clear()


def _device_of_another_site(doc: Meaning) -> None:
    key = world.certify(world.ISSUING_KEY, "hq", log.ROLE_HQ, world.HQ, site=world.OTHER_SITE)
    assert key.certificate is not None
    doc["certificates"].append(key.certificate.hex())
    entries = world.HQ_LOG.segments[0].entries
    segment = world.Chain(world.HQ_CHAIN, key).seal("forged", entries)
    segments = [{"envelope": segment.envelope.hex(), "entries": [entry.hex() for entry in entries]}]
    doc["chains"][0].update(device_certificate=key.certificate.hex(), segments=segments)
    doc["receipts"].clear()


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
    "receipt older than its segment": ("bad_segment", _receipt_too_early),
    "receipt for another number": ("bad_segment", _receipt_of_another_number),
    "checkpoint of another root": ("bad_segment", _checkpoint_of_another_root),
    "segment that saw another log": ("bad_segment", _seen_root_of_another_log),
    "chain by a device of another site": ("bad_segment", _device_of_another_site),
    "receipt in place of a checkpoint": ("bad_envelope", lambda doc: doc["checkpoints"].append(doc["receipts"][0])),
    "receipt signature changed": ("bad_signature", lambda doc: doc["receipts"].append(_flip(doc["receipts"][0], 10))),
}
