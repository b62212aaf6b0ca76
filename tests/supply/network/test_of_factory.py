"""The supply network of a factory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from linewright import read
from linewright.errors import ModelError
from linewright.model.factory import Factory
from linewright.supply.network.of_factory import network_of

START = datetime(2026, 3, 2, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[3] / "examples" / "bracket_shop"


def small(**tables):
    """A product made of two parts on either of two machines, ten a day."""
    base = {
        "materials": [{"material": "P", "cost": 4.0}, {"material": "A"}, {"material": "B"}],
        "components": [
            {"material": "P", "component": "A", "quantity": 2.0, "scrap_share": 0.2},
            {"material": "P", "component": "B", "step": 20},
        ],
        "work_centers": [{"work_center": "W"}, {"work_center": "V"}],
        "machines": [
            {"machine": "M1", "work_center": "W"}, {"machine": "M2", "work_center": "W", "speed": 2.0},
            {"machine": "M3", "work_center": "V"},
        ],
        "operations": [
            {"material": "P", "step": 10, "work_center": "W", "run_minutes": 6.0},
            {"material": "P", "step": 20, "work_center": "V", "run_minutes": 3.0, "setup_minutes": 70.0,
             "yield_share": 0.5},
        ],
        "orders": [
            {"order": "O1", "material": "P", "quantity": 70.0, "due": START + timedelta(days=7), "price": 10.0},
            {"order": "O2", "material": "P", "quantity": 70.0, "due": START + timedelta(days=14), "price": 10.0},
        ],
        "suppliers": [{"supplier": "S", "recover_days": 9.0}, {"supplier": "T"}],
        "sources": [
            {"material": "A", "supplier": "S", "weekly_capacity": 350.0}, {"material": "A", "supplier": "T"},
            {"material": "B", "supplier": "T"},
        ],
        "stock": [{"material": "A", "quantity": 30.0}, {"material": "A", "quantity": 5.0}],
    }  # fmt: skip
    return Factory.of(**(base | tables))


def test_demand_and_margin_come_from_the_orders():
    """140 in 14 days are ten a day; each earns its price less its cost."""
    made = network_of(small(), START)
    pool = made.pool_of["P"]
    assert made.network.demand[pool] == pytest.approx(10)
    assert made.network.margin[pool] == pytest.approx(6)


def test_the_forecast_counts_more_than_orders():
    """Two weeks of 70 and 210 are twenty a day."""
    rows = [
        {"material": "P", "date": START.date() + timedelta(days=7 * at), "quantity": 70.0 + 140 * at} for at in (0, 1)
    ]
    made = network_of(small(forecast=rows), START)
    assert made.network.demand[made.pool_of["P"]] == pytest.approx(20)


def test_inputs_hold_scrap_and_yield():
    """Half of what leaves step 20 is good: four A and two B for a good one, and a fifth of A is lost."""
    made = network_of(small(), START)
    network = made.network
    at = network.activity_names.index("make P")
    row = slice(network.inputs.first[at], network.inputs.first[at + 1])
    found = dict(zip(network.inputs.index[row].tolist(), network.inputs.value[row].tolist(), strict=True))
    assert found == pytest.approx({made.pool_of["A"]: 2 / 0.8 / 0.5, made.pool_of["B"]: 2.0})


def test_hours_hold_speed_setup_and_yield():
    """M1 and M2 stand in for each other and make three plain machine days; setup is spread over a lot of 70."""
    network = network_of(small(), START).network
    assert dict(zip(network.group_names, network.capacity.tolist(), strict=True)) == {"M1, M2": 72.0, "M3": 24.0}
    at = network.activity_names.index("make P")
    row = slice(network.usage.first[at], network.usage.first[at + 1])
    hours = dict(zip(network.usage.index[row].tolist(), network.usage.value[row].tolist(), strict=True))
    assert hours == pytest.approx({0: 0.1 / 0.5, 1: (3 / 0.5 + 1) / 60})


def test_what_stops_takes_its_share_away():
    """Without M2 a third of the hours is left; without S its source gives nothing."""
    made = network_of(small(), START)
    network = made.network
    node = network.node("M2", "machine")
    row = slice(network.hits_capacity.first[node], network.hits_capacity.first[node + 1])
    assert network.hits_capacity.value[row] == pytest.approx([1 / 3])
    node = network.node("S")
    assert network.recover_days[node] == 9
    row = slice(network.hits_flow.first[node], network.hits_flow.first[node + 1])
    assert network.hits_flow.index[row].tolist() == [made.bought["A", "S"]]
    assert network.rate[made.bought["A", "S"]] == pytest.approx(50)
    assert np.isinf(network.rate[made.bought["A", "T"]])
    assert network.stock[made.pool_of["A"]] == 35


def test_a_step_with_two_kinds_of_machines_gets_a_pool_of_its_own():
    """A special machine that only one step may use splits the routing into activities."""
    ways = [{"material": "P", "step": 10, "machine": name} for name in ("M1", "M3")]
    network = network_of(small(operation_machines=ways), START).network
    steps = [name for name in network.activity_names if name.startswith("P step")]
    assert steps == ["P step 10 on M1", "P step 10 on M3", "P step 20 on M3"]
    assert "P after step 10" in network.pool_names


def test_nothing_wanted_is_an_error_with_a_cure():
    """Without orders, forecast and history there is no demand to survive for."""
    with pytest.raises(ModelError, match="add one of them"):
        network_of(small(orders=[]), START)


def test_what_is_assumed_is_told():
    """Unlimited sources and unknown recovery times are named."""
    told = " ".join(network_of(small(), START).assumptions)
    assert "2 sources name no weekly capacity" in told
    assert "No time to recover is named for 1 of the suppliers" in told


def test_the_bracket_shop_has_every_kind_of_node():
    """Suppliers, lanes, machines, people with rare skills, sites and a region."""
    factory = read(EXAMPLE)
    network = network_of(factory, factory.start(START)).network
    assert set(network.node_kinds) == {"supplier", "lane", "machine", "person", "site", "region"}
    assert {name for kind, name in zip(network.node_kinds, network.node_names, strict=True) if kind == "person"} == {
        "Carla", "Deniz",
    }  # fmt: skip


def hours_of(made, activity):
    """Hours of each group for a unit of an activity, by the name of the group."""
    network = made.network
    at = network.activity_names.index(activity)
    row = slice(network.usage.first[at], network.usage.first[at + 1])
    names = [network.group_names[group] for group in network.usage.index[row].tolist()]
    return dict(zip(names, network.usage.value[row].tolist(), strict=True))


def test_what_a_machine_needs_of_its_own_is_not_divided_by_its_speed():
    """M2 counts as two plain machines (48 h a day): its own 3 minutes and 70 of setup take twice as much of them."""
    operations = [{"material": "P", "step": 10, "work_center": "W", "run_minutes": 6.0, "setup_minutes": 7.0}]
    ways = [{"material": "P", "step": 10, "machine": "M2", "run_minutes": 3.0, "setup_minutes": 70.0}]
    usual = small(operations=[operations[0] | {"work_center": "", "machine": "M2"}], components=[])
    assert hours_of(network_of(usual, START), "make P") == pytest.approx({"M2": (6 + 2 * 7 / 70) / 60})
    own = small(operations=operations, operation_machines=ways, components=[])
    assert hours_of(network_of(own, START), "make P") == pytest.approx({"M2": 2 * (3 + 1) / 60})


def test_an_oven_that_is_not_full_takes_its_whole_time():
    """A lot of 70 in batches of 100 takes the hour of a batch."""
    operations = [{"material": "P", "step": 10, "machine": "M3", "run_minutes": 60.0, "batch_size": 100.0}]
    assert hours_of(network_of(small(operations=operations), START), "make P") == pytest.approx({"M3": 1 / 70})


def test_a_site_that_stops_holds_its_people_too():
    """Anna and Ben can weld; the hall of Ben is gone and half of the hours with him."""
    factory = small(
        sites=[{"site": "HALL", "region": "R"}, {"site": "YARD"}],
        people=[{"person": "Anna", "site": "YARD"}, {"person": "Ben", "site": "HALL"}],
        skills=[{"person": name, "skill": "weld"} for name in ("Anna", "Ben")],
        operations=[{"material": "P", "step": 10, "machine": "M3", "run_minutes": 6.0, "crew": 1, "skill": "weld"}],
    )
    network = network_of(factory, START).network
    for kind, name in (("site", "HALL"), ("region", "R")):
        node = network.node(name, kind)
        row = slice(network.hits_capacity.first[node], network.hits_capacity.first[node + 1])
        names = [network.group_names[at] for at in network.hits_capacity.index[row].tolist()]
        assert dict(zip(names, network.hits_capacity.value[row].tolist(), strict=True)) == {"people for weld": 0.5}


def test_stock_that_is_not_free_yet_does_not_count():
    """Of fifty A thirty are in quarantine for a week."""
    stock = [
        {"material": "A", "quantity": 20.0},
        {"material": "A", "quantity": 30.0, "available_from": START + timedelta(days=7)},
    ]
    made = network_of(small(stock=stock), START)
    assert made.network.stock[made.pool_of["A"]] == 20
