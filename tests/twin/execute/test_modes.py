"""How the floor follows the plan when something is late."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from linewright.twin.execute import records as r
from linewright.twin.execute.problem import prepare
from tests.twin.execute.shops import START, executed, line, planned

HOUR = 3600


def crossing():
    """A goes over M1 (2 h) and M2 (2 h), B over M2 only (2 h); A is urgent, and M1 fails for 10 h after an hour."""
    return line(
        2,
        materials=[{"material": "a"}, {"material": "b"}],
        operations=[
            {"material": "a", "step": 10, "machine": "M1", "run_minutes": 120},
            {"material": "a", "step": 20, "machine": "M2", "run_minutes": 120},
            {"material": "b", "step": 10, "machine": "M2", "run_minutes": 120},
        ],
        order_rows=[
            {"order": "A", "material": "a", "quantity": 1, "due": START + timedelta(hours=4), "late_cost_per_day": 1e4},
            {"order": "B", "material": "b", "quantity": 1, "due": START + timedelta(hours=7), "late_cost_per_day": 1,
             "release": START + timedelta(hours=1)},
        ],
        failure_modes=[{"machine": "M1", "up_hours": 1, "up_distribution": "fixed", "repair_hours": 10,
                        "repair_distribution": "fixed", "mode": "long"}],
    )  # fmt: skip


def finishes(mode: int, **options) -> dict[str, float]:
    """The hours at which A and B are finished."""
    factory = crossing()
    plan = planned(factory)
    order = plan.operations.filter(plan.operations["machine"] == "M2").sort("start")["operation"].to_list()
    assert order == ["A:a/20", "B:b/10"]
    prepared = prepare(factory, plan, threshold_hours=options.pop("threshold_hours", 1.0))
    made, _ = executed(prepared.with_options(mode=mode, **options), [0])
    return dict(zip(prepared.shop.demand_names, (made.finishes[0] / HOUR).tolist(), strict=True))


def test_strict_machines_wait_for_their_next():
    """A comes 10 h late over M1, and B waits behind it."""
    assert finishes(r.STRICT) == {"A": 14, "B": 16}


@pytest.mark.parametrize("minutes", [0, 30, 90])
def test_skipping_machines_wait_only_so_long(minutes: int):
    """A was to start on M2 after 2 h; when patience is used up B goes first."""
    assert finishes(r.SKIP, patience=60 * minutes) == {"A": 14, "B": 4 + minutes / 60}


def test_patience_that_lasts_longer_changes_nothing():
    """With 20 h of patience A comes first after all."""
    assert finishes(r.SKIP, patience=20 * HOUR) == {"A": 14, "B": 16}


def test_repair_waits_until_an_order_is_late():
    """A's first step ends 10 h late; only then machines choose, and A is ready as early as B."""
    assert finishes(r.REPAIR) == {"A": 14, "B": 16}
    assert finishes(r.REPAIR, rule=1, threshold_hours=50.0) == {"A": 14, "B": 16}


def late_and_dear():
    """Z is late at once; X and Y come to M2 after 28 h. Y is due first, but X costs more."""
    orders = [("Z", 1, 1e6, 0), ("X", 30, 1e5, 28), ("Y", 29, 1.0, 28)]
    return line(
        2,
        materials=[{"material": name.lower()} for name, *_ in orders],
        operations=[
            {"material": name.lower(), "step": 10, "machine": machine, "run_minutes": minutes}
            for name, machine, minutes in (("Z", "M1", 60), ("X", "M2", 300), ("Y", "M2", 300))
        ],
        order_rows=[
            {"order": name, "material": name.lower(), "quantity": 1, "due": START + timedelta(hours=due),
             "late_cost_per_day": cost, "release": START + timedelta(hours=release)}
            for name, due, cost, release in orders
        ],
        failure_modes=[{"machine": "M1", "up_hours": 0.5, "up_distribution": "fixed", "repair_hours": 20,
                        "repair_distribution": "fixed"}],
    )  # fmt: skip


@pytest.mark.parametrize(("threshold", "rule", "first"), [(0.1, 0, "Y"), (0.1, 1, "X"), (50.0, 0, "X")])
def test_repair_goes_by_the_rule_once_something_is_late(threshold: float, rule: int, first: str):
    """EDD takes what is due first, ATC what costs most; before anything is late enough the plan's order holds."""
    factory = late_and_dear()
    prepared = prepare(factory, planned(factory), threshold_hours=threshold)
    made, _ = executed(prepared.with_options(mode=r.REPAIR, rule=rule), [0])
    finish = dict(zip(prepared.shop.demand_names, (made.finishes[0] / HOUR).tolist(), strict=True))
    other = "X" if first == "Y" else "Y"
    assert finish == {"Z": 21, first: 33, other: 38}


def test_any_mode_finishes_everything():
    """With many chances at once no mode gets stuck, and all work is done."""
    factory = line(
        4, orders=12, hours=2, due_hours=20,
        routing={"run_variation": 1.0, "setup_minutes": 20, "setup_variation": 1, "crew": 1, "skill": "all",
                 "rework_share": 0.1},
        machine={"mtbf_hours": 5, "mttr_hours": 2},
        people=[{"person": f"P{at}", "absence_share": 0.2} for at in range(3)],
        skills=[{"person": f"P{at}", "skill": "all"} for at in range(3)],
    )  # fmt: skip
    plan = planned(factory)
    prepared = prepare(factory, plan, threshold_hours=1.0)
    for mode in (r.STRICT, r.SKIP, r.REPAIR):
        for rule in (0, 1):
            made, _ = executed(prepared.with_options(mode=mode, rule=rule, patience=600), np.arange(100))
            assert (made.status[:, 0] == r.FINISHED).all()
            assert (made.totals[:, r.JOBS_DONE] == 12).all()
