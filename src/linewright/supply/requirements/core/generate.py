"""Bills of materials of any size for benchmarks and tests.

No large bill with stocks, lead times and lot sizes is public; this one has six levels, four lines for each material
that is made, lot rules of three kinds, stock for some weeks, and a demand for each product in each week.
"""

from __future__ import annotations

import numpy as np

from linewright.supply.requirements.core.build import Facts, plain_items
from linewright.supply.requirements.core.records import BUY, DEMAND, LINE, MAKE, NEVER_DAY, SUPPLY, WAY

LEVELS, LINES_EACH = 6, 4


def generate(count: int, *, weeks: int = 52, seed: int = 0) -> Facts:
    """Facts for `count` materials on six levels.

    Parameters
    ----------
    count
        How many materials, at least 60.
    weeks
        How far demand reaches.
    seed
        The same seed gives the same facts.
    """
    random = np.random.default_rng(seed)
    level = np.sort(random.integers(0, LEVELS, count))
    ends = np.searchsorted(level, np.arange(LEVELS + 1))
    parent = np.repeat(np.arange(ends[LEVELS - 1]), LINES_EACH)
    component = random.integers(ends[level[parent] + 1], ends[level[parent] + 2])
    lines = np.zeros(parent.size, LINE)
    lines["parent"], lines["quantity"] = parent, random.integers(1, 4, parent.size)
    lines["kind"], lines["last_day"] = MAKE, NEVER_DAY
    ways = np.zeros(count, WAY)
    ways["kind"] = np.where(level < LEVELS - 1, MAKE, BUY)
    ways["lead"] = 7 * random.integers(1, 4, count)
    ways["minimum"] = random.choice([0, 50, 200], count)
    ways["multiple"] = random.choice([1, 10, 25], count)
    ways["last_day"], ways["capacity_row"], ways["capacity"] = NEVER_DAY, -1, np.inf
    items = plain_items(count)
    items["safety"][:-1] = random.uniform(0, 50, count)
    supplies = np.zeros(count, SUPPLY)
    supplies["quantity"], supplies["last_day"] = random.uniform(0, 500, count), NEVER_DAY
    products = int(ends[1])
    demands = np.zeros(products * weeks, DEMAND)
    demands["day"] = np.tile(7 * np.arange(weeks), products)
    demands["quantity"] = random.poisson(20, products * weeks)
    wanted = demands["quantity"] > 0
    return Facts(
        items=items,
        lines=lines,
        line_item=component,
        demands=demands[wanted],
        demand_item=np.repeat(np.arange(products), weeks)[wanted],
        supplies=supplies,
        supply_item=np.arange(count),
        ways=ways,
        way_item=np.arange(count),
        horizon_days=7 * weeks,
    )
