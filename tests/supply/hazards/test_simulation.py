"""Chunks, threads and processes: the same paths."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from linewright.errors import ModelError
from linewright.supply.hazards.base_plan import walk_of
from linewright.supply.hazards.causes import Hazards, Shock
from linewright.supply.hazards.recovery import Recovery
from linewright.supply.hazards.simulation import simulate_paths
from linewright.supply.network.generate import generate

NET = generate(60, 4)
WALK = walk_of(NET)
HAZARDS = Hazards.of(NET, 0.7, shocks=[Shock("region 1", 0.5, Recovery.of(9), 0.5)])


def same(one, other):
    """Whether two simulations are equal, bit for bit."""
    parts = ("numbers", "lost", "lost_margin", "stops")
    return all(np.array_equal(getattr(one, part), getattr(other, part)) for part in parts)


@pytest.fixture(scope="module")
def serial():
    """A hundred paths in one chunk."""
    return simulate_paths(WALK, HAZARDS, np.arange(100), seed=5, chunk=100)


@pytest.mark.parametrize("chunk", [1, 7, 33, 1000])
def test_chunks_do_not_change_a_figure(serial, chunk):
    """However many tasks, and however full the last lanes are."""
    assert same(simulate_paths(WALK, HAZARDS, np.arange(100), seed=5, chunk=chunk), serial)
    assert serial.lost_margin.any()


def test_threads_do_not_change_a_figure(serial):
    """Tasks that finish in another order are put back in theirs."""
    with ThreadPoolExecutor(3) as threads:
        assert same(simulate_paths(WALK, HAZARDS, np.arange(100), seed=5, chunk=9, executor=threads), serial)


def test_processes_do_not_change_a_figure(serial):
    """Fresh processes that share nothing find the same."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        assert same(simulate_paths(WALK, HAZARDS, np.arange(100), seed=5, chunk=60, executor=processes), serial)


def test_any_paths_can_be_simulated_again(serial):
    """A path is found by its number."""
    again = simulate_paths(WALK, HAZARDS, np.array([88, 3]), seed=5)
    assert np.array_equal(again.lost_margin, serial.lost_margin[[88, 3]])


def test_another_seed_is_another_history(serial):
    """And a seed that does not fit is refused."""
    assert not same(simulate_paths(WALK, HAZARDS, np.arange(100), seed=6), serial)
    with pytest.raises(ModelError, match="seed -1"):
        simulate_paths(WALK, HAZARDS, np.arange(3), seed=-1)


def test_no_paths_are_no_trouble():
    """Nothing is simulated, and the shapes still fit."""
    none = simulate_paths(WALK, HAZARDS, np.zeros(0), seed=1)
    assert none.losses.shape == (0,)
    assert none.stops.shape == (0, NET.nodes + 1)


def test_without_hazards_nothing_is_lost():
    """The steady plan goes on for the whole year."""
    calm = simulate_paths(WALK, Hazards.of(NET, 0.0), np.arange(3), seed=1)
    assert calm.losses.tolist() == pytest.approx([0, 0, 0], abs=1e-6 * float((NET.demand * NET.margin).sum()))


def test_losses_follow_from_the_units_lost(serial):
    """Units lost times margins, by product, are the currency lost, by step."""
    assert (serial.lost * WALK.margin).sum(axis=1) == pytest.approx(serial.losses)
    assert (serial.lost <= WALK.demand * 364 * (1 + 1e-9)).all()
