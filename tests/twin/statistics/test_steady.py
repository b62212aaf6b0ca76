"""Warm-up and long-run means against processes whose means are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.signal import lfilter

from linewright.twin.statistics.steady import batch_means, lag_one_correlation, steady_mean, truncation, welch


def autoregression(rng, memory, n, start=0.0):
    """A process of first order about 0, from a given start."""
    return lfilter([1], [1, -memory], rng.normal(size=n), zi=[memory * start])[0]


def waiting_times(rng, load, n):
    """Waiting times of an M/M/1 queue that starts empty, by Lindley's recursion."""
    steps = np.concatenate([[0.0], rng.exponential(load, n - 1) - rng.exponential(1.0, n - 1)])
    walk = np.cumsum(steps)
    return walk - np.minimum(np.minimum.accumulate(walk), 0.0)


def naive_cut(values, batch):
    """MSER as White wrote it: one sum of squares for each cut."""
    groups = len(values) // batch
    means = [np.mean(values[batch * group : batch * (group + 1)]) for group in range(groups)]
    scores = [np.var(means[cut:]) / (groups - cut) for cut in range(groups // 2 + 1)]
    return batch * int(np.argmin(scores))


@pytest.mark.parametrize("batch", [1, 5])
def test_the_cut_is_that_of_the_paper(batch):
    """Sums from the end give the same cut as a sum for each cut."""
    rng = np.random.default_rng(3)
    for _ in range(20):
        values = autoregression(rng, 0.8, 203, start=rng.uniform(0, 40))
        assert truncation(values, batch=batch).dropped == naive_cut(values, batch)


def test_a_start_that_is_off_is_left_out():
    """A start at 50 fades with 0.9 per step; what is cut is some dozen steps, and the mean is then right."""
    found = steady_mean(autoregression(np.random.default_rng(4), 0.9, 20_000, start=50.0))
    assert 10 <= found.truncation.dropped <= 100
    assert found.truncation.enough
    assert 0.0 in found.interval


def test_a_run_that_never_settles_says_so():
    """A trend has no steady state."""
    found = truncation(np.arange(1000.0))
    assert not found.enough
    assert found.note == "not enough: the run still settles in its second half"
    assert steady_mean(np.arange(1000.0)).interval.note


def test_a_constant_needs_no_cut():
    """Equal observations are steady from the first, and their mean is certain."""
    found = steady_mean(np.full(400, 0.1))
    assert found.truncation.dropped == 0
    assert found.interval.half_width == pytest.approx(0.0, abs=1e-12)
    assert found.lag_one == 0.0


def test_several_runs_share_one_cut():
    """Replications are cut where their average settles, and each is then one value."""
    rng = np.random.default_rng(5)
    runs = np.array([autoregression(rng, 0.9, 2000, start=30.0) for _ in range(20)])
    found = steady_mean(runs)
    assert found.truncation.dropped == truncation(runs.mean(axis=0)).dropped >= 20
    assert (found.interval.n, found.interval.method) == (20, "Student t")
    assert 0.0 in found.interval


@pytest.mark.parametrize("overlapping", [False, True])
def test_intervals_of_dependent_runs_cover(overlapping):
    """Of 400 runs with memory 0.9 and 20,000 steps, 93 to 98 % of the 95 % intervals hold the mean."""
    rng = np.random.default_rng(11)
    found = [batch_means(autoregression(rng, 0.9, 20_000), overlapping=overlapping) for _ in range(400)]
    known = [one.interval for one in found if one.interval.known]
    assert len(known) >= 390
    assert 0.93 <= np.mean([0.0 in one for one in known]) <= 0.98


def test_a_queue_is_covered_though_it_is_skew():
    """Waiting times at 80 % load have mean 3.2; of 150 runs of 60,000 customers 90 to 99 % hold it."""
    rng = np.random.default_rng(12)
    known = [one.interval for one in (steady_mean(waiting_times(rng, 0.8, 60_000)) for _ in range(150))]
    assert 0.90 <= np.mean([3.2 in one for one in known if one.known]) <= 0.99


def test_overlapping_batches_are_what_their_formula_says():
    """The running sums equal the mean of every window, worked out one by one."""
    from linewright.twin.statistics.steady import _overlapping_deviation

    values = np.random.default_rng(1).normal(size=60)
    n, batch = 60, 7
    windows = [values[begin : begin + batch].mean() - values.mean() for begin in range(n - batch + 1)]
    variance = n * batch / ((n - batch + 1) * (n - batch)) * np.square(windows).sum() / n
    assert _overlapping_deviation(values, batch) == pytest.approx(math.sqrt(variance))


def test_a_short_run_says_how_many_observations_it_takes():
    """Too few observations have a mean and no interval."""
    found = batch_means(np.arange(6.0))
    assert found.interval.value == 2.5
    assert found.interval.note == "not enough: 6 observations, at least 64 are needed"
    assert truncation([1.0]).note == "not enough: 1 observation, at least 20 are needed"
    assert not steady_mean([1.0, 2.0]).interval.known


def test_a_run_too_dependent_says_so():
    """A random walk has no independent batches."""
    found = batch_means(np.cumsum(np.random.default_rng(2).normal(size=500)))
    assert not found.interval.known
    assert "still depend on each other" in found.interval.note


def test_the_correlation_of_neighbours():
    """Alternating values are opposed, equal ones have none."""
    assert lag_one_correlation(np.resize([1.0, -1.0], 1000)) == pytest.approx(-0.999)
    assert lag_one_correlation(np.full(9, 0.3)) == 0.0


def test_welchs_average_is_shorter_at_the_start():
    """The moving average takes as many steps on each side as there are, up to its window."""
    runs = np.array([[0.0, 2.0, 4.0, 6.0, 8.0, 1.0], [2.0, 4.0, 6.0, 8.0, 10.0, 3.0]])
    found = welch(runs, 2)
    average = runs.mean(axis=0)
    assert found["step"].to_list() == [0, 1, 2, 3]
    assert found["average"].to_list() == average[:4].tolist()
    assert found["smooth"].to_list() == pytest.approx(
        [average[0], average[:3].mean(), average[:5].mean(), average[1:6].mean()]
    )
