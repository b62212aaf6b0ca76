"""The queues of dispatch, against the formula and a plain loop."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from linewright.plan.search.dispatch import (
    MODE,
    OPERATION,
    free_from,
    join_queue,
    queue_places,
    still_waiting,
    tails,
    urgencies,
)
from linewright.shop.compile import compile_shop
from linewright.shop.packing import packed
from linewright.shop.precedence import topological
from linewright.shop.state import new_state
from linewright.shop.timetable import reset
from linewright.shop.working_time import NEVER
from tests.plan.tiny_shops import START, tiny_factory

RULE = np.array([2.0, 0.5, 3600.0, 1800.0])


@pytest.mark.parametrize("repeats", [1, 5])
@pytest.mark.parametrize("seed", range(3))
def test_urgency_is_the_atcs_index(seed: int, repeats: int):
    """Weight over run, less for time to spare and for a changeover; whether families are few or many."""
    shop = compile_shop(tiny_factory(seed, "changeovers", "alternatives"), START)
    state = new_state(shop.arrays)
    arrays, packed_state = packed(shop.arrays), packed(state)
    reset(arrays, packed_state)
    state.machine_family[:] = 0
    tail = tails(arrays, topological(arrays))
    bias = np.linspace(1.0, 2.0, len(shop.job_names))
    modes = [mode for mode in range(shop.arrays.modes.size) if shop.arrays.modes.machine[mode] == 0] * repeats
    numbers, figures = np.zeros((len(modes), 4), np.int64), np.zeros((len(modes), 4))
    for at, mode in enumerate(modes):
        join_queue(arrays, mode, RULE, tail, bias, numbers, figures, at)
    found = urgencies(arrays, packed_state, 0, numbers, figures, len(modes), 7200, RULE)
    switches = shop.arrays.switches[shop.arrays.machines.matrix[0]].seconds
    for value, mode in zip(found, modes, strict=True):
        operation, run = int(shop.arrays.modes.operation[mode]), max(int(shop.arrays.modes.run[mode]), 1)
        row = shop.arrays.operations[operation]
        index = 1e-12 * (1 + tail[operation] / 3600)
        if row.due < NEVER:
            slack = max(int(row.due) - run - 7200, 0)
            index += (float(row.weight) or 1e-9) * 86400 / run * exp(-slack / 7200)
        changeover = int(switches[0, row.family]) if row.family >= 0 else 0
        assert value == pytest.approx(index * exp(-changeover / 900) * bias[row.job])


def test_a_queue_closes_up_behind_what_is_placed():
    """What another machine has taken leaves the queue, and the others keep their order."""
    shop = compile_shop(tiny_factory(0, "alternatives"), START)
    state = new_state(shop.arrays)
    state.work.placed[:] = False
    state.work.placed[1] = True
    numbers = np.array([[10, 0, 0, 0], [11, 1, 0, 0], [12, 2, 0, 0], [13, 1, 0, 0], [14, 0, 0, 0]])
    figures = numbers * 1.5
    kept = still_waiting(packed(state), numbers, figures, 5)
    assert numbers[:kept, MODE].tolist() == [10, 12, 14]
    assert numbers[:kept, OPERATION].tolist() == [0, 2, 0]
    assert figures[:kept, 0].tolist() == [15.0, 18.0, 21.0]


def test_queues_have_room_for_every_mode_and_a_machine_is_free_with_its_first_place():
    """Counted by machine; of several places the one that is free first counts."""
    shop = compile_shop(tiny_factory(1, "alternatives", "places"), START)
    arrays, state = packed(shop.arrays), new_state(shop.arrays)
    machines = shop.arrays.machines.size - 1
    counts = np.bincount(shop.arrays.modes.machine, minlength=machines)
    assert np.diff(queue_places(arrays, machines)).tolist() == counts.tolist()
    state.places.free[:] = np.arange(state.places.size)[::-1] + 5
    for machine in range(machines):
        first, end = shop.arrays.machines.first_place[machine], shop.arrays.machines.first_place[machine + 1]
        assert free_from(arrays, packed(state), machine) == state.places.free[first:end].min()
