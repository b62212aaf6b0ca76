"""Windows: who may move, who is carried along, and that a window never makes a plan worse."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.plan.search.chance import new_chance
from linewright.plan.search.tardy.propagate import CARRIED, MOVABLE, OUTSIDE
from linewright.plan.search.tardy.records import copied
from linewright.plan.search.tardy.rounds import one_window
from linewright.plan.search.tardy.window import late_place, open_window
from tests.plan.search.tardy.examples import fresh_value, hundred, sequences, small_shops, started


def test_a_window_is_a_stretch_of_time():
    """What starts in the stretch may move, what comes before or in the margin is carried, the rest is outside."""
    records, plan, _, _ = started(hundred(), seed=4)
    nodes, doors = plan.nodes, np.zeros(5, np.int64)
    by_start = np.argsort(nodes.start[:100], kind="stable")
    begin, end = open_window(records, nodes, by_start, 30, 20, 10, doors)
    assert begin <= 30
    assert end >= 50
    assert set(nodes.stage[by_start[begin:end]].tolist()) == {MOVABLE}
    assert set(nodes.stage[by_start[:begin]].tolist()) == {CARRIED}
    assert nodes.stage[by_start[-1]] == OUTSIDE
    for machine, door in enumerate(doors.tolist()):
        row = [100 + machine, *sequences(plan, 100)[machine]]
        behind = row[row.index(door) + 1 :]
        assert all(nodes.stage[at] == CARRIED for at in row[1 : row.index(door) + 1])
        assert not behind or nodes.start[behind[0]] >= nodes.start[by_start[begin]]


def test_what_waits_for_the_outside_is_outside():
    """Carried operations depend on none beyond the horizon, so that their times are exact."""
    records, plan, _, _ = started(hundred(), seed=4)
    by_start = np.argsort(plan.nodes.start[:100], kind="stable")
    open_window(records, plan.nodes, by_start, 10, 20, 10, np.zeros(5, np.int64))
    for operation in np.flatnonzero(plan.nodes.stage[:100] != OUTSIDE).tolist():
        links = range(records.steps.first_before[operation], records.steps.first_before[operation + 1])
        befores = [int(records.befores.operation[link]) for link in links]
        assert all(plan.nodes.stage[at] != OUTSIDE for at in befores)


@pytest.mark.parametrize(("size", "margin"), [(20, 10), (50, 50), (100, 0)])
def test_a_window_never_makes_a_plan_worse(size, margin):
    """Value and plan agree after each window, and many windows make it better."""
    records, plan, scratch, value = started(hundred(), seed=6)
    trial, chance, first = copied(plan), new_chance(1), value
    for _ in range(20):
        after = one_window(records, plan, trial, scratch, chance, size, margin, 50.0, 1.0, 3000, 1500, value)
        assert after <= value
        assert fresh_value(records, plan) == pytest.approx(after)
        value = after
    assert value < 0.8 * first


def test_late_places_are_likelier():
    """With one late operation its place is drawn; with none any place."""
    _, plan, _, _ = started(small_shops()[0])
    by_start, pressure = np.arange(3), np.zeros((3, 17))
    assert late_place(plan.nodes, by_start, pressure, 0.99) == 1
    pressure[2, 7] = -5.0
    assert {late_place(plan.nodes, by_start, pressure, share) for share in (0.0, 0.5, 0.99)} == {2}
