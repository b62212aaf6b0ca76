"""Bounds of single pools against linear programmes that are solved to the end."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from ortools.linear_solver import pywraplp

from linewright.model.factory import Factory
from linewright.model.results import Weights
from linewright.plan.bounds import lower_bound
from linewright.plan.bounds.changeovers import least_changeovers
from linewright.plan.bounds.curves import CurveBook
from linewright.plan.bounds.machine_sets import machine_pools
from linewright.plan.bounds.prices import PIECE, bid, sold
from linewright.plan.bounds.weights import balanced, whole_weights
from linewright.shop.compile import compile_shop
from tests.plan.tiny_shops import START, feasible_orders, timed, tiny_shop


def random_ways(seed, operations=60, machines=6):
    """Operations with one to four machines each and times that have nothing to do with each other."""
    draw = np.random.default_rng(seed)
    counts = draw.integers(1, 5, operations)
    first = np.concatenate([[0], np.cumsum(counts)])
    machine = np.concatenate([draw.choice(machines, count, replace=False) for count in counts])
    return first, machine, draw.integers(1, 100, machine.size).astype(float), draw.uniform(0.5, 2.0, machines)


def split_freely(first, machine, work, speed):
    """The least time in which operations can be done if they may be split over their machines."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    longest = solver.NumVar(0, solver.infinity(), "")
    loads = [solver.Constraint(-solver.infinity(), 0) for _ in speed]
    for load, rate in zip(loads, speed, strict=True):
        load.SetCoefficient(longest, -float(rate))
    for begin, end in pairwise(first):
        whole = solver.Constraint(1, 1)
        for mode in range(begin, end):
            share = solver.NumVar(0, 1, "")
            whole.SetCoefficient(share, 1)
            loads[machine[mode]].SetCoefficient(share, float(work[mode]))
    solver.Minimize(longest)
    solver.Solve()
    return solver.Objective().Value()


@pytest.mark.parametrize("seed", range(5))
def test_balanced_weights_reach_the_linear_programme(seed):
    """The bound of the weights is never above the optimum, and within half a percent of it."""
    first, machine, work, speed = random_ways(seed)
    weight = balanced(first, machine, work, speed, 600)
    value = np.minimum.reduceat(weight[machine] * work, first[:-1]).sum() / (weight @ speed)
    optimum = split_freely(first, machine, work, speed)
    assert 0.995 * optimum <= value <= optimum * (1 + 1e-9)


def test_whole_weights_and_the_compiled_rounds_are_those_of_the_plain_ones():
    """Weights as whole numbers lose next to nothing; the kernel and its Python body give the same weights."""
    first, machine, work, speed = random_ways(9, operations=12)
    plain = balanced.py_func(first, machine, work, speed, 40)
    np.testing.assert_allclose(balanced(first, machine, work, speed, 40), plain)
    whole = whole_weights(first, machine, work, speed, np.ones(speed.size))
    near = balanced(first, machine, work, speed, 600)
    np.testing.assert_allclose(whole / whole.max(), near / near.max(), atol=2e-6)


def random_market(seed, pieces=25, slots=12):
    """Slots of one pool and pieces that want them."""
    draw = np.random.default_rng(seed)
    moments = np.concatenate([[0.0], np.cumsum(draw.integers(20, 60, slots))])
    sold_to = np.zeros(pieces, PIECE).view(np.recarray)
    sold_to.work = draw.integers(1, 50, pieces)
    sold_to.ready = draw.uniform(0, moments[-1] / 2, pieces)
    sold_to.last = sold_to.ready + draw.uniform(0, 150, pieces)
    sold_to.rate = draw.choice([0.5, 1.0, 4.0], pieces)
    sold_to.half = sold_to.work / 2
    sold_to.slot = np.searchsorted(moments, sold_to.ready, side="right") - 1
    return moments, np.diff(moments), sold_to


def handed_out(moments, room, pieces):
    """The least cost of handing out the slots, by a linear programme."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    full = [solver.Constraint(0, float(seconds)) for seconds in room]
    cost = solver.Objective()
    for piece in pieces:
        done = solver.Constraint(float(piece.work), float(piece.work))
        for slot in range(piece.slot, moments.size):
            given = solver.NumVar(0, solver.infinity(), "")
            done.SetCoefficient(given, 1)
            if slot < room.size:
                full[slot].SetCoefficient(given, 1)
            late = max(moments[slot], piece.ready) - piece.last
            cost.SetCoefficient(given, float(piece.rate * (late + piece.half)) if late > 0 else 0.0)
    cost.SetMinimization()
    solver.Solve()
    return cost.Value()


@pytest.mark.parametrize("seed", range(5))
def test_prices_of_slots_come_near_the_transport_problem(seed):
    """What prices prove is never above the least cost of handing out slots, and most of it."""
    moments, room, pieces = random_market(seed)
    start = np.append(np.linspace(100.0, 1.0, room.size), 0.0)
    optimum = handed_out(moments, room, pieces)
    value = sold(moments, room, pieces, start, 400)
    assert optimum > 0
    assert 0.9 * optimum <= value <= optimum * (1 + 1e-9)


def test_a_bid_is_a_bound_at_any_prices():
    """Whatever the prices are, the bid is below the optimum; the kernel agrees with its Python body."""
    moments, room, pieces = random_market(11)
    optimum = handed_out(moments, room, pieces)
    draw = np.random.default_rng(3)
    for scale in (0.1, 10.0, 300.0):
        price = np.append(draw.uniform(0, scale, room.size), 0.0)
        asked, plain = np.zeros(price.size), np.zeros(price.size)
        value = bid(moments, room, pieces, price, asked)
        assert value <= optimum * (1 + 1e-9)
        assert value == pytest.approx(bid.py_func(moments, room, pieces, price, plain))
        np.testing.assert_allclose(asked, plain)


@pytest.mark.parametrize("features", [("alternatives",), ("alternatives", "calendars"), ("alternatives", "places")])
def test_no_pool_ends_after_a_plan(features):
    """A pool, weighted or not, could have done its work by the end of any plan."""
    for seed in range(8):
        shop = tiny_shop(seed, *features, most=4)
        pools = list(machine_pools(shop, CurveBook(shop.arrays.calendars)))
        assert any(pool.scale != 1.0 for pool in pools) or len(shop.arrays.modes) == shop.size
        for order in feasible_orders(shop):
            work = timed(shop, order, [-1] * shop.size)[1][:-1]
            for pool in pools:
                last = work["end"][pool.operations].max()
                assert pool.work.sum() <= pool.curve.until(last) - pool.curve.until(0)


def three_families(**machine):
    """One machine, work of three families in two orders each, and dear changeovers into green."""
    families = ("red", "blue", "green")
    return Factory.of(
        machines=[{"machine": "M", "work_center": "C", **machine}],
        work_centers=[{"work_center": "C", "cost_per_hour": 60.0}],
        materials=[{"material": name} for name in families],
        operations=[{"material": name, "step": 10, "machine": "M", "run_minutes": 30, "setup_family": name}
                    for name in families],
        changeovers=[{"minutes": 10, "cost": 5.0}, {"to_family": "green", "minutes": 30, "cost": 100.0}],
        orders=[{"order": f"{name}{at}", "material": name, "quantity": 1} for name in families for at in range(2)],
    )  # fmt: skip


@pytest.mark.parametrize(("machine", "least"), [({}, 30.0), ({"setup_family": "red"}, 145.0), ({"capacity": 2}, 0.0)])
def test_every_family_is_changed_to_once(machine, least):
    """Three families need two changeovers; the dearest is saved unless the machine begins with another family."""
    shop = compile_shop(three_families(**machine), START)
    assert least_changeovers(shop.arrays) == pytest.approx(least)
    assert lower_bound(shop, Weights(), "cost").parts["changeovers"] == pytest.approx(least)
