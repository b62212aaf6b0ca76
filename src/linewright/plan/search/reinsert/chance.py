"""Random numbers whose whole state is one array, so that a search is the same in any thread."""

from __future__ import annotations

from typing import Any

from linewright.shop.kernels import kernel

#: Multiplier and modulus of the minimal standard generator (Park, Miller and Stockmeyer, CACM 36(7) (1993) 105-110).
MULTIPLIER, MODULUS = 48271, 2147483647


@kernel
def below(chance: Any, count: int) -> int:
    """A whole number from 0 to `count` - 1; `chance[0]` must lie between 1 and the modulus."""
    chance[0] = chance[0] * MULTIPLIER % MODULUS
    return int(chance[0] % count)
