"""Random factories small enough that every order of work can be tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise, permutations, product
from random import Random
from typing import Any

import numpy as np

from linewright.model.factory import Factory
from linewright.model.results import Weights
from linewright.shop.arrays import Shop
from linewright.shop.compile import compile_shop
from linewright.shop.evaluate import MAKESPAN, MONEY, TARDINESS, evaluate
from linewright.shop.packing import packed
from linewright.shop.state import Choice, new_state
from linewright.shop.timetable import PLACED, timetable

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
FEATURES = (
    "calendars", "changeovers", "people", "tools", "waits", "transfer", "bill", "alternatives", "places", "oven",
    "no_pause", "release", "energy", "sites", "running", "one_calendar", "early", "named",
)  # fmt: skip


def tiny_factory(seed: int, *features: str, most: int = 5) -> Factory:
    """A factory of up to `most` operations on two machines that shows the features named."""
    draw = Random(seed)
    has = set(features)
    tables: dict[str, list[dict[str, Any]]] = {
        "settings": [{"late_cost_per_day": 240.0, "price_per_kwh": 0.3,
                      "stock_cost_share_per_year": 9.0 if "early" in has else 0.0}],
        "machines": [_machine(name, has, draw) for name in ("M1", "M2")],
        "materials": [], "operations": [], "orders": [], "changeovers": [], "operation_machines": [],
    }  # fmt: skip
    if "sites" in has:
        tables["sites"] = [{"site": "North"}, {"site": "South"}]
        tables["work_centers"] = [{"work_center": "C1", "site": "North"}, {"work_center": "C2", "site": "South"}]
        tables["lanes"] = [{"lane": "L", "from_site": "North", "to_site": "South", "days": 0.0625}]
    if has & {"calendars", "one_calendar"}:
        tables["shifts"] = _shifts(draw)
    if has & {"people", "named"}:
        tables["people"] = [{"person": name, "calendar": _calendar(has, draw)} for name in ("Ann", "Bob")]
        tables["skills"] = [{"person": "Ann", "skill": "turn"}, {"person": "Bob", "skill": "turn"},
                            {"person": "Bob", "skill": "set"}]  # fmt: skip
    if "tools" in has:
        tables["tools"] = [{"tool": "jig", "quantity": 1}]
    if "changeovers" in has:
        tables["changeovers"] = [{"minutes": draw.choice([30, 60]), "cost": draw.choice([0.0, 5.0])},
                                 {"from_family": "red", "to_family": "blue", "minutes": 90}]  # fmt: skip
    left = most
    while left > 0:
        steps = min(draw.randint(1, 3), left)
        left -= steps
        _product(tables, f"P{len(tables['materials'])}", steps, has, draw)
    if "named" in has:
        _name_people(tables, draw)
    if "running" in has:
        tables["work_orders"] = [{
            "work_order": "W1", "material": "P0", "quantity": 1, "step": 10, "machine": "M1", "order": "O-P0",
            "started": START - timedelta(minutes=20),
        }]  # fmt: skip
    return Factory.of(**tables)


def _machine(name: str, has: set[str], draw: Random) -> dict[str, Any]:
    row: dict[str, Any] = {"machine": name, "calendar": _calendar(has, draw)}
    if "sites" in has:
        row["work_center"] = "C1" if name == "M1" else "C2"
    if "changeovers" in has:
        row["setup_family"] = draw.choice(["", "red"])
    if "places" in has:
        row["capacity"] = draw.choice([1, 2])
    if "oven" in has and name == "M1":
        row |= {"capacity": 2, "batch": True}
    if "energy" in has:
        row |= {"run_kw": draw.choice([5, 10]), "setup_kw": 2}
    return row


def _calendar(has: set[str], draw: Random) -> str:
    """Any calendar, or the one of all."""
    if "one_calendar" in has:
        return "day"
    return draw.choice(["", "day", "late"]) if "calendars" in has else ""


def _shifts(draw: Random) -> list[dict[str, Any]]:
    noon = draw.choice([11, 12])
    return [
        {"calendar": "day", "weekday": "mon-sun", "start": time(7), "end": time(15)},
        {"calendar": "day", "weekday": "mon-sun", "start": time(noon), "end": time(noon, 30), "working": False},
        {"calendar": "late", "weekday": "mon-sun", "start": time(9), "end": time(20)},
    ]


def _product(tables: dict[str, Any], name: str, steps: int, has: set[str], draw: Random) -> None:
    """A material with its routing and an order for it."""
    tables["materials"].append({"material": name, "cost": 100.0})
    for step in range(10, 10 * steps + 10, 10):
        row: dict[str, Any] = {
            "material": name, "step": step, "machine": draw.choice(["M1", "M2"]),
            "run_minutes": draw.choice([30, 60, 90, 120, 240]), "setup_minutes": draw.choice([0, 0, 30]),
        }  # fmt: skip
        if "running" in has and name == "P0":
            row["machine"] = "M1"
        if "people" in has:
            row |= draw.choice([{}, {"crew": 1, "skill": "turn"}, {"setup_crew": 1, "setup_skill": "set"}])
        if "tools" in has and draw.random() < 0.6:
            row["tool"] = "jig"
        if "changeovers" in has:
            row["setup_family"] = draw.choice(["red", "blue", "green", ""])
        if "waits" in has:
            row["min_wait_minutes"] = draw.choice([0, 30, 60])
        if "places" in has:
            row["load"] = draw.choice([1, 2])
        if "transfer" in has and draw.random() < 0.6:
            row |= {"overlap_quantity": 1.0, "run_minutes": row["run_minutes"] / 2}
        if "no_pause" in has and draw.random() < 0.6:
            row["may_pause"] = False
        if "alternatives" in has and draw.random() < 0.7:
            tables["operation_machines"] += [
                {"material": name, "step": step, "machine": machine, "run_minutes": draw.choice([30, 60, 120]),
                 "preference": draw.choice([0.0, 4.0])}
                for machine in ("M1", "M2")
            ]  # fmt: skip
        tables["operations"].append(row)
    order: dict[str, Any] = {
        "order": f"O-{name}", "material": name, "quantity": 2 if "transfer" in has else 1,
        "due": START + timedelta(minutes=draw.choice([60, 180, 300, 900, 2000])),
        "late_cost_per_day": draw.choice([None, 24.0, 480.0]),
    }  # fmt: skip
    if "release" in has:
        order["release"] = START + timedelta(minutes=draw.choice([0, 45, 90]))
    if "bill" in has and name != "P0":
        tables.setdefault("components", []).append({"material": name, "component": "P0", "quantity": 1})
    tables["orders"].append(order)


def _name_people(tables: dict[str, Any], draw: Random) -> None:
    """Rows that name people for most steps, who may have the crew's skill or come beside the crew."""
    crews: list[dict[str, Any]] = []
    for row in tables["operations"]:
        if draw.random() < 0.2:
            continue
        key = {"material": row["material"], "step": row["step"]}
        crew, skill = draw.choice([(0, ""), (1, "turn"), (2, "turn"), (1, "set"), (1, "")])
        if draw.random() < 0.3:
            crew = 0
            crews.append(key | {"skill": "turn", "phase": "both"})
        row |= {"crew": crew, "skill": skill}
        tables["operation_machines"] += [
            key | {"machine": row["machine"], "person": person, "run_minutes": draw.choice([30, 60, 120])}
            for person in draw.choice([["Ann"], ["Bob"], ["Ann", "Bob"], ["", "Ann"]])
        ]
    tables["operation_crews"] = crews


@dataclass(frozen=True)
class Best:
    """The least values that any order of work reaches with the timetable kernel."""

    makespan: float
    tardiness: float
    cost: float


def tiny_shop(seed: int, *features: str, most: int = 5) -> Shop:
    """The compiled form of :func:`tiny_factory`."""
    return compile_shop(tiny_factory(seed, *features, most=most), START, horizon_days=30)


def timed(shop: Shop, order: Any, mode: Any, hold: Any = None, load: Any = None) -> tuple[Any, Any] | None:
    """Values (makespan h, tardiness h, cost) and the work records of one order of work; None when it finds no room."""
    plain = new_state(shop.arrays)
    state = packed(plain)
    hold = np.zeros(shop.size, np.int64) if hold is None else np.array(hold, np.int64)
    load = np.full(shop.size, -1, np.int64) if load is None else np.array(load, np.int64)
    choice = Choice(np.array(order, np.int64), np.array(mode, np.int64), load, hold)
    arrays = packed(shop.arrays)
    if timetable(arrays, state, packed(choice)) != PLACED:
        return None
    parts = evaluate(arrays, state, shop.factory.settings.move_cost)
    values = parts[MAKESPAN] / 3600, parts[TARDINESS] / 3600, float(parts[:MONEY].sum())
    return values, plain.work.copy()


def best_of_all(shop: Shop, weights: Weights | None = None) -> Best:
    """Try every order, every choice of machines and, for an oven, every way to share it in pairs."""
    least = [np.inf] * 3
    operations = shop.arrays.operations
    choices = [range(operations.first_mode[at], operations.first_mode[at + 1]) for at in range(shop.size)]
    for order in feasible_orders(shop):
        for mode in product(*choices):
            for load in _loads(shop, order, mode):
                found = timed(shop, order, mode, load=load)
                if found is not None:
                    least = [min(pair) for pair in zip(least, found[0], strict=True)]
    return Best(*(float(value) for value in least))


def feasible_orders(shop: Shop) -> list[tuple[int, ...]]:
    """Every order in which each operation comes after what it waits for; running operations first."""
    operations, arcs = shop.arrays.operations, shop.arrays.arcs
    before = [set(arcs.operation[operations.first_arc[at] : operations.first_arc[at + 1]]) for at in range(shop.size)]
    running = {at for at in range(shop.size) if operations.running[at]}
    return [
        order
        for order in permutations(range(shop.size))
        if all(before[at] <= set(order[:place]) for place, at in enumerate(order))
        and set(order[: len(running)]) == running
    ]


def _loads(shop: Shop, order: tuple[int, ...], mode: tuple[int, ...]) -> list[list[int]]:
    """Loads of one, and each way to put two neighbours of the order together in an oven."""
    operations, machine = shop.arrays.operations, shop.arrays.modes.machine[list(mode)]
    inside = [at for at in range(shop.size) if shop.arrays.machines.batch[machine[at]]]
    alone = [inside.index(at) if at in inside else -1 for at in range(shop.size)]
    found = [alone]
    for one, other in pairwise(order):
        if one in inside and other in inside and machine[one] == machine[other]:
            room = operations.load[[one, other]].sum() <= shop.arrays.machines.capacity[machine[one]]
            alike = operations.family[one] == operations.family[other] and operations.job[one] != operations.job[other]
            if room and alike:
                found.append([alone[one] if at == other else load for at, load in enumerate(alone)])
    return found
