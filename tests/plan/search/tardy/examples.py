"""Shops for the tests of this layer, and random plans for them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from linewright.io.read import read
from linewright.model.results import Weights
from linewright.plan.scheduling import value_weights
from linewright.plan.search.tardy.decode import decode, new_room
from linewright.plan.search.tardy.propagate import MOVABLE, Scratch, new_scratch
from linewright.plan.search.tardy.records import TardyPlan, TardyShop, new_plan, tardy_shop
from linewright.plan.search.tardy.timing import follow, retime
from linewright.plan.search.traits import traits_of
from linewright.shop.arrays import Shop
from linewright.shop.compile import compile_shop
from linewright.shop.evaluate import evaluate
from linewright.shop.packing import packed
from linewright.shop.state import Choice, new_state
from linewright.shop.timetable import PLACED, timetable
from tests.plan.tiny_shops import START, tiny_shop

MIXES = (
    (), ("changeovers",), ("changeovers", "alternatives"), ("bill", "changeovers"), ("release", "alternatives"),
    ("early", "changeovers"), ("bill", "alternatives", "changeovers", "release"),
)  # fmt: skip
OBJECTIVES = ("cost", "makespan", "tardiness")
HUNDRED = Path(__file__).parents[3] / "data" / "classics" / "syn100x5s1.fjs"


@cache
def hundred() -> Shop:
    """A hundred operations on five machines with families, dates and weights."""
    factory = read(HUNDRED)
    return compile_shop(factory, factory.start(START))


def small_shops(seeds: int = 4, most: int = 5) -> list[Shop]:
    """Tiny shops of all mixes that have what this layer knows."""
    shops = [tiny_shop(seed, *mix, most=most) for mix in MIXES for seed in range(seeds)]
    return [shop for shop in shops if traits_of(shop.arrays).is_disjunctive]


def random_order(shop: Shop, seed: int) -> tuple[Any, Any]:
    """An order in which each operation comes after what it waits for, and a way for each."""
    random = np.random.default_rng(seed)
    operations, arcs = shop.arrays.operations, shop.arrays.arcs
    waits = [set(arcs.operation[operations.first_arc[at] : operations.first_arc[at + 1]]) for at in range(shop.size)]
    order: list[int] = []
    while len(order) < shop.size:
        ready = [at for at in range(shop.size) if at not in order and waits[at] <= set(order)]
        order.append(int(random.choice(ready)))
    modes = random.integers(operations.first_mode[:-1], operations.first_mode[1:])
    return np.array(order, np.int64), modes.astype(np.int64)


def judged(shop: Shop, order: Any, mode: Any, weights: Any) -> tuple[float, Any]:
    """Value and work records of a choice by the timetable kernel."""
    state = new_state(shop.arrays)
    zeros = np.zeros(shop.size, np.int64)
    choice = Choice(order.copy(), mode.copy(), zeros - 1, zeros.copy())
    assert timetable(packed(shop.arrays), packed(state), packed(choice)) == PLACED
    return float((evaluate(packed(shop.arrays), packed(state), 0.0) * weights).sum()), state.work[:-1]


def started(
    shop: Shop, seed: int = 0, objective: str = "cost", stage: int = MOVABLE, *, families: bool = False
) -> tuple[TardyShop, TardyPlan, Scratch, float]:
    """Records, a random plan in which all may move, room for changes, and the plan's value."""
    records = tardy_shop(shop.arrays, value_weights(Weights(), objective))
    plan = new_plan(records)
    order, mode = random_order(shop, seed)
    value = follow(records, plan, order, mode)
    if families:
        # Changeovers weigh so much that families stand together.
        rule, room = np.array([0.0, 1.0, 0.0]), new_room(records, shop.arrays, value_weights(Weights(), objective))
        value = decode(records, plan, room, rule, np.zeros(len(shop.job_names)))
    plan.nodes.stage[: shop.size] = stage
    return records, plan, new_scratch(records), value


def doors_of(records: TardyShop, plan: TardyPlan) -> Any:
    """The beginnings of all machines."""
    return np.arange(records.steps.size - 1, plan.nodes.size)


def fresh_value(records: TardyShop, plan: TardyPlan) -> float:
    """The value of the sequences timed from nothing, on a copy."""
    copy = TardyPlan(plan.nodes.copy(), plan.met.copy())
    return float(retime(records, copy, np.zeros(records.steps.size - 1, np.int64)))


def sequences(plan: TardyPlan, size: int) -> list[list[int]]:
    """The operations of each machine in their order."""
    found = []
    for machine in range(size, plan.nodes.size):
        row, at = [], int(plan.nodes.after[machine])
        while at >= 0:
            row.append(at)
            at = int(plan.nodes.after[at])
        found.append(row)
    return found
