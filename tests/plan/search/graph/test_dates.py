from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from linewright import read
from linewright.model.factory import Factory
from linewright.model.results import Weights
from linewright.plan.scheduling import value_weights
from linewright.plan.search.graph.dates import dated, with_deliveries
from linewright.plan.search.graph.layer import date_layer
from linewright.plan.search.graph.load import load
from linewright.plan.search.graph.nodes import graph_of, unit_of
from linewright.plan.search.portfolio import timed
from linewright.shop.compile import compile_shop
from linewright.shop.evaluate import demand_finish
from linewright.shop.state import Choice

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
ROOT = Path(__file__).parents[4]


def two_step_shop(dues: tuple[int, ...], late_cost: float = 100.0):
    """Orders of two steps on two machines, due after so many minutes."""
    return compile_shop(
        Factory.of(
            machines=[{"machine": "M1"}, {"machine": "M2"}],
            operations=[
                {"material": "A", "step": step, "machine": machine, "run_minutes": 10, "min_wait_minutes": 5}
                for step, machine in ((10, "M1"), (20, "M2"))
            ],
            orders=[
                {
                    "order": f"O{at}", "material": "A", "quantity": 1, "due": MONDAY + timedelta(minutes=due),
                    "late_cost_per_day": late_cost,
                }
                for at, due in enumerate(dues)
            ],
        ),
        MONDAY,
    )  # fmt: skip


def test_the_makespan_with_deliveries_is_the_last_date_and_the_most_that_is_late():
    """A list of work is loaded into the graph, and timed by the timetable: both say how late the latest order is."""
    shop = two_step_shop((90, 20, 40))
    arrays = with_deliveries(shop.arrays)
    unit = unit_of(arrays)
    more = np.arange(shop.size, arrays.operations.size - 1)
    order, mode = np.arange(shop.size), np.arange(shop.size)
    choice = Choice(order, mode, np.full(shop.size, -1), np.zeros(shop.size, np.int64))
    state, _ = timed(shop, choice, 0.0)
    demands = shop.arrays.demands[:-1]
    late = max(demand_finish(shop.arrays, state, at) - int(demands.due[at]) for at in range(demands.size))
    length = load(
        graph_of(arrays, unit), np.append(order, more).astype(np.int32), np.append(mode, more).astype(np.int32)
    )
    assert length * unit == int(demands.due.max()) + late


def test_only_orders_whose_lateness_costs_something_are_dated():
    """An order that may be late for nothing holds nobody up."""
    assert dated(two_step_shop((90, 20), late_cost=0.0).arrays).size == 0
    assert date_layer(two_step_shop((90, 20), late_cost=0.0), 0) is None


def test_the_order_with_the_earliest_date_goes_first():
    """Three equal orders in the wrong order: nothing is late once they are sorted by date."""
    shop = two_step_shop((80, 30, 45))
    layer = date_layer(shop, 0)
    assert layer is not None
    order, _, _ = layer.turn(20)[0]
    assert layer.elites.best is not None
    assert layer.elites.best.length <= layer.target
    assert shop.operation_names[int(order[0])] == "O1:A/10"
    assert sorted(order.tolist()) == list(range(6))


@pytest.mark.parametrize("seed", [2])
def test_all_ten_orders_of_the_ten_by_ten_shop_are_in_time(seed):
    """All are due at the known optimum of 930 hours; the planner that wrote the file leaves four late."""
    factory = read(ROOT / "tests" / "data" / "frepple" / "jobshop.json")
    shop = compile_shop(factory, factory.start(MONDAY))
    layer = date_layer(shop, seed)
    assert layer is not None
    found = []
    for _ in range(40):
        found = layer.turn(100) or found
        if layer.elites.best is not None and layer.elites.best.length <= layer.target:
            break
    order, mode, hold = found[0]
    _, parts = timed(shop, Choice(order, mode, np.full(shop.size, -1), hold), 0.0)
    assert (parts * value_weights(Weights(), "tardiness")).sum() == 0
