"""Made-up facts with everything in them, and an audit of a solution that shares no code with the planner."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np

from linewright.supply.requirements.core.build import Facts, plain_items
from linewright.supply.requirements.core.records import (
    ALTERNATE,
    DAY,
    DEMAND,
    ELSEWHERE,
    LINE,
    NEVER_DAY,
    PERIOD,
    SUBSTITUTE,
    SUPPLY,
    WAGNER_WHITIN,
    WAY,
)

HORIZON = 70


def facts_of(seed: int, *, count: int = 9) -> Facts:
    """A few items on three levels, with lot rules, capacities, expiries, validities, substitutes and free days."""
    random = np.random.default_rng(seed)
    level = np.sort(random.integers(0, 3, count))
    items = plain_items(count)
    items["rule"][:-1] = random.choice([0, 0, PERIOD, WAGNER_WHITIN], count)
    items["period_days"][:-1] = random.integers(1, 20, count)
    items["shelf_days"][:-1] = random.choice([NEVER_DAY, 5, 12], count)
    items["order_cost"][:-1], items["holding"][:-1] = (
        random.integers(1, 50, count),
        0.01 * random.integers(1, 50, count),
    )
    items["safety"][:-1] = random.choice([0, 0, 7], count)
    pairs = [(a, b) for a in range(count) for b in range(count) if level[a] < level[b] and random.random() < 0.5]
    lines = np.zeros(len(pairs), LINE)
    lines["parent"], lines["quantity"] = [pair[0] for pair in pairs], random.integers(1, 4, len(pairs))
    lines["first_day"] = random.choice([-NEVER_DAY, 10], len(pairs))
    lines["last_day"] = random.choice([NEVER_DAY, 40], len(pairs))
    demands = np.zeros(3 * count, DEMAND)
    demands["day"] = np.sort(random.integers(-5, HORIZON, demands.size))
    demands["quantity"] = random.integers(1, 40, demands.size)
    supplies = np.zeros(2 * count, SUPPLY)
    supplies["day"] = random.choice([0, 0, 3, 20, 50], supplies.size)
    supplies["last_day"] = supplies["day"] + random.choice([NEVER_DAY // 2, 4, 30], supplies.size)
    supplies["quantity"] = random.integers(0, 60, supplies.size)
    ways = np.zeros(2 * count, WAY)
    ways["lead"], ways["lead_per_unit"] = random.integers(0, 12, ways.size), random.choice([0, 0, 0.1], ways.size)
    ways["minimum"], ways["multiple"] = random.choice([0, 10], ways.size), random.choice([0, 1, 8], ways.size)
    ways["first_day"] = random.choice([-NEVER_DAY, 15], ways.size)
    ways["last_day"] = random.choice([NEVER_DAY, 30], ways.size)
    ways["capacity"] = random.choice([np.inf, np.inf, 25], ways.size)
    ways["capacity_row"] = np.where(np.isfinite(ways["capacity"]), np.arange(ways.size), -1)
    way_item = np.concatenate([np.arange(count), random.integers(0, count, count)])
    facts = Facts(
        items=items, lines=lines, line_item=np.array([pair[1] for pair in pairs], np.int64), demands=demands,
        demand_item=random.integers(0, count, demands.size), supplies=supplies,
        supply_item=random.integers(0, count, supplies.size), ways=ways, way_item=way_item, days=free_days(random),
        horizon_days=HORIZON, bucket_days=int(random.choice([1, 7])), fence_day=int(random.choice([0, 0, 5])),
        patience_days=int(random.choice([0, 7])),
    )  # fmt: skip
    return with_alternates(facts, level, random)


def free_days(random):
    """Calendars without Sundays, some of them with ten days of holidays too, or without any free day."""
    kind = random.random()
    if kind < 0.5:
        return np.zeros(0, DAY)
    days = np.zeros(HORIZON + 100, DAY)
    day = np.arange(days.size)
    works = (day % 7 != 6) & ((kind < 0.75) | (day < 20) | (day >= 30))
    # The table ends on a day that works.
    works[-1] = True
    worked = np.flatnonzero(works)
    days["before"] = worked[np.searchsorted(worked, day, "right") - 1]
    days["after"] = worked[np.searchsorted(worked, day)]
    return days


def with_alternates(facts: Facts, level, random) -> Facts:
    """Items of the same level stand in for each other, if no line joins them."""
    rows = [(a, b) for a in range(level.size) for b in range(level.size) if a != b and level[a] == level[b]]
    rows = [row for row in rows if random.random() < 0.2]
    alternates = np.zeros(len(rows), ALTERNATE)
    alternates["item"] = [row[1] for row in rows]
    alternates["kind"] = random.choice([ELSEWHERE, SUBSTITUTE], len(rows))
    alternates["lag"], alternates["quantity"] = random.integers(0, 4, len(rows)), random.choice([1.0, 2.0], len(rows))
    alternates["first_day"], alternates["last_day"] = -NEVER_DAY, random.choice([NEVER_DAY, 20], len(rows))
    block = np.arange(level.size)
    for a, b in rows:
        block[block == block[b]] = block[a]
    return replace(
        facts, alternates=alternates, alternate_item=np.array([row[0] for row in rows], np.int64), block=block
    )


def audit(solution) -> None:
    """Every need is met or short, nothing is used twice, and every lot keeps its rules."""
    task = solution.task
    taken = defaultdict(float)
    for item in range(task.count):
        _audit_needs(solution, item, taken)
        _audit_lots(solution, item)
    for (kind, at), quantity in taken.items():
        there = task.supplies["quantity"][at] if kind == "supply" else solution.lots_of(at[0])["quantity"][at[1]]
        assert quantity <= there + 1e-6


def _audit_needs(solution, item: int, taken) -> None:
    """Pegs of each need add up to it, and each comes from a supply that is fit for it."""
    task, row = solution.task, solution.task.items[item]
    existing = task.items["first_supply"][item + 1] - row["first_supply"]
    met = defaultdict(float)
    for peg in solution.pegs_of(item):
        met[int(peg["line"]), int(peg["at"])] += float(peg["quantity"])
        assert peg["quantity"] > 0
        supply = int(peg["supply"])
        if supply >= existing:
            taken["lot", (item, supply - existing)] += peg["quantity"]
            day = int(solution.lots_of(item)["day"][supply - existing])
            # What is needed on a free day comes on the working day before, even if that is all that it keeps.
            comes = max(int(peg["day"]), 0)
            comes = int(task.days["before"][comes]) if comes < task.days.size else comes
            assert peg["day"] <= day + row["shelf_days"] or day == comes
        elif supply >= 0:
            at = int(row["first_supply"]) + supply
            taken["supply", at] += peg["quantity"]
            assert peg["day"] <= task.supplies["last_day"][at]
        elif supply <= -2:
            at = -2 - supply
            own = task.alternates[row["first_alternate"] : task.items["first_alternate"][item + 1]]
            owner = int(np.searchsorted(task.items["first_supply"], at, "right")) - 1
            alternate = own[own["item"] == owner][0]
            taken["supply", at] += peg["quantity"] * alternate["quantity"]
            assert task.supplies["day"][at] + alternate["lag"] <= max(peg["day"], 0) <= alternate["last_day"]
    wanted = {(-1, at): float(demand["quantity"]) for at, demand in enumerate(solution.demands_of(item))}
    if row["safety"] > 0:
        wanted[-2, 0] = float(row["safety"])
    for line in range(row["first_line"], task.items["first_line"][item + 1]):
        bill = task.lines[line]
        for at, lot in enumerate(solution.lots_of(int(bill["parent"]))):
            if (
                bill["first_day"] <= lot["release"] <= bill["last_day"]
                and task.ways[lot["way"]]["kind"] == bill["kind"]
            ):
                wanted[line, at] = float(lot["quantity"] * bill["quantity"])
    assert met.keys() == wanted.keys()
    assert all(abs(met[need] - quantity) < 1e-6 for need, quantity in wanted.items())


def _audit_lots(solution, item: int) -> None:
    """Lots keep minimum, multiple, lead, validity, fence, free days and capacity."""
    task, used = solution.task, defaultdict(float)
    fence, days = int(task.terms["fence"][0]), task.days
    for lot in solution.lots_of(item):
        way = task.ways[lot["way"]]
        assert lot["quantity"] >= way["minimum"] - 1e-9
        if way["multiple"] > 0:
            assert abs(lot["quantity"] / way["multiple"] - round(lot["quantity"] / way["multiple"])) < 1e-6
        assert max(fence, way["first_day"]) <= lot["release"] <= way["last_day"]
        assert lot["release"] + np.ceil(way["lead"] + way["lead_per_unit"] * lot["quantity"] - 1e-9) <= lot["day"]
        for day in (lot["release"], lot["day"]):
            assert day >= days.size or days["after"][day] == day
        used[int(lot["way"]), int(lot["day"]) // 7] += lot["quantity"]
    assert all(quantity <= task.ways["capacity"][way] + 1e-6 for (way, week), quantity in used.items() if week < 10)


def same(one, other) -> bool:
    """Whether two solutions are the same, item by item."""
    for item in range(one.task.count):
        mine, yours = one.lots_of(item), other.lots_of(item)
        if mine.size != yours.size or any((mine[name] != yours[name]).any() for name in mine.dtype.names):
            return False
        mine, yours = one.pegs_of(item), other.pegs_of(item)
        if mine.size != yours.size or any((mine[name] != yours[name]).any() for name in mine.dtype.names):
            return False
    return True
