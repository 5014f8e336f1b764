"""Reads the good vectors: decoding must give the meaning, encoding the bytes."""

from __future__ import annotations

from typing import Iterator

import cbor
import forms
import log
import merkle
import packing
import proof
from forms import Form, Meaning
from refusal import Refusal
from stored import Families, certificate_list, expand, h, plain, segments_by_name
from trust import read_certificates


def faults(families: Families) -> list[str]:
    """Good vectors that are refused, or differ when read or written."""
    checks = [
        _cbor, _certificates, _entries, _opaque, _records, _segments, _packed, _site_log, _merkle, _statements, _handover, _proofs
    ]  # fmt: skip
    found = []
    for check in checks:
        try:
            found += [f"good: {fault}" for fault in check(families)]
        except Refusal as refusal:
            found.append(f"good: {check.__name__}: {refusal}")
    return found


def _both_ways(name: str, form: Form, data: bytes, shown: Meaning) -> Iterator[str]:
    """Bytes must decode to what is shown and encode back to themselves."""
    meaning = forms.decode(form, data, "bad_segment")
    if plain(meaning) != shown:
        yield f"{name}: meaning differs"
    if forms.encode(form, meaning) != data:
        yield f"{name}: bytes differ"


def _cbor(families: Families) -> Iterator[str]:
    for vector in families["cbor.json"]["vectors"]:
        data = expand(vector["bytes"])
        if cbor.encode(cbor.decode(data)) != data:
            yield f"{vector['name']}: bytes differ"
        if "value" in vector:
            yield from _both_ways(vector["name"], forms.ANY, data, vector["value"])


def _certificates(families: Families) -> Iterator[str]:
    org = h(families["certificates.json"]["org"])
    for vector in families["certificates.json"]["vectors"]:
        signer = log.PublicKey(h(vector["signer"]), h(vector["signer_kid"]))
        certified = log.open_certificate(h(vector["envelope"]), org, signer)
        if certified.kid != h(vector["kid"]):
            yield f"{vector['name']}: kid differs"
        yield from _both_ways(vector["name"], log.CERTIFICATE, h(vector["payload"]), vector["meaning"])


def _entries(families: Families) -> Iterator[str]:
    for vector in families["entries.json"]["vectors"]:
        data = expand(vector["bytes"])
        meaning = log.read_entry(data)
        yield from _both_ways(vector["name"], log.ENTRY, data, vector.get("meaning", plain(meaning)))
        yield from _both_ways(
            vector["name"],
            log.OPS,
            meaning["ops"],
            vector.get("ops", plain(log.read_ops(meaning["ops"], len(meaning["records"])))),
        )
        if log.leaf(data) != h(vector["leaf"]):
            yield f"{vector['name']}: leaf differs"


def _opaque(families: Families) -> Iterator[str]:
    forms_ = {"entry": log.ENTRY, "segment": log.SEGMENT, "receipt": log.RECEIPT, "ops": log.OPS}
    for vector in families["opaque.json"]["vectors"]:
        meaning = forms.decode(forms_[vector["what"]], h(vector["bytes"]), "bad_segment")
        if "'opaque': True" not in repr(meaning):
            yield f"{vector['name']}: taken for something that is understood"


def _records(families: Families) -> Iterator[str]:
    for v in families["records.json"]["vectors"]:
        if log.derived_record(h(v["chain"]), v["seq"], v["t_ms"], h(v["boot"]), v["n"]) != h(v["record"]):
            yield "record identifier differs"


def _segments(families: Families) -> Iterator[str]:
    org = h(families["segments.json"]["org"])
    for chain in families["segments.json"]["chains"]:
        device = log.Certified(h(chain["device_certificate"]), {"public_key": h(chain["public_key"])})
        state = log.ChainState(org, h(chain["site"]), h(chain["chain"]), device)
        for segment in chain["segments"]:
            log.open_segment(state, h(segment["envelope"]), [h(entry) for entry in segment["entries"]])
            if state.prev != h(segment["id"]):
                yield f"{segment['name']}: id differs"
            yield from _both_ways(segment["name"], log.SEGMENT, h(segment["header"]), segment["meaning"])


def _packed(families: Families) -> Iterator[str]:
    segments = segments_by_name(families)
    for vector in families["packed.json"]["vectors"]:
        header, entries = segments[vector["segment"]]
        if packing.unpack(header, h(vector["body"])) != entries:
            yield f"{vector['segment']}: unpacks to other entries"
        if packing.pack(header, entries) != h(vector["body"]):
            yield f"{vector['segment']}: packs to another body"


def _site_log(families: Families) -> Iterator[str]:
    family = families["site_log.json"]
    org, ids = h(family["org"]), [h(segment) for segment in family["segment_ids"]]
    register = read_certificates(org, *certificate_list(families))
    server = register[log.certified_kid(h(family["server_certificate"]))]
    for vector in family["receipts"]:
        meaning = log.open_receipt(h(vector["envelope"]), org, server)
        if log.site_root(ids[: meaning["size"]]) != meaning["root"]:
            yield f"{vector['name']}: root differs"
        yield from _both_ways(vector["name"], log.RECEIPT, h(vector["payload"]), vector["meaning"])
    for vector in family["checkpoints"]:
        log.open_checkpoint(h(vector["envelope"]), org, server)
        yield from _both_ways(vector["name"], log.CHECKPOINT, h(vector["payload"]), vector["meaning"])


def _merkle(families: Families) -> Iterator[str]:
    family = families["merkle.json"]
    leaves, roots = [h(leaf) for leaf in family["leaves"]], [h(root) for root in family["roots"]]
    if any(log.site_root([h(i) for i in family["segment_ids"][:n]]) != roots[n] for n in range(21)):
        yield "merkle: a root differs"
    if merkle.prefix_roots(leaves) != roots:
        yield "merkle: a root grown leaf by leaf differs"
    for v in family["inclusion"]:
        path, index, size = [h(p) for p in v["path"]], v["index"], v["size"]
        arguments = (leaves[index], index, size)
        if not merkle.verify_inclusion(*arguments, path, roots[size]):
            yield f"inclusion {index} in {size}: not accepted"
        if any(merkle.verify_inclusion(*arguments, wrong, roots[size]) for wrong in _spoiled(path)):
            yield f"inclusion {index} in {size}: a wrong path is accepted"
    for v in family["consistency"]:
        path, old, new = [h(p) for p in v["path"]], v["old"], v["new"]
        if not merkle.verify_consistency(old, new, path, roots[old], roots[new]):
            yield f"consistency {old} to {new}: not accepted"
        if any(merkle.verify_consistency(old, new, wrong, roots[old], roots[new]) for wrong in _spoiled(path)):
            yield f"consistency {old} to {new}: a wrong path is accepted"


def _spoiled(path: list[bytes]) -> Iterator[list[bytes]]:
    yield [*path, bytes(32)]
    for i in range(len(path)):
        yield path[:i] + path[i + 1 :]
        yield [*path[:i], bytes(32), *path[i + 1 :]]


def _statements(families: Families) -> Iterator[str]:
    family = families["statements.json"]
    register = read_certificates(h(family["org"]), *certificate_list(families))
    for v in family["vectors"]:
        person = register[log.certified_kid(h(v["person_certificate"]))]
        meaning = log.open_statement(h(v["envelope"]), h(family["org"]), person, h(v["chain"]), v["seq"])
        if meaning["digest"] != _digest_of(v["of"]):
            yield f"{v['name']}: digest differs"
        if log.statement_digest(h(v["envelope"])) != h(v["statement_digest"]):
            yield f"{v['name']}: statement digest differs"
        yield from _both_ways(v["name"], log.STATEMENT, h(v["payload"]), v["meaning"])


def _digest_of(of: Meaning) -> bytes:
    if "session" in of:
        session = of["session"]
        return log.session_digest(h(session["site"]), h(session["device"]), h(session["person"]), session["t_ms"])
    return log.text_digest(of["text"]) if "text" in of else log.handover_digest(h(of["handover"]))


def _handover(families: Families) -> Iterator[str]:
    for v in families["handover.json"]["vectors"]:
        yield from _both_ways(v["name"], log.HANDOVER, h(v["bytes"]), v["meaning"])
        if log.handover_digest(h(v["bytes"])) != h(v["digest"]):
            yield f"{v['name']}: digest differs"
        if log.text_digest(v["shown_text"]).hex() != v["meaning"]["text"]:
            yield f"{v['name']}: text digest differs"


def _proofs(families: Families) -> Iterator[str]:
    root = h(families["proofs.json"]["root_key"])
    for vector in families["proofs.json"]["vectors"]:
        data = h(vector["proof"])
        if plain(proof.verify(data, root)) != vector["meaning"]:
            yield f"{vector['name']}: shows something else"
        if any(_is_good(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], root) for at in range(0, len(data), 97)):
            yield f"{vector['name']}: a change goes unnoticed"


def _is_good(data: bytes, root: bytes) -> bool:
    try:
        proof.verify(data, root)
        return True
    except Refusal:
        return False
