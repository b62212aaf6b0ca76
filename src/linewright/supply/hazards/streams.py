"""Random numbers that belong to a cause, a path and a stop, whoever draws them and in whatever order.

Philox4x32-10 turns a counter into four words without any state (Salmon, Moraes, Dror and Shaw, *Parallel random
numbers: as easy as 1, 2, 3*, SC 2011). The counter here is (number of the stop, path, identity of the cause), the
key is the seed. So a path is the same path in every chunk, process and network: two networks are compared on common
random numbers, and a new node in one of them shifts nobody else's numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np

WORD = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
#: The golden ratio and the square root of three less one, as the authors chose them.
WEYL = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10


def philox(counter: tuple[Any, Any, Any, Any], key: tuple[int, int]) -> tuple[Any, Any, Any, Any]:
    """Four random 32-bit words for each counter.

    Parameters
    ----------
    counter
        Four arrays of words below 2^32, which broadcast against each other.
    key
        Two words below 2^32.

    Returns
    -------
    Four uint64 arrays of words below 2^32.
    """
    zero, one, two, three = (np.asarray(word, np.uint64) for word in counter)
    for turn in range(ROUNDS):
        low_key, high_key = (np.uint64((key[side] + turn * WEYL[side]) & 0xFFFFFFFF) for side in (0, 1))
        first, second = MULTIPLIERS[0] * zero, MULTIPLIERS[1] * two
        zero, one, two, three = (
            (second >> HALF) ^ one ^ low_key,
            second & WORD,
            (first >> HALF) ^ three ^ high_key,
            first & WORD,
        )
    return zero, one, two, three


def uniforms(seed: int, identities: Any, paths: Any, draw: int) -> tuple[Any, Any]:
    """Two independent numbers in (0, 1) for each pair of cause and path.

    Parameters
    ----------
    seed
        At least 0 and below 2^64.
    identities
        uint64, the causes; see :func:`identity`.
    paths
        Integers below 2^32, of a shape that broadcasts with the identities.
    draw
        The number of the draw, below 2^32.
    """
    identities = np.asarray(identities, np.uint64)
    words = philox(
        (np.uint64(draw), np.asarray(paths, np.uint64), identities & WORD, identities >> HALF),
        (seed & 0xFFFFFFFF, seed >> 32),
    )
    return _unit(words[0], words[1]), _unit(words[2], words[3])


def identity(*words: str) -> int:
    """A number of 64 bits for a cause, the same on every machine and in every network that has it."""
    return int.from_bytes(hashlib.blake2b("\0".join(words).encode(), digest_size=8).digest(), "little")


def identities(kinds: Iterable[str], names: Iterable[str], cause: str) -> Any:
    """The identities of several things as uint64; `cause` keeps apart what else the same thing draws."""
    return np.array([identity(cause, kind, name) for kind, name in zip(kinds, names, strict=True)], np.uint64)


def _unit(low: Any, high: Any) -> Any:
    """A number in (0, 1) of 52 bits from two words; the half keeps it off both ends."""
    return ((high << np.uint64(20) | low >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
