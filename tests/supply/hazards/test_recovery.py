"""Times to recover."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import lognorm

from linewright.supply.hazards.recovery import Recovery, days_of


def test_median_and_worst_are_kept():
    """Half of the stops are over by the median, 19 of 20 by the worst."""
    days = days_of([Recovery.of(10, 40)], np.zeros(2, int), np.array([0.5, 0.95]))
    assert days == pytest.approx([10, 40])


def test_quantiles_are_those_of_the_log_normal():
    """Every other share follows scipy's log-normal with the same median and 95 % point."""
    recovery = Recovery.of(6, 30)
    share = np.linspace(0.01, 0.99, 33)
    expected = lognorm(s=recovery.sigma, scale=6).ppf(share)
    assert days_of([recovery], np.zeros(33, int), share) == pytest.approx(expected)
    assert recovery.mean_days == pytest.approx(lognorm(s=recovery.sigma, scale=6).mean())


def test_observed_days_come_back_with_their_mean():
    """Drawn evenly over all shares, the past's days return, none shorter or longer than the past's."""
    past = [3.0, 1.0, 8.0, 20.0]
    recovery = Recovery.observed(past)
    days = days_of([recovery], np.zeros(4000, int), (np.arange(4000) + 0.5) / 4000)
    assert days.mean() == pytest.approx(recovery.mean_days, rel=0.02)
    assert (days.min(), days.max()) == (1.0, 20.0)


def test_the_same_share_is_shorter_where_recovery_is():
    """A quicker recovery shortens every stop, not just the average one."""
    share = np.linspace(0.001, 0.999, 50)
    slow, quick = (days_of([Recovery.of(days, 3 * days)], np.zeros(50, int), share) for days in (10, 7))
    assert (quick < slow).all()


def test_without_a_worst_case_three_medians_are_assumed():
    """And a worst case below the median is lifted to it."""
    assert Recovery.of(5).worst_days == 15
    assert Recovery.of(5, 2).worst_days == 5
    assert Recovery.fixed(0).sigma == 0
