"""Random numbers for kernels: a state that belongs to its search, so that threads never disturb each other."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.kernels import lean_kernel


def new_chance(seed: int) -> Any:
    """The state of a generator."""
    return np.random.SeedSequence(seed).generate_state(1, np.uint64)


@lean_kernel
def draw(chance: Any) -> Any:
    """The next 64 random bits (splitmix64: Steele, Lea and Flood, OOPSLA 2014)."""
    chance[0] += np.uint64(0x9E3779B97F4A7C15)
    bits = chance[0]
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


@lean_kernel
def below(chance: Any, count: int) -> int:
    """A whole number from 0 to count - 1."""
    return int(np.int64(draw(chance) >> np.uint64(33)) % count)


@lean_kernel
def share(chance: Any) -> float:
    """A number from 0 to 1."""
    return np.float64(draw(chance) >> np.uint64(11)) / 9007199254740992.0
