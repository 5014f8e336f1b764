"""Proofs of one entry and of forks (log-format.md, section 10): read, verified, and made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import cbor
import cose
import forms
import log
import merkle
from forms import Meaning, blob, constant, many, part
from log import DIGEST, ID, Certified
from refusal import Refusal, require, with_place
from trust import Register, read_certificates

MAGIC = b"DUTYPRF\x01"

SHOWN = part(segment=blob(), headers=many(blob()), entry=blob(), path=many(DIGEST))
ENTRY_PROOF = part(kind=constant(1), shown=SHOWN, receipt=blob(), path=many(DIGEST))
FORK_PROOF = part(kind=constant(2), one=SHOWN, other=SHOWN)


@dataclass(frozen=True)
class Proven:
    """An entry that was shown to be sealed."""

    header: Meaning
    segment: bytes
    device: Certified
    entry: Meaning
    leaf: bytes
    statement: Optional[Meaning]

    @property
    def place(self) -> tuple[bytes, bytes, int, bytes]:
        """Where no two different entries may be."""
        return self.header["site"], self.header["chain"], self.entry["seq"], self.device.kid


def write(org: bytes, certificates: list[bytes], claim: cbor.Value) -> bytes:
    """The bytes of a proof."""
    return MAGIC + cbor.encode([1, org, list(certificates), claim])


def verify(data: bytes, root_key: bytes) -> Meaning:
    """What a proof shows, in short; the first thing wrong raises."""
    require(data.startswith(MAGIC), "bad_proof", "does not begin as proofs do")
    value = cbor.decode(data[len(MAGIC) :])
    try:
        org, certificates, claim = _read(value)
    except forms.Mismatch as mismatch:
        raise Refusal("bad_proof", str(mismatch)) from mismatch
    register = read_certificates(org, root_key, certificates)
    if "receipt" in claim:
        return _entry(org, register, claim)
    branches = [with_place(f"{name} branch", prove, org, register, claim[name]) for name in ("one", "other")]
    one, other = branches
    require(one.place == other.place and one.leaf != other.leaf, "bad_proof", "the two entries are no fork")
    return _told("fork", one) | {"leaves": [one.leaf, other.leaf]}


def _read(value: cbor.Value) -> tuple[bytes, list[bytes], Meaning]:
    whole = part(v=constant(1), org=ID, certificates=many(blob()), claim=forms.ANY).read(value)
    assert isinstance(value, list)
    claim = value[3]
    kind = claim[0] if isinstance(claim, list) and claim else None
    forms.expect(kind in (1, 2) and type(kind) is int, "expected an entry or a fork")
    return whole["org"], whole["certificates"], (ENTRY_PROOF if kind == 1 else FORK_PROOF).read(claim)


def _entry(org: bytes, register: Register, claim: Meaning) -> Meaning:
    proven = prove(org, register, claim["shown"])
    server = _certified(register, claim["receipt"], (log.ROLE_SERVER,), "receipt not by a server log key")
    receipt = log.open_receipt(claim["receipt"], org, server)
    header = proven.header
    last = header["first"] + header["count"] - 1
    told = (receipt["site"], receipt["chain"], receipt["seq"], receipt["segment"])
    require(told == (header["site"], header["chain"], last, proven.segment), "bad_envelope", "the receipt is another segment's")
    position, size = receipt["size"] - 1, receipt["size"]
    held = merkle.verify_inclusion(log.site_leaf(position, proven.segment), position, size, claim["path"], receipt["root"])
    require(held, "bad_proof", "the receipt does not prove the segment's place in the log")
    signed = proven.statement is not None
    return _told("entry", proven) | {"leaf": proven.leaf, "size": size, "recv_ms": receipt["recv_ms"], "statement": signed}


def _told(kind: str, proven: Proven) -> Meaning:
    site, chain, seq, _ = proven.place
    return {"kind": kind, "site": site, "chain": chain, "seq": seq, "device": proven.device.meaning["subject"]}


def prove(org: bytes, register: Register, shown: Meaning) -> Proven:
    """Follows an entry up to its device's signature."""
    device = _certified(register, shown["segment"], (log.ROLE_HQ, log.ROLE_PHONE), "sealed by no certified device")
    payload = cose.open_envelope(shown["segment"], "dutylog-segment", org, device.public, device.kid)
    header = _header(payload)
    require(header["org"] == org, "bad_segment", "of another organisation")
    require(header["site"] == device.meaning["site"], "bad_segment", "by a device of another site")
    for before in reversed(shown["headers"]):
        payload, header = before, _before(header, before)
    entry, leaf = log.read_entry(shown["entry"]), log.leaf(shown["entry"])
    index = entry["seq"] - header["first"]
    within = merkle.verify_inclusion(leaf, index, header["count"], shown["path"], header["root"])
    require(within, "bad_segment", "the entry is not in the segment that was sealed")
    statement = _statement(org, register, header, device, entry)
    return Proven(header, log.segment_id(payload), device, entry, leaf, statement)


def _header(payload: bytes) -> Meaning:
    return forms.decode(log.SEGMENT, payload, "bad_segment")


def _before(header: Meaning, data: bytes) -> Meaning:
    before = _header(data)
    place = all(before[name] == header[name] for name in ("org", "site", "chain"))
    follows = header["prev"] == log.segment_id(data) and header["first"] == before["first"] + before["count"]
    require(place and follows, "broken_link", "the headers do not follow each other")
    return before


def _statement(org: bytes, register: Register, header: Meaning, device: Certified, entry: Meaning) -> Optional[Meaning]:
    if entry["statement"] is None:
        return None
    try:
        person = register.get(cose.parse(entry["statement"]).kid)
    except Refusal:
        return None
    if person is None:
        return None
    state = log.ChainState(org, header["site"], header["chain"], device)
    return log.open_statement_of(state, entry, person)


def _certified(register: Register, envelope: bytes, roles: tuple[int, ...], otherwise: str) -> Certified:
    certified = register.get(cose.parse(envelope).kid)
    if certified is None or certified.meaning["role"] not in roles:
        raise Refusal("bad_signature", otherwise)
    return certified
