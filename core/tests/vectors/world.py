"""The made-up organisation that all vectors speak of: its keys, certificates, entries and segments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Optional, Sequence

import cbor
import cose
import ed25519
import forms
import log
import merkle
from forms import Meaning
from merkle import sha256

T0 = 1_763_700_000_000  # 2025-11-21 04:40:00 UTC
DAY = 86_400_000


def seed(name: str) -> bytes:
    """The fixed seed of a named key."""
    return sha256(b"dutylog/vector/" + name.encode())


def ident(name: str, size: int = 16) -> bytes:
    """A fixed identifier."""
    return sha256(b"dutylog/vector/id/" + name.encode())[:size]


ORG, SITE, OTHER_ORG, OTHER_SITE = ident("org"), ident("site"), ident("other org"), ident("other site")
BOOT, NEXT_BOOT = ident("boot", 8), ident("next boot", 8)
PATROL, LEAD, NEWCOMER = ident("patrol"), ident("lead"), ident("newcomer")
CHAIN, CHAIN_B, HQ_CHAIN = ident("chain"), ident("chain b"), ident("hq chain")
PHONE, PHONE_B, HQ = ident("phone"), ident("phone b"), ident("hq")


@dataclass(frozen=True)
class Key:
    """A key that can sign. `certificate` is absent for the organisation's root key."""

    name: str
    certificate: Optional[bytes] = None

    @cached_property
    def public(self) -> bytes:
        """The public key."""
        return ed25519.public_key(seed(self.name))

    @property
    def kid(self) -> bytes:
        """The key identifier."""
        return log.certified_kid(self.certificate) if self.certificate else log.root_kid(self.public)

    @property
    def certified(self) -> log.Certified:
        """The certificate with its meaning."""
        assert self.certificate is not None
        payload = cose.parse(self.certificate).payload
        return log.Certified(self.certificate, log.read_certificate_payload(payload, ORG))

    def sign(self, type_: str, payload: bytes, org: bytes = ORG) -> bytes:
        """An envelope around `payload`."""
        return cose.sign(seed(self.name), self.kid, f"dutylog-{type_}", org, payload)


def certificate_meaning(name: str, role: int, subject: bytes, **changes: Any) -> Meaning:
    """The meaning of a certificate for the key called `name`."""
    site = None if role in (log.ROLE_ISSUING, log.ROLE_SERVER) else SITE
    meaning = {
        "v": 1, "org": ORG, "site": site, "role": role, "subject": subject, "holder": None, "suite": 1,
        "public_key": ed25519.public_key(seed(name)), "issued_ms": T0 - 30 * DAY, "provisional": False,
    }  # fmt: skip
    return meaning | changes


def certify(signer: Key, name: str, role: int, subject: bytes, **changes: Any) -> Key:
    """A key with a certificate by `signer`."""
    payload = forms.encode(log.CERTIFICATE, certificate_meaning(name, role, subject, **changes))
    return Key(name, signer.sign("certificate", payload))


ROOT_KEY = Key("root")
ISSUING_KEY = certify(ROOT_KEY, "issuing", log.ROLE_ISSUING, ident("issuing"))
SERVER_KEY = certify(ISSUING_KEY, "server", log.ROLE_SERVER, ident("server"))
HQ_KEY = certify(ISSUING_KEY, "hq", log.ROLE_HQ, HQ)
PHONE_KEY = certify(ISSUING_KEY, "phone", log.ROLE_PHONE, PHONE)
PHONE_B_KEY = certify(ISSUING_KEY, "phone b", log.ROLE_PHONE, PHONE_B)
PATROL_KEY = certify(ISSUING_KEY, "patrol", log.ROLE_PERSON, PATROL, holder=PHONE)
LEAD_KEY = certify(ISSUING_KEY, "lead", log.ROLE_PERSON, LEAD, holder=PHONE)
NEWCOMER_KEY = certify(LEAD_KEY, "newcomer", log.ROLE_PERSON, NEWCOMER, holder=PHONE_B, provisional=True, issued_ms=T0 - DAY)
CERTIFIED_KEYS = {
    "issuing_key": (ISSUING_KEY, ROOT_KEY),
    "server_log_key": (SERVER_KEY, ISSUING_KEY),
    "hq_device": (HQ_KEY, ISSUING_KEY),
    "phone": (PHONE_KEY, ISSUING_KEY),
    "phone_b": (PHONE_B_KEY, ISSUING_KEY),
    "person_patrol": (PATROL_KEY, ISSUING_KEY),
    "person_lead": (LEAD_KEY, ISSUING_KEY),
    "person_provisional": (NEWCOMER_KEY, LEAD_KEY),
}


def write_op(record: int, number: int, value: Meaning, member: Meaning = None, cites: Sequence[Meaning] = ()) -> Meaning:
    """The meaning of a write."""
    return {"write": {"record": record, "field": number, "member": member, "value": value, "cites": list(cites)}}


def add_op(record: int, number: int, value: Meaning) -> Meaning:
    """The meaning of an add."""
    return {"add": {"record": record, "field": number, "value": value}}


def entry_meaning(seq: int, kind: int, ops: Sequence[Meaning], **changes: Any) -> Meaning:
    """The meaning of an entry by the patrol person in the session that entry 1 opened."""
    meaning = {
        "seq": seq, "t_ms": T0 + 60_000 * seq, "boot": BOOT, "author": PATROL, "session": 1,
        "records": [], "kind": kind, "ops": forms.encode(log.OPS, list(ops)), "statement": None,
    }  # fmt: skip
    return meaning | changes


def entry_bytes(meaning: Meaning) -> bytes:
    """The canonical form of an entry."""
    return forms.encode(log.ENTRY, meaning)


def statement(key: Key, purpose: str, digest: bytes, chain: bytes, seq: int, details: Meaning) -> bytes:
    """A statement for the entry (chain, seq)."""
    meaning = {"v": 1, "purpose": purpose, "digest": digest, "chain": chain, "seq": seq, "details": details}
    return key.sign("statement", forms.encode(log.STATEMENT, meaning))


def session_entry(key: Key, person: bytes, device: bytes, chain: bytes, seq: int, t_ms: int) -> bytes:
    """The entry that opens a person's session."""
    digest = log.session_digest(SITE, device, person, t_ms)
    return entry_bytes(
        entry_meaning(
            seq, 1, [add_op(0, 1, "pin")], t_ms=t_ms, author=person, session=seq,
            records=[log.derived_record(chain, seq, t_ms, BOOT, 0)],
            statement=statement(key, "session", digest, chain, seq, ["pin"]),
        )
    )  # fmt: skip


def header_meaning(chain: bytes, prev: bytes, first: int, entries: Sequence[bytes], **changes: Any) -> Meaning:
    """The meaning of a segment header."""
    clock = {
        "wall_ms": T0 + 60_000 * first, "tz_min": 480, "hlc_ms": T0 + 60_000 * first, "hlc_ctr": 0,
        "mono_ms": 5_000 + 60_000 * first, "boot": BOOT, "quality": 3, "sample": None,
    }  # fmt: skip
    root = merkle.root([log.leaf(entry) for entry in entries])
    meaning = {
        "v": 1, "org": ORG, "site": SITE, "chain": chain, "first": first, "count": len(entries), "prev": prev,
        "clock": clock, "cfg": None, "ckpt": None, "seen": [], "root": root,
    }  # fmt: skip
    return meaning | changes


@dataclass
class Segment:
    """A sealed segment."""

    name: str
    header: Meaning
    entries: list[bytes]
    envelope: bytes

    @property
    def header_bytes(self) -> bytes:
        """The signed payload."""
        return forms.encode(log.SEGMENT, self.header)

    @property
    def id(self) -> bytes:
        """The segment identifier."""
        return log.segment_id(self.header_bytes)


@dataclass
class Chain:
    """A chain under construction."""

    id: bytes
    key: Key
    segments: list[Segment] = field(default_factory=list)

    @property
    def prev(self) -> bytes:
        """What the next segment must name."""
        assert self.key.certificate is not None
        return self.segments[-1].id if self.segments else log.genesis(self.key.certificate, SITE, self.id)

    @property
    def next_seq(self) -> int:
        """The number of the next entry."""
        return 1 + sum(len(segment.entries) for segment in self.segments)

    def forge(self, name: str, entries: Sequence[bytes], **changes: Any) -> Segment:
        """A next segment, signed whether or not its header is right, and not appended."""
        header = header_meaning(self.id, self.prev, self.next_seq, entries) | changes
        return Segment(name, header, list(entries), self.key.sign("segment", forms.encode(log.SEGMENT, header)))

    def seal(self, name: str, entries: Sequence[bytes], **changes: Any) -> Segment:
        """A next segment, appended."""
        self.segments.append(self.forge(name, entries, **changes))
        return self.segments[-1]


ROUND = log.derived_record(CHAIN, 2, T0 + 120_000, BOOT, 0)
INCIDENT = log.derived_record(CHAIN, 4, T0 + 240_000, BOOT, 0)
TASK = log.derived_record(CHAIN, 4, T0 + 240_000, BOOT, 1)
CONFIG_RECORD = ident("checkpoint")
ROUND_TEXT = "巡检完成：12 个点位，11 正常，1 异常。\nRound complete: 12 points, 11 normal, 1 faulty."
INCIDENT_TEXT = "事件关闭：冷却泵漏水，已更换密封圈。\nIncident closed: pump leaked, seal replaced."


def hq_chain() -> Chain:
    """HQ's own chain: one segment that configures the site, without any person."""
    chain = Chain(HQ_CHAIN, HQ_KEY)
    entries = [
        entry_meaning(1, 40, [write_op(0, 1, "北门水泵房 North pump house")], author=None, session=0, records=[CONFIG_RECORD]),
        entry_meaning(2, 40, [write_op(0, 2, [1, True, None, {"hex": b"\x01\x02"}])], author=None, session=0,
                      records=[CONFIG_RECORD]),
    ]  # fmt: skip
    chain.seal("hq_1", [entry_bytes(entry) for entry in entries])
    return chain


def shapes() -> dict[str, Meaning]:
    """Entries 2 to 7 of the phone's chain: the shapes that records take."""
    hq_leaf = log.leaf(HQ_LOG.segments[0].entries[1])
    cite = {"chain": HQ_CHAIN, "seq": 2, "mark": hq_leaf[:8]}
    return {
        "check_answer": entry_meaning(2, 12, [write_op(0, 3, 1, member=7), add_op(0, 4, [7, 1, T0])], records=[ROUND]),
        "text": entry_meaning(3, 12, [write_op(0, 5, "渗漏，约 2 L/h\n\t已拍照 photo taken", member=7)], records=[ROUND]),
        "multi_record": entry_meaning(
            4, 20, [write_op(0, 1, 2), write_op(1, 1, None, member={"hex": LEAD}), write_op(2, 9, True), add_op(2, 4, -5)],
            records=[INCIDENT, TASK, ROUND],
        ),
        "null_author": entry_meaning(5, 20, [add_op(0, 2, "按钮 locked phone")], author=None, session=0, records=[INCIDENT]),
        "citing_write": entry_meaning(6, 41, [write_op(0, 1, "北门泵房 North pumps", cites=[cite])], records=[CONFIG_RECORD]),
        "statement": entry_meaning(
            7, 13, [write_op(0, 8, ROUND_TEXT)], records=[ROUND],
            statement=statement(PATROL_KEY, "round", log.text_digest(ROUND_TEXT), CHAIN, 7, []),
        ),
    }  # fmt: skip


def phone_chain() -> Chain:
    """The patrol phone's chain: segments of 1, 2, 3, 1 and 256 entries."""
    chain = Chain(CHAIN, PHONE_KEY)
    chain.seal("phone_1_first_of_chain", [session_entry(PATROL_KEY, PATROL, PHONE, CHAIN, 1, T0 + 60_000)])
    entries = [entry_bytes(meaning) for meaning in shapes().values()]
    chain.seal("phone_2_two_entries", entries[:2], cfg={"chain": HQ_CHAIN, "seq": 2})
    ids = [HQ_LOG.segments[0].id, chain.segments[0].id, chain.segments[1].id]
    clock = header_meaning(CHAIN, chain.prev, 4, [])["clock"] | {
        "hlc_ctr": 3, "quality": 0, "sample": {"server_ms": T0 + 200_000, "mono_ms": 205_000, "rtt_ms": 840, "boot": BOOT}
    }  # fmt: skip
    chain.seal(
        "phone_3_clock_and_checkpoint", entries[2:5], clock=clock,
        cfg={"chain": HQ_CHAIN, "seq": 2}, ckpt={"size": 3, "root": log.site_root(ids)},
    )  # fmt: skip
    chain.seal("phone_4_statement", entries[5:])
    full = [entry_meaning(seq, 12, [write_op(0, 3, seq % 3, member=seq)], records=[ROUND]) for seq in range(8, 264)]
    chain.seal("phone_5_256_entries", [entry_bytes(meaning) for meaning in full])
    return chain


def packing_chain() -> Chain:
    """A second phone's chain, made to meet every rule of the packed form."""
    chain = Chain(CHAIN_B, PHONE_B_KEY)
    times = [T0, T0 - 7, T0 - 7, -(2**63), 2**63 - 1, 0, -1, T0 + 100_000, T0 + 130_000, T0 + 130_000]
    boots = [BOOT] * 3 + [NEXT_BOOT] * 3 + [BOOT] * 4
    made = [[log.derived_record(CHAIN_B, seq, t, boot, n) for n in range(17)] for seq, t, boot in zip(range(1, 11), times, boots)]
    records = [
        [], [made[1][0]], [made[1][0]], [], [ROUND, made[1][0]], [made[5][0], ROUND, made[5][1], made[5][2]],
        [made[6][1]], [ROUND, made[1][0], made[6][1], INCIDENT], made[8][:16], [made[8][15], made[1][0]],
    ]  # fmt: skip
    authors = [None, None, NEWCOMER, NEWCOMER, PATROL, PATROL, PATROL, NEWCOMER, NEWCOMER, NEWCOMER]
    kinds = [0, 127, 128, 9999, 2**16 - 1, 1, 1, 1, 1, 1]
    sessions = [0, 0, 3, 3, 3, 3, 6, 8, 8, 8]
    entries = []
    for i in range(10):
        ops = [write_op(0, 1, "x" * 10 * i)] if records[i] else []
        entry = entry_meaning(
            i + 1, kinds[i], ops, t_ms=times[i], boot=boots[i], author=authors[i], session=sessions[i], records=records[i]
        )
        entries.append(entry)
    for i in (2, 7):  # a session opened by the newcomer
        digest = log.session_digest(SITE, PHONE_B, NEWCOMER, times[i])
        entries[i]["statement"] = statement(NEWCOMER_KEY, "session", digest, CHAIN_B, i + 1, ["pin"])
    seen = sorted([[CHAIN, 1, PHONE_LOG.segments[0].id], [HQ_CHAIN, 2, HQ_LOG.segments[0].id]])
    chain.seal(
        "phone_b_1_every_packing_rule", [entry_bytes(entry) for entry in entries],
        seen=[{"chain": c, "seq": s, "segment": i} for c, s, i in seen],
    )  # fmt: skip
    newer = entry_meaning(11, 1, [], author=None, session=0)
    tenth_member = cbor.encode([*forms.members(log.ENTRY, newer), ["from a newer app"]])
    last = session_entry(NEWCOMER_KEY, NEWCOMER, PHONE_B, CHAIN_B, 12, T0 + 720_000)
    chain.seal("phone_b_2_opaque_entry_and_statement_last", [tenth_member, last])
    return chain


def long_entry(seq: int, ops_size: int, entry_size: int) -> bytes:
    """An entry whose `ops` has the given size, filled up with a statement of zeros to `entry_size` if that is more."""
    record = ident("record")
    ops = forms.encode(log.OPS, [add_op(0, 1, {"hex": bytes(ops_size - 8)})])
    meaning = entry_meaning(seq, 1, [], author=None, session=0, records=[record]) | {"ops": ops}
    room = entry_size - len(entry_bytes(meaning)) - 2
    return entry_bytes(meaning | {"statement": bytes(room) if room > 256 else None})


def with_repeats(data: bytes) -> list[Any]:
    """The same bytes as a rule, long runs of zeros told by their length."""
    parts = re.split(rb"(\x00{256,})", data)
    return [{"repeat": ["00", len(part)]} if i % 2 else part for i, part in enumerate(parts)]


HQ_LOG = hq_chain()
PHONE_LOG = phone_chain()
PACKING_LOG = packing_chain()
CHAINS = (HQ_LOG, PHONE_LOG, PACKING_LOG)
# The order in which the server took the segments.
SITE_LOG = [
    HQ_LOG.segments[0],
    *PHONE_LOG.segments[:3],
    PACKING_LOG.segments[0],
    *PHONE_LOG.segments[3:],
    PACKING_LOG.segments[1],
]
