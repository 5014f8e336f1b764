"""The good vectors: bytes with their meaning beside them, one JSON file for each family."""

from __future__ import annotations

from typing import Any

import cbor
import cose
import forms
import log
import merkle
import packing
import world
from forms import ANY, Meaning
from merkle import sha256
from world import CHAIN, HQ_LOG, LEAD, LEAD_KEY, ORG, PATROL, PATROL_KEY, PHONE, PHONE_LOG, SERVER_KEY, SITE, T0

Family = dict[str, Any]


def families() -> dict[str, Family]:
    """All good families by file name."""
    return {
        "cbor.json": {"about": "Section 1. Byte strings are shown as {hex}.", "vectors": cbor_vectors()},
        "keys.json": {"about": "Seeds and public keys of everyone in these files.", "vectors": key_vectors()},
        "certificates.json": {"about": "Section 2.1.", "org": ORG, "vectors": certificate_vectors()},
        "entries.json": {"about": "Section 3; leaf and operations included.", "vectors": entry_vectors()},
        "opaque.json": {"about": "Canonical, not understood: kept, never refused.", "vectors": opaque_vectors()},
        "records.json": {"about": "Section 3.2.", "vectors": record_vectors()},
        "segments.json": {"about": "Section 4, each chain in order.", "org": ORG, "chains": segment_vectors()},
        "packed.json": {"about": "Section 7: the bodies of the segments.", "vectors": packed_vectors()},
        "site_log.json": {"about": "Section 5.", "org": ORG, "server_certificate": SERVER_KEY.certificate} | site_log_vectors(),
        "merkle.json": {"about": "Section 5 and RFC 9162: a site log of 20.", **merkle_vectors()},
        "statements.json": {"about": "Section 6.", "org": ORG, "vectors": statement_vectors()},
        "handover.json": {"about": "Section 6.1.", "vectors": handover_vectors()},
    }


def cbor_vectors() -> list[Meaning]:
    """The edges of what is canonical."""
    nested: cbor.Value = []
    for _ in range(15):
        nested = [nested]
    values: dict[str, cbor.Value] = {
        "zero": 0, "one_byte_head_last": 23, "two_bytes": 24, "two_bytes_last": 255, "three_bytes": 256,
        "five_bytes": 65_536, "nine_bytes": 2**32, "largest": 2**63 - 1, "minus_one": -1, "minus_25": -25, "smallest": -(2**63),
        "false": False, "true": True, "null": None, "empty_bytes": b"", "bytes": b"\x00\xff", "empty_text": "", "chinese": "值班",
        "line_feed_and_tab": "a\n\tb", "delete_and_beyond_the_first_plane": "\x7f\u0080😀", "empty_array": [],
        "mixed": [1, "a", [b"b", None]],
        "sixteen_arrays_deep": nested,
    }  # fmt: skip
    small = [{"name": name, "bytes": cbor.encode(value), "value": ANY.read(value)} for name, value in values.items()]
    limits = {
        "most_members": ["991000", {"repeat": ["00", 4096]}],
        "longest_text": ["794000", {"repeat": ["61", 16_384]}],
        "longest_bytes": ["5a00010000", {"repeat": ["61", 65_536]}],
    }
    return small + [{"name": name, "bytes": parts} for name, parts in limits.items()]


def key_vectors() -> list[Meaning]:
    """Every key that signs something good."""
    keys = [world.ROOT_KEY] + [key for key, _ in world.CERTIFIED_KEYS.values()]
    return [{"name": key.name, "seed": world.seed(key.name), "public_key": key.public, "kid": key.kid} for key in keys]


def certificate_vectors() -> list[Meaning]:
    """One certificate of each role, and a provisional one."""
    vectors = []
    for name, (key, signer) in world.CERTIFIED_KEYS.items():
        payload = cose.parse(key.certificate or b"").payload
        vectors.append(
            {"name": name, "signer": signer.public, "signer_kid": signer.kid, "kid": key.kid}
            | {"envelope": key.certificate, "payload": payload, "meaning": key.certified.meaning}
        )
    return vectors


def entry_vectors() -> list[Meaning]:
    """Entries of many shapes."""
    entries = [("session", log.read_entry(PHONE_LOG.segments[0].entries[0]))]
    entries += list(world.shapes().items())
    edges = world.entry_meaning(2**63 - 1, 2**16 - 1, [], t_ms=-(2**63), session=2**63 - 1, author=None)
    many = world.entry_meaning(16, 12, [], records=[world.ident(f"record {n}") for n in range(16)])
    entries += [("widest_numbers_no_operations", edges), ("sixteen_records", many)]
    longest = world.long_entry(4, 48 * 1024, 64 * 1024)
    assert len(longest) == 64 * 1024
    limit = {"name": "longest", "bytes": world.with_repeats(longest), "leaf": log.leaf(longest)}
    return [*(_entry_vector(name, meaning) for name, meaning in entries), limit]


def _entry_vector(name: str, meaning: Meaning) -> Meaning:
    data = world.entry_bytes(meaning)
    ops = log.read_ops(meaning["ops"], len(meaning["records"]))
    return {"name": name, "bytes": data, "leaf": log.leaf(data), "meaning": meaning, "ops": ops}


def opaque_vectors() -> list[Meaning]:
    """What a newer app may write. `what` says how the bytes are to be read."""
    entry = forms.members(log.ENTRY, world.entry_meaning(2, 12, [world.write_op(0, 3, 1)], records=[world.ROUND]))
    header = forms.members(log.SEGMENT, PHONE_LOG.segments[3].header)
    receipt = forms.members(log.RECEIPT, _receipts()[0][1])
    odd_ops: dict[str, list[cbor.Value]] = {
        "operation_of_unknown_kind": [[7, 0, "?"]],
        "write_with_a_seventh_member": [[0, 0, 3, None, 1, [], 5]],
        "add_with_a_fifth_member": [[1, 0, 3, 1, None]],
    }
    vectors = [
        {"name": "entry_with_a_tenth_member", "what": "entry", "bytes": cbor.encode([*entry, ["new"]])},
        {"name": "header_with_a_thirteenth_member", "what": "segment", "bytes": cbor.encode([*header, 1])},
        {"name": "receipt_with_an_eleventh_member", "what": "receipt", "bytes": cbor.encode([*receipt, None])},
    ]
    return vectors + [{"name": name, "what": "ops", "bytes": cbor.encode(ops)} for name, ops in odd_ops.items()]


def record_vectors() -> list[Meaning]:
    """Identifiers of records that entries create."""
    moments = [(1, T0, 0), (1, T0, 1), (2, T0, 0), (256, T0 + 1, 15), (1, -1, 0), (2**63 - 1, -(2**63), 255), (1, 2**63 - 1, 0)]
    return [
        {"chain": CHAIN, "seq": seq, "t_ms": t_ms, "boot": world.BOOT, "n": n}
        | {"record": log.derived_record(CHAIN, seq, t_ms, world.BOOT, n)}
        for seq, t_ms, n in moments
    ]


def segment_vectors() -> list[Meaning]:
    """Three chains: HQ's, a phone's, and one that meets every rule of packing."""
    return [
        {
            "chain": chain.id, "site": SITE, "device_certificate": chain.key.certificate, "public_key": chain.key.public,
            "segments": [
                {"name": s.name, "id": s.id, "envelope": s.envelope, "header": s.header_bytes, "meaning": s.header}
                | {"entries": s.entries}
                for s in chain.segments
            ],
        }
        for chain in world.CHAINS
    ]  # fmt: skip


def packed_vectors() -> list[Meaning]:
    """The one packed body of each segment of `segments.json`."""
    return [
        {"segment": segment.name, "body": packing.pack(segment.header, segment.entries)}
        for chain in world.CHAINS
        for segment in chain.segments
    ]


def _site_place(position: int) -> Meaning:
    """The tree just after the segment at `position` was taken."""
    ids = [segment.id for segment in world.SITE_LOG]
    return {"size": position + 1, "root": log.site_root(ids[: position + 1])}


def _receipts() -> list[tuple[str, Meaning]]:
    found = []
    for position, segment in enumerate(world.SITE_LOG):
        seq = segment.header["first"] + segment.header["count"] - 1
        meaning = {"v": 1, "org": ORG, "site": SITE, "epoch": 1, "chain": segment.header["chain"], "seq": seq}
        meaning |= {"segment": segment.id} | _site_place(position) | {"recv_ms": T0 + 86_400_000 + position}
        found.append((segment.name, meaning))
    return found


def site_log_vectors() -> Family:
    """The site log of these segments, a receipt for each and checkpoints."""
    empty = {"v": 1, "org": ORG, "site": SITE, "epoch": 0, "size": 0, "root": sha256(b""), "time_ms": T0}
    full = {"v": 1, "org": ORG, "site": SITE, "epoch": 1} | _site_place(len(world.SITE_LOG) - 1) | {"time_ms": T0 + 2 * world.DAY}
    return {
        "site": SITE,
        "segment_ids": [segment.id for segment in world.SITE_LOG],
        "receipts": [_signed(name, "receipt", log.RECEIPT, meaning) for name, meaning in _receipts()],
        "checkpoints": [_signed(n, "checkpoint", log.CHECKPOINT, m) for n, m in (("empty_site", empty), ("whole_site", full))],
    }


def _signed(name: str, type_: str, form: forms.Form, meaning: Meaning) -> Meaning:
    payload = forms.encode(form, meaning)
    return {"name": name, "envelope": SERVER_KEY.sign(type_, payload), "payload": payload, "meaning": meaning}


def merkle_vectors() -> Family:
    """Roots of sizes 0 to 20, with proofs for the sizes where trees change their shape."""
    ids = [sha256(b"dutylog/vector/segment/%d" % i) for i in range(20)]
    leaves = [log.site_leaf(i, segment) for i, segment in enumerate(ids)]
    sizes = [1, 2, 3, 5, 8, 13, 20]
    inclusion = [{"index": i, "size": n, "path": merkle.inclusion_proof(i, leaves[:n])} for n in sizes for i in range(n)]
    consistency = [{"old": m, "new": n, "path": merkle.consistency_proof(m, leaves[:n])} for n in sizes for m in range(1, n + 1)]
    return {
        "segment_ids": ids, "leaves": leaves, "roots": [merkle.root(leaves[:n]) for n in range(21)],
        "inclusion": inclusion, "consistency": consistency,
    }  # fmt: skip


HANDOVER_TEXT = "交接班 2025-11-21 白班 → 夜班\n未完成：冷却泵漏水（张伟）\nHandover, day to night. Open: pump leak."


def handover_document() -> Meaning:
    """A handover with every part filled in."""
    heads = sorted(
        [s.header["chain"], s.header["first"] + s.header["count"] - 1, s.id] for s in (HQ_LOG.segments[0], PHONE_LOG.segments[4])
    )
    items = sorted([record, kind, sha256(b"view", record)] for record, kind in ((world.ROUND, 12), (world.INCIDENT, 20)))
    return {
        "v": 1, "org": ORG, "site": SITE, "record": world.ident("handover"), "shift": {"date": "2025-11-21", "name": "白班 day"},
        "from_person": PATROL, "to_person": LEAD,
        "heads": [{"chain": chain, "seq": seq, "segment": segment} for chain, seq, segment in heads],
        "items": [{"record": record, "kind": kind, "view": view} for record, kind, view in items],
        "open": [{"record": world.INCIDENT, "summary": "冷却泵漏水 pump leak", "next_owner": LEAD}],
        "template": {"id": world.ident("template"), "version": 3}, "lang": "zh", "text": log.text_digest(HANDOVER_TEXT),
        "gaps": ["7 号手机 14:10 后未同步"], "ckpt": _site_place(3), "t_ms": T0 + 8 * 3_600_000,
    }  # fmt: skip


def one_sided_document() -> Meaning:
    """A handover with every part left empty that may be."""
    empty: Meaning = {"to_person": None, "heads": [], "items": [], "open": [], "gaps": [], "ckpt": None, "lang": "en"}
    return handover_document() | empty


def handover_vectors() -> list[Meaning]:
    """Handover documents with the digest that both leads sign."""
    return [
        {"name": name, "bytes": forms.encode(log.HANDOVER, meaning), "meaning": meaning, "shown_text": HANDOVER_TEXT}
        | {"digest": log.handover_digest(forms.encode(log.HANDOVER, meaning))}
        for name, meaning in (("full", handover_document()), ("one_sided", one_sided_document()))
    ]


def statement_vectors() -> list[Meaning]:
    """One statement for each purpose. `of` is what the digest covers."""
    t_ms = T0 + 60_000
    shown = {"site": SITE, "device": PHONE, "person": PATROL, "t_ms": t_ms}
    session = _statement_vector(
        "session", PATROL_KEY, log.session_digest(SITE, PHONE, PATROL, t_ms), 1, ["pin"], {"session": shown}
    )
    round_ = _text_statement("round", PATROL_KEY, 7, world.ROUND_TEXT)
    incident = _text_statement("incident", LEAD_KEY, 299, world.INCIDENT_TEXT)
    document = forms.encode(log.HANDOVER, handover_document())
    digest, of = log.handover_digest(document), {"handover": document}
    handed_out = _statement_vector("handover", PATROL_KEY, digest, 300, [0, 0, "", None], of)
    answer = [1, 1, "钥匙少一把 one key missing", {"hex": handed_out["statement_digest"]}]
    return [session, round_, incident, handed_out, _statement_vector("handover", LEAD_KEY, digest, 301, answer, of)]


def _text_statement(purpose: str, key: world.Key, seq: int, text: str) -> Meaning:
    return _statement_vector(purpose, key, log.text_digest(text), seq, [], {"text": text})


def _statement_vector(purpose: str, key: world.Key, digest: bytes, seq: int, details: Meaning, of: Meaning) -> Meaning:
    envelope = world.statement(key, purpose, digest, CHAIN, seq, details)
    meaning = log.open_statement(envelope, ORG, key.certified, CHAIN, seq)
    return {
        "name": f"{purpose}_{seq}", "person_certificate": key.certificate, "chain": CHAIN, "seq": seq, "envelope": envelope,
        "payload": cose.parse(envelope).payload, "meaning": meaning, "of": of, "statement_digest": log.statement_digest(envelope),
    }  # fmt: skip
