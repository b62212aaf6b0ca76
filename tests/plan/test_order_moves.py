"""Each way to change an order of work does what it says, keeps what waits in its place, and can be undone."""

from __future__ import annotations

from datetime import time, timedelta

import numpy as np
import pytest

from linewright.model.factory import Factory
from linewright.model.results import Weights
from linewright.plan.scheduling import value_weights
from linewright.plan.search.order.edit import gather, mark
from linewright.plan.search.order.layer import OrderLayer
from linewright.plan.search.order.moves.hurry_job import hurry_job
from linewright.plan.search.order.moves.join_family import join_family
from linewright.plan.search.order.moves.reassign import exchange, reassign
from linewright.plan.search.order.moves.reinsert import reinsert
from linewright.plan.search.order.moves.unblock import unblock
from linewright.plan.search.order.moves.wait_on_purpose import let_go, wait_for_cheap_hours, wait_for_due_date
from linewright.plan.search.order.trial import begin_trial, time_trial, undo, undo_times
from linewright.plan.search.window import in_order
from linewright.shop.compile import compile_shop
from linewright.shop.state import Choice
from tests.plan.tiny_shops import START, tiny_shop

MOVES = (unblock, reinsert, reassign, exchange, join_family, hurry_job)


def layer_of(shop, order=None):
    """A layer at the operations as listed (or in an order), each in its first mode."""
    layer = OrderLayer(shop, value_weights(Weights(), "cost"), 0.0, seed=1, stride=4)
    batch = shop.arrays.machines.batch[shop.arrays.modes.machine[shop.arrays.operations.first_mode[:-1]]]
    if order is None:
        place = np.where(shop.arrays.operations.running[:-1], -1, np.arange(shop.size))
        order = in_order(shop.arrays, place)
    choice = Choice(
        np.array(order), shop.arrays.operations.first_mode[:-1].copy(), np.where(batch, np.cumsum(batch) - 1, -1),
        np.zeros(shop.size, np.int64),
    )  # fmt: skip
    assert layer.adopt(choice, 1e18)
    return layer


def propose(layer, move, *more):
    """Open a trial and let a move change the choice."""
    begin_trial(layer._track)
    return move(layer.arrays, layer._state, layer._track, layer._choice, *more)


def value_now(layer):
    """The value of the changed choice."""
    return time_trial(
        layer.arrays, layer._state, layer._track, layer._choice, layer.weights, layer.move_cost, float("inf")
    )


def is_in_order(layer):
    """Whether the order holds each operation once, after all that it waits for, and knows its place."""
    shop, order = layer.shop.arrays, layer.choice.order
    place = np.argsort(order)
    waits = np.repeat(np.arange(order.size), np.diff(shop.operations.first_arc))
    return (
        sorted(order.tolist()) == list(range(order.size))
        and (place == layer.track.position).all()
        and (place[shop.arcs.operation] < place[waits]).all()
    )


def family_shop(families):
    """A job for each letter, all on one machine, with an hour between different letters."""
    factory = Factory.of(
        machines=[{"machine": "M1"}, {"machine": "M2"}],
        materials=[{"material": name, "cost": 100} for name in set(families)],
        operations=[
            {"material": name, "step": 10, "machine": "M1", "run_minutes": 60, "setup_family": name}
            for name in sorted(set(families))
        ],
        orders=[
            {"order": f"O{at:02}", "material": name, "quantity": 1, "due": START + timedelta(hours=2)}
            for at, name in enumerate(families)
        ],
        changeovers=[{"minutes": 60, "cost": 7}],
        settings=[{"stock_cost_share_per_year": 9.0}],
    )
    return compile_shop(factory, START, horizon_days=30)


@pytest.mark.parametrize("features", [("alternatives", "bill"), ("oven", "waits"), ("running", "changeovers", "tools")])
@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.__name__)
def test_a_move_keeps_the_order_right_and_can_be_undone(move, features):
    """After each proposal the order is a right one; undone, everything is as it was."""
    for seed in range(3):
        layer = layer_of(tiny_shop(seed, *features, most=12))
        before = [part.copy() for part in (*layer.choice, layer.state.work, layer.track.operation_cost)]
        for turn in range(40):
            propose(layer, move, turn % layer.shop.size)
            assert is_in_order(layer)
            value_now(layer)
            undo_times(layer.arrays, layer._state, layer._track)
            undo(layer._track, layer._choice)
            assert is_in_order(layer)
            after = (*layer.choice, layer.state.work, layer.track.operation_cost)
            for old, new in zip(before, after, strict=True):
                np.testing.assert_array_equal(old, new)


def test_gathering_takes_along_what_must_come_before():
    """The last step of a job cannot go to the front without the others."""
    shop = compile_shop(
        Factory.of(
            machines=[{"machine": "M1"}],
            operations=[
                {"material": name, "step": step, "machine": "M1", "run_minutes": 1}
                for name in "AB"
                for step in (1, 2, 3)
            ],
            orders=[{"order": name, "material": name, "quantity": 1} for name in "AB"],
        ),
        START,
    )
    layer = layer_of(shop)
    second = [at for at in range(6) if shop.operation_names[at].startswith("B")]
    assert layer.choice.order.tolist()[3:] == second
    begin_trial(layer._track)
    mark(layer._track, layer._choice, second[-1])
    assert gather(layer.arrays, layer._track, layer._choice, 0, 5, True, 12)
    assert layer.choice.order.tolist()[:3] == second
    undo(layer._track, layer._choice)
    begin_trial(layer._track)
    mark(layer._track, layer._choice, second[-1])
    assert not gather(layer.arrays, layer._track, layer._choice, 0, 5, True, 1)


def test_what_waited_goes_before_what_it_waited_for():
    """Two jobs on one machine change over, whichever of the two is taken."""
    layer = layer_of(family_shop("aa"))
    last = int(layer.choice.order[1])
    assert propose(layer, unblock, last)
    assert layer.choice.order[0] == last


def test_runs_of_a_family_come_together():
    """Sequence a b a b a has four changeovers; one move leaves at most three, and so it costs less."""
    shop = family_shop("ababa")
    red, blue = (np.flatnonzero(shop.arrays.operations.family[:-1] == one).tolist() for one in (0, 1))
    layer = layer_of(shop, order=[red[0], blue[0], red[1], blue[1], red[2]])
    families = layer.shop.arrays.operations.family[layer.choice.order]
    before = np.count_nonzero(np.diff(families))
    assert propose(layer, join_family, int(layer.choice.order[2]))
    after = np.count_nonzero(np.diff(layer.shop.arrays.operations.family[layer.choice.order]))
    assert after < before
    assert value_now(layer) < layer.figures[0]


def test_a_job_hurries_as_a_whole():
    """All steps of a job move the same way, unless something that they wait for is in the way."""
    layer = layer_of(tiny_shop(4, "bill", most=12))
    for turn in range(30):
        operation = turn % layer.shop.size
        before = layer.track.position.copy()
        if propose(layer, hurry_job, operation):
            same = layer.shop.arrays.operations.job[:-1] == layer.shop.arrays.operations.job[operation]
            moved = (layer.track.position - before)[same]
            assert (moved <= 0).all() or (moved >= 0).all()
        undo(layer._track, layer._choice)


def test_work_changes_its_machine_and_two_change_machines_with_each_other():
    """A new mode belongs to the same operation; an exchange leaves both machines as full as before."""
    layer = layer_of(tiny_shop(2, "alternatives", most=12))
    # Every other operation on its last machine, so that there is something to exchange.
    layer.choice.mode[::2] = layer.shop.arrays.operations.first_mode[1:][::2] - 1
    layer.adopt(layer.choice, 1e18)
    modes, found = layer.shop.arrays.modes, {reassign: 0, exchange: 0}
    for turn in range(60):
        for move in found:
            before = layer.choice.mode.copy()
            if propose(layer, move, turn % layer.shop.size):
                changed = np.flatnonzero(layer.choice.mode != before)
                assert changed.size == (1 if move is reassign else 2)
                assert (modes.operation[layer.choice.mode] == np.arange(layer.shop.size)).all()
                machines = [sorted(modes.machine[mode[changed]].tolist()) for mode in (before, layer.choice.mode)]
                assert (machines[0] == machines[1]) == (move is exchange)
                found[move] += 1
            undo(layer._track, layer._choice)
    assert min(found.values()) > 0


def test_work_that_would_be_too_early_waits_until_it_is_due():
    """One hour of work due after two hours starts after one, and its stock costs nothing; let go, it starts at once."""
    layer = layer_of(family_shop("a"))
    values = set()
    for _ in range(20):
        assert propose(layer, wait_for_due_date)
        values.add((int(layer.choice.hold[0]), value_now(layer)))
        undo_times(layer.arrays, layer._state, layer._track)
        undo(layer._track, layer._choice)
    assert (3600, 0.0) in values
    assert max(hold for hold, _ in values) == 3600
    layer.choice.hold[0] = 3600
    layer.adopt(layer.choice, 1e18)
    begin_trial(layer._track)
    assert let_go(layer._track, layer._choice, 0)
    assert value_now(layer) > 0
    assert layer.state.work.start[0] == 0


def test_work_waits_past_hours_that_cost_overtime():
    """An extra shift today costs 50 an hour: what is due in three days is held until tomorrow."""
    factory = Factory.of(
        machines=[{"machine": "M1", "calendar": "week"}],
        shifts=[{"calendar": "week", "weekday": "tue", "start": time(6), "end": time(14)}],
        calendar_exceptions=[
            {"calendar": "week", "start": START, "end": START + timedelta(hours=8), "working": True,
             "cost_per_hour": 50.0}
        ],
        operations=[{"material": "a", "step": 10, "machine": "M1", "run_minutes": 60}],
        orders=[{"order": name, "material": "a", "quantity": 1, "due": START + timedelta(days=3)} for name in "AB"],
    )  # fmt: skip
    layer = layer_of(compile_shop(factory, START, horizon_days=30))
    assert layer.figures[0] == pytest.approx(100)
    for _ in range(20):
        if propose(layer, wait_for_cheap_hours, 0):
            break
    assert value_now(layer) <= 50
    assert layer.state.work.start[0] >= 24 * 3600
