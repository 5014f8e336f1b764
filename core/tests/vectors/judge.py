"""Reads every vector back with the reading half of this program, as any other implementation would."""

from __future__ import annotations

import ed25519
import judge_bad
import judge_good
import judge_log
import merkle
from stored import Families, h


def faults(families: Families) -> list[str]:
    """What does not read back as it should; empty when all is well."""
    judges = (known_answers, judge_good.faults, judge_bad.faults, judge_log.faults)
    return [fault for judge in judges for fault in judge(families)]


def known_answers(_: Families) -> list[str]:
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
