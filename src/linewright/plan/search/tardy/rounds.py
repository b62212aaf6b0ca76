"""Rounds of this layer: open a window, anneal in it, time the whole plan, and keep or take back the window as one."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.chance import below, share
from linewright.plan.search.tardy.anneal import anneal
from linewright.plan.search.tardy.pressure import measure_pressure
from linewright.plan.search.tardy.propagate import WORK
from linewright.plan.search.tardy.timing import retime
from linewright.plan.search.tardy.window import late_place, open_window
from linewright.shop.copying import overwrite
from linewright.shop.kernels import kernel


@kernel
def copy_plan(source: Any, target: Any) -> None:
    """Copy one plan over another."""
    overwrite(target.nodes, source.nodes)
    overwrite(target.met, source.met)


@kernel
def one_window(
    shop: Any, plan: Any, trial: Any, scratch: Any, chance: Any, size: int, margin: int, hot: float, cold: float,
    work: int, grid: int, value: float,
) -> float:  # fmt: skip
    """Search one window of the plan; the new value, which is the old one where the window brought nothing."""
    count = shop.steps.size - 1
    order = np.empty(count, np.int64)
    pressure = np.empty((count, 17), np.float64)
    doors = np.empty(plan.nodes.size - count, np.int64)
    copy_plan(plan, trial)
    retime(shop, trial, order)
    measure_pressure(shop, trial, order, grid, pressure)
    by_start = np.argsort(trial.nodes.start[:count], kind="mergesort")
    first = 0
    if size < count:
        first = late_place(trial.nodes, by_start, pressure, share(chance)) - below(chance, size)
        first = min(max(first, 0), count - size)
    begin, end = open_window(shop, trial.nodes, by_start, first, size, margin, doors)
    anneal(shop, trial, scratch, chance, by_start[begin:end], doors, pressure, grid, hot, cold, work)
    after = retime(shop, trial, order)
    if after > value:
        return value
    copy_plan(trial, plan)
    return after


#: Sizes of windows, temperatures in units of a mean delay, and how much of a round one window takes.
SIZES = (60, 150, 400, 1000, 3000)
HEATS = (0.01, 0.03, 0.1, 0.3)


@kernel
def windows(
    shop: Any, plan: Any, trial: Any, scratch: Any, chance: Any, scales: Any, arms: Any, work: int, rounds: int,
    value: float,
) -> float:  # fmt: skip
    """Search windows of changing size and heat until rounds times work operations were timed; the value reached.

    `scales` holds the cost of a mean delay and the step of the delay table. `arms` remembers for each size and heat
    what it lately gained for its work; half of the windows take the best of them, the others any.
    """
    count = shop.steps.size - 1
    limit, spent = rounds * work, 0.0
    while spent < limit:
        chosen = below(chance, arms.size)
        if share(chance) < 0.5:
            for arm in range(arms.size):
                if arms[arm] > arms[chosen]:
                    chosen = arm
        size = min(SIZES[chosen // len(HEATS)], count)
        hot = HEATS[chosen % len(HEATS)] * scales[0]
        begun = scratch.counts[WORK]
        most = min(size * (1000 if size == count else 300), 4 * work)
        after = one_window(shop, plan, trial, scratch, chance, size, size, hot, hot * 0.02, most, int(scales[1]), value)
        done = scratch.counts[WORK] - begun + 2.0 * count
        spent += done
        arms[chosen] = 0.8 * arms[chosen] + 0.2 * (value - after) / done
        value = after
    return value
