"""The tree of a batch: Merkle hashing of RFC 6962, section 2.1, with SHA-256. Leaves are given as they are and hashed
here; a tree of n leaves splits at the largest power of two below n.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

BLOCK: Final = 32
"""Leaves of a block, a power of two: with the hashes of a tree's blocks a path is computed from one block's leaves."""


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 || leaf)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The hash of the whole tree, 32 bytes; of no leaves, SHA-256 of nothing."""
    return levels(leaves)[-1][0] if leaves else hashlib.sha256().digest()


def levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Every level of the tree, the hashes of the leaves first, for who wants several paths of one tree."""
    return _up([leaf_hash(leaf) for leaf in leaves])


def blocks(leaves: Sequence[bytes]) -> list[bytes]:
    """The hash of each block of 32 leaves, the last one maybe smaller: a level of the tree."""
    return [root(leaves[at : at + BLOCK]) for at in range(0, len(leaves), BLOCK)]


def root_of_blocks(blocks: Sequence[bytes]) -> bytes:
    """The hash of the whole tree from those of its blocks; there is at least one."""
    return _up(list(blocks))[-1][0]


def path_through(block: Sequence[bytes], blocks: Sequence[bytes], index: int) -> list[bytes]:
    """The same as `path`, from the leaves of the block that holds leaf `index` and the hashes of all blocks."""
    return path_in(levels(block), index % BLOCK) + path_in(_up(list(blocks)), index // BLOCK)


def path_in(levels: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    """The siblings from leaf `index` (from 0) up to the root of a tree. Raises IndexError off the tree."""
    if not 0 <= index < len(levels[0]):
        raise IndexError(index)
    found = []
    for level in levels[:-1]:
        sibling = index ^ 1
        if sibling < len(level):
            found.append(level[sibling])
        index //= 2
    return found


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """PATH(index, leaves) of RFC 6962, 2.1.1. Raises IndexError off the tree."""
    return path_in(levels(leaves), index)


def root_from(leaf: bytes, index: int, count: int, path: Sequence[bytes]) -> bytes:
    """The root that a leaf and its path lead to, in a tree of `count` leaves (RFC 9162, 2.1.3.2).

    Raises ValueError for a path that no such tree has: too short, too long, or an index off the tree.
    """
    if not 0 <= index < count:
        raise ValueError(f"leaf {index} of {count}")
    found, last, rest = leaf_hash(leaf), count - 1, list(reversed(path))
    while last > 0:
        if index % 2 or index < last:
            if not rest:
                raise ValueError("path too short")
            sibling = rest.pop()
            found = node_hash(sibling, found) if index % 2 else node_hash(found, sibling)
        index, last = index // 2, last // 2
    if rest:
        raise ValueError("path too long")
    return found


def _up(level: list[bytes]) -> list[list[bytes]]:
    """A level and all those above it."""
    found = [level]
    while len(found[-1]) > 1:
        found.append(_above(found[-1]))
    return found


def _above(level: Sequence[bytes]) -> list[bytes]:
    """The level above: pairs joined, an odd last one carried up as it is."""
    paired = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return [*paired, level[-1]] if len(level) % 2 else paired
