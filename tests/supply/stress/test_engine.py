"""The parts of the stress test alone: needs, what is left, regions, and bounds that hold for any prices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewright.supply.network import Rows
from linewright.supply.network.generate import generate
from linewright.supply.stress.engine import proof
from linewright.supply.stress.engine.balance import Balance, left_by, one_by_one
from linewright.supply.stress.engine.base import Base
from linewright.supply.stress.engine.grow import Grower
from linewright.supply.stress.engine.needs import most_needed
from linewright.supply.stress.engine.questions import HowLong, HowMuch
from linewright.supply.stress.engine.regions import Regions
from tests.supply.stress import oracles


def test_the_need_takes_the_hungriest_source():
    """Two ways to make a product take 2 or 3 parts each: at 5 a day, 15 parts a day can be needed at most."""
    network = oracles.tiny(
        stock=[0, 0], demand=[5, 1], rate=[9, 9, 99], uses=[[(1, 2.0)], [(1, 3.0)], []], output=[0, 0, 1]
    )
    assert most_needed(network).tolist() == [5.0, 16.0]


def test_lanes_in_a_circle_need_no_more_than_both_ends():
    """Goods that travel both ways between two places need not pass either of them twice."""
    network = oracles.tiny(
        stock=[0, 0], demand=[5, 1], rate=[9, 9, 99], uses=[[(1, 1.0)], [(0, 1.0)], []], output=[0, 1, 1]
    )
    assert most_needed(network).tolist() == [6.0, 6.0]


def test_stops_of_one_flow_leave_the_least_and_of_one_group_the_rest():
    """A supplier and its lane do not add up; two machines of three leave one."""
    network = oracles.tiny(
        stock=[0], demand=[1], rate=[9], uses=[[]], output=[0], usage=[[(0, 1.0)]], capacity=[3],
        hits_capacity=[(0, 2 / 3), (0, 2 / 3)],
    )  # fmt: skip
    left = left_by(network, Rows.of([[(0, 1.0), (0, 1.0)], [(1, 1.0), (2, 1.0)], []]))
    assert [left.of(event)[1].tolist() for event in range(3)] == [[0.0], [], []]
    assert [left.of(event)[3].tolist() for event in range(3)] == [[], [pytest.approx(1 / 3)], []]


@pytest.mark.parametrize("seed", range(3))
def test_a_region_is_what_plain_walking_finds(seed):
    """Products of sparse matrices reach the same activities as a walk from user to user."""
    network = generate(80, seed)
    found = Regions(Balance.of(network)).around(left_by(network, one_by_one(np.arange(80))), list(range(80)))
    for node in range(80):
        reached, front = {node}, [node]
        while front:
            filled = int(network.output[front.pop()])
            users = set(network.inputs.owner[network.inputs.index == filled].tolist()) - reached
            reached |= users
            front += users
        pools = network.output[list(reached)]
        assert found[node].tolist() == np.flatnonzero(np.isin(network.output, pools)).tolist()


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_no_prices_prove_more_than_is_true(seed):
    """Whatever the prices are, the days that they allow are no fewer, and the loss no more, than the true ones."""
    random = np.random.default_rng(seed)
    network = generate(24, int(random.integers(100)))
    balance = Balance.of(network)
    node, days = int(random.integers(24)), float(random.uniform(1, 12))
    rows = np.flatnonzero(random.random(balance.rows) < 0.6)
    prices = proof.priced(balance, rows, random.exponential(1.0, rows.size) * 10 ** random.uniform(-1, 4))
    gain = proof.stopped_gain(balance, prices, left_by(network, one_by_one([node])).of(0))
    assert proof.longest(prices, gain, 50.0) >= oracles.survives(network, [node], 50.0) - 1e-6
    lost = oracles.least_loss(network, [node], days)
    assert proof.least_loss(balance, prices, gain, days) <= lost + 1e-6 * (1 + lost)


def test_the_whole_network_and_the_grown_region_agree():
    """The last resort, the whole warm program, gives the days and losses that regions give."""
    network = generate(200, 9)
    base = Base.of(network, 40.0)
    left = left_by(network, one_by_one(np.arange(0, 200, 7)))
    grower = Grower(base)
    events = [event for event in range(len(left)) if base.needs(left.of(event))]
    around = Regions(base.balance).around(left, events)
    for event, region in zip(events, around, strict=True):
        for question in (HowLong(base), HowMuch(base, 9.0)):
            near, far = grower.ask(question, left.of(event), region), grower._ask_all(question, left.of(event))
            assert far.how == "whole"
            assert near.lower == pytest.approx(far.lower, rel=1e-6, abs=1e-6 * question.currency)
