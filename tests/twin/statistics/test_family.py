"""Families of deviations: those that are right pass as often as they should, others do not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from linewright.twin.statistics.family import family, z_of, z_of_estimate


def test_families_that_are_right_rarely_fail():
    """Of 2,000 families of 40 right figures, at most the stated 5 % fail, and more than 2 %."""
    rng = np.random.default_rng(1)
    failed = np.mean([not family(rng.normal(size=40), error=0.05).passes for _ in range(2000)])
    assert 0.025 <= failed <= 0.065


@pytest.mark.parametrize(
    ("wrong", "which"),
    [
        (lambda rng: np.append(rng.normal(size=60), 6.0), "largest_p"),
        (lambda rng: rng.normal(0.6, 1.0, 100), "mean_p"),
        (lambda rng: rng.normal(0.0, 1.5, 100), "spread_p"),
        (lambda rng: rng.normal(0.0, 0.6, 100), "spread_p"),
    ],
)
def test_families_that_are_wrong_are_caught(wrong, which):
    """One figure far off, all a little off, intervals too narrow or too wide: each is seen by its own test."""
    found = family(wrong(np.random.default_rng(2)))
    assert not found.passes
    assert getattr(found, which) < 0.01 / 3
    assert "NOT in range" in repr(found)


def test_the_figures_are_those_of_the_family():
    """Mean, deviation and the largest with its place."""
    found = family([0.5, -2.0, 1.0])
    assert (found.mean, found.largest, found.worst) == (pytest.approx(-1 / 6), -2.0, 1)
    assert found.deviation == pytest.approx(np.std([0.5, -2.0, 1.0], ddof=1))
    assert found.largest_p == pytest.approx(1 - (1 - 2 * stats.norm.sf(2.0)) ** 3)
    assert repr(found) == "Family of 3: mean z -0.17, sd 1.61, largest -2.00 (no. 1), all in range at 0.01"


def test_few_runs_deviate_as_much_as_many():
    """A mean of 4 runs is far off more often; its z is normal all the same."""
    rng = np.random.default_rng(3)
    deviations = [z_of(rng.normal(2.0, 3.0, 4), 2.0) for _ in range(3000)]
    assert stats.kstest(deviations, "norm").pvalue > 0.01


def test_an_exact_value_may_be_rounded():
    """A value printed with three digits may be off by half of the last."""
    assert z_of_estimate(0.5012, 0.001, 0.5) == pytest.approx(1.2)
    assert z_of_estimate(0.5012, 0.001, 0.5, rounding=0.0005) == pytest.approx(0.7)
    assert z_of_estimate(0.5002, 0.001, 0.5, rounding=0.0005) == 0.0


def test_without_chance_a_figure_has_to_be_right():
    """A run without noise is right or infinitely off."""
    assert z_of(np.full(5, 0.75), 0.75) == 0.0
    assert z_of(np.full(5, 0.75), 0.8) == -math.inf
    assert not family([0.0, -math.inf]).passes


def test_an_empty_family_passes_nothing():
    """No figures are not enough."""
    found = family([])
    assert not found.passes
    assert found.note == "not enough: 0 runs, at least 1 are needed"
    assert family([0.3]).passes
