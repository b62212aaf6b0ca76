"""What was planned, and what was learned, by the planner's own rule for durations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from linewright.model.factory import Factory
from linewright.times import learn_times
from linewright.times.estimates.standards import standards_of
from tests.times.made_up import START

STEP = {"material": "P", "step": 10, "name": "turn", "work_center": "C", "run_minutes": 10.0}
M1, M2 = ({"machine": name, "work_center": "C"} for name in ("M1", "M2"))


def plant(
    minutes: float, machines: list[dict[str, Any]], step: dict[str, Any], *named: dict[str, Any], used: str = "M1"
) -> Factory:
    """A step of which jobs of ten units take about some minutes, in turn on the machines that are used."""
    chance, actuals = np.random.default_rng(1), []
    for number in range(40):
        begun = START + timedelta(hours=6 * number)
        taken = minutes * float(np.exp(0.1 * chance.standard_normal()))
        actuals.append(
            {
                "work_order": f"W{number}", "material": "P", "step": 10, "kind": "run", "start": begun,
                "machine": used.split()[number % len(used.split())], "end": begun + timedelta(minutes=taken),
                "minutes": taken, "good": 10.0,
            }
        )  # fmt: skip
    return Factory.of(
        settings=[{"start": START + timedelta(days=60)}],
        work_centers=[{"work_center": "C"}],
        machines=machines,
        materials=[{"material": "P"}],
        operations=[step],
        operation_machines=[{"material": "P", "step": 10, **row} for row in named],
        actuals=actuals,
    )


@pytest.mark.parametrize(
    ("factory", "planned"),
    [
        (plant(80, [M1 | {"speed": 2.0}], STEP), 50.0),
        (plant(200, [M1, M2], STEP, {"machine": "M1", "run_minutes": 20.0}, {"machine": "M2"}), 200.0),
        (plant(100, [M1 | {"speed": 2.0}], STEP | {"fixed_minutes": 100.0}), 100.0),
        (
            plant(200, [M1 | {"speed": 2.0}, M2], STEP, {"machine": "M1", "run_minutes": 20.0},
                  {"machine": "M2", "run_minutes": 20.0}, used="M1 M2"),
            200.0,
        ),
        (plant(100, [M1 | {"speed": 2.0}, M2], STEP, used="M1 M1 M2"), 50.0),
        (plant(30, [M1], STEP | {"run_minutes": 30.0, "batch_size": 50.0}), 30.0),
    ],
    ids=["speed", "own", "fixed", "own and speed", "two speeds", "batch"],
)  # fmt: skip
def test_alarms_are_judged_against_what_would_be_planned(factory, planned):
    """Speeds, own times of machines, fixed minutes and batches count; only what differs from the plan is alarmed."""
    row = learn_times(factory).frame.filter(pl.col("machine") == "").row(0, named=True)
    assert 10 * row["standard_minutes"] == pytest.approx(planned)
    assert row["differs"] == (abs(row["run_minutes"] / row["standard_minutes"] - 1) > 0.1)


def test_each_job_is_judged_on_its_own_machine():
    """The fast machine's jobs take half of the slow one's, as planned: nothing differs."""
    factory = plant(75, [M1 | {"speed": 2.0}, M2], STEP, used="M1 M2")
    told = pl.when(pl.col("machine") == "M1").then(50 / 75).otherwise(100 / 75)
    actuals = factory.actuals.content.with_columns(minutes=pl.col("minutes") * told, end=None)
    factory = factory.with_tables(actuals=factory.actuals.of("actuals", actuals.to_dicts()))
    assert learn_times(factory).differences.height == 0
    assert standards_of(factory).minutes("P", 10, "M2", 10) == 100
