"""Intervals against other formulas, published ranks, the degenerate cases, and by how often they cover."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from linewright.twin.statistics.intervals import (
    mean_interval,
    quantile_interval,
    quantile_ranks,
    quantiles,
    runs_for_quantile,
    share_interval,
    student,
    wilson,
)

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50)


@given(VALUES)
def test_student_equals_another_library(values):
    """The bounds are those of SciPy's own t interval."""
    assume(np.ptp(values) > 1e-3)
    found = mean_interval(values, confidence=0.9)
    low, high = stats.t.interval(0.9, len(values) - 1, np.mean(values), stats.sem(values))
    assert found.low == pytest.approx(low, rel=1e-9, abs=1e-6)
    assert found.high == pytest.approx(high, rel=1e-9, abs=1e-6)


@given(st.integers(1, 300), st.data())
def test_wilson_equals_another_library(n, data):
    """The bounds are those of SciPy's binomial test."""
    successes = data.draw(st.integers(0, n))
    found = share_interval(successes, n)
    theirs = stats.binomtest(successes, n).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_wilson_is_exact_at_both_ends():
    """Without a success the share may be 0, without a failure it may be 1, and neither is certain."""
    none, all_ = share_interval(0, 20), share_interval(20, 20)
    assert none.low == 0.0 < none.high < 0.2
    assert all_.high == 1.0 > all_.low > 0.8


@pytest.mark.parametrize(
    ("n", "level", "ranks"),
    [(6, 0.5, (1, 6)), (10, 0.5, (2, 9)), (20, 0.5, (6, 15)), (25, 0.5, (8, 18)), (100, 0.5, (40, 61))],
)
def test_ranks_for_a_median_are_the_published_ones(n, level, ranks):
    """The table of Conover (Practical Nonparametric Statistics) and of every handbook since."""
    assert quantile_ranks(n, level) == ranks


@given(st.integers(1, 400), st.floats(0.02, 0.98), st.sampled_from([0.8, 0.95, 0.99]))
def test_ranks_are_the_tightest_that_hold(n, level, confidence):
    """Each tail of the binomial keeps its half of the error, and one rank closer it would not."""
    ranks, tail = quantile_ranks(n, level, confidence), (1 - confidence) / 2
    below = stats.binom(n, level)
    if ranks is None:
        assert n < runs_for_quantile(level, confidence)
        assert max(below.pmf(0), below.pmf(n)) > tail * (1 - 1e-9)
        return
    low, high = ranks
    assert below.cdf(low - 1) <= tail * (1 + 1e-9) < below.cdf(low) * (1 + 1e-6)
    assert below.sf(high - 1) <= tail * (1 + 1e-9) < below.sf(high - 2) * (1 + 1e-6)


def test_few_runs_do_not_bound_a_quantile():
    """The interval says how many runs there are and how many it takes."""
    found = quantile_interval(np.arange(6.0), 0.95)
    assert found.value == 5.0
    assert math.isnan(found.low)
    assert not found.known
    assert found.note == "not enough: 6 runs, at least 72 are needed"
    assert found.row()["low"] is None
    assert quantile_interval(np.arange(72.0), 0.95).known


def test_a_quantile_is_kept_by_its_share_of_the_runs():
    """Of 20 runs 19 keep the 95 % value, not 18."""
    values = np.arange(1.0, 21.0)
    assert quantile_interval(values, 0.95).value == 19.0
    assert quantile_interval(values, 0.5).value == 10.0


def test_one_run_has_a_mean_and_no_interval():
    """The note says that one run is not enough."""
    found = mean_interval([4.5])
    assert (found.value, found.n, found.note) == (4.5, 1, "not enough: 1 run, at least 2 are needed")
    assert not found.known


def test_no_run_has_nothing():
    """Without runs there is no value, and a share may be anything."""
    assert mean_interval([]).row() == {
        "mean": None, "low": None, "high": None, "n": 0, "confidence": 0.95, "method": "Student t", "seed": None,
    }  # fmt: skip
    nothing = share_interval(0, 0)
    assert (nothing.low, nothing.high, nothing.note) == (0.0, 1.0, "not enough: 0 runs, at least 1 are needed")
    assert math.isnan(quantile_interval([], 0.5).value)


@given(st.floats(-1e9, 1e9), st.integers(2, 40))
def test_equal_runs_are_certain(value, n):
    """When all runs agree the interval is that value, to the last bit."""
    found = mean_interval([value] * n)
    assert found.low == found.value == found.high == value
    assert found.half_width == 0.0


def test_runs_without_the_figure_are_left_out():
    """What did not happen in a run does not count, and n says so."""
    found = mean_interval([1.0, np.nan, 3.0])
    assert (found.value, found.n) == (2.0, 2)


def test_columns_are_what_single_figures_are():
    """The forms for many columns give each column its own interval."""
    values = np.random.default_rng(1).normal(size=(200, 3))
    for column, (mean, low, high) in enumerate(zip(*student(values), strict=True)):
        assert (mean, low, high) == pytest.approx(bounds(mean_interval(values[:, column])))
    for column, found in enumerate(zip(*quantiles(values, 0.8), strict=True)):
        assert found == bounds(quantile_interval(values[:, column], 0.8))
    for count, found in zip((0, 7, 10), zip(*wilson([0, 7, 10], 10), strict=True), strict=True):
        assert found == bounds(share_interval(count, 10))


def test_columns_may_lack_values_of_their_own():
    """Missing values count in no column, each of which keeps what it has."""
    values = np.random.default_rng(2).normal(size=(90, 3))
    values[:40, 1] = np.nan
    values[:, 2] = np.nan
    for column, found in enumerate(zip(*student(values), strict=True)):
        assert found == pytest.approx(bounds(mean_interval(values[:, column])), nan_ok=True)
    for column, found in enumerate(zip(*quantiles(values, 0.5), strict=True)):
        assert found == pytest.approx(bounds(quantile_interval(values[:, column], 0.5)), nan_ok=True)


def test_a_run_that_never_ends_leaves_quantiles_and_no_mean():
    """One deadlock in forty makes the mean infinite; most runs are ready at their quantile all the same."""
    values = np.append(np.arange(39.0), np.inf)
    mean = mean_interval(values)
    assert mean.value == math.inf
    assert not mean.known
    assert mean.note == "without end in 1 of 40 runs"
    assert quantile_interval(values, 0.5).value == 19.0
    assert quantile_interval(values, 0.9).high == math.inf


def bounds(interval):
    """Value, low and high."""
    return interval.value, interval.low, interval.high


def covered(found, truth):
    """The share of columns whose interval holds the truth."""
    return float(((found[1] <= truth) & (truth <= found[2])).mean())


def test_intervals_cover_as_often_as_they_say():
    """Of 4,000 intervals at 95 %, 93 to 97 % hold the truth: normal means, shares and quantiles of skew times."""
    rng = np.random.default_rng(7)
    assert 0.93 <= covered(student(rng.normal(3.0, 2.0, (10, 4000))), 3.0) <= 0.97
    assert 0.93 <= covered(wilson(rng.binomial(60, 0.9, 4000), 60), 0.9) <= 0.97
    # Ranks are whole numbers, so a quantile may be a little surer than it says.
    assert 0.94 <= covered(quantiles(rng.exponential(1.0, (200, 4000)), 0.9), math.log(10)) <= 0.98
