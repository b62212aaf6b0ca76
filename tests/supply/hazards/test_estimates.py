"""Figures of losses, and what their intervals promise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import expon

from linewright.supply.hazards.estimates import cvar_of, figures_of, mean_of, quantile_of, share_of, tail_values


def covered(figure, truth, samples=400, size=600):
    """The share of samples of an exponential whose interval holds the truth."""
    random = np.random.default_rng(3)
    found = [figure(random.exponential(1, size)) for _ in range(samples)]
    return np.mean([low <= truth <= high for _, low, high in found])


def test_intervals_of_the_mean_hold_it():
    """19 times of 20."""
    assert covered(mean_of, 1.0) == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize("level", [0.5, 0.95])
def test_intervals_of_quantiles_hold_them(level):
    """By order statistics, at least 19 times of 20."""
    assert 0.93 < covered(lambda values: quantile_of(values, level), expon.ppf(level)) < 0.99


def test_intervals_of_the_tail_hold_it():
    """CVaR 95 of the exponential is 1 - ln 0.05."""
    assert covered(cvar_of, 1 - np.log(0.05), size=4000) == pytest.approx(0.95, abs=0.04)


def test_the_tail_is_the_mean_of_the_worst_twentieth():
    """With a hundred losses, of the five greatest."""
    losses = np.random.default_rng(1).permutation(100.0 * np.arange(100))
    assert cvar_of(losses)[0] == pytest.approx(np.mean([9500, 9600, 9700, 9800, 9900]))
    assert tail_values(losses, 0.9).mean() == pytest.approx(np.arange(90, 100).mean() * 100)


def test_a_share_of_none_is_not_certain():
    """Of 100 without a hit the interval still reaches up (Wilson), and stays below one."""
    share, low, high = share_of(0, 100)
    assert (share, low) == (0, 0)
    assert 0.03 < high < 0.04
    assert share_of(100, 100)[2] == 1


def test_all_figures_are_in_order():
    """Quantiles rise, the tail lies beyond P95, and what a calm year loses counts as nothing."""
    losses = np.r_[np.full(50, 3.0), np.linspace(10, 100, 50)]
    rows = {name: value for name, value, *_ in figures_of(losses, calm=3.0, tolerance=1e-6)}
    assert rows["P50"] <= rows["P80"] <= rows["P95"] <= rows["P99"] <= losses.max()
    assert rows["CVaR 95"] >= rows["P95"]
    assert rows["nothing lost"] == 0.5
