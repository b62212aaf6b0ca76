"""Random numbers that belong to a cause, a replication and an index, whoever draws them and in whatever order.

Philox4x32-10 turns a counter into four words without any state (Salmon, Moraes, Dror and Shaw, *Parallel random
numbers: as easy as 1, 2, 3*, SC 2011). The counter here is (index, replication, identity of the cause), the key is the
seed. So "the third failure of M4 in replication 17" is the same number in every plan, thread and process: two plans
are compared on common random numbers, and a new machine in one of them shifts nobody else's numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from linewright.shop.kernels import lean_kernel

WORD = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
#: The golden ratio and the square root of three less one, as the authors chose them.
WEYL = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10

_FIRST, _SECOND = MULTIPLIERS
_WEYL_FIRST, _WEYL_SECOND = (np.uint64(weyl) for weyl in WEYL)
_LOW, _HIGH = np.uint64(12), np.uint64(20)


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
    """Two independent numbers in (0, 1) for each pair of cause and replication.

    Parameters
    ----------
    seed
        At least 0 and below 2^64.
    identities
        uint64, the causes; see :func:`identity`.
    paths
        Replications: integers below 2^32, of a shape that broadcasts with the identities.
    draw
        The index of the draw, below 2^32.
    """
    identities = np.asarray(identities, np.uint64)
    words = philox(
        (np.uint64(draw), np.asarray(paths, np.uint64), identities & WORD, identities >> HALF),
        (seed & 0xFFFFFFFF, seed >> 32),
    )
    return _unit(words[0], words[1]), _unit(words[2], words[3])


@lean_kernel
def uniform_pair(seed: Any, cause: Any, replication: int, index: int) -> tuple[float, float]:
    """Two independent numbers in (0, 1): :func:`uniforms` for kernels, with the same result.

    Parameters
    ----------
    seed
        uint64.
    cause
        uint64, see :func:`identity`.
    replication, index
        At least 0 and below 2^32.
    """
    zero, one = np.uint64(index), np.uint64(replication)
    two, three = cause & WORD, cause >> HALF
    low_key, high_key = seed & WORD, seed >> HALF
    for _ in range(ROUNDS):
        first, second = _FIRST * zero, _SECOND * two
        zero, one, two, three = (
            (second >> HALF) ^ one ^ low_key,
            second & WORD,
            (first >> HALF) ^ three ^ high_key,
            first & WORD,
        )
        low_key, high_key = (low_key + _WEYL_FIRST) & WORD, (high_key + _WEYL_SECOND) & WORD
    return (
        (np.float64((one << _HIGH) | (zero >> _LOW)) + 0.5) * 2.0**-52,
        (np.float64((three << _HIGH) | (two >> _LOW)) + 0.5) * 2.0**-52,
    )


@lean_kernel
def uniform(seed: Any, cause: Any, replication: int, index: int) -> float:
    """A number in (0, 1); two neighbouring indices share one call of the generator and are independent all the same."""
    first, second = uniform_pair(seed, cause, replication, index >> 1)
    return second if index & 1 else first


def identity(*words: str) -> int:
    """A number of 64 bits for a cause, the same on every machine and in every model that has it."""
    return int.from_bytes(hashlib.blake2b("\0".join(words).encode(), digest_size=8).digest(), "little")


def identities(kinds: Iterable[str], names: Iterable[str], cause: str) -> Any:
    """The identities of several things as uint64; `cause` keeps apart what else the same thing draws."""
    return np.array([identity(cause, kind, name) for kind, name in zip(kinds, names, strict=True)], np.uint64)


def _unit(low: Any, high: Any) -> Any:
    """A number in (0, 1) of 52 bits from two words; the half keeps it off both ends."""
    return ((high << np.uint64(20) | low >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
