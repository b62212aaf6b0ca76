"""Compile the planner's kernels once, so that the first plan does not wait for the compiler."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.model.factory import Factory
from linewright.model.results import Weights
from linewright.plan.scheduling import schedule, value_weights
from linewright.plan.stop import Rounds

if TYPE_CHECKING:
    from linewright.shop.arrays import Shop
    from linewright.shop.state import Choice

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
#: Enough for every layer to have had a turn.
TURNS = Rounds(40)
#: Rounds of a layer's turn in which it does all that it can do to a tiny shop.
LAYER_ROUNDS = 40
#: The value of a plan that is easily bettered.
FAR_WORSE = 1e9

SHIFT = {"calendar": "day", "weekday": "mon-fri", "start": time(6), "end": time(14)}
ALTERNATIVES = [
    {"material": "A", "step": step, "machine": machine, "run_minutes": minutes}
    for step in (10, 20)
    for machine, minutes in (("M1", 5), ("M2", 6))
]
SERVED = [{**row, "person": "P1"} for row in ALTERNATIVES]
#: The smallest shop for which the order of work is searched with the exact timetable.
WITH_SHIFTS: tuple[str, dict[str, Any]] = (
    "cost",
    {"shifts": [SHIFT], "machines": [{"machine": "M1", "calendar": "day"}, {"machine": "M2"}]},
)
#: The smallest shops of the layers that have a timetable of their own.
LAYERED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("makespan", {"operation_machines": ALTERNATIVES}),
    ("makespan", {"operation_machines": SERVED, "people": [{"person": "P1"}]}),
    ("cost", {"operation_machines": ALTERNATIVES}),
)
#: Objects made between two looks for garbage, where Python's own choice costs a compiler a tenth of its time.
RARELY = 100_000
BESIDE = "from linewright.plan.warm import compile_layers; compile_layers()"


def warm() -> None:
    """Plan the smallest shops that need each layer: every kernel is compiled for its one set of types, and kept.

    Numba compiles on one core. Where there are two, a second process compiles the layers that do without the exact
    timetable; whatever it may have left out is compiled by the plans that follow.
    """
    with _rarely_collecting():
        with _beside():
            _plan(*WITH_SHIFTS)
            _order_work()
        for objective, tables in LAYERED:
            _plan(objective, tables)


def compile_layers() -> None:
    """Give each layer with a timetable of its own a turn on its smallest shop."""
    from linewright.plan.bounds import lower_bound
    from linewright.plan.search.graph.layer import graph_layer
    from linewright.plan.search.reinsert.layer import reinsert_layer
    from linewright.plan.search.tardy.layer import tardy_layer
    from linewright.shop.compile import compile_shop

    with _rarely_collecting():
        for objective, tables in LAYERED:
            shop = compile_shop(_tiny(tables), MONDAY)
            weights = value_weights(Weights(), objective)
            if objective == "makespan":
                layer: Any = graph_layer(shop, weights, 0, 0.0) or reinsert_layer(shop, 0)
            else:
                layer = tardy_layer(shop, weights, 0)
            layer.turn(LAYER_ROUNDS)
            layer.adopt(_any_choice(shop), 1.0)
            lower_bound(shop, Weights(), objective)


def _order_work() -> None:
    """Give the order of work a turn; the plan of a tiny shop may be the best there is before it would come to that."""
    from linewright.plan.search.order.layer import order_layer
    from linewright.shop.compile import compile_shop

    objective, tables = WITH_SHIFTS
    shop = compile_shop(_tiny(tables), MONDAY)
    layer = order_layer(shop, value_weights(Weights(), objective), 0.0, 0)
    if layer is not None:
        layer.adopt(_any_choice(shop), FAR_WORSE)
        layer.turn(LAYER_ROUNDS)


def _any_choice(shop: Shop) -> Choice:
    """Operations in an order that is allowed, each in its first way."""
    from linewright.plan.search.portfolio import ordered_by
    from linewright.shop.state import Choice

    nothing = np.zeros(shop.size, np.int64)
    mode = shop.arrays.operations.first_mode[:-1].copy()
    return Choice(ordered_by(shop.arrays, nothing), mode, nothing - 1, nothing)


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """Let Python look for garbage less often meanwhile."""
    thresholds = gc.get_threshold()
    gc.set_threshold(RARELY, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


@contextmanager
def _beside() -> Iterator[None]:
    """A second process that runs :func:`compile_layers` meanwhile, where there is a core for it."""
    helper = _helper() if _cores() > 1 else None
    try:
        yield
        if helper is not None:
            helper.wait()
    finally:
        if helper is not None and helper.poll() is None:
            helper.terminate()


def _helper() -> subprocess.Popen[bytes] | None:
    """The second process, or None where none can be started."""
    quiet = subprocess.DEVNULL
    try:
        return subprocess.Popen([sys.executable, "-c", BESIDE], stdin=quiet, stdout=quiet, stderr=quiet)
    except OSError:
        return None


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _plan(objective: str, tables: dict[str, Any]) -> None:
    schedule(_tiny(tables), stop=TURNS, now=MONDAY, objective=objective, exact=False)


def _tiny(tables: dict[str, Any]) -> Factory:
    """Three orders of two steps on two machines."""
    return Factory.of(**{
        "machines": [{"machine": "M1"}, {"machine": "M2"}],
        "operations": [
            {"material": "A", "step": step, "machine": machine, "run_minutes": 5}
            for step, machine in ((10, "M1"), (20, "M2"))
        ],
        "stock": [{"material": "A", "quantity": 0.5}],
        "orders": [{"order": f"O{at}", "material": "A", "quantity": 3, "due": MONDAY} for at in range(3)],
        **tables,
    })  # fmt: skip
