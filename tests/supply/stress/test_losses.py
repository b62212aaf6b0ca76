"""Losses of many scenarios through curves."""

import numpy as np
import pytest

from linewright.supply.network import Rows
from linewright.supply.network.generate import generate
from linewright.supply.stress import losses
from tests.supply.stress import oracles


def scenarios(network, count, seed):
    """Sets of none to three nodes, for up to twenty days."""
    random = np.random.default_rng(seed)
    nodes = [random.integers(0, network.nodes, random.integers(0, 4)) for _ in range(count)]
    return Rows.of([[(int(node), 1.0) for node in some] for some in nodes]), random.uniform(0, 20, count)


def test_curves_give_the_same_loss_as_each_program():
    """Sets of nodes with any length cost what the whole network rebuilt says."""
    network = generate(60, 3)
    sets, days = scenarios(network, 40, 1)
    found = losses(network, sets, days)
    for at, length in enumerate(days):
        nodes = sets.index[sets.first[at] : sets.first[at + 1]]
        expected = oracles.least_loss(network, nodes, length)
        assert found.lower[at] == pytest.approx(expected, rel=1e-6, abs=1.0)
        assert found.upper[at] == pytest.approx(expected, rel=1e-6, abs=1.0)


def test_one_set_with_many_lengths_is_one_convex_curve():
    """Losses of one node grow ever faster with the days, and both bounds agree on all of them."""
    network = generate(60, 3)
    days = np.linspace(0, 30, 301)
    found = losses(network, Rows(np.arange(302), np.full(301, 1), np.ones(301)), days)
    assert found.upper == pytest.approx(found.lower, rel=1e-6, abs=1.0)
    assert found.upper[-1] > 0
    assert (np.diff(found.upper, 2) >= -1.0).all()


def test_rough_bounds_hold():
    """With an allowance of 5 %, the bounds are around the exact loss and not further apart than that."""
    network = generate(60, 3)
    days = np.linspace(0.5, 25, 50)
    sets = Rows(np.arange(51), np.full(50, 4), np.ones(50))
    exact, rough = losses(network, sets, days), losses(network, sets, days, within=0.05)
    assert (rough.lower <= exact.upper + 1.0).all()
    assert (rough.upper >= exact.lower - 1.0).all()
    assert (rough.upper - rough.lower).max() <= 0.05 * rough.upper.max() + 1.0


def test_nothing_stopped_costs_nothing():
    """Empty sets and windows of no length lose nothing."""
    network = generate(30, 1)
    found = losses(network, Rows.of([[], [(3, 1.0)]]), [9.0, 0.0])
    assert found.upper.tolist() == [0.0, 0.0]
