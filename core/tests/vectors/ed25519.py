"""Ed25519 (RFC 8032) in plain integers: clear, not fast, and not constant in time, so never for real keys."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Optional

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]  # extended coordinates X, Y, Z, T: x = X/Z, y = Y/Z, xy = T/Z
IDENTITY: Point = (0, 1, 1, 0)


def add(p: Point, q: Point) -> Point:
    """The sum of two points (RFC 8032, 5.1.4)."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar: int, point: Point) -> Point:
    """`scalar` times `point`."""
    result = IDENTITY
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def negate(point: Point) -> Point:
    """The opposite point."""
    return -point[0] % P, point[1], point[2], -point[3] % P


def compress(point: Point) -> bytes:
    """32 bytes: y, and the sign of x in the top bit."""
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decompress(data: bytes) -> Optional[Point]:
    """The point, or `None` if the bytes are not the canonical form of one (RFC 8032, 5.1.3)."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if len(data) != 32 or y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * SQRT_M1 % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def _base() -> Point:
    point = decompress((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    assert point is not None
    return point


BASE = _base()


def is_small_order(point: Point) -> bool:
    """Whether eight times the point is the identity."""
    return compress(multiply(8, point)) == compress(IDENTITY)


@lru_cache
def is_weak(public: bytes) -> bool:
    """Whether a public key is no canonical point, or one of small order."""
    point = decompress(public)
    return point is None or is_small_order(point)


def _expand(seed: bytes) -> tuple[int, bytes]:
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little")
    return scalar & (1 << 254) - 8 | 1 << 254, digest[32:]


def _hash(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % L


def secret_scalar(seed: bytes) -> int:
    """The secret scalar; only bad vectors need it by itself."""
    return _expand(seed)[0]


def public_key(seed: bytes) -> bytes:
    """The public key of a seed."""
    return compress(multiply(secret_scalar(seed), BASE))


def challenge(r: bytes, public: bytes, message: bytes) -> int:
    """The scalar k of RFC 8032, 5.1.6."""
    return _hash(r, public, message)


def sign(seed: bytes, message: bytes) -> bytes:
    """The one deterministic signature of RFC 8032."""
    scalar, prefix = _expand(seed)
    nonce = _hash(prefix, message)
    r = compress(multiply(nonce, BASE))
    s = (nonce + challenge(r, public_key(seed), message) * scalar) % L
    return r + s.to_bytes(32, "little")


def verify_strict(public: bytes, message: bytes, signature: bytes) -> bool:
    """Verifies without the cofactor, refusing S ≥ L and a key or R of small order or in another encoding."""
    key, r = decompress(public), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or key is None or r is None or s >= L:
        return False
    if is_small_order(key) or is_small_order(r):
        return False
    k = challenge(signature[:32], public, message)
    return compress(add(multiply(s, BASE), multiply(k, negate(key)))) == signature[:32]
