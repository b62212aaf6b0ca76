"""Random shops in which each operation takes a machine and often a person, both for itself alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random
from typing import Any

import numpy as np

from linewright.model.factory import Factory
from linewright.shop.arrays import Shop
from linewright.shop.compile import compile_shop
from linewright.shop.packing import packed
from linewright.shop.state import Choice, new_state
from linewright.shop.timetable import PLACED, timetable
from tests.plan.tiny_shops import feasible_orders

START = datetime(2026, 3, 2, 6, tzinfo=UTC)


def people_shop(seed: int, *, most: int = 12, setups: bool = True) -> Shop:
    """Up to `most` operations on three machines with three people; setups, waits, releases and a bill at random."""
    draw = Random(seed)
    tables: dict[str, list[dict[str, Any]]] = {
        "machines": [{"machine": name} for name in ("M1", "M2", "M3")],
        "people": [{"person": name} for name in ("Ann", "Bob", "Cy")],
        "materials": [], "operations": [], "orders": [], "operation_machines": [], "components": [],
    }  # fmt: skip
    left = most
    while left > 0:
        steps = min(draw.randint(1, 4), left)
        left -= steps
        _product(tables, f"P{len(tables['materials'])}", steps, draw, setups=setups)
    return compile_shop(Factory.of(**tables), START, horizon_days=30)


def _product(tables: dict[str, Any], name: str, steps: int, draw: Random, *, setups: bool) -> None:
    tables["materials"].append({"material": name})
    for step in range(1, steps + 1):
        tables["operations"].append(
            {"material": name, "step": step, "run_minutes": 10.0, "min_wait_minutes": draw.choice([0, 0, 7]),
             "setup_minutes": draw.choice([0, 5, 20]) if setups else 0}
        )  # fmt: skip
        pairs = [(machine, person) for machine in ("M1", "M2", "M3") for person in ("", "Ann", "Bob", "Cy")]
        for machine, person in draw.sample(pairs, draw.randint(1, 4)):
            tables["operation_machines"].append(
                {"material": name, "step": step, "machine": machine, "person": person,
                 "run_minutes": float(draw.randint(1, 60))}
            )  # fmt: skip
    release = START + timedelta(minutes=draw.choice([0, 0, 30]))
    tables["orders"].append({"order": f"O-{name}", "material": name, "quantity": 1, "release": release})
    if name != "P0" and draw.random() < 0.3:
        tables["components"].append({"material": name, "component": "P0", "quantity": 1})


def random_solution(shop: Shop, seed: int) -> tuple[Any, Any]:
    """An order that agrees with all arcs, and a mode for each operation."""
    draw, operations, arcs = Random(seed), shop.arrays.operations, shop.arrays.arcs
    order: list[int] = []
    while len(order) < shop.size:
        ready = [
            at
            for at in range(shop.size)
            if at not in order
            and set(arcs.operation[operations.first_arc[at] : operations.first_arc[at + 1]].tolist()) <= set(order)
        ]
        order.append(draw.choice(ready))
    mode = [draw.randrange(operations.first_mode[at], operations.first_mode[at + 1]) for at in range(shop.size)]
    return np.array(order, np.int64), np.array(mode, np.int64)


def ends_by_timetable(shop: Shop, order: Any, mode: Any) -> Any:
    """When each operation ends, by the kernel that every plan is timed with."""
    state = new_state(shop.arrays)
    choice = Choice(np.array(order), np.array(mode), np.full(shop.size, -1, np.int64), np.zeros(shop.size, np.int64))
    assert timetable(packed(shop.arrays), packed(state), packed(choice)) == PLACED
    return state.work.end[: shop.size].copy()


def best_of_all_orders(shop: Shop) -> int:
    """The least makespan over every order and all modes, by the same kernel."""
    operations = shop.arrays.operations
    state, nothing = new_state(shop.arrays), np.zeros(shop.size, np.int64)
    choice = Choice(nothing.copy(), nothing.copy(), nothing - 1, nothing.copy())
    arrays, packed_state, packed_choice = packed(shop.arrays), packed(state), packed(choice)
    choices = [range(operations.first_mode[at], operations.first_mode[at + 1]) for at in range(shop.size)]
    spans = []
    for order in feasible_orders(shop):
        for mode in product(*choices):
            choice.order[:], choice.mode[:] = order, mode
            assert timetable(arrays, packed_state, packed_choice) == PLACED
            spans.append(int(state.work.end[: shop.size].max()))
    return min(spans)
