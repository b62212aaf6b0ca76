"""The layer as the portfolio uses it."""

from __future__ import annotations

from datetime import time
from typing import Any

import numpy as np
import pytest

from linewright.model.factory import Factory
from linewright.model.results import Weights
from linewright.plan.scheduling import value_weights
from linewright.plan.search.graph import layer as layers
from linewright.plan.search.graph.layer import GraphLayer, graph_layer
from linewright.shop.arrays import Shop
from linewright.shop.compile import compile_shop
from linewright.shop.state import Choice
from tests.plan.search.graph.graph_shops import graph_shop, graph_tables
from tests.plan.search.reinsert.people_shops import START, best_of_all_orders, ends_by_timetable, random_solution

MAKESPAN = value_weights(Weights(), "makespan")
#: Rows that bring in what a disjunctive graph does not describe: the table, then what is added to all of its rows.
FEATURES: dict[str, tuple[str, dict[str, Any]]] = {
    "calendars": ("machines", {"calendar": "day"}),
    "several places": ("machines", {"capacity": 2}),
    "ovens": ("machines", {"capacity": 2, "batch": True}),
    "crews": ("operations", {"crew": 1, "skill": "turn"}),
    "chosen people": ("operation_machines", {"person": "Ann"}),
    "tools": ("operations", {"tool": "jig"}),
    "changeovers": ("operations", {"setup_family": "red"}),
    "setups": ("operations", {"setup_minutes": 5}),
    "longest waits": ("operations", {"max_wait_minutes": 900}),
    "transfers": ("operations", {"overlap_quantity": 0.5}),
}


def layer_of(shop: Shop, seed: int = 1, bound: float = 0.0) -> GraphLayer:
    """The layer, which the shop must not refuse."""
    layer = graph_layer(shop, MAKESPAN, seed, bound)
    assert layer is not None
    return layer


def choice_of(shop: Shop, seed: int) -> tuple[Choice, float]:
    """A random plan and its makespan in hours."""
    order, mode = random_solution(shop, seed)
    nothing = np.zeros(shop.size, np.int64)
    return Choice(order, mode, nothing - 1, nothing), ends_by_timetable(shop, order, mode).max() / 3600


@pytest.mark.parametrize("feature", FEATURES)
def test_a_shop_that_the_graph_does_not_describe_is_refused(feature: str):
    """Without the feature the same shop is taken."""
    tables = graph_tables(1)
    tables["shifts"] = [{"calendar": "day", "weekday": "mon-sun", "start": time(6), "end": time(22)}]
    tables["people"], tables["skills"] = [{"person": "Ann"}], [{"person": "Ann", "skill": "turn"}]
    tables["tools"], tables["changeovers"] = [{"tool": "jig", "quantity": 1}], [{"to_family": "blue", "minutes": 30}]
    assert graph_layer(compile_shop(Factory.of(**tables), START), MAKESPAN, 0, 0.0) is not None
    table, columns = FEATURES[feature]
    tables[table] = [row | columns for row in tables[table]]
    if feature == "changeovers":
        tables[table][0]["setup_family"] = "blue"
    assert graph_layer(compile_shop(Factory.of(**tables), START), MAKESPAN, 0, 0.0) is None


@pytest.mark.parametrize("objective", ["cost", "tardiness"])
def test_another_objective_is_refused(objective: str):
    """It shortens plans and does nothing else."""
    assert graph_layer(graph_shop(1), value_weights(Weights(), objective), 0, 0.0) is None


def test_times_that_could_overflow_are_refused(monkeypatch: pytest.MonkeyPatch):
    """Where the longest plan has too many units the graph's numbers do not hold it."""
    shop = graph_shop(1)
    monkeypatch.setattr(layers, "MOST_TIME", 10)
    assert graph_layer(shop, MAKESPAN, 0, 0.0) is None


@pytest.mark.parametrize("seed", range(4))
def test_what_a_turn_hands_back_is_what_it_says(seed: int):
    """The timetable confirms each makespan, each is shorter than the one before, and no hold is set."""
    shop = graph_shop(seed, jobs=10)
    layer, last = layer_of(shop, seed), np.inf
    for _ in range(12):
        for order, mode, hold in layer.turn(1):
            assert order.dtype == mode.dtype == hold.dtype == np.int64
            assert not hold.any()
            assert ends_by_timetable(shop, order, mode).max() == layer.told * layer.unit < last
            last = layer.told * layer.unit
    assert last < np.inf


def test_the_bound_ends_the_search():
    """In hours: when it is reached, the remaining rounds are not searched."""
    shop = graph_shop(2, jobs=3, steps=2, bill=False)
    best = best_of_all_orders(shop)
    layer = layer_of(shop, bound=best / 3600)
    ((order, mode, _),) = layer.turn(100_000)
    assert ends_by_timetable(shop, order, mode).max() == best
    assert layer.turn(100_000) == []


def test_only_what_is_shorter_than_the_adopted_plan_is_told():
    """A plan of another layer becomes one of the elites; what is as long or longer stays untold."""
    shop = graph_shop(2, jobs=3, steps=2, bill=False)
    best = layer_of(shop, bound=best_of_all_orders(shop) / 3600)
    ((order, mode, hold),) = best.turn(100)
    layer = layer_of(shop)
    layer.adopt(Choice(order, mode, hold - 1, hold), best.target * best.unit / 3600)
    assert layer.turn(20) == []
    assert any(elite.length == best.target for elite in layer.elites.kept)


def test_a_large_shop_goes_on_from_the_adopted_plan(monkeypatch: pytest.MonkeyPatch):
    """It has one trajectory, which begins again there when the plan is shorter, and not when it is longer."""
    shop = graph_shop(3, jobs=10)
    good = layer_of(shop)
    ((order, mode, hold),) = good.turn(20)
    monkeypatch.setattr(layers, "ONE_TRAJECTORY", 1)
    layer, (first, hours) = layer_of(shop), choice_of(shop, 1)
    layer.elites.start_from(first.order, first.mode)
    layer.adopt(first, hours)
    layer.adopt(Choice(order, mode, hold - 1, hold), good.told * good.unit / 3600)
    for _ in range(2):
        assert layer.elites.best is not None
        assert layer.elites.best.length == good.told
        assert layer.elites.room.best_order.tolist() == order.tolist()
        assert layer.elites.room.best_mode.tolist() == mode.tolist()
        layer.adopt(*choice_of(shop, 2))


def test_the_same_seed_and_the_same_rounds_give_the_same_plan():
    """However the rounds are cut into turns."""
    shop = graph_shop(4, jobs=10)
    one, other = layer_of(shop, 5), layer_of(shop, 5)
    one.turn(20)
    for _ in range(20):
        other.turn(1)
    assert one.elites.best is not None
    assert other.elites.best is not None
    assert one.elites.best.order.tolist() == other.elites.best.order.tolist()
    assert one.elites.best.mode.tolist() == other.elites.best.mode.tolist()
