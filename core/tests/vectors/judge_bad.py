"""Reads the bad vectors: each must be refused with its code."""

from __future__ import annotations

import cbor
import cose
import forms
import log
import packing
import proof
from forms import Meaning
from stored import Families, code_of, expand, h, segments_by_name
from trust import read_certificates


def faults(families: Families) -> list[str]:
    """Bad vectors that are accepted, or refused for another reason than stated."""
    readers = {
        "bad_cbor.json": lambda v: cbor.decode(expand(v["bytes"])),
        "bad_envelopes.json": lambda v: _open(h(families["bad_envelopes.json"]["org"]), v),
        "bad_segments.json": lambda v: _open_bad_segment(families["bad_segments.json"], v),
        "bad_certificates.json": lambda v: _open_trust(families["bad_certificates.json"], v),
        "bad_statements.json": lambda v: _open_carried(families["bad_statements.json"], v),
        "bad_proofs.json": lambda v: proof.verify(h(v["proof"]), h(families["bad_proofs.json"]["root_key"])),
        "bad_packed.json": lambda v: packing.unpack(segments_by_name(families)[v["segment"]][0], h(v["body"])),
    }
    found = []
    for name, reader in readers.items():
        vectors = families[name]["vectors"]
        names = [vector["name"] for vector in vectors]
        found += [f"{name}: {n} is there twice" for n in set(names) if names.count(n) > 1]
        for vector in vectors:
            code = code_of(reader, vector)
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
    assert code_of(read_certificates, h(family["org"]), root, path) is None, v["name"]
    read_certificates(h(family["org"]), root, [*path, last])


def _open_carried(family: Meaning, v: Meaning) -> None:
    device = _unverified(h(family["device_certificate"]))
    state = log.ChainState(h(family["org"]), h(family["site"]), h(family["chain"]), device)
    log.open_statement_of(state, log.read_entry(h(v["entry"])), _unverified(h(v["signer_certificate"])))


def _unverified(certificate: bytes) -> log.Certified:
    payload = cose.parse(certificate).payload
    return log.Certified(certificate, forms.decode(log.CERTIFICATE, payload, "bad_envelope"))
