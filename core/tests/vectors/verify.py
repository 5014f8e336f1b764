"""Verifies a whole log that another program wrote: certificates, chains, receipts, checkpoints."""

from __future__ import annotations

from typing import Any

import cose
import log
from log import Certified, ChainState
from refusal import Refusal, require

Document = dict[str, Any]
Register = dict[bytes, Certified]
Heads = dict[bytes, tuple[bytes, bytes, int]]  # segment id to its site, chain and last number


def document(doc: Document) -> str:
    """Verifies everything and returns a summary; the first thing wrong raises, its place named."""
    org = bytes.fromhex(doc["org"])
    certificates = read_certificates(org, bytes.fromhex(doc["root_key"]), [bytes.fromhex(c) for c in doc["certificates"]])
    site_log = [bytes.fromhex(segment) for segment in doc["site_log"]]
    require(len(set(site_log)) == len(site_log), "bad_segment", "site log: a segment takes two positions")
    heads: Heads = {}
    counts = {"entries": 0, "statements": 0}
    for number, chain in enumerate(doc["chains"]):
        _chain(f"chain {number}", org, chain, certificates, site_log, heads, counts)
    for number, receipt in enumerate(doc["receipts"]):
        with_place(f"receipt {number}", _receipt, org, bytes.fromhex(receipt), certificates, site_log, heads)
    for number, checkpoint in enumerate(doc["checkpoints"]):
        with_place(f"checkpoint {number}", _checkpoint, org, bytes.fromhex(checkpoint), certificates, site_log)
    return (
        f"{len(certificates)} certificates, {len(doc['chains'])} chains, {len(heads)} segments, {counts['entries']} entries, "
        f"{counts['statements']} statements, {len(doc['receipts'])} receipts, {len(doc['checkpoints'])} checkpoints"
    )


def with_place(place: str, work: Any, *arguments: Any) -> Any:
    """Does the work; a refusal from it names the place."""
    try:
        return work(*arguments)
    except Refusal as refusal:
        raise Refusal(refusal.code, f"{place}: {refusal.detail}") from refusal


def read_certificates(org: bytes, root_key: bytes, envelopes: list[bytes]) -> Register:
    """Certificates by key identifier, verified from the root key down, in whatever order they come."""
    register: Register = {}
    root = log.PublicKey(root_key, log.root_kid(root_key))
    waiting = dict(enumerate(envelopes))
    while waiting:
        ready = {n: e for n, e in waiting.items() if _signer_is_known(n, e, root, register)}
        require(bool(ready), "bad_signature", f"certificate {min(waiting)}: signed by no key that is known")
        for number, envelope in ready.items():
            certified = with_place(f"certificate {number}", _certificate, org, envelope, root, register)
            register[certified.kid] = certified
            del waiting[number]
    return register


def _signer_is_known(number: int, envelope: bytes, root: log.PublicKey, register: Register) -> bool:
    kid = with_place(f"certificate {number}", cose.parse, envelope).kid
    return kid == root.kid or kid in register


def _certificate(org: bytes, envelope: bytes, root: log.PublicKey, register: Register) -> Certified:
    kid = cose.parse(envelope).kid
    signer = register.get(kid)
    certified = log.open_certificate(envelope, org, signer or root)
    meaning = certified.meaning
    if meaning["role"] == log.ROLE_ISSUING:
        require(signer is None, "bad_signature", "an issuing key not certified by the root key")
    elif meaning["provisional"]:
        lead = signer is not None and signer.meaning["role"] == log.ROLE_PERSON and signer.meaning["site"] == meaning["site"]
        require(lead, "bad_signature", "a provisional certificate not signed by a person of the site")
    else:
        issuing = signer is not None and signer.meaning["role"] == log.ROLE_ISSUING
        require(issuing, "bad_signature", "not signed by an issuing key")
    return certified


def _chain(
    place: str,
    org: bytes,
    doc: Document,
    certificates: Register,
    site_log: list[bytes],
    heads: Heads,
    counts: dict[str, int],
) -> None:
    site, chain = bytes.fromhex(doc["site"]), bytes.fromhex(doc["chain"])
    device = certificates.get(log.certified_kid(bytes.fromhex(doc["device_certificate"])))
    if device is None or device.meaning["role"] not in (log.ROLE_HQ, log.ROLE_PHONE):
        raise Refusal("bad_signature", f"{place}: its device is not certified")
    require(device.meaning["site"] == site, "bad_segment", f"{place}: its device belongs to another site")
    state = ChainState(org, site, chain, device)
    for number, segment in enumerate(doc["segments"]):
        here = f"{place} segment {number}"
        entries = [bytes.fromhex(entry) for entry in segment["entries"]]
        header, meanings = with_place(here, log.open_segment, state, bytes.fromhex(segment["envelope"]), entries)
        _segment_checkpoint(here, header, site_log)
        for meaning in meanings:
            counts["statements"] += with_place(f"{here} entry {meaning['seq']}", _statement, state, meaning, certificates)
        counts["entries"] += len(entries)
        heads[state.prev] = (site, chain, state.next_seq - 1)


def _segment_checkpoint(place: str, header: Any, site_log: list[bytes]) -> None:
    ckpt = header["ckpt"]
    if ckpt is not None and ckpt["size"] <= len(site_log):
        agrees = log.site_root(site_log[: ckpt["size"]]) == ckpt["root"]
        require(agrees, "bad_segment", f"{place}: saw a root that the site log does not have")


def _statement(state: ChainState, entry: Any, certificates: Register) -> int:
    envelope = entry["statement"]
    if envelope is None:
        return 0
    person = certificates.get(cose.parse(envelope).kid)
    if person is None:
        raise Refusal("bad_signature", "statement by no certified person")
    log.open_statement_of(state, entry, person)
    return 1


def _server(envelope: bytes, certificates: Register) -> Certified:
    server = certificates.get(cose.parse(envelope).kid)
    if server is None or server.meaning["role"] != log.ROLE_SERVER:
        raise Refusal("bad_signature", "not by a server log key")
    return server


def _receipt(
    org: bytes, envelope: bytes, certificates: Register, site_log: list[bytes], heads: Heads
) -> None:
    meaning = log.open_receipt(envelope, org, _server(envelope, certificates))
    size = meaning["size"]
    require(size <= len(site_log), "bad_segment", "of a longer site log than there is")
    require(meaning["segment"] in site_log[:size], "bad_segment", "its segment is not in the site log")
    require(log.site_root(site_log[:size]) == meaning["root"], "bad_segment", "its root is not the site log's")
    head = heads.get(meaning["segment"])
    told = (meaning["site"], meaning["chain"], meaning["seq"])
    require(head is None or head == told, "bad_segment", "it tells of another chain or number than its segment")


def _checkpoint(org: bytes, envelope: bytes, certificates: Register, site_log: list[bytes]) -> None:
    meaning = log.open_checkpoint(envelope, org, _server(envelope, certificates))
    require(meaning["size"] <= len(site_log), "bad_segment", "of a longer site log than there is")
    require(log.site_root(site_log[: meaning["size"]]) == meaning["root"], "bad_segment", "its root is not the site log's")
