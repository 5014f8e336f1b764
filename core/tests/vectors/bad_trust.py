"""Bad certificates and statements: whole in themselves, but not theirs to make or to carry (sections 2.1 and 6)."""

from __future__ import annotations

from typing import Optional

import log
import world
from forms import Meaning
from world import CHAIN, PATROL_KEY, PHONE_KEY, SITE, T0, Key


def certificate_vectors() -> list[Meaning]:
    """Certificates whose signer may not sign them."""
    root, issuing, phone, lead = world.ROOT_KEY, world.ISSUING_KEY, PHONE_KEY, world.LEAD_KEY
    newcomer = world.NEWCOMER_KEY
    person = {"holder": world.PHONE}
    provisional = person | {"provisional": True}
    elsewhere = provisional | {"site": world.OTHER_SITE}
    cases: dict[str, tuple[list[Key], Key, int, Meaning]] = {
        "issuing_key_by_an_issuing_key": ([issuing], issuing, log.ROLE_ISSUING, {}),
        "phone_by_the_root_key": ([], root, log.ROLE_PHONE, {}),
        "phone_by_a_phone": ([issuing, phone], phone, log.ROLE_PHONE, {}),
        "phone_by_a_person": ([issuing, lead], lead, log.ROLE_PHONE, {}),
        "server_log_key_by_a_phone": ([issuing, phone], phone, log.ROLE_SERVER, {}),
        "person_by_a_person_not_provisional": ([issuing, lead], lead, log.ROLE_PERSON, person),
        "provisional_person_by_a_phone": ([issuing, phone], phone, log.ROLE_PERSON, provisional),
        "provisional_person_by_a_person_of_another_site": ([issuing, lead], lead, log.ROLE_PERSON, elsewhere),
        "provisional_person_by_a_provisional_person": ([issuing, lead, newcomer], newcomer, log.ROLE_PERSON, provisional),
        "provisional_person_by_the_issuing_key": ([issuing], issuing, log.ROLE_PERSON, provisional),
        "phone_by_a_stranger": ([issuing], Key("stranger"), log.ROLE_PHONE, {}),
    }  # fmt: skip
    vectors = []
    for name, (path, signer, role, changes) in cases.items():
        subject = world.certify(signer, "subject", role, world.ident("subject"), **changes)
        certificates = [key.certificate for key in (*path, subject)]
        vectors.append({"name": name, "code": "bad_signature", "certificates": certificates})
    return vectors


def statement_vectors() -> list[Meaning]:
    """Entries that carry a statement which is not theirs to carry."""
    patrol, lead, newcomer, t_ms = world.PATROL, world.LEAD, world.NEWCOMER, T0 + 60_000
    ours = log.session_digest(SITE, world.PHONE, patrol, t_ms)
    digests = {
        "session_of_another_site": log.session_digest(world.OTHER_SITE, world.PHONE, patrol, t_ms),
        "session_of_another_device": log.session_digest(SITE, world.PHONE_B, patrol, t_ms),
        "session_of_another_person": log.session_digest(SITE, world.PHONE, lead, t_ms),
        "session_at_another_time": log.session_digest(SITE, world.PHONE, patrol, t_ms + 1),
    }
    vectors = [_carried(name, PATROL_KEY, patrol, digest) for name, digest in digests.items()]
    return vectors + [
        _carried("by_another_person_than_the_author", world.LEAD_KEY, patrol, ours),
        _carried("by_a_person_where_there_is_no_author", PATROL_KEY, None, ours),
        _carried(
            "by_a_key_of_another_device", world.NEWCOMER_KEY, newcomer, log.session_digest(SITE, world.PHONE, newcomer, t_ms)
        ),
        _carried("by_the_device_itself", PHONE_KEY, world.PHONE, log.session_digest(SITE, world.PHONE, world.PHONE, t_ms)),
    ]


def _carried(name: str, key: Key, author: Optional[bytes], digest: bytes) -> Meaning:
    envelope = world.statement(key, "session", digest, CHAIN, 1, ["pin"])
    entry = world.entry_bytes(world.entry_meaning(1, 1, [], author=author, statement=envelope))
    return {"name": name, "code": "bad_envelope", "signer_certificate": key.certificate, "entry": entry}
