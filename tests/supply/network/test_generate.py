"""Generated networks."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.supply.network.generate import generate


@pytest.mark.parametrize("nodes", [15, 60, 400])
def test_demand_can_be_met_while_nothing_is_down(nodes):
    """Each node has more rate and each plant more capacity than running evenly needs, and pools balance."""
    network = generate(nodes, seed=3)
    sources = np.bincount(network.output, minlength=network.pools)
    needed = network.demand.copy()
    running = np.zeros(network.activities)
    for node in range(nodes):
        running[node] = needed[network.output[node]] / sources[network.output[node]]
        row = slice(network.inputs.first[node], network.inputs.first[node + 1])
        np.add.at(needed, network.inputs.index[row], running[node] * network.inputs.value[row])
    assert (running <= network.rate).all()
    used = np.bincount(network.usage.index, running[network.usage.owner], minlength=network.groups)
    assert (used <= network.capacity).all()


def test_the_same_seed_gives_the_same_network():
    """And another seed another one."""
    one, again, other = generate(60, 1), generate(60, 1), generate(60, 2)
    assert np.array_equal(one.rate, again.rate)
    assert not np.array_equal(one.rate, other.rate)


def test_rows_turned_twice_are_the_same_rows():
    """By column and by row the same entries."""
    rows = generate(60, 1).inputs
    again = rows.turned(60).turned(len(rows))
    assert np.array_equal(rows.first, again.first)
    assert np.array_equal(rows.index, again.index)
    assert np.array_equal(rows.value, again.value)
