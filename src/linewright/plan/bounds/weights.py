"""How much a second of each machine counts when the machines of a set are added up to one pool."""

from __future__ import annotations

from math import exp, sqrt
from typing import Any

import numpy as np

from linewright.shop.copying import overwrite
from linewright.shop.kernels import kernel

#: Visits of modes that balancing may take, and the rounds between which it stays.
MOST_VISITS = 4_000_000
FEWEST_ROUNDS, MOST_ROUNDS = 30, 600
#: Step of the first of most rounds (fewer rounds take smaller steps), how fast the average load forgets, and the most
#: that one round may see as overload.
STEP, FORGET, MOST_OVERLOAD = 4.0, 0.05, 2.0
#: Weights are whole numbers up to this, and their sum (times places) stays below the second, so that sums fit 63 bits.
MOST_WEIGHT, MOST_SUM = 1 << 20, 1 << 26


def whole_weights(first: Any, machine: Any, work: Any, speed: Any, capacity: Any) -> Any:
    """Whole weights of machines under which their pool is as tight as it can be; see :func:`balanced`.

    Operation o takes ``work[first[o]:first[o + 1]]`` on the machines beside; `speed` is the share of time (times
    places) that each machine is at work, `capacity` its places.
    """
    rounds = int(np.clip(MOST_VISITS // max(machine.size, 1), FEWEST_ROUNDS, MOST_ROUNDS))
    weight = balanced(first, machine, work.astype(np.float64), speed, rounds)
    scale = min(MOST_WEIGHT / weight.max(), MOST_SUM / float((weight * capacity).sum()))
    return np.floor(weight * scale).astype(np.int64)


@kernel
def balanced(first: Any, machine: Any, work: Any, speed: Any, rounds: int) -> Any:
    """Weights w >= 0 of machines that make sum over o of min over its m of w[m] * work[o, m] / (w @ speed) large.

    For any weights this is a valid bound: it is the Lagrangian dual of splitting all operations over their machines so
    that the fullest is done soonest (Lawler and Labetoulle, Journal of the ACM 25 (1978) 612-619). Every round gives
    each operation to its cheapest machine and raises the weights of those that are overloaded on average over the
    last rounds (multiplicative weights: Plotkin, Shmoys and Tardos, Mathematics of Operations Research 20 (1995)
    257-301). The best weights seen are returned.
    """
    weight, load, mean = np.ones(speed.size), np.zeros(speed.size), np.zeros(speed.size)
    chosen, best = weight.copy(), 0.0
    for turn in range(rounds):
        load[:] = 0.0
        total = 0.0
        for operation in range(first.size - 1):
            cheapest = first[operation]
            for mode in range(first[operation] + 1, first[operation + 1]):
                if weight[machine[mode]] * work[mode] < weight[machine[cheapest]] * work[cheapest]:
                    cheapest = mode
            total += weight[machine[cheapest]] * work[cheapest]
            load[machine[cheapest]] += work[cheapest]
        value = total / (weight * speed).sum()
        if value > best:
            best = value
            overwrite(chosen, weight)
        forget = FORGET if turn > 0 else 1.0
        step = STEP * rounds / MOST_ROUNDS / sqrt(turn + 1.0)
        for at in range(speed.size):
            mean[at] += forget * (load[at] - mean[at])
            overload = mean[at] / max(speed[at] * best, 1e-9) - 1.0
            weight[at] *= exp(step * min(overload, MOST_OVERLOAD))
        weight *= speed.size / weight.sum()
    return chosen
