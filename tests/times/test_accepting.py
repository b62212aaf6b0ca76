"""What is taken over is planned: after the edits a usual job takes the minutes that were learned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewright.errors import ModelError
from linewright.model.factory import Factory
from linewright.model.times_results import Times
from linewright.shop.explosion import explode
from linewright.shop.routes import mode_frame, operation_frame
from linewright.times import as_scenario, learn_times
from linewright.times.estimates.standards import standards_of
from tests.times.made_up import START, shop
from tests.times.test_standards import M1, M2, STEP

MINUTES = st.floats(0.05, 500).map(lambda value: round(value, 2))
FIXED = st.sampled_from([0.0, 12.0, 90.0])
SPEED = st.sampled_from([0.5, 1.0, 1.7, 2.0])


class Known:
    """A model that knows the minutes of a job, and that it is mostly done on M1."""

    def __init__(self, factory: Factory, run: float) -> None:
        """Remember them."""
        self.run = run
        self.routing = {name: factory.table(name).content for name in ("operations", "operation_machines", "machines")}

    def usual_machine(self, material: str, step: int) -> str:
        """Say where it is done."""
        return "M1"

    def quantiles(self, rows: pl.DataFrame, quantile: str | float) -> pl.DataFrame:
        """Say the same for each row."""
        return pl.DataFrame({"run": [self.run] * rows.height, "setup": [0.0] * rows.height})


@pytest.fixture(scope="module")
def learned() -> Times:
    """Times of a made-up shop, to put other figures into."""
    return learn_times(shop(30))


def plant(step: dict[str, Any], fast: float, alternatives: list[dict[str, Any]]) -> Factory:
    """One step, two machines of different speed, and the alternatives of the step."""
    return Factory.of(
        settings=[{"start": START}],
        work_centers=[{"work_center": "C"}],
        machines=[M1 | {"speed": fast}, M2],
        materials=[{"material": "P"}],
        operations=[STEP | step],
        operation_machines=[{"material": "P", "step": 10, **row} for row in alternatives],
        work_orders=[{"work_order": "W", "material": "P", "quantity": 1.0}],
    )


def taken_over(factory: Factory, learned: Times, run: float, quantity: float, growth: float) -> Factory:
    """The factory after its only step's time was learned and accepted."""
    standard = standards_of(factory).minutes("P", 10, "M1", quantity) / quantity
    row = learned.frame.filter(pl.col("machine") == "").head(1).with_columns(
        row=pl.lit("P/10"), material=pl.lit("P"), step=pl.lit(10, pl.Int64), quantity=pl.lit(quantity),
        enough=pl.lit(value=True), growth=pl.lit(growth), run_minutes=pl.lit(run / quantity),
        standard_minutes=pl.lit(standard), setup_minutes=pl.lit(None, pl.Float64),
    )  # fmt: skip
    times = replace(learned, frame=row, model=Known(factory, run))
    return as_scenario(times, ["P/10"]).apply(factory)


@settings(deadline=None, max_examples=60)
@given(
    step=st.fixed_dictionaries(
        {"run_minutes": MINUTES, "fixed_minutes": FIXED, "batch_size": st.sampled_from([1.0, 4.0, 50.0])}
    ),
    fast=SPEED,
    own=st.lists(st.tuples(st.none() | MINUTES, st.none() | FIXED), max_size=2),
    run=MINUTES,
    quantity=st.sampled_from([0.7, 3.0, 10.0, 120.0]),
    growth=st.floats(0, 1),
)
def test_a_usual_job_is_planned_with_its_learned_minutes(learned, step, fast, own, run, quantity, growth):
    """Whatever the batch, the speed, the fixed minutes and the times of its machines; others keep their ratio."""
    alternatives = [
        {"machine": f"M{number}", "run_minutes": minutes, "fixed_minutes": fixed}
        for number, (minutes, fixed) in enumerate(own, 1)
    ]
    before = plant(step, fast, alternatives)
    after = taken_over(before, learned, run, quantity, growth)
    planned = standards_of(after).minutes("P", 10, "M1", quantity)
    assert planned == pytest.approx(run, rel=1e-4)
    if len(own) == 2 and own[1] != (None, None):
        moved = run / standards_of(before).minutes("P", 10, "M1", quantity)
        kept = standards_of(before).minutes("P", 10, "M2", quantity)
        assert standards_of(after).minutes("P", 10, "M2", quantity) == pytest.approx(kept * moved, rel=1e-4)


def test_the_planner_itself_takes_the_learned_minutes(learned):
    """The timetable's own seconds, not only this package's reading of the rule."""
    before = plant({"batch_size": 4.0, "fixed_minutes": 30.0, "machine": "M1"}, 2.0, [])
    orders = before.work_orders.of("work_orders", [{"work_order": "W", "material": "P", "quantity": 10.0}])
    after = taken_over(before.with_tables(work_orders=orders), learned, 77.0, 10.0, 0.6)
    modes = mode_frame(after, operation_frame(after, explode(after, START), START))
    assert modes["run"].to_list() == [77 * 60]


def test_a_quantile_that_few_jobs_cannot_tell_is_refused(learned):
    """The message says which they can tell; nothing endless is written."""
    rows = learned.frame.filter(pl.col("enough") & (pl.col("machine") == ""))["row"].to_list()[:1]
    for quantile, words in ((0.9999, "at most"), (0.0001, "at least")):
        with pytest.raises(ModelError, match=rf"jobs cannot tell a .* time; use {words} \d+ %"):
            as_scenario(learned, rows, quantile=quantile)
