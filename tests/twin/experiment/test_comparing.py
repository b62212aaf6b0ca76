"""Experiments on a small line: pairs, corrections, selection, and the same answer on every executor."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from linewright.errors import ModelError
from linewright.twin.experiment.comparing import experiment
from linewright.twin.experiment.factories import Comparison
from linewright.twin.experiment.side_by_side import change_of
from linewright.twin.experiment.telling import tell
from linewright.twin.show.experiment import comparison_facts
from linewright.twin.statistics.paired import paired_difference
from linewright.twin.statistics.replications import HalfWidth, Replications, replicate
from tests.twin.experiment.lines import TwoMachines
from tests.twin.statistics.tasks import Normals

TASKS = {"today": TwoMachines(), "one more place": TwoMachines(places=2), "faster": TwoMachines(speed=1.3)}
SETTINGS = {"figures": ("throughput", "makespan"), "base": "today", "seed": 7}
BETTER = {"throughput": "more", "makespan": "less"}


@pytest.fixture(scope="module")
def found():
    """The experiment with 300 replications."""
    return experiment(TASKS, **SETTINGS, stop=Replications(300), better=BETTER)


def change(found, scenario, figure="throughput"):
    """One row of the changes."""
    return found.changes.filter(pl.col("scenario") == scenario, pl.col("figure") == figure).row(0, named=True)


def test_runs_are_paired_by_their_numbers(found):
    """A scenario's samples are those of its task alone, and the change is that of the pairs."""
    alone = replicate(TASKS["faster"], stop=Replications(300), seed=7)
    assert np.array_equal(found.samples["faster"].figure("throughput"), alone.figure("throughput"))
    assert np.array_equal(found.samples["faster"].figure("makespan"), alone.figure("makespan"))
    before = found.samples["today"].figure("throughput")
    row = change(found, "faster")
    by_hand = paired_difference(before, alone.figure("throughput"), confidence=row["confidence"])
    assert (row["change"], row["low"], row["high"]) == (
        by_hand.absolute.value, by_hand.absolute.low, by_hand.absolute.high,
    )  # fmt: skip
    assert row["percent"] == pytest.approx(100 * row["change"] / before.mean())


def test_what_is_better_is_called_so(found):
    """More throughput and less makespan are better; both scenarios bring them."""
    assert set(found.changes["verdict"]) == {"better"}
    assert change(found, "faster", "makespan")["change"] < 0 < change(found, "faster")["change"]
    assert found.changes["p_holm"].max() < 0.05


def test_a_better_base_makes_the_others_worse():
    """The other way round the same changes are for the worse; without a side they are just less."""
    turned = experiment(TASKS, **{**SETTINGS, "base": "faster"}, stop=Replications(300), better={"makespan": "less"})
    assert change(turned, "today", "makespan")["verdict"] == "worse"
    assert change(turned, "today")["verdict"] == "less"


def test_common_numbers_save_most_runs(found):
    """One more buffer place would take ten times as many independent runs."""
    assert change(found, "one more place")["variance_ratio"] > 10


def test_every_row_says_how_it_was_made(found):
    """n, confidence, method and seed stand in every table; Holm tests the surer of two at 97.5 %."""
    for frame in (found.levels, found.changes, found.best):
        assert set(frame["n"]) == {300}
        assert set(frame["seed"]) == {7}
        assert not frame["method"].is_null().any()
    assert sorted(found.changes["confidence"].to_list()) == pytest.approx([0.95, 0.95, 0.975, 0.975])
    assert found.levels.height == 6


def test_the_best_is_among_those_that_may_be(found):
    """The faster machine is best by either figure, which screening finds."""
    assert found.best.filter("may_be_best")["scenario"].to_list() == ["faster", "faster"]


def test_blocks_and_executors_change_nothing(found):
    """Small blocks, two threads and a process of its own give the same tables."""
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        for more in ({"block": 7}, {"block": 11, "executor": threads}, {"executor": process}):
            again = experiment(TASKS, **SETTINGS, stop=Replications(300), better=BETTER, **more)
            assert_frame_equal(again.changes, found.changes)
            assert_frame_equal(again.levels, found.levels)


def test_a_stop_has_to_hold_in_every_scenario():
    """The spread of the widest scenario decides how many replications all get."""
    tasks = {name: Normals(("output",), (10.0,), (spread,), (name,)) for name, spread in (("a", 1.0), ("b", 4.0))}
    found = experiment(tasks, figures=["output"], base="a", seed=1, stop=HalfWidth("output", absolute=0.5))
    assert found.samples["b"].mean("output").half_width <= 0.5
    assert found.n == found.samples["a"].n > 200


def test_a_stop_may_ask_for_the_change():
    """Changes on common numbers are known sooner than the figures themselves."""
    stop = HalfWidth(change_of("throughput"), absolute=0.01)
    by_change = experiment(TASKS, **SETTINGS, stop=stop)
    assert (by_change.changes.filter(pl.col("figure") == "throughput")["high"] > 0).all()
    half = by_change.samples["faster"].figure("throughput") - by_change.samples["today"].figure("throughput")
    assert 1.96 * half.std() / np.sqrt(half.size) <= 0.0101
    by_level = experiment(TASKS, **SETTINGS, stop=HalfWidth("throughput", absolute=0.01))
    assert by_change.n < by_level.n / 2


def test_a_race_runs_on_fresh_numbers_until_it_is_decided():
    """With an indifference the best is selected for sure, and the runs before do not count in it."""
    found = experiment(
        TASKS, **SETTINGS, stop=Replications(30), better=BETTER, indifference={"makespan": 0.5}
    )  # fmt: skip
    race = found.selections["makespan"]
    assert (race.best, race.sure, race.indifference) == ("faster", True, 0.5)
    assert set(found.selections) == {"makespan"}


def test_breaking_off_keeps_whole_pairs():
    """After Ctrl-C all scenarios have the same replications, and the experiment says that it was broken off."""

    def break_off(done):
        if done.done >= 40:
            raise KeyboardInterrupt

    found = experiment(
        TASKS, **SETTINGS, stop=Replications(300), better=BETTER, block=20, watch=break_off,
        indifference={"makespan": 0.5},
    )  # fmt: skip
    assert {samples.n for samples in found.samples.values()} == {40}
    assert found.stopped == "broken off after 40 of 300 replications"
    assert found.selections == {}
    assert found.stopped in repr(found)


def test_equal_scenarios_are_not_told_apart():
    """The same task twice has no change, for sure; a figure that never varies, too."""
    found = experiment(
        {"a": TwoMachines(), "b": TwoMachines()}, figures=["throughput", "speed"], base="a", seed=1,
        stop=Replications(20), better={"throughput": "more"},
    )  # fmt: skip
    assert set(found.changes["verdict"]) == {"none found"}
    assert found.best["may_be_best"].all()


def test_one_run_is_not_enough():
    """With one replication nothing is found, and the rows say why."""
    found = experiment(TASKS, **SETTINGS, stop=Replications(1), better=BETTER)
    assert set(found.changes["verdict"]) == {"not enough"}
    assert set(found.changes["note"]) == {"not enough: 1 run, at least 2 are needed"}
    assert found.changes["p_holm"].is_null().all()


def test_a_base_alone_is_an_experiment_without_changes():
    """There is nothing to compare, but levels are known."""
    found = experiment({"today": TwoMachines()}, **SETTINGS, stop=Replications(10))
    assert found.changes.is_empty()
    assert found.levels.height == 2


def test_few_experiments_find_what_is_not_there():
    """Of 150 experiments with five scenarios like the base, at most 5 % find a change, less two deviations."""
    wrong = 0
    tasks = {f"s{place}": Normals(("output",), (10.0,), (1.0,), (f"cause {place}",)) for place in range(6)}
    for seed in range(150):
        found = experiment(tasks, figures=["output"], base="s0", seed=seed, stop=Replications(15), block=15)
        wrong += bool((found.changes["p_holm"] <= 0.05).any())
    assert wrong / 150 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 150)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"base": "tomorrow"}, "no scenario tomorrow to compare with — use one of today"),
        ({"figures": ()}, "no figure to compare"),
        ({"figures": ("delay",)}, "today: there is no figure delay — use one of makespan"),
        ({"better": {"delay": "less"}}, "delay is not compared"),
        ({"better": {"makespan": "lower"}}, "use more or less"),
        ({"indifference": {"makespan": 1.0}}, "depends on whether more or less"),
    ],
)
def test_impossible_experiments_are_refused(wrong, told):
    """Every fault is named with its cure."""
    with pytest.raises(ModelError, match=told):
        experiment(TASKS, **{**SETTINGS, "stop": Replications(5), **wrong})


class Stuck(TwoMachines):
    """A line that stops for good in some replications."""

    def __call__(self, numbers, seed):
        figures = super().__call__(numbers, seed)
        figures[np.asarray(numbers) % 10 == 3, 0] = np.inf
        return figures


def test_a_scenario_that_gets_stuck_is_told_so():
    """A makespan without end has no change; other figures do."""
    found = experiment(
        {"today": TwoMachines(), "tight": Stuck(places=2)}, **SETTINGS, stop=Replications(40), better=BETTER
    )  # fmt: skip
    row = change(found, "tight", "makespan")
    assert (row["verdict"], row["note"]) == ("not enough", "without end in 4 of 40 runs")
    assert change(found, "tight")["verdict"] == "better"
    assert found.best.filter(pl.col("figure") == "makespan")["may_be_best"].to_list() == [True, False]
    assert tell(found)[1] == "tight: makespan: without end in 4 of 40 runs"


def test_facts_of_a_comparison_are_strict_json():
    """A makespan without end and a ratio of a change that never varies are empty, not Infinity."""
    tasks = {"today": TwoMachines(), "tight": Stuck(places=2), "fast": TwoMachines(speed=1.3)}
    made = experiment(
        tasks, **{**SETTINGS, "figures": ("speed", "makespan", "throughput")}, stop=Replications(20), better=BETTER
    )  # fmt: skip
    facts = comparison_facts(Comparison(experiment=made, units={}, assumptions={}))
    assert np.isinf(made.levels["mean"].to_numpy()).any()
    json.dumps(facts, allow_nan=False)
    levels = {(row["scenario"], row["figure"]): row["mean"] for row in facts["levels"]}
    assert levels["tight", "makespan"] is None
    assert levels["fast", "speed"] == 1.3
