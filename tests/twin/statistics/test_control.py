"""Control variates against regression, by coverage, and where they do not apply."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from linewright.twin.statistics.control import controlled_mean
from linewright.twin.statistics.intervals import mean_interval


def test_one_control_is_a_regression_at_its_mean():
    """Value and standard error are the intercept of SciPy's regression on how far the control was off."""
    rng = np.random.default_rng(1)
    control = rng.normal(5.0, 1.0, 30)
    values = 2.0 * control + rng.normal(0.0, 0.5, 30)
    found = controlled_mean(values, control, [5.0])
    line = stats.linregress(control - 5.0, values)
    half = stats.t.ppf(0.975, 28) * line.intercept_stderr
    assert found.interval.value == pytest.approx(line.intercept)
    assert found.interval.half_width == pytest.approx(half)
    assert found.weights == pytest.approx([line.slope])
    assert found.interval.method == "control variates (1), Student t"


def test_the_interval_covers_with_few_runs():
    """With 8 runs and 2 controls the degrees of freedom matter: 93 to 97 % of 1,500 intervals hold the mean."""
    rng = np.random.default_rng(2)
    inside, narrower = 0, []
    for _ in range(1500):
        controls = rng.normal(0.0, 1.0, (8, 2))
        values = 1.0 + controls @ [3.0, -2.0] + rng.normal(0.0, 1.0, 8)
        found = controlled_mean(values, controls, [0.0, 0.0])
        inside += 1.0 in found.interval
        narrower.append(found.interval.half_width / mean_interval(values).half_width)
    assert 0.93 <= inside / 1500 <= 0.97
    assert np.median(narrower) < 0.6


def test_the_ratio_says_what_is_saved():
    """A control with correlation 0.99 leaves about 1/50 of the variance."""
    rng = np.random.default_rng(3)
    control = rng.normal(size=2000)
    values = control + rng.normal(0.0, np.sqrt(1 / 0.99**2 - 1), 2000)
    assert controlled_mean(values, control, [0.0]).variance_ratio == pytest.approx(1 / (1 - 0.99**2), rel=0.1)


def test_controls_that_say_nothing_cost_nothing():
    """A constant and a double of another control are left out, and so are their degrees of freedom."""
    rng = np.random.default_rng(4)
    control = rng.normal(size=20)
    values = control + rng.normal(size=20)
    alone = controlled_mean(values, control, [0.0])
    more = controlled_mean(values, np.column_stack([control, np.ones(20), 2 * control]), [0.0, 1.0, 0.0])
    assert more.interval == alone.interval
    nothing = controlled_mean(values, np.ones(20), [1.0])
    assert nothing.interval.half_width == pytest.approx(mean_interval(values).half_width)


def test_a_control_that_explains_everything_is_certain():
    """No noise is left."""
    control = np.arange(10.0)
    found = controlled_mean(3.0 + 2.0 * control, control, [4.0])
    assert found.interval.value == pytest.approx(11.0)
    assert found.interval.half_width == pytest.approx(0.0, abs=1e-9)


def test_too_few_runs_say_how_many_it_takes():
    """Three runs have no interval with two controls."""
    found = controlled_mean([1.0, 2.0, 4.0], [[0.0, 1.0], [1.0, 0.0], [2.0, 5.0]], [0.0, 0.0])
    assert not found.interval.known
    assert found.interval.note == "not enough: 3 runs, at least 4 are needed"
    assert math.isnan(controlled_mean([], np.zeros((0, 1)), [0.0]).interval.value)


def test_runs_with_missing_figures_are_left_out():
    """A run counts only with all its figures."""
    found = controlled_mean([1.0, 2.0, np.nan, 4.0, 3.0], [0.0, 1.0, 2.0, np.nan, 4.0], [1.0])
    assert found.interval.n == 3
