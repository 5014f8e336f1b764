"""Who may certify whom: certificates verified from the organisation's root key down (log-format.md, section 2.1)."""

from __future__ import annotations

import cose
import log
from log import Certified
from refusal import require, with_place

Register = dict[bytes, Certified]  # by key identifier


def read_certificates(org: bytes, root_key: bytes, envelopes: list[bytes]) -> Register:
    """All certificates verified, in whatever order they come."""
    register: Register = {}
    root = log.PublicKey(root_key, log.root_kid(root_key))
    waiting = {number: with_place(f"certificate {number}", _named, envelope) for number, envelope in enumerate(envelopes)}
    while waiting:
        ready = {number: item for number, item in waiting.items() if item[0] == root.kid or item[0] in register}
        require(bool(ready), "bad_signature", f"certificate {min(waiting, default=0)}: signed by no key that is known")
        for number, (kid, envelope) in ready.items():
            certified = with_place(f"certificate {number}", _certificate, org, envelope, root, register.get(kid))
            register[certified.kid] = certified
            del waiting[number]
    return register


def _named(envelope: bytes) -> tuple[bytes, bytes]:
    return cose.parse(envelope).kid, envelope


def _certificate(org: bytes, envelope: bytes, root: log.PublicKey, signer: Certified | None) -> Certified:
    certified = log.open_certificate(envelope, org, signer or root)
    meaning, by = certified.meaning, signer.meaning if signer else None
    if meaning["role"] == log.ROLE_ISSUING:
        require(by is None, "bad_signature", "an issuing key not certified by the root key")
    elif meaning["provisional"]:
        lead = by is not None and by["role"] == log.ROLE_PERSON and by["site"] == meaning["site"] and not by["provisional"]
        require(lead, "bad_signature", "a provisional certificate not signed by a person of the site who is certified in full")
    else:
        issuing = by is not None and by["role"] == log.ROLE_ISSUING
        require(issuing, "bad_signature", "not signed by an issuing key")
    return certified
