"""Search over the priorities of jobs: a few are changed, the whole plan is dispatched anew, better ones stay.

Priorities in place of sequences, as in Storer, Wu and Vaccari, Management Science 38 (1992) 1495-1509 (problem and
heuristic space); accepted by late acceptance (Burke and Bykov, European Journal of Operational Research 258 (2017)
70-78).
"""

from __future__ import annotations

from math import cos, log, sqrt
from typing import Any

import numpy as np

from linewright.plan.search.chance import below, share
from linewright.plan.search.tardy.decode import decode
from linewright.shop.copying import overwrite
from linewright.shop.kernels import kernel, lean_kernel


@lean_kernel
def bell(chance: Any) -> float:
    """A draw from the normal distribution (Box and Muller 1958)."""
    return sqrt(-2.0 * log(1.0 - 0.999999 * share(chance))) * cos(6.283185307179586 * share(chance))


@lean_kernel
def late_job(shop: Any, plan: Any, chance: Any) -> int:
    """The job of an operation that feeds a late demand, or any job when a few draws find none."""
    count = shop.steps.size - 1
    for _ in range(6):
        demand = below(chance, max(shop.demands.size - 1, 1))
        if shop.demands.size < 2 or plan.met[demand].finish <= shop.demands[demand].due:
            continue
        feeds = shop.demands[demand + 1].first_feed - shop.demands[demand].first_feed
        if feeds > 0:
            return shop.steps[shop.feeds[shop.demands[demand].first_feed + below(chance, feeds)].operation].job
    return shop.steps[below(chance, count)].job


@kernel
def shake(
    shop: Any, best: Any, trial: Any, room: Any, rule: Any, bias: Any, history: Any, values: Any, chance: Any,
    rounds: int,
) -> None:  # fmt: skip
    """Dispatch so many times; `values` holds the current value, the best one and the rounds done so far.

    `rule` and `bias` are the current ones and change as better ones are found; `best` gets the best plan.
    """
    old_bias, old_rule = bias.copy(), rule.copy()
    for _ in range(rounds):
        overwrite(old_bias, bias)
        overwrite(old_rule, rule)
        draw = share(chance)
        if draw < 0.1:
            for at in range(rule.size):
                rule[at] *= np.exp(0.15 * bell(chance))
        most = max(bias.size // 40, 3)
        strength = (0.1, 0.3, 1.0)[below(chance, 3)]
        for _ in range(1 + int(most * share(chance) ** 3)):
            job = late_job(shop, trial, chance) if share(chance) < 0.5 else below(chance, bias.size)
            bias[job] += strength * bell(chance)
        value = decode(shop, trial, room, rule, bias)
        slot = int(values[2]) % history.size
        values[2] += 1
        if value <= values[0] or value <= history[slot]:
            values[0] = value
            if value < values[1] - 1e-9:
                values[1] = value
                overwrite(best.nodes, trial.nodes)
                overwrite(best.met, trial.met)
        else:
            overwrite(bias, old_bias)
            overwrite(rule, old_rule)
        history[slot] = values[0]
