"""The hash tree of RFC 6962 section 2.1, kept as its frontier: the roots of the perfect subtrees, the largest first.

Pure functions over SHA-256. Appending costs one hash a leaf on average; the frontier of n leaves is popcount(n) hashes.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(entry: bytes) -> bytes:
    """MTH({d}) = SHA-256(0x00 || d)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def extend(size: int, frontier: Sequence[bytes], leaves: Iterable[bytes]) -> tuple[int, list[bytes]]:
    """The size and frontier after appending leaf hashes."""
    peaks = list(frontier)
    for leaf in leaves:
        node = leaf
        carry = size
        while carry & 1:
            node = node_hash(peaks.pop(), node)
            carry >>= 1
        peaks.append(node)
        size += 1
    return size, peaks


def root_of(frontier: Sequence[bytes]) -> bytes:
    """The tree's root: the peaks folded from the smallest."""
    if not frontier:
        return EMPTY
    root = frontier[-1]
    for peak in reversed(frontier[:-1]):
        root = node_hash(peak, root)
    return root
