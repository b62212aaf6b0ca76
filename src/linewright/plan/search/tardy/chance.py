"""Random draws from a state of one's own, so that two layers in two threads never meet in one generator.

The generator is the minimal standard of Park and Miller, Communications of the ACM 31 (1988) 1192-1201, with their
later multiplier 48271.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.tardy.lean import lean_kernel

MODULUS = 2147483647


def chance_from(seed: int) -> Any:
    """The state of a generator: one number, never zero."""
    return np.array([(seed * 69621 + 20011) % (MODULUS - 1) + 1], np.int64)


@lean_kernel
def below(chance: Any, limit: int) -> int:
    """A whole number from 0 up to, but without, the limit."""
    chance[0] = chance[0] * 48271 % MODULUS
    return chance[0] % limit


@lean_kernel
def share(chance: Any) -> float:
    """A number between 0 and 1."""
    chance[0] = chance[0] * 48271 % MODULUS
    return chance[0] / MODULUS
