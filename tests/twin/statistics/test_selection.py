"""The best of several designs is selected as often as promised, on synthetic normals."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.errors import ModelError
from linewright.twin.statistics.selection import kim_nelson, screen, select
from tests.twin.statistics.tasks import Normals

CASES = 400


def slippage(rng, designs, runs, common=0.0):
    """The least favourable means: one design is better by just the indifference 1, the others are equal."""
    means = np.zeros(designs)
    means[designs // 2] = 1.0
    return means + rng.normal(0.0, 2.0, (runs, designs)) + common * rng.normal(size=(runs, 1))


@pytest.mark.parametrize("common", [0.0, 6.0])
def test_the_best_is_selected_as_often_as_promised(common):
    """At 90 % confidence at least 90 % of 400 selections are right, less noise of two deviations; the race ends."""
    rng = np.random.default_rng(21)
    chosen = [
        kim_nelson(slippage(rng, 5, 900, common), indifference=1.0, confidence=0.9, first_stage=12)[0]
        for _ in range(CASES)
    ]
    assert min(chosen) >= 0
    assert np.mean(np.array(chosen) == 2) >= 0.9 - 2 * np.sqrt(0.9 * 0.1 / CASES)


def test_common_chance_costs_no_runs():
    """Only differences count: chance that all designs share leaves the race as it is."""
    alone = slippage(np.random.default_rng(3), 4, 900)
    shared = alone + np.random.default_rng(4).normal(0.0, 50.0, (900, 1))
    assert kim_nelson(alone, indifference=1.0) == kim_nelson(shared, indifference=1.0)


def test_clear_differences_end_the_race_early():
    """Designs far apart need little more than the first stage, close ones many times that."""
    rng = np.random.default_rng(5)
    noise = rng.normal(0.0, 2.0, (5000, 3))
    far = kim_nelson(noise + np.array([0.0, 5.0, 10.0]), indifference=0.5, first_stage=10)
    near = kim_nelson(noise + np.array([0.0, 0.0, 0.5]), indifference=0.5, first_stage=10)
    assert far[0] == 2
    assert far[1] < 40 < near[1]


def tasks(*means):
    """Normal designs whose chance is half common."""
    return {
        f"design {place}": Normals(("output",), (mean,), (2.0,), (f"cause {place}",))
        for place, mean in enumerate(means)
    }


def test_tasks_are_run_only_while_they_are_in_the_race():
    """What is given up early has few replications; blocks change nothing."""
    found = select(tasks(10.0, 12.0, 18.0, 18.5), figure="output", indifference=0.5, seed=3)
    assert found.best == "design 3"
    assert found.sure
    assert found.left == ("design 3",)
    assert found.replications["design 0"] < found.replications["design 2"] <= found.replications["design 3"]
    again = select(tasks(10.0, 12.0, 18.0, 18.5), figure="output", indifference=0.5, seed=3, block=7)
    assert again == found


def test_tasks_and_samples_take_the_same_race():
    """Running tasks step by step gives what all samples at once give."""
    designs = tasks(10.0, 11.0, 10.5)
    samples = np.column_stack([design(np.arange(3000), 4)[:, 0] for design in designs.values()])
    best, runs = kim_nelson(samples, indifference=0.5)
    found = select(designs, figure="output", indifference=0.5, seed=4)
    assert found.best == f"design {best}"
    assert found.replications[found.best] == runs


def test_less_may_be_better():
    """The race runs the other way round for delays and costs."""
    found = select(tasks(10.0, 4.0, 8.0), figure="output", indifference=1.0, better="less", seed=1)
    assert found.best == "design 1"


def test_a_budget_that_ends_first_leaves_several():
    """The selection says it is not sure, and who is still in."""
    found = select(tasks(10.0, 10.1), figure="output", indifference=0.01, seed=1, most=60)
    assert not found.sure
    assert found.left == ("design 0", "design 1")
    assert found.replications["design 0"] == 60


def test_breaking_off_leaves_the_race_as_it_stood():
    """Ctrl-C gives the designs that were still in, and says so."""

    def break_off(done):
        raise KeyboardInterrupt

    found = select(tasks(10.0, 10.1), figure="output", indifference=0.01, seed=1, watch=break_off, block=5)
    assert not found.sure
    assert found.stopped == "broken off after 5 of 30 replications"


def test_a_design_that_gets_stuck_cannot_race():
    """The message names the design, and says to race by another figure."""

    class Stuck(Normals):
        def __call__(self, numbers, seed):
            return np.full((len(numbers), 1), np.inf)

    with pytest.raises(ModelError, match="stuck: output is missing or without end"):
        select({**tasks(10.0), "stuck": Stuck()}, figure="output", indifference=0.5, seed=1)


def test_one_design_is_the_best():
    """There is nothing to race against."""
    found = select(tasks(10.0), figure="output", indifference=0.5, seed=1)
    assert (found.best, found.sure) == ("design 0", True)


def test_designs_without_chance_are_told_apart_by_the_indifference():
    """Equal ones end the race, too: the first of them wins."""
    same = np.zeros((40, 3))
    assert kim_nelson(same, indifference=1.0) == (0, 30)
    assert kim_nelson(same + np.array([0.0, 0.2, 0.1]), indifference=1.0) == (1, 30)


@pytest.mark.parametrize("wrong", [{"indifference": 0.0}, {"indifference": 1.0, "first_stage": 1}])
def test_impossible_races_are_refused(wrong):
    """The message says what would be right."""
    with pytest.raises(ModelError, match="use 1 design or more"):
        select(tasks(1.0, 2.0), figure="output", seed=1, **wrong)


def test_screening_keeps_the_best_as_often_as_it_says():
    """In 97 of 100 families or more the best of five close designs stays; a hopeless one goes nearly always."""
    rng = np.random.default_rng(6)
    kept = np.array([screen(rng.normal(0.0, 2.0, (20, 5)) + np.array([0, 0, 0.2, 0, -8.0])) for _ in range(CASES)])
    assert kept[:, 2].mean() >= 0.95 - 2 * np.sqrt(0.95 * 0.05 / CASES)
    assert kept[:, 4].mean() < 0.01


def test_screening_of_two_is_a_one_sided_t_test():
    """Of two designs one goes when a one-sided t test says that it is worse."""
    from scipy import stats

    rng = np.random.default_rng(7)
    for _ in range(50):
        values = rng.normal(0.0, 1.0, (15, 2)) + np.array([0.0, 0.5])
        worse = stats.ttest_rel(values[:, 1], values[:, 0], alternative="greater").pvalue < 0.05
        assert screen(values)[0] == (not worse)
        assert screen(-values, better="less")[0] == (not worse)


def test_too_few_runs_screen_nothing():
    """One run tells nothing apart."""
    assert screen(np.array([[1.0, 9.0]])).all()
    assert screen(np.zeros((5, 1))).all()
