"""Time to survive and the loss of stops, beside answers by hand and by independent programs."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewright.supply.network.generate import generate
from linewright.supply.stress import Event, allocation, each_node, each_place, performance_impact, stress
from linewright.supply.stress import time_to_survive as survive
from tests.supply.stress import oracles

CHAIN = {"stock": [4, 10], "demand": [2, 0], "rate": [3, 3], "uses": [[(1, 1.0)], []], "output": [0, 1]}


def test_stocks_along_a_chain_add_up_downstream_only():
    """A stopped supplier leaves both stocks of 4 and 10 for a demand of 2 a day; a stopped line only the first."""
    assert survive(oracles.tiny(**CHAIN)) == pytest.approx([2.0, 7.0], abs=1e-9)


def test_what_is_not_in_stock_is_lost():
    """In 10 days at 2 a day with 14 in stock, 6 are lost, at 5 each."""
    network = oracles.tiny(**CHAIN, margin=[5, 1], recover=[3, 10])
    assert performance_impact(network) == pytest.approx([10.0, 30.0])


def test_a_second_source_stretches_the_stock():
    """With a second source of half a day's need, the stock of 14 lasts for 14 days instead of 7."""
    network = oracles.tiny(
        stock=[4, 10], demand=[2, 0], rate=[3, 3, 1], uses=[[(1, 1.0)], [], []], output=[0, 1, 1], recover=[1, 20, 20]
    )
    # Without the slow one nothing is missing: the other can make 3 a day.
    assert survive(network) == pytest.approx([2.0, 14.0, 40.0])


def test_who_has_no_stock_does_not_survive_at_all():
    """Without stock the demand is short at once."""
    network = oracles.tiny(stock=[0, 0], demand=[2, 0], rate=[3, 3], uses=[[(1, 1.0)], []], output=[0, 1])
    assert survive(network) == pytest.approx([0.0, 0.0], abs=1e-5)
    assert performance_impact(network) == pytest.approx([8.0, 8.0])


def test_one_of_two_machines_leaves_half():
    """A machine that takes half of a group's hours away halves the output: 4 in stock lack 0.5 a day, for 8 days."""
    network = oracles.tiny(
        stock=[4], demand=[2], rate=[np.inf], uses=[[]], output=[0], usage=[[(0, 1.0)]], capacity=[3],
        hits_capacity=[(0, 0.5), (0, 0.5)], recover=[1, 20, 20],
    )  # fmt: skip
    assert survive(network)[1:] == pytest.approx([8.0, 8.0])
    both = stress(network, [Event("both", (1, 2), 5.0)]).frame
    assert both["survive_days"][0] == pytest.approx(2.0)
    assert both["loss"][0] == pytest.approx(6.0)


def test_demand_that_is_never_met_is_set_aside():
    """A pool that nothing fills is named as unmet and does not hide how long the others survive."""
    network = oracles.tiny(stock=[4, 10, 0], demand=[2, 0, 7], rate=[3, 3], uses=[[(1, 1.0)], []], output=[0, 1])
    report = stress(network)
    assert report.unmet.rows() == [("pool 2", pytest.approx(7.0))]
    assert report.frame["survive_days"].to_list() == pytest.approx([2.0, 7.0])
    assert any("pool 2 lacks 7 a day" in sentence for sentence in report.sentences)


def test_the_report_says_what_happens():
    """Each exposed stop is one sentence with the product, the days and the money; the worst is first."""
    report = stress(oracles.tiny(**CHAIN, margin=[5, 1], recover=[3, 10]))
    assert report.sentences == (
        "2 of 2 stops are felt before they are over.",
        "If activity node 1 stops, pool 0 runs short after 7.0 days; it takes 10.0 days to recover, "
        "which costs 30 EUR.",
        "If activity node 0 stops, pool 0 runs short after 2.0 days; it takes 3.0 days to recover, which costs 10 EUR.",
    )
    assert report.frame["risk_exposure"].to_list() == pytest.approx([1 / 3, 1.0])
    assert repr(report) == "Stress test of 2 stops: 2 exposed, the worst node 1 (30 EUR)"


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_every_network_is_answered_like_by_brute_force(seed):
    """Circles, shared groups, partial stops, empty stocks: days and losses equal those of the whole network rebuilt."""
    network = oracles.random_network(seed)
    report = stress(network)
    served = network.demand.copy()
    for pool, missing in report.unmet.iter_rows():
        served[int(pool.split()[1])] -= missing
    scale = max(1.0, float(network.margin @ network.demand))
    for node, row in list(enumerate(report.frame.iter_rows(named=True)))[seed % 3 :: 3]:
        days = oracles.survives(network, [node], report.most_days, served)
        assert row["survive_days"] == pytest.approx(days, rel=1e-5, abs=1e-5)
        lost = oracles.least_loss(network, [node], row["recover_days"], served)
        assert row["loss"] == pytest.approx(lost, rel=1e-6, abs=2e-5 * scale)
        assert row["proof"] != "bounds"


def test_a_large_network_is_answered_like_by_the_flows_of_the_paper():
    """On 1,000 nodes, a sample of days equals the formulation with a flow from each source to each user."""
    network = generate(1000, 11)
    sample = [3, 200, 810]
    found = survive(network, sample, most_days=40)
    expected = [oracles.paper(network, [node], 40.0) for node in sample]
    assert found == pytest.approx(expected, abs=1e-6, rel=1e-6)


def test_regions_lose_at_least_what_their_worst_node_loses():
    """A region's stop costs what the whole network rebuilt says, and no less than any of its nodes alone."""
    network = generate(120, 5)
    places = each_place(network)
    report = stress(network, places)
    alone = stress(network).frame["survive_days"].to_numpy()
    for event, row in zip(places, report.frame.iter_rows(named=True), strict=True):
        assert row["loss"] == pytest.approx(oracles.least_loss(network, event.nodes, event.recover_days), rel=1e-6)
        assert row["survive_days"] <= alone[list(event.nodes)].min() + 1e-6


def test_the_allocation_loses_no_more_than_the_report_says():
    """With every activity that is told to change held at most at what it is told, the loss is the same."""
    network = generate(60, 8)
    report = stress(network).exposed
    node = network.node_names.index(report["node"][0])
    event = each_node(network, [node])[0]
    frame = allocation(network, event)
    rate = network.rate.copy()
    for name, then in frame.select("activity", "then_per_day").iter_rows():
        rate[network.activity_names.index(name)] = then * (1 + 1e-9)
    held = oracles.least_loss(replace(network, rate=rate), [node], event.recover_days)
    assert held == pytest.approx(report["loss"][0], rel=1e-6)
    assert frame.filter(frame["activity"] == f"source {node}")["then_per_day"].to_list() == [0.0]


def test_the_same_network_gives_the_same_report():
    """Nothing depends on the order of solving or on chance."""
    network = generate(80, 2)
    assert stress(network).frame.equals(stress(network).frame)
