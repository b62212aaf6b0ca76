"""The timetable of small shops, worked out by hand; each rule is met alone and leaves its name as the cause."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta

import numpy as np
import polars as pl
import pytest

from linewright.model.factory import Factory
from linewright.plan import schedule
from linewright.plan.stop import Rounds
from linewright.shop.compile import compile_shop
from linewright.shop.packing import packed
from linewright.shop.state import Choice, new_state
from linewright.shop.timetable import PLACED, timetable

MONDAY = datetime(2026, 3, 2, 6, tzinfo=UTC)
Rows = list[dict[str, object]]


def rows_of(factory: Factory) -> dict[str, tuple[float, float, float, str, str]]:
    """Setup start, start and end of each operation in hours after the start, its cause, and what it waited for."""
    plan = schedule(factory, stop=Rounds(30), now=MONDAY, exact=False)
    hours = [((pl.col(name) - MONDAY).dt.total_seconds() / 3600) for name in ("setup_start", "start", "end")]
    frame = plan.operations.select("operation", *hours, "waits_for", "waits_for_name")
    return {row[0]: row[1:] for row in frame.iter_rows()}


def order(name: str, material: str = "part", quantity: float = 1, **more: object) -> dict[str, object]:
    """An order, due an hour later for each letter of the alphabet, so that A goes before B."""
    return {
        "order": name,
        "material": material,
        "quantity": quantity,
        "due": MONDAY + timedelta(hours=ord(name[0]) - 64),
        **more,
    }


def shop(operations: Rows, orders: Rows, **tables: Rows) -> Factory:
    """Machines M1 and M2, and what else the case needs."""
    return Factory.of(
        **{"machines": [{"machine": "M1"}, {"machine": "M2"}], "operations": operations, "orders": orders, **tables}
    )


def step(number: int, machine: str = "M1", minutes: float = 60, **more: object) -> dict[str, object]:
    """A step of the part."""
    return {"material": "part", "step": number, "machine": machine, "run_minutes": minutes, **more}


def test_the_second_job_waits_for_the_machine():
    """Two jobs of one hour on one machine."""
    rows = rows_of(shop([step(10)], [order("A"), order("B")]))
    assert rows["A:part/10"] == (0, 0, 1, "nothing", "")
    assert rows["B:part/10"] == (1, 1, 2, "machine", "M1")


def test_a_step_waits_for_the_step_before_and_its_drying():
    """An hour of work, half an hour of drying, then the next machine."""
    rows = rows_of(shop([step(10, min_wait_minutes=30), step(20, "M2")], [order("A")]))
    assert rows["A:part/20"] == (1.5, 1.5, 2.5, "predecessor", "")


def test_setup_is_done_while_the_material_is_still_on_its_way():
    """Half an hour of setup on M2 ends exactly when the part arrives from M1."""
    rows = rows_of(shop([step(10), step(20, "M2", setup_minutes=30)], [order("A")]))
    assert rows["A:part/20"] == (0.5, 1, 2, "predecessor", "")


def test_a_changeover_separates_two_families():
    """From red to blue takes 20 minutes; the machine is already set up for red."""
    operations = [
        {"material": name, "step": 10, "machine": "M1", "run_minutes": 60, "setup_family": name}
        for name in ("red", "blue")
    ]
    factory = shop(
        operations,
        [order("A", "red"), order("B", "blue")],
        machines=[{"machine": "M1", "setup_family": "red"}],
        changeovers=[{"from_family": "red", "to_family": "blue", "minutes": 20}],
    )
    rows = rows_of(factory)
    assert rows["A:red/10"][:3] == (0, 0, 1)
    assert rows["B:blue/10"] == (1, pytest.approx(4 / 3), pytest.approx(7 / 3), "changeover", "M1")


def test_work_pauses_over_the_night_unless_it_may_not():
    """Shifts of 8 hours from 6: ten hours end next morning; five hours that may not pause wait for the morning."""
    day = {"calendar": "day", "weekday": "mon-sun", "start": time(6), "end": time(14)}
    machines = [{"machine": "M1", "calendar": "day"}]
    rows = rows_of(shop([step(10, minutes=600)], [order("A")], machines=machines, shifts=[day]))
    assert rows["A:part/10"][:3] == (0, 0, 26)
    rows = rows_of(
        shop([step(10, minutes=300, may_pause=False)], [order("A"), order("B")], machines=machines, shifts=[day])
    )
    assert rows["B:part/10"] == (24, 24, 29, "calendar", "")


def test_two_machines_share_one_fitter():
    """Both steps need the only fitter for the run, so they follow each other although each has its machine."""
    operations = [
        {"material": name, "step": 10, "machine": machine, "run_minutes": 60, "crew": 1, "skill": "fit"}
        for name, machine in (("x", "M1"), ("y", "M2"))
    ]
    factory = shop(
        operations,
        [order("A", "x"), order("B", "y")],
        people=[{"person": "Kim"}],
        skills=[{"person": "Kim", "skill": "fit"}],
    )
    rows = rows_of(factory)
    assert rows["B:y/10"] == (1, 1, 2, "person", "Kim")


def test_two_machines_share_one_mould():
    """The mould is held from setup to end."""
    operations = [
        {"material": name, "step": 10, "machine": machine, "run_minutes": 60, "tool": "mould"}
        for name, machine in (("x", "M1"), ("y", "M2"))
    ]
    rows = rows_of(shop(operations, [order("A", "x"), order("B", "y")]))
    assert rows["B:y/10"] == (1, 1, 2, "tool", "mould")


def test_a_transfer_batch_lets_the_next_step_begin_early():
    """Of ten parts the first two go on after 20 of 100 minutes; the faster second step must not run dry."""
    slow, fast = step(10, minutes=10, overlap_quantity=2), step(20, "M2", minutes=5)
    rows = rows_of(shop([slow, fast], [order("A", quantity=10)]))
    # The last two parts arrive at 100 minutes and take 10 more: the 50-minute run ends at 110, so it starts at 60.
    assert rows["A:part/20"][:3] == (1.0, 1.0, pytest.approx(110 / 60))


def test_what_may_not_wait_holds_back_the_step_before():
    """After plating at most ten minutes may pass; the second machine is busy until two, so plating ends at 1:50."""
    operations = [
        {"material": "busy", "step": 10, "machine": "M2", "run_minutes": 120},
        step(10, max_wait_minutes=10), step(20, "M2"),
    ]  # fmt: skip
    rows = rows_of(shop(operations, [order("A", "busy"), order("B")]))
    if rows["A:busy/10"][1] == 0:
        assert rows["B:part/10"][2] == pytest.approx(110 / 60)
        assert rows["B:part/10"][3] == "policy"
    assert rows["B:part/20"][1] - rows["B:part/10"][2] <= 10 / 60 + 1e-9


def test_material_and_release_dates_are_kept():
    """Bought material comes after two days; a released date holds the order back."""
    factory = shop(
        [step(10), {"material": "other", "step": 10, "machine": "M2", "run_minutes": 60}],
        [order("A"), order("B", "other", release=MONDAY + timedelta(hours=5))],
        components=[{"material": "part", "component": "bar"}],
        sources=[{"material": "bar", "supplier": "S", "lead_days": 2}],
    )
    rows = rows_of(factory)
    assert rows["A:part/10"] == (48, 48, 49, "material", "bar")
    assert rows["B:other/10"] == (5, 5, 6, "release", "")


def test_an_oven_waits_for_a_full_load_but_not_for_ever():
    """Four parts, two at least to a load of three: three go together, and the last one goes alone."""
    factory = shop(
        [step(10, "oven")],
        [order(name) for name in "ABCD"],
        machines=[{"machine": "oven", "capacity": 3, "batch": True, "min_load": 2}],
    )
    starts = sorted(row[1] for row in rows_of(factory).values())
    assert starts == [0, 0, 0, 1]


def test_parts_that_may_not_wait_go_into_the_oven_alone():
    """A load of three would let the first part wait for two others, and longer the longer it is held back."""
    factory = shop(
        [step(10, max_wait_minutes=10), step(20, "oven")],
        [order(name) for name in "ABC"],
        machines=[{"machine": "M1"}, {"machine": "oven", "capacity": 3, "batch": True, "min_load": 3}],
    )
    rows = rows_of(factory)
    for name in "ABC":
        assert 0 <= rows[f"{name}:part/20"][1] - rows[f"{name}:part/10"][2] <= 10 / 60 + 1e-9


def test_a_load_keeps_its_members_while_a_pinned_step_is_placed_for_one_of_them():
    """A is pinned to 11:00 and B is done at 7:00; the load that both join starts when A is there."""
    factory = shop(
        [step(10), step(20, "oven")],
        [],
        machines=[{"machine": "M1"}, {"machine": "oven", "capacity": 3, "batch": True}],
        work_orders=[
            {"work_order": name, "material": "part", "quantity": 1, "step": 10, **more}
            for name, more in (("A", {"pinned": True, "pinned_start": MONDAY + timedelta(hours=5)}), ("B", {}))
        ],
    )
    compiled = compile_shop(factory, MONDAY)
    state, at = new_state(compiled.arrays), {name: number for number, name in enumerate(compiled.operation_names)}
    order_of_work = np.array([at["A/10"], at["B/10"], at["A/20"], at["B/20"]])
    load = np.array([0 if name.endswith("/20") else -1 for name in at])
    choice = Choice(order_of_work, np.arange(4), load, np.zeros(4, np.int64))
    assert timetable(packed(compiled.arrays), packed(state), packed(choice)) == PLACED
    assert state.work.mode[:4].tolist() == [0, 1, 2, 3]
    assert state.work.start[order_of_work].tolist() == [5 * 3600, 0, 6 * 3600, 6 * 3600]


def test_a_bench_with_two_places_takes_two_jobs():
    """Of three jobs of an hour the third starts when a place is free."""
    rows = rows_of(shop([step(10)], [order(name) for name in "ABC"], machines=[{"machine": "M1", "capacity": 2}]))
    assert sorted(row[1] for row in rows.values()) == [0, 0, 1]


def test_a_site_away_costs_transport():
    """The second step is done at the other plant, a day away."""
    factory = shop(
        [step(10), step(20, "M2")],
        [order("A")],
        sites=[{"site": "north"}, {"site": "south"}],
        lanes=[{"lane": "L", "from_site": "north", "to_site": "south", "days": 1}],
        work_centers=[{"work_center": "N", "site": "north"}, {"work_center": "S", "site": "south"}],
        machines=[{"machine": "M1", "work_center": "N"}, {"machine": "M2", "work_center": "S"}],
    )
    assert rows_of(factory)["A:part/20"][:3] == (25, 25, 26)


PLAIN = """
import sys
from linewright.io.plan_files import plan_to_json
from linewright.io.templates import new_factory
from linewright.plan import schedule
from linewright.plan.stop import Rounds
sys.stdout.write(plan_to_json(schedule(new_factory(sys.argv[1]), stop=Rounds(3), exact=False)))
"""


@pytest.mark.parametrize("template", ["job-shop", "batch"])
def test_the_compiled_kernels_equal_the_plain_ones(template):
    """With the compiler switched off the same Python gives the same plan, to the second."""
    plans = []
    for switched_off in ("0", "1"):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": switched_off}
        done = subprocess.run(
            [sys.executable, "-c", PLAIN, template], env=environment, capture_output=True, text=True, check=True
        )
        plans.append(done.stdout)
    assert plans[0] == plans[1]
