"""The measures of the forecast benchmark, on figures that can be checked by hand."""

import numpy as np
import pytest

from benchmarks.forecast.measures import coverage, mase, rmsse, smape
from benchmarks.forecast.sets import COMPETITIONS, read_set

PAST = [np.array([1.0, 3.0, 1.0, 3.0]), np.array([5.0, 5.0, 5.0, 5.0])]
CAME, POINT = np.array([[2.0, 4.0], [5.0, 5.0]]), np.array([[2.0, 2.0], [5.0, 5.0]])


def test_errors_are_those_of_the_definitions():
    """One error of two in four values; the constant series has no scale and is left out of scaled errors."""
    assert smape(CAME, POINT) == pytest.approx(200 * (2 / 6) / 4)
    assert mase(PAST, CAME, POINT, 1) == pytest.approx(1 / 2)
    assert rmsse(PAST, CAME, POINT) == pytest.approx(np.sqrt(2 / 4))
    assert smape(np.zeros((1, 2)), np.zeros((1, 2))) == 0


def test_coverage_counts_the_bounds_as_inside():
    """Three of four values lie in their range, one of them on its edge."""
    assert coverage(CAME, POINT - 1, np.array([[3.0, 3.0], [5.0, 6.0]])) == pytest.approx(75)


def test_series_with_missing_cells_are_left_out(bench, monkeypatch):
    """Some spare parts were not counted in every month."""
    monkeypatch.setenv("LINEWRIGHT_BENCH", str(bench("supply").parent))
    past, came = read_set(COMPETITIONS[-1])
    assert len(past) == len(came) == 2011
    assert min(one.min() for one in past) >= 0
