"""Hazards of a factory: its tables first, then what deliveries taught, then assumptions that are named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from linewright.errors import ModelError
from linewright.model.factory import Factory
from linewright.supply.hazards import hazards_of, simulate_stops
from linewright.supply.hazards.learn import Learned, Silence
from linewright.supply.hazards.recovery import Recovery
from tests.supply.hazards.networks import network

NODES = [("supplier", "K"), ("supplier", "L"), ("machine", "mill"), ("machine", "saw"), ("lane", "sea")]
NET = replace(
    network({"part": (0, 5, 7)}, [(name, "part", 9, {}) for _, name in NODES], place=("coast", "", "hall", "hall", "")),
    node_kinds=tuple(kind for kind, _ in NODES),
    recover_days=np.array([9.0, 8.0, 7.0, 6.0, 5.0]),
)
SILENCE = Silence(2.5, Recovery.of(11, 44), 12, 0, 5.0, 0.9)
LEARNED = Learned({"K": SILENCE, "L": SILENCE}, SILENCE, ())


def factory(**tables):
    """A factory with the suppliers and machines of the network."""
    return Factory.of(
        suppliers=[{"supplier": "K"}, {"supplier": "L", "recover_days": 8.0}],
        machines=[{"machine": "mill", "mtbf_hours": 500.0, "mttr_hours": 24.0}, {"machine": "saw"}],
        **tables,
    )


def test_a_row_of_hazards_comes_first():
    """Its rate, median and worst case are used as they are, whatever was learned."""
    row = {"kind": "supplier", "name": "K", "stops_per_year": 0.7, "recover_days": 3.0, "recover_days_worst": 20.0}
    hazards = hazards_of(factory(hazards=[row]), NET, LEARNED)
    assert hazards.stops_per_year[0] == 0.7
    assert hazards.recoveries[0] == Recovery(3, 20)


def test_a_row_without_days_leaves_them_to_others():
    """A supplier's rate from the row, its recovery from the receipts."""
    hazards = hazards_of(factory(hazards=[{"kind": "supplier", "name": "K", "stops_per_year": 0.7}]), NET, LEARNED)
    assert hazards.stops_per_year[0] == 0.7
    assert hazards.recoveries[0] == SILENCE.recovery


def test_receipts_teach_where_no_row_speaks():
    """K is learned wholly; L says its days to recover, so only its rate is."""
    hazards = hazards_of(factory(), NET, LEARNED)
    assert hazards.stops_per_year[:2].tolist() == [2.5, 2.5]
    assert hazards.recoveries[0] == SILENCE.recovery
    assert hazards.recoveries[1] == Recovery.of(8)
    assert "The recovery of 1 suppliers was learned from receipts." in hazards.assumptions


def test_machines_stop_by_their_mean_times():
    """500 hours up and 24 down are 8766 / 524 stops a year of one day on average."""
    hazards = hazards_of(factory(), NET)
    assert hazards.stops_per_year[2] == pytest.approx(8766 / 524)
    assert hazards.recoveries[2].mean_days == pytest.approx(1)
    assert "Times between failures of machines count round the clock." in hazards.assumptions


def test_whatever_is_assumed_is_named():
    """By kind and number, with the figure."""
    told = " ".join(hazards_of(factory(), NET).assumptions)
    assert "No hazard is given for 2 of kind supplier: 0.1 stops a year are assumed." in told
    assert "No hazard is given for 1 of kind machine: 1 stops a year are assumed." in told
    assert "No hazard is given for 1 of kind lane: 0.1 stops a year are assumed." in told
    assert "No worst time to recover is given for 5 of the hazards: 3 times the median" in told


def test_a_region_is_a_shock_unless_it_is_a_node():
    """A flood hits whoever stands there; a region that is a node of the network stops by itself."""
    row = {"kind": "region", "name": "coast", "stops_per_year": 0.2, "recover_days": 5.0, "recover_days_worst": 9.0}
    hazards = hazards_of(factory(hazards=[row]), NET)
    assert [(shock.place, shock.stops_per_year, shock.recovery) for shock in hazards.shocks] == [
        ("coast", 0.2, Recovery(5, 9))
    ]
    as_node = replace(NET, node_kinds=(*NET.node_kinds[:4], "region"), node_names=(*NET.node_names[:4], "coast"))
    hazards = hazards_of(factory(hazards=[row]), as_node)
    assert hazards.shocks == ()
    assert hazards.stops_per_year[4] == 0.2


def test_a_hazard_of_nothing_is_told():
    """A row that names what the network does not need is no fault, but the planner hears of it."""
    told = hazards_of(factory(hazards=[{"kind": "site", "name": "moon", "stops_per_year": 1.0}]), NET).assumptions
    assert "hazard of site moon: nothing in the network depends on it." in told


def test_a_factory_can_be_simulated_and_its_assumptions_stay_with_the_result():
    """From tables to the report."""
    hazards = hazards_of(factory(), NET)
    report = simulate_stops(NET, hazards, paths=50, seed=1, exact=2)
    assert set(hazards.assumptions) <= set(report.assumptions)
    with pytest.raises(ModelError, match="another network"):
        simulate_stops(replace(NET, node_names=tuple("abcde")), hazards, paths=50)
