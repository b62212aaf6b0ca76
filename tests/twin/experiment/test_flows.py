"""Flows of a factory as tasks: worked out by hand, by laws that always hold, and in other processes."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from datetime import time, timedelta

import numpy as np
import pytest

from linewright.shop.distributions import fixed
from linewright.twin.experiment.flows import OPEN_WORK_UNITS, OpenWork, Stream
from linewright.twin.network.of_factory import network_of
from linewright.twin.statistics.replications import Replications, replicate
from tests.twin.experiment.small_factories import MONDAY, saw_shop, uneven


def open_work(factory):
    """The open work of a factory from Monday on."""
    return OpenWork(network_of(factory, start=MONDAY))


def test_open_work_is_worked_out_by_hand():
    """A takes 17 minutes and is in time; B is done 35 minutes later, 12 after it was due."""
    found = dict(zip(OPEN_WORK_UNITS, open_work(saw_shop())(np.arange(1), 0)[0], strict=True))
    assert found == pytest.approx(
        {"makespan": 52 / 60, "lead_time": (17 + 52) / 2 / 60, "on_time": 0.5, "late_hours": 12 / 60}
    )


@pytest.mark.parametrize(
    ("due_hours", "minutes", "makespan", "late_hours"),
    [
        # Due with the end of the shift, or in the evening, and done an hour after the next one began.
        (8, 540.0, 25.0, 17.0),
        (10, 540.0, 25.0, 15.0),
        # Done just with the shift, also where rounding makes that a little more.
        (8, 480.0, 8.0, 0.0),
        (8, 480.0 + 1e-9, 8.0, 0.0),
        # Overdue since before the calendar that is known.
        (-960, 60.0, 1.0, 961.0),
    ],
)  # fmt: skip
def test_nights_count_for_dates_and_ends(due_hours, minutes, makespan, late_hours):
    """Lateness is told in hours of the wall clock, closed ones included, and work ends with the shift."""
    factory = saw_shop(
        machines=[{"machine": "S1", "work_center": "SAW", "calendar": "day"}],
        shifts=[{"calendar": "day", "weekday": "mon-fri", "start": time(6), "end": time(14)}],
        operations=[{"material": "FRAME", "step": 10, "work_center": "SAW", "fixed_minutes": 480.0}],
        orders=[
            {"order": "A", "material": "FRAME", "quantity": 1.0, "due": MONDAY + timedelta(hours=due_hours)},
        ],
    )  # fmt: skip
    flow = network_of(factory, start=MONDAY)
    (kind,) = flow.network.job_types
    route = (replace(kind.route[0], time=fixed(minutes)),)
    flow = replace(flow, network=replace(flow.network, job_types=(replace(kind, route=route),)))
    figures = dict(zip(OPEN_WORK_UNITS, OpenWork(flow)(np.arange(1), 0)[0], strict=True))
    assert (figures["makespan"], figures["lead_time"], figures["late_hours"]) == pytest.approx(
        (makespan, makespan, late_hours)
    )
    assert figures["on_time"] == (late_hours == 0)


def test_parts_of_an_order_are_no_orders():
    """Frames need legs; only the frames' jobs count as orders, and they wait for their legs."""
    factory = saw_shop(
        materials=[{"material": "FRAME", "kind": "made"}, {"material": "LEG", "kind": "made"}],
        components=[{"material": "FRAME", "component": "LEG", "quantity": 2.0}],
        operations=[
            {"material": name, "step": 10, "work_center": "SAW", "setup_minutes": 0.0, "run_minutes": 1.0}
            for name in ("FRAME", "LEG")
        ],
        orders=[{"order": "A", "material": "FRAME", "quantity": 10.0}],
    )
    figures = dict(zip(OPEN_WORK_UNITS, open_work(factory)(np.arange(1), 0)[0], strict=True))
    assert (figures["makespan"], figures["lead_time"]) == pytest.approx((30 / 60, 30 / 60))
    # Nothing has a date, so no share is in time.
    assert math.isnan(figures["on_time"])
    assert figures["late_hours"] == 0.0


def test_work_that_is_never_done_has_no_end():
    """An oven that waits for a load nobody fills leaves a makespan without end, and the order late."""
    factory = saw_shop(
        machines=[{"machine": "S1", "work_center": "SAW", "capacity": 4, "batch": True, "min_load": 4}],
        orders=[{"order": "A", "material": "FRAME", "quantity": 1.0, "due": MONDAY}],
    )
    makespan, lead_time, on_time, late_hours = open_work(factory)(np.arange(1), 0)[0]
    assert makespan == lead_time == late_hours == math.inf
    assert on_time == 0.0


def test_a_stream_obeys_littles_law():
    """Work in process is output times lead time, and what comes in goes out."""
    flow = network_of(uneven(saw_shop()), start=MONDAY, endless=True, pace=0.5)
    task = Stream(flow, weeks=4.0, settling_weeks=1.0)
    samples = replicate(task, stop=Replications(20), seed=2)
    output, lead_time, wip = (samples.mean(figure).value for figure in ("throughput", "lead_time", "wip"))
    assert wip == pytest.approx(output / 168 * lead_time, rel=0.02)
    # At half the pace, two jobs come in 80 minutes.
    assert output == pytest.approx(2 * 7 * 1440 / 80, rel=0.05)


@pytest.mark.parametrize("task", [OpenWork, Stream])
def test_a_task_goes_to_another_process(task):
    """Its copy has the same figures, also after it was run."""
    made = task(network_of(uneven(saw_shop()), start=MONDAY, endless=task is Stream))
    here = made(np.arange(3), 5)
    assert np.array_equal(pickle.loads(pickle.dumps(made))(np.arange(3), 5), here)


def test_replications_are_the_same_in_any_block():
    """A replication knows nothing of those before it."""
    task = open_work(uneven(saw_shop()))
    whole = task(np.arange(6), 1)
    assert np.array_equal(np.concatenate([task(np.array([at]), 1) for at in range(6)]), whole)
    assert np.unique(whole[:, 0]).size == 6
