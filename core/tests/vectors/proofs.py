"""Good proofs and bad ones (section 10)."""

from __future__ import annotations

from typing import Any, Callable, Sequence

import cbor
import forms
import log
import merkle
import proof
import world
from forms import Meaning
from world import CHAIN, HQ_LOG, ISSUING_KEY, ORG, PACKING_LOG, PATROL_KEY, PHONE_KEY, PHONE_LOG, SERVER_KEY, SITE_LOG, T0, Key

Claim = list[Any]


def _certificates(*keys: Key) -> list[bytes]:
    return [key.certificate for key in (ISSUING_KEY, *keys) if key.certificate is not None]


def shown(segment: world.Segment, seq: int, following: Sequence[world.Segment] = ()) -> Claim:
    """An entry of a segment; if others follow, it is the last of them whose signature is given."""
    run = [segment, *following]
    index = seq - segment.header["first"]
    path = merkle.inclusion_proof(index, [log.leaf(entry) for entry in segment.entries])
    return [run[-1].envelope, [s.header_bytes for s in run[:-1]], segment.entries[index], path]


def receipt(segment: world.Segment, key: Key = SERVER_KEY) -> bytes:
    """The receipt of a segment of the site's log."""
    position = SITE_LOG.index(segment)
    ids = [s.id for s in SITE_LOG[: position + 1]]
    meaning = {
        "v": 1, "org": ORG, "site": world.SITE, "epoch": 1, "chain": segment.header["chain"],
        "seq": segment.header["first"] + segment.header["count"] - 1, "segment": segment.id, "size": position + 1,
        "root": log.site_root(ids), "recv_ms": T0 + world.DAY + position,
    }  # fmt: skip
    return key.sign("receipt", forms.encode(log.RECEIPT, meaning))


def place(segment: world.Segment) -> list[bytes]:
    """The path from a segment to the root of the site's log that ends with it."""
    position = SITE_LOG.index(segment)
    return merkle.inclusion_proof(position, [log.site_leaf(n, s.id) for n, s in enumerate(SITE_LOG[: position + 1])])


def entry(segment: world.Segment, seq: int, following: Sequence[world.Segment] = ()) -> Claim:
    """The claim of an entry proof."""
    return [1, shown(segment, seq, following), receipt(segment), place(segment)]


def other_branch() -> world.Segment:
    """What a copy of the phone wrote in the place of `phone_2_two_entries`."""
    copy = world.Chain(CHAIN, PHONE_KEY, PHONE_LOG.segments[:1])
    changed = [world.entry_meaning(seq, 12, [world.write_op(0, 3, 2, member=7)], records=[world.ROUND]) for seq in (2, 3)]
    return copy.forge("phone_2_of_the_copy", [world.entry_bytes(meaning) for meaning in changed])


def families() -> dict[str, Meaning]:
    """The families by file name."""
    about = {"org": ORG, "root_key": world.ROOT_KEY.public}
    return {
        "proofs.json": {"about": "Section 10: each verifies, and shows what `meaning` says."} | about | {"vectors": good()},
        "bad_proofs.json": {"about": "Section 10: each is refused with its code."} | about | {"vectors": bad()},
    }


def good() -> list[Meaning]:
    """One proof of each shape."""
    phone, hq, device = PHONE_LOG.segments, HQ_LOG.segments[0], (PHONE_KEY, SERVER_KEY)
    proofs = {
        "one_of_three": (device, entry(phone[2], 5), phone[2:3]),
        "alone_in_its_segment": (device, entry(phone[0], 1), phone[:1]),
        "one_of_256": (device, entry(phone[4], 200), phone[4:5]),
        "with_the_persons_signature": ((PHONE_KEY, PATROL_KEY, SERVER_KEY), entry(phone[3], 7), phone[3:4]),
        "by_the_signature_of_what_follows": (device, entry(phone[1], 3, phone[2:4]), phone[1:4]),
        "of_headquarters": ((world.HQ_KEY, SERVER_KEY), entry(hq, 2), [hq]),
    }
    vectors = [
        {"name": name, "segments": [s.name for s in run]} | _vector(proof.write(ORG, _certificates(*keys), claim))
        for name, (keys, claim, run) in proofs.items()
    ]
    fork = [2, shown(phone[1], 2), shown(other_branch(), 2)]
    return [*vectors, {"name": "a_fork"} | _vector(proof.write(ORG, _certificates(PHONE_KEY), fork))]


def _vector(data: bytes) -> Meaning:
    return {"proof": data, "meaning": proof.verify(data, world.ROOT_KEY.public)}


def bad() -> list[Meaning]:
    """Proofs with one thing wrong."""
    return [
        {"name": name, "code": code, "proof": data}
        for family in (_files(), _claims(), {"bad_proof": _forks()})
        for code, cases in family.items()
        for name, data in cases.items()
    ]


def _good_parts() -> tuple[list[bytes], Claim]:
    return _certificates(PHONE_KEY, SERVER_KEY), entry(PHONE_LOG.segments[2], 5)


def _files() -> dict[str, dict[str, bytes]]:
    certificates, claim = _good_parts()
    data = proof.write(ORG, certificates, claim)
    body = data[len(proof.MAGIC) :]
    member: list[cbor.Value] = [1, ORG, [*certificates], claim, None]
    files = {
        "empty_file": b"", "another_file": b"DUTYSNP\x01" + body, "newer_file": b"DUTYPRF\x02" + body,
        "newer_version": proof.MAGIC + cbor.encode([2, ORG, [*certificates], claim]),
        "a_member_too_many": proof.MAGIC + cbor.encode(member), "an_unknown_claim": proof.write(ORG, certificates, [3, claim[1]]),
        "a_fork_of_one": proof.write(ORG, certificates, [2, claim[1]]),
    }  # fmt: skip
    odd = {"trailing_byte": data + b"\x00", "truncated": data[:-1], "length_not_shortest": proof.MAGIC + b"\x98\x04" + body[1:]}
    stranger = {
        "issuing_certificate_missing": proof.write(ORG, certificates[1:], claim),
        "device_certificate_missing": proof.write(ORG, [certificates[0], certificates[2]], claim),
        "server_certificate_missing": proof.write(ORG, certificates[:2], claim),
        "certificate_changed": proof.write(ORG, [certificates[0], _flip(certificates[1]), certificates[2]], claim),
        "another_organisation": proof.write(world.OTHER_ORG, certificates, claim),
    }
    return {"bad_proof": files, "not_canonical": odd, "bad_signature": stranger}


def _flip(data: bytes) -> bytes:
    """One bit of the last byte changed."""
    return data[:-1] + bytes([data[-1] ^ 1])


def _claims() -> dict[str, dict[str, bytes]]:
    certificates, _ = _good_parts()
    phone = PHONE_LOG.segments

    def changed(change: Callable[[Claim], None], claim: Claim) -> bytes:
        change(claim)
        return proof.write(ORG, certificates, claim)

    def part(at: int, value: Any) -> Callable[[Claim], None]:
        return lambda claim: claim[1].__setitem__(at, value)

    three, run = lambda: entry(phone[2], 5), lambda: entry(phone[1], 3, phone[2:4])
    path = three()[1][3]
    other_entry = log.read_entry(phone[2].entries[1]) | {"t_ms": T0}
    sealed = {
        "entry_changed": part(2, world.entry_bytes(other_entry)), "entry_of_another_number": part(2, phone[2].entries[0]),
        "entry_before_the_segment": part(2, phone[1].entries[0]), "path_changed": part(3, [_flip(path[0]), *path[1:]]),
        "path_too_short": part(3, path[:-1]), "path_too_long": part(3, [*path, path[0]]), "path_turned": part(3, path[::-1]),
    }  # fmt: skip
    links = {
        "header_left_out": part(1, [phone[1].header_bytes]), "headers_turned": part(1, [phone[2].header_bytes, phone[1].header_bytes]),
        "header_of_another_chain": part(1, [HQ_LOG.segments[0].header_bytes, phone[2].header_bytes]),
    }  # fmt: skip
    signed = {
        "seal_changed": part(0, _flip(phone[2].envelope)),
        "sealed_by_the_server": part(0, SERVER_KEY.sign("segment", phone[2].header_bytes)),
    }
    receipts = {
        "receipt_changed": lambda claim: claim.__setitem__(2, _flip(claim[2])),
        "receipt_by_the_phone": lambda claim: claim.__setitem__(2, receipt(phone[2], PHONE_KEY)),
    }
    others = {
        "receipt_of_another_segment": lambda claim: claim.__setitem__(2, receipt(phone[1])),
        "receipt_of_another_chain": lambda claim: claim.__setitem__(2, receipt(PACKING_LOG.segments[0])),
        "checkpoint_for_a_receipt": lambda claim: claim.__setitem__(2, _checkpoint()),
    }
    places = {
        "place_changed": lambda claim: claim.__setitem__(3, [_flip(claim[3][0]), *claim[3][1:]]),
        "place_left_out": lambda claim: claim.__setitem__(3, []),
    }
    return {
        "bad_segment": {name: changed(change, three()) for name, change in sealed.items()},
        "broken_link": {name: changed(change, run()) for name, change in links.items()},
        "bad_signature": {name: changed(change, three()) for name, change in (signed | receipts).items()},
        "bad_envelope": {name: changed(change, three()) for name, change in others.items()} | _statements(),
        "bad_proof": {name: changed(change, three()) for name, change in places.items()},
    }


def _checkpoint() -> bytes:
    meaning = {"v": 1, "org": ORG, "site": world.SITE, "epoch": 1, "size": 1, "root": SITE_LOG[0].id, "time_ms": T0}
    return SERVER_KEY.sign("checkpoint", forms.encode(log.CHECKPOINT, meaning))


def _statements() -> dict[str, bytes]:
    """An entry that carries a statement of another entry, sealed by the phone all the same."""
    statement = world.statement(PATROL_KEY, "round", log.text_digest(world.ROUND_TEXT), CHAIN, 8, [])
    carrying = world.entry_meaning(2, 13, [], records=[world.ROUND], statement=statement)
    chain = world.Chain(CHAIN, PHONE_KEY, PHONE_LOG.segments[:1])
    segment = chain.forge("forged", [world.entry_bytes(carrying)])
    branches = [2, shown(segment, 2), shown(other_branch(), 2)]
    return {"statement_of_another_entry": proof.write(ORG, _certificates(PHONE_KEY, PATROL_KEY), branches)}


def _forks() -> dict[str, bytes]:
    phone, copy = PHONE_LOG.segments, other_branch()
    pairs = {
        "one_entry_twice": (shown(phone[1], 2), shown(phone[1], 2)),
        "two_numbers": (shown(phone[1], 2), shown(copy, 3)),
        "two_chains": (shown(phone[1], 2), shown(PACKING_LOG.segments[0], 2)),
        "one_entry_in_differently_cut_segments": (shown(phone[0], 1), shown(_cut_otherwise(), 1)),
    }
    certificates = _certificates(PHONE_KEY, world.PHONE_B_KEY)
    return {name: proof.write(ORG, certificates, [2, *pair]) for name, pair in pairs.items()}


def _cut_otherwise() -> world.Segment:
    entries = [PHONE_LOG.segments[0].entries[0], PHONE_LOG.segments[1].entries[0]]
    return world.Chain(CHAIN, PHONE_KEY).forge("cut_otherwise", entries)
