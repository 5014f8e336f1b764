"""The Merkle tree of RFC 9162, section 2.1, over leaves that are already hashed."""

from __future__ import annotations

import hashlib
from functools import reduce
from typing import Iterable, Sequence


def sha256(*parts: bytes) -> bytes:
    """H over the joined parts."""
    return hashlib.sha256(b"".join(parts)).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01", left, right)


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def root(leaves: Sequence[bytes]) -> bytes:
    """The tree hash (2.1.1)."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def prefix_roots(leaves: Iterable[bytes]) -> list[bytes]:
    """The roots of the trees of the first 0, 1, 2… leaves, from the peaks of complete trees alone."""
    roots, peaks = [root([])], list[tuple[int, bytes]]()
    for leaf in leaves:
        peaks.append((1, leaf))
        while len(peaks) > 1 and peaks[-2][0] == peaks[-1][0]:
            (size, left), (_, right) = peaks[-2:]
            peaks[-2:] = [(2 * size, node(left, right))]
        roots.append(reduce(lambda right, peak: node(peak[1], right), reversed(peaks[:-1]), peaks[-1][1]))
    return roots


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The path that shows leaf `index` in the tree (2.1.3.1)."""
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return inclusion_proof(index, leaves[:k]) + [root(leaves[k:])]
    return inclusion_proof(index - k, leaves[k:]) + [root(leaves[:k])]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], tree: bytes) -> bool:
    """Whether `path` shows `leaf` at `index` in the tree of `size` (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node(p, r)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == tree


def consistency_proof(old: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The path that shows the tree of the first `old` leaves to be a prefix of this one (2.1.4.1)."""
    return _subproof(old, leaves, True) if 0 < old < len(leaves) else []


def _subproof(old: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    k = _split(len(leaves))
    if old <= k:
        return _subproof(old, leaves[:k], whole) + [root(leaves[k:])]
    return _subproof(old - k, leaves[k:], False) + [root(leaves[:k])]


def verify_consistency(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether `path` shows that the tree of `new` leaves begins with the tree of `old` (2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new or not path:
        return False
    path = [old_root, *path] if old & (old - 1) == 0 else list(path)
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == new_root
