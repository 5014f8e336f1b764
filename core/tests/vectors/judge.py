"""Reads every vector back with the reading half of this program, as any other implementation would."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Callable, Iterator, Optional

import cbor
import cose
import ed25519
import forms
import log
import merkle
import packing
import verify
from forms import Form, Meaning
from refusal import Refusal

Families = dict[str, Any]
h = bytes.fromhex


def faults(families: Families) -> list[str]:
    """What does not read back as it should; empty when all is well."""
    found: list[str] = []
    for judge in (_known_answers, _good, _bad, _documents):
        found += judge(families)
    return found


def expand(parts: Any) -> bytes:
    """Bytes from hexadecimal, a `repeat` rule, or a list of these."""
    if isinstance(parts, list):
        return b"".join(map(expand, parts))
    if isinstance(parts, dict):
        unit, times = parts["repeat"]
        return h(unit) * times
    return h(parts)


def plain(meaning: Meaning) -> Meaning:
    """A meaning as JSON shows it."""
    if isinstance(meaning, dict):
        return {name: plain(member) for name, member in meaning.items()}
    if isinstance(meaning, list):
        return [plain(member) for member in meaning]
    return meaning.hex() if isinstance(meaning, bytes) else meaning


def code_of(work: Callable[[], Any]) -> Optional[str]:
    """The code with which the work is refused, or `None`."""
    try:
        work()
    except Refusal as refusal:
        return refusal.code
    return None


def _known_answers(_: Families) -> list[str]:
    """RFC 8032 section 7.1 test 2, and the tree of Certificate Transparency's reference tests."""
    seed = h("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = h("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = h(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    tree = merkle.root([merkle.sha256(b"\x00", h(data)) for data in inputs])
    checks = {
        "ed25519 public key": ed25519.public_key(seed) == public,
        "ed25519 signature": ed25519.sign(seed, b"\x72") == signature,
        "ed25519 verification": ed25519.verify_strict(public, b"\x72", signature),
        "merkle root": tree == h("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    }
    return [f"known answer: {name}" for name, holds in checks.items() if not holds]


def _good(families: Families) -> list[str]:
    checks = [
        _cbor, _certificates, _entries, _opaque, _records, _segments, _packed, _site_log, _merkle, _statements, _handover
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
        yield from _both_ways(vector["name"], log.OPS, meaning["ops"], vector.get("ops", plain(log.read_ops(meaning["ops"], len(meaning["records"])))))
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


def _by_name(families: Families) -> dict[str, tuple[Meaning, list[bytes]]]:
    return {
        segment["name"]: (forms.decode(log.SEGMENT, h(segment["header"]), "bad_segment"), [h(e) for e in segment["entries"]])
        for chain in families["segments.json"]["chains"]
        for segment in chain["segments"]
    }


def _packed(families: Families) -> Iterator[str]:
    segments = _by_name(families)
    for vector in families["packed.json"]["vectors"]:
        header, entries = segments[vector["segment"]]
        if packing.unpack(header, h(vector["body"])) != entries:
            yield f"{vector['segment']}: unpacks to other entries"
        if packing.pack(header, entries) != h(vector["body"]):
            yield f"{vector['segment']}: packs to another body"


def _site_log(families: Families) -> Iterator[str]:
    family = families["site_log.json"]
    org, ids = h(family["org"]), [h(segment) for segment in family["segment_ids"]]
    register = verify.read_certificates(org, *_certificate_list(families))
    server = register[log.certified_kid(h(family["server_certificate"]))]
    for vector in family["receipts"]:
        meaning = log.open_receipt(h(vector["envelope"]), org, server)
        if log.site_root(ids[: meaning["size"]]) != meaning["root"]:
            yield f"{vector['name']}: root differs"
        yield from _both_ways(vector["name"], log.RECEIPT, h(vector["payload"]), vector["meaning"])
    for vector in family["checkpoints"]:
        log.open_checkpoint(h(vector["envelope"]), org, server)
        yield from _both_ways(vector["name"], log.CHECKPOINT, h(vector["payload"]), vector["meaning"])


def _certificate_list(families: Families) -> tuple[bytes, list[bytes]]:
    vectors = families["certificates.json"]["vectors"]
    return h(vectors[0]["signer"]), [h(vector["envelope"]) for vector in vectors]


def _merkle(families: Families) -> Iterator[str]:
    family = families["merkle.json"]
    leaves, roots = [h(leaf) for leaf in family["leaves"]], [h(root) for root in family["roots"]]
    if any(log.site_root([h(i) for i in family["segment_ids"][:n]]) != roots[n] for n in range(21)):
        yield "merkle: a root differs"
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
    register = verify.read_certificates(h(family["org"]), *_certificate_list(families))
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


def _bad(families: Families) -> list[str]:
    readers = {
        "bad_cbor.json": lambda v: cbor.decode(expand(v["bytes"])),
        "bad_envelopes.json": lambda v: _open(h(families["bad_envelopes.json"]["org"]), v),
        "bad_segments.json": lambda v: _open_bad_segment(families["bad_segments.json"], v),
        "bad_certificates.json": lambda v: _open_trust(families["bad_certificates.json"], v),
        "bad_statements.json": lambda v: _open_carried(families["bad_statements.json"], v),
        "bad_packed.json": lambda v: packing.unpack(_by_name(families)[v["segment"]][0], h(v["body"])),
    }
    found = []
    for name, reader in readers.items():
        vectors = families[name]["vectors"]
        names = [vector["name"] for vector in vectors]
        found += [f"{name}: {n} is there twice" for n in set(names) if names.count(n) > 1]
        for vector in vectors:
            code = code_of(lambda: reader(vector))
            if code != vector["code"]:
                found.append(f"{name}: {vector['name']} gave {code}, expected {vector['code']}")
    return found


def _open(org: bytes, v: Meaning) -> None:
    signer, envelope = log.PublicKey(h(v["public_key"]), h(v["kid"])), h(v["envelope"])
    if v["type"] == "dutylog-certificate":
        log.open_certificate(envelope, org, signer)
    elif v["type"] == "dutylog-statement":
        log.open_statement(envelope, org, signer, h(v["chain"]), v["seq"])
    else:
        log.open_checkpoint(envelope, org, signer)


def _open_bad_segment(family: Meaning, v: Meaning) -> None:
    device = log.Certified(h(family["device_certificate"]), {"public_key": h(family["public_key"])})
    state = log.ChainState(h(family["org"]), h(family["site"]), h(family["chain"]), device, h(v["prev"]), v["first"])
    log.open_segment(state, h(v["envelope"]), [expand(entry) for entry in v["entries"]])


def _open_trust(family: Meaning, v: Meaning) -> None:
    *path, last = [h(certificate) for certificate in v["certificates"]]
    root = h(family["root_key"])
    assert code_of(lambda: verify.read_certificates(h(family["org"]), root, path)) is None, v["name"]
    verify.read_certificates(h(family["org"]), root, [*path, last])


def _open_carried(family: Meaning, v: Meaning) -> None:
    device = _unverified(h(family["device_certificate"]))
    state = log.ChainState(h(family["org"]), h(family["site"]), h(family["chain"]), device)
    log.open_statement_of(state, log.read_entry(h(v["entry"])), _unverified(h(v["signer_certificate"])))


def _unverified(certificate: bytes) -> log.Certified:
    payload = cose.parse(certificate).payload
    return log.Certified(certificate, forms.decode(log.CERTIFICATE, payload, "bad_envelope"))


def _documents(families: Families) -> list[str]:
    """The document that `verify` takes, whole and spoiled in one place each."""
    good = whole_document(families)
    found = [f"verify: the whole log gave {code}" for code in [code_of(lambda: verify.document(good))] if code]
    for name, (code, spoil) in SPOILERS.items():
        doc = deepcopy(good)
        spoil(doc)
        given = code_of(lambda: verify.document(doc))
        if given != code:
            found.append(f"verify: {name} gave {given}, expected {code}")
    return found


def whole_document(families: Families) -> Meaning:
    """The vectors' own log in the form that `verify` takes."""
    root, certificates = _certificate_list(families)
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
    "receipt in place of a checkpoint": ("bad_envelope", lambda doc: doc["checkpoints"].append(doc["receipts"][0])),
    "receipt signature changed": ("bad_signature", lambda doc: doc["receipts"].append(_flip(doc["receipts"][0], 10))),
}
