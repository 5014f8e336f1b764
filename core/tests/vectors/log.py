"""The records of the log (log-format.md, sections 2.1 to 6): their forms, names and checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, Sequence

import cbor
import cose
import ed25519
import forms
import merkle
from forms import ANY, BOOL, INT, INT32, SEQ, TEXT, UINT, UINT16, UINT32, Meaning
from forms import between, blob, constant, fixed, many, nullable, part, struct, tagged
from merkle import sha256
from refusal import require

ID, BOOT, DIGEST = fixed(16), fixed(8), fixed(32)

CERTIFICATE = struct(
    v=constant(1), org=ID, site=nullable(ID), role=UINT, subject=ID, holder=nullable(ID),
    suite=UINT, public_key=DIGEST, issued_ms=INT, provisional=BOOL,
)  # fmt: skip

ENTRY = struct(
    seq=SEQ, t_ms=INT, boot=BOOT, author=nullable(ID), session=UINT,
    records=many(ID, 16), kind=UINT16, ops=blob(48 * 1024), statement=nullable(blob()),
)  # fmt: skip

CITE = part(chain=ID, seq=SEQ, mark=fixed(8))
OPS = many(
    tagged(
        write=(0, struct(record=UINT, field=UINT16, member=ANY, value=ANY, cites=many(CITE, 32))),
        add=(1, struct(record=UINT, field=UINT16, value=ANY)),
    )
)

SAMPLE = part(server_ms=INT, mono_ms=INT, rtt_ms=INT, boot=BOOT)
CLOCK = part(
    wall_ms=INT, tz_min=INT32, hlc_ms=INT, hlc_ctr=UINT32, mono_ms=INT, boot=BOOT, quality=between(0, 3), sample=nullable(SAMPLE)
)
CHECKPOINT_AT = part(size=UINT, root=DIGEST)
HEAD = part(chain=ID, seq=SEQ, segment=DIGEST)
SEGMENT = struct(
    v=constant(1), org=ID, site=ID, chain=ID, first=SEQ, count=between(1, 256), prev=DIGEST, clock=CLOCK,
    cfg=nullable(part(chain=ID, seq=SEQ)), ckpt=nullable(CHECKPOINT_AT), seen=many(HEAD, 32, ascending=3), root=DIGEST,
)  # fmt: skip

RECEIPT = struct(
    v=constant(1), org=ID, site=ID, epoch=UINT32, chain=ID, seq=SEQ, segment=DIGEST, size=SEQ, root=DIGEST, recv_ms=INT
)
CHECKPOINT = struct(v=constant(1), org=ID, site=ID, epoch=UINT32, size=UINT, root=DIGEST, time_ms=INT)

STATEMENT = struct(v=constant(1), purpose=TEXT, digest=DIGEST, chain=ID, seq=SEQ, details=ANY)

HANDOVER = struct(
    v=constant(1), org=ID, site=ID, record=ID, shift=part(date=TEXT, name=TEXT), from_person=ID, to_person=nullable(ID),
    heads=many(HEAD, ascending=3), items=many(part(record=ID, kind=UINT16, view=DIGEST), ascending=1),
    open=many(part(record=ID, summary=TEXT, next_owner=ID)), template=part(id=ID, version=UINT), lang=TEXT,
    text=DIGEST, gaps=many(TEXT), ckpt=nullable(CHECKPOINT_AT), t_ms=INT,
)  # fmt: skip

ROLE_ISSUING, ROLE_SERVER, ROLE_HQ, ROLE_PHONE, ROLE_PERSON = 1, 2, 3, 4, 5


def tagged_hash(domain: str, *parts: bytes) -> bytes:
    """`H(domain ‖ 0x00 ‖ parts)`."""
    return sha256(domain.encode(), b"\x00", *parts)


def leaf(entry: bytes) -> bytes:
    """The leaf of an entry (section 3)."""
    return sha256(b"\x00", entry)


def derived_record(chain: bytes, seq: int, t_ms: int, boot: bytes, n: int) -> bytes:
    """The identifier of the n-th record that an entry creates (section 3.2)."""
    moment = seq.to_bytes(8, "big") + t_ms.to_bytes(8, "big", signed=True)
    return tagged_hash("dutylog/record/v1", chain, moment, boot, bytes([n]))[:16]


def genesis(certificate: bytes, site: bytes, chain: bytes) -> bytes:
    """What stands for the previous segment in the first one (section 4)."""
    return tagged_hash("dutylog/genesis/v1", certificate, site, chain)


def segment_id(header: bytes) -> bytes:
    """The identifier of a segment (section 4)."""
    return tagged_hash("dutylog/segment-id/v1", header)


def site_leaf(position: int, segment: bytes) -> bytes:
    """The leaf of the site's Merkle tree (section 5)."""
    return sha256(b"\x00", position.to_bytes(8, "big"), segment)


def site_root(segments: Sequence[bytes]) -> bytes:
    """The root of a site log with these segment identifiers."""
    return merkle.root([site_leaf(position, segment) for position, segment in enumerate(segments)])


def text_digest(text: str) -> bytes:
    """The digest of a text as it was shown."""
    return tagged_hash("dutylog/text/v1", text.encode())


def session_digest(site: bytes, device: bytes, person: bytes, t_ms: int) -> bytes:
    """What a person signs to open a session (section 6)."""
    return tagged_hash("dutylog/session/v1", cbor.encode([site, device, person, t_ms]))


def statement_digest(envelope: bytes) -> bytes:
    """How one statement cites another (section 6)."""
    return tagged_hash("dutylog/statement/v1", envelope)


def handover_digest(document: bytes) -> bytes:
    """What both leads sign (section 6.1)."""
    return tagged_hash("dutylog/handover/v1", document)


def root_kid(public: bytes) -> bytes:
    """The key identifier of the organisation's root key."""
    return sha256(public)[:8]


def certified_kid(certificate: bytes) -> bytes:
    """The key identifier of a certified key."""
    return sha256(certificate)[:8]


class Signer(Protocol):
    """Whose signature is expected."""

    @property
    def public(self) -> bytes:
        """The public key."""

    @property
    def kid(self) -> bytes:
        """The key identifier."""


@dataclass(frozen=True)
class PublicKey:
    """A key known by itself, as the organisation's root key is."""

    public: bytes
    kid: bytes


@dataclass(frozen=True)
class Certified:
    """A certificate that was verified."""

    envelope: bytes
    meaning: Meaning

    @property
    def public(self) -> bytes:
        """The certified public key."""
        key: bytes = self.meaning["public_key"]
        return key

    @property
    def kid(self) -> bytes:
        """The certified key's identifier."""
        return certified_kid(self.envelope)


def _open(envelope: bytes, type_: str, org: bytes, signer: Signer) -> bytes:
    return cose.open_envelope(envelope, f"dutylog-{type_}", org, signer.public, signer.kid)


def read_certificate_payload(payload: bytes, org: bytes) -> Meaning:
    """The meaning of a certificate's payload, its own rules checked."""
    meaning = forms.decode(CERTIFICATE, payload, "bad_envelope")
    require(meaning["org"] == org, "bad_envelope", "certificate of another organisation")
    require(meaning["suite"] == 1, "wrong_suite", f"suite {meaning['suite']}")
    role = meaning["role"]
    siteless = meaning["site"] is None
    require(siteless == (role in (ROLE_ISSUING, ROLE_SERVER)) or role not in range(1, 6), "bad_envelope", "role and site")
    require(
        (meaning["holder"] is not None) == (role == ROLE_PERSON) or role not in range(1, 6), "bad_envelope", "role and holder"
    )
    require(role == ROLE_PERSON or not meaning["provisional"], "bad_envelope", "only a person's certificate is provisional")
    require(not ed25519.is_weak(meaning["public_key"]), "weak_key", "the certified key is weak")
    return meaning


def open_certificate(envelope: bytes, org: bytes, signer: Signer) -> Certified:
    """A certificate signed by `signer`."""
    payload = _open(envelope, "certificate", org, signer)
    return Certified(envelope, read_certificate_payload(payload, org))


def read_entry(data: bytes) -> Meaning:
    """The meaning of an entry, its operations checked as well."""
    require(len(data) <= cbor.MAX_BYTES, "bad_segment", "entry beyond 64 KiB")
    meaning = forms.decode(ENTRY, data, "bad_segment")
    records = meaning["records"]
    require(len(set(records)) == len(records), "bad_segment", "a record named twice")
    require(meaning["session"] <= meaning["seq"], "bad_segment", "session opened by a later entry")
    read_ops(meaning["ops"], len(records))
    return meaning


def read_ops(data: bytes, records: int) -> list[Meaning]:
    """The meaning of an entry's operations, which touch `records` records."""
    ops: list[Meaning] = forms.decode(OPS, data, "bad_segment")
    targets = set()
    for op in ops:
        inner = op.get("write") or op.get("add")
        if inner is None:
            continue
        require(inner["record"] < records, "bad_segment", "operation on a record the entry does not name")
        if "write" in op:
            target = cbor.encode([inner["record"], inner["field"], _member(inner["member"])])
            require(target not in targets, "bad_segment", "one field written twice")
            targets.add(target)
    return ops


def _member(shown: Meaning) -> cbor.Value:
    value = ANY.write(shown)
    known = value is None or type(value) is int and 0 <= value < 2**32 or isinstance(value, bytes) and len(value) == 16
    require(known, "bad_segment", "not a member of a field")
    return value


@dataclass
class ChainState:
    """Where a chain stands: what the next segment must continue."""

    org: bytes
    site: bytes
    chain: bytes
    device: Certified
    prev: bytes = field(default=b"")
    next_seq: int = 1

    def __post_init__(self) -> None:
        self.prev = self.prev or genesis(self.device.envelope, self.site, self.chain)


def open_segment(state: ChainState, envelope: bytes, entries: Sequence[bytes]) -> tuple[Meaning, list[Meaning]]:
    """Verifies the next segment of a chain with its entries, and moves the chain on."""
    header_bytes = _open(envelope, "segment", state.org, state.device)
    header = forms.decode(SEGMENT, header_bytes, "bad_segment")
    place = (header["org"], header["site"], header["chain"]) == (state.org, state.site, state.chain)
    require(place, "bad_segment", "of another organisation, site or chain")
    require(header["first"] == state.next_seq, "broken_link", f"begins at {header['first']}, expected {state.next_seq}")
    require(header["prev"] == state.prev, "broken_link", "does not follow the previous segment")
    require(len(entries) == header["count"], "bad_segment", f"{len(entries)} entries, header says {header['count']}")
    require(merkle.root([leaf(e) for e in entries]) == header["root"], "bad_segment", "entries do not give the root")
    meanings = [read_entry(entry) for entry in entries]
    numbers = [meaning["seq"] for meaning in meanings]
    require(numbers == list(range(state.next_seq, state.next_seq + len(numbers))), "bad_segment", "entries out of sequence")
    state.prev, state.next_seq = segment_id(header_bytes), state.next_seq + len(numbers)
    return header, meanings


def open_statement(envelope: bytes, org: bytes, signer: Signer, chain: bytes, seq: int) -> Meaning:
    """A statement by `signer`, carried by the entry (chain, seq)."""
    payload = _open(envelope, "statement", org, signer)
    meaning = forms.decode(STATEMENT, payload, "bad_envelope")
    place = (meaning["chain"], meaning["seq"])
    require(place == (chain, seq), "bad_envelope", "statement belongs to another entry")
    detail_form = DETAILS.get(meaning["purpose"])
    if detail_form is not None:
        forms.decode(detail_form, cbor.encode(ANY.write(meaning["details"])), "bad_envelope")
    return meaning


DETAILS = {
    "session": struct(method=TEXT),
    "round": struct(),
    "handover": struct(role=between(0, 1), decision=between(0, 2), remarks=TEXT, other=nullable(DIGEST)),
    "incident": struct(),
}


def open_statement_of(state: ChainState, entry: Meaning, person: Certified) -> Meaning:
    """The statement that an entry of this chain carries, `person` being whose key it names."""
    meaning = open_statement(entry["statement"], state.org, person, state.chain, entry["seq"])
    device = state.device.meaning["subject"]
    signer = tuple(person.meaning[name] for name in ("role", "site", "subject", "holder"))
    expected = (ROLE_PERSON, state.site, entry["author"], device)
    require(signer == expected, "bad_envelope", "statement by another person, or a key of another device or site")
    if meaning["purpose"] == "session":
        digest = session_digest(state.site, device, entry["author"], entry["t_ms"])
        require(digest == meaning["digest"], "bad_envelope", "session statement about another session")
    return meaning


def open_receipt(envelope: bytes, org: bytes, server: Signer) -> Meaning:
    """A receipt by the server's log key."""
    payload = _open(envelope, "receipt", org, server)
    return _of_org(forms.decode(RECEIPT, payload, "bad_envelope"), org)


def open_checkpoint(envelope: bytes, org: bytes, server: Signer) -> Meaning:
    """A checkpoint by the server's log key."""
    payload = _open(envelope, "checkpoint", org, server)
    return _of_org(forms.decode(CHECKPOINT, payload, "bad_envelope"), org)


def _of_org(meaning: Meaning, org: bytes) -> Meaning:
    require(meaning["org"] == org, "bad_envelope", "of another organisation")
    return meaning
