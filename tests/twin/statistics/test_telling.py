"""Figures are told with the digits that chance leaves them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewright.twin.statistics.intervals import Interval, mean_interval, share_interval
from linewright.twin.statistics.telling import decimals_of, number, told, told_share


def interval(value, low, high, **more):
    """An interval with the rest filled in."""
    return Interval(**{"value": value, "low": low, "high": high, "n": 40, "confidence": 0.95, "method": "t", **more})


@pytest.mark.parametrize(
    ("half", "decimals"),
    [(0.3, 1), (0.194, 2), (0.196, 1), (0.94, 1), (0.96, 1), (0.12, 2), (7.0, 0), (23.0, -1), (480.0, -2)],
)
def test_digits_follow_the_half_width(half, decimals):
    """One digit of the half-width is kept, two where the first is a 1."""
    assert decimals_of(half) == decimals


@given(st.floats(1e-5, 1e9))
def test_rounding_costs_little_of_the_half_width(half):
    """The last digit kept is at most half of the half-width, and at least a twentieth."""
    unit = 10.0 ** -decimals_of(half)
    assert half / 20 <= unit <= half / 1.9 or half < 1e-4


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        (interval(12.34567, 11.93, 12.75), "12.3 h (11.9 to 12.8)"),
        (interval(12345.6, 11860.0, 12830.0), "12,300 h (11,900 to 12,800)"),
        (interval(0.05, -0.36, 0.46), "0.1 h (−0.4 to +0.5)"),
        (interval(-3.0, -3.5, -2.5), "−3.0 h (−3.5 to −2.5)"),
        (interval(4.25, 4.25, 4.25), "4.25 h in all 40 runs"),
        (interval(math.nan, math.nan, math.nan, note="not enough: 0 runs"), "not enough: 0 runs"),
        (interval(4.5, math.nan, math.nan, note="not enough: 1 run"), "4.5 h (not enough: 1 run)"),
    ],
)
def test_a_figure_is_told_with_its_interval(given_, words):
    """Thousands, signs, certain figures, and those not known."""
    assert told(given_, "h") == words


def test_a_change_is_told_with_its_sign():
    """A sign shows that it is a change."""
    assert told(interval(1.8, 1.4, 2.2), "%", sign=True) == "+1.8 % (1.4 to 2.2)"


def test_a_share_is_told_in_per_cent():
    """No decimals where chance leaves none."""
    assert told_share(share_interval(93, 100)) == "93 % (86 to 97)"
    assert told_share(share_interval(9310, 10_000)) == "93.1 % (92.6 to 93.6)"
    assert told_share(share_interval(0, 0)) == "not enough: 0 runs, at least 1 are needed"


def test_numbers_are_written_as_people_write_them():
    """Thousands apart, a true minus, no negative nought."""
    assert number(-0.04, 1) == "0.0"
    assert number(12345.6, -2) == "12,300"
    assert number(-2.5, 1) == "−2.5"
    assert number(math.inf, 2, sign=True) == "+infinite"
    assert number(math.nan, 1) == "unknown"


def test_a_mean_of_runs_is_told():
    """From runs to words in one line."""
    rng = np.random.default_rng(1)
    assert told(mean_interval(rng.normal(100.0, 5.0, 400)), "parts/h").startswith(("99", "100"))
