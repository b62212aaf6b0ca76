"""Linear equations whose unknowns come in fours along a line and know only their neighbours."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Factors(NamedTuple):
    """The equations x(i) + L(i) x(i-1) + U(i) x(i+1) = b(i) made triangular, each (blocks x groups x 4 x 4)."""

    carried: Floats
    inverse: Floats
    back: Floats


def factored(lower: Floats, upper: Floats) -> Factors:
    """Eliminate block after block (the algorithm of L. H. Thomas, 1949, for blocks).

    `lower` and `upper` are L and U (blocks x groups x 4 x 4), groups being systems of their own.
    """
    carried, inverse, back = np.zeros_like(lower), np.zeros_like(lower), np.zeros_like(lower)
    unit = np.eye(4)
    inverse[0] = unit
    back[0] = upper[0]
    for at in range(1, len(lower)):
        carried[at] = lower[at] @ inverse[at - 1]
        inverse[at] = np.linalg.inv(unit - carried[at] @ upper[at - 1])
        back[at] = inverse[at] @ upper[at]
    return Factors(carried, inverse, back)


def solved(factors: Factors, right: Floats) -> Floats:
    """The unknowns (blocks x groups x 4 x columns) for right sides of the same shape."""
    made = np.empty_like(right)
    made[0] = right[0]
    for at in range(1, len(right)):
        made[at] = right[at] - factors.carried[at] @ made[at - 1]
    made[-1] = factors.inverse[-1] @ made[-1]
    for at in range(len(right) - 2, -1, -1):
        made[at] = factors.inverse[at] @ made[at] - factors.back[at] @ made[at + 1]
    return made
