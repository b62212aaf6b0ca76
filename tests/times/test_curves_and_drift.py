"""Learning curves and changes of level, planted and found."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.times import learn_times
from linewright.times.estimates.curves import discoveries, fit_curve
from linewright.times.estimates.drift import level_now
from tests.times.made_up import shop


def test_an_exact_curve_is_recovered_exactly():
    """Without noise the exponent of Wright's curve comes out, beside an exponent of the lot's own size."""
    chance = np.random.default_rng(2)
    units = chance.integers(5, 50, size=40).astype(float)
    made = np.cumsum(units) - units / 2
    curve = fit_curve(units * 9 * made**-0.32 * units**-0.2, units)
    assert curve is not None
    assert curve.exponent == pytest.approx(-0.32, abs=1e-6)


def test_the_interval_of_the_exponent_holds():
    """Over 300 noisy curves of 25 jobs the interval of 95 % contains the exponent about as often as it says."""
    chance = np.random.default_rng(5)
    held = 0
    for _ in range(300):
        units = chance.integers(5, 50, size=25).astype(float)
        made = np.cumsum(units) - units / 2
        curve = fit_curve(units * made**-0.25 * np.exp(0.3 * chance.standard_normal(25)), units)
        held += curve is not None and curve.low <= -0.25 <= curve.high
    assert 0.91 <= held / 300 <= 0.985


def test_a_curve_shows_in_the_table_and_no_other_does():
    """Only the step that was planted is shown, with its exponent inside its interval."""
    times = learn_times(shop(66, exponent=-0.3, spread=0.15, parts=2))
    assert times.curves.select("material", "step").rows() == [("P-0", 10)]
    curve = times.curves.row(0, named=True)
    assert curve["low"] <= -0.3 <= curve["high"]
    assert curve["learning_rate"] == pytest.approx(2 ** curve["exponent"])


def test_few_jobs_show_no_curve():
    """Seven jobs, or lots that make the table singular, show nothing."""
    assert fit_curve(np.ones(7), np.ones(7)) is None


def test_a_change_is_dated_to_its_job():
    """A jump of four deviations at job 20 is found there, and the level after it is its own."""
    chance = np.random.default_rng(0)
    logs = np.concatenate([np.zeros(20), np.full(20, 0.8)]) + 0.2 * chance.standard_normal(40)
    level = level_now(logs)
    assert level is not None
    assert abs(level.first - 20) <= 1
    assert level.low < 0.8 < level.high
    assert level.chance < 1e-6


def test_steady_times_are_seldom_called_changed():
    """In about one of a hundred steady series a change is seen; of hundreds of right standards hardly one alarms."""
    chance = np.random.default_rng(1)
    levels = [level_now(0.5 * chance.standard_normal(24) - 0.125) for _ in range(300)]
    changed = sum(level is not None and level.first > 0 for level in levels)
    assert changed <= 9
    assert sum(discoveries([level.chance for level in levels if level], 0.05)) <= 3


def test_one_lost_report_is_no_change():
    """A single report a hundred times too long neither moves the level far nor makes a change."""
    chance = np.random.default_rng(3)
    logs = 0.2 * chance.standard_normal(20)
    logs[10] = np.log(100)
    level = level_now(logs)
    assert level is not None
    assert level.first == 0
    assert abs(level.mean) < 0.15


def test_few_jobs_have_no_level():
    """Five jobs are not judged."""
    assert level_now(np.zeros(5)) is None


def test_discoveries_are_those_of_benjamini_and_hochberg():
    """Their own example of 1995 (table 1): four of fifteen tests at 5 %."""
    chances = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
        1.0,
    ]  # fmt: skip
    assert discoveries(chances, 0.05) == [True] * 4 + [False] * 11
    assert discoveries([], 0.05) == []
