"""Random values of causes, of which two share one call of the generator."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from linewright.shop.chance import uniform, uniform_pair
from linewright.shop.distributions import ERLANG, EXPONENTIAL, FIXED, quantile, sample
from linewright.twin.network.kernel.compiled import inlined_kernel, inner_kernel

#: Another lap of a job through the same step is another cause: the lap changes the cause's upper bits.
LAP_BITS = np.uint64(40)


@inlined_kernel
def draw(
    laws: Any, table: Any, law: int, luck: Any, at: int, seed: Any, cause: Any, laps: int, replication: int, index: int
) -> float:
    """The `index`-th value of a cause; `luck[at]` keeps the cause's last pair of numbers, as indices mostly ascend."""
    record = laws[law]
    if record.kind == FIXED:
        return record.one
    if laps > 0 or record.kind == ERLANG:
        return sample(record, table, seed, cause ^ (np.uint64(laps) << LAP_BITS), replication, index)
    known = luck[at]
    block = index >> 1
    if known.block != block:
        known.first, known.second = uniform_pair(seed, cause, replication, block)
        known.block = block
    share = known.second if index & 1 else known.first
    if record.kind == EXPONENTIAL:
        return -record.one * math.log(1.0 - share)
    return quantile(record, table, share)


@inner_kernel
def lap_uniform(seed: Any, cause: Any, laps: int, replication: int, index: int) -> float:
    """A number in (0, 1) of a cause, in a job's lap."""
    return uniform(seed, cause ^ (np.uint64(laps) << LAP_BITS), replication, index)
