"""Scenarios of a factory, compared as flows and as plans."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from linewright.errors import ModelError, NoAnswer
from linewright.model.scenario import Edit, Scenario
from linewright.plan import schedule
from linewright.plan.stop import Rounds
from linewright.twin.experiment.factories import AS_IT_IS, EndlessFlow, Flow, Planned, compare_factories
from linewright.twin.statistics.replications import HalfWidth, Replications
from tests.twin.experiment.small_factories import MONDAY, saw_shop, uneven

FASTER = Scenario(name="faster saw", edits=(Edit(table="machines", scale={"speed": 1.5}),))
RENAMED = Scenario(name="other name", edits=(Edit(table="work_centers", values={"name": "Big saw"}),))
PLANNER = partial(schedule, exact=False, cores=1)


def row(comparison, scenario, figure):
    """What a scenario changes in one figure."""
    changes = comparison.experiment.changes
    return changes.filter(pl.col("scenario") == scenario, pl.col("figure") == figure).row(0, named=True)


@pytest.mark.parametrize(
    ("way", "figure"),
    [
        (Flow(start=MONDAY), "makespan"),
        (EndlessFlow(start=MONDAY, weeks=1.0, settling_weeks=0.2), "lead_time"),
        (Planned(planner=PLANNER, search=Rounds(20), now=MONDAY), "makespan"),
    ],
)
def test_a_faster_machine_helps_and_a_name_does_not(way, figure):
    """On common chance a changed name changes nothing in any run; half as much speed again saves time for sure."""
    found = compare_factories(uneven(saw_shop()), [FASTER, RENAMED], way=way, stop=Replications(40), seed=4)
    assert found.experiment.base == AS_IT_IS
    faster, renamed = row(found, "faster saw", figure), row(found, "other name", figure)
    assert faster["verdict"] == "better"
    assert faster["high"] < 0
    assert (renamed["verdict"], renamed["low"], renamed["high"]) == ("none found", 0.0, 0.0)
    told = found.tell()
    assert any(line.startswith("faster saw: −") and line.endswith(", better") for line in told)
    assert set(found.assumptions) == {AS_IT_IS, "faster saw", "other name"}


def test_threads_change_nothing():
    """Two threads find the tables that this one finds."""
    settings = {"way": Flow(start=MONDAY), "stop": HalfWidth("makespan", relative=0.05), "seed": 4}
    alone = compare_factories(uneven(saw_shop()), [FASTER], **settings)
    with ThreadPoolExecutor(2) as executor:
        found = compare_factories(uneven(saw_shop()), [FASTER], **settings, executor=executor, block=5)
    assert_frame_equal(found.experiment.changes, alone.experiment.changes)


def test_only_the_figures_named_are_compared():
    """The units of money are those of the factory."""
    way = Planned(planner=PLANNER, search=Rounds(20), now=MONDAY, mode="skip")
    found = compare_factories(
        uneven(saw_shop()), [FASTER], way=way, stop=Replications(10), figures=["late_cost", "makespan"]
    )  # fmt: skip
    assert found.experiment.figures == ("late_cost", "makespan")
    assert found.units["late_cost"] == saw_shop().settings.currency
    assert repr(found) == repr(found.experiment)


def test_a_scenario_that_does_not_fit_is_named():
    """Faults of a scenario, of its network and of its plan are told with its name."""
    unknown = Scenario(
        name="no such saw", edits=(Edit(table="machines", where={"machine": "S9"}, values={"speed": 2}),)
    )
    timeless = Scenario(
        name="no time", edits=(Edit(table="operations", values={"run_minutes": 0.0, "setup_minutes": 0.0}),)
    )  # fmt: skip
    settings = {"way": Flow(start=MONDAY), "stop": Replications(5)}
    with pytest.raises(ModelError, match="no such saw: scenario: machines has no row with machine S9"):
        compare_factories(saw_shop(), [unknown], **settings)
    with pytest.raises(ModelError, match=r"no time: .*takes no time"):
        compare_factories(saw_shop(), [timeless], **settings)
    with pytest.raises(ModelError, match="faster saw: there is another one"):
        compare_factories(saw_shop(), [FASTER, FASTER], **settings)


def test_a_scenario_without_a_plan_is_named():
    """The planner's answer is told with the scenario for which it has none."""

    def planner(factory, *, stop, seed, now):
        if any(machine.speed > 1 for machine in factory.machines):
            raise NoAnswer("no plan keeps the dates", ["order A"])
        return PLANNER(factory, stop=stop, seed=seed, now=now)

    way = Planned(planner=planner, search=Rounds(5), now=MONDAY)
    with pytest.raises(NoAnswer, match="faster saw: no plan keeps the dates") as caught:
        compare_factories(saw_shop(), [FASTER], way=way, stop=Replications(5))
    assert caught.value.rows == ("order A",)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"figures": ["speed"]}, "there is no figure speed — use one of on_time, late_cost"),
        ({"figures": ["makespan"], "indifference": {"wip": 1.0}}, "wip is not compared — use one of makespan"),
    ],
)  # fmt: skip
def test_unknown_figures_are_refused_before_any_planning(wrong, told):
    """Nobody waits minutes for plans to be told of a wrong name."""

    def planner(factory, *, stop, seed, now):
        raise AssertionError("planned")

    way = Planned(planner=planner, search=Rounds(5), now=MONDAY)
    with pytest.raises(ModelError, match=told):
        compare_factories(saw_shop(), [FASTER], way=way, stop=Replications(5), **wrong)


@pytest.mark.parametrize(("wrong", "told"), [({"mode": "replan"}, "mode replan"), ({"rule": "FIFO"}, "rule FIFO")])
def test_ways_that_do_not_exist_are_refused(wrong, told):
    """The message names those that do."""
    way = Planned(planner=PLANNER, search=Rounds(5), now=MONDAY, **wrong)
    with pytest.raises(ModelError, match=told):
        compare_factories(saw_shop(), [], way=way, stop=Replications(5))
