"""Parts that add up, and orders that tell about the whole period."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from linewright.demand import reconciled
from linewright.demand.intake import expected_intake, usual_shares

TREE = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1], *np.eye(4)])


@given(arrays(float, (7, 2), elements=st.floats(0, 1e4)), st.integers(0, 99), st.sampled_from(["mint", "wls", "ols"]))
@settings(deadline=None, max_examples=60)
def test_sums_are_exact_and_parts_not_negative(points, seed, method):
    """Whatever the forecasts and errors are."""
    errors = np.random.default_rng(seed).standard_normal((20, 4)) @ TREE.T
    found = reconciled(points, TREE, errors, method=method)
    assert (found >= 0).all()
    assert_allclose(found, TREE @ found[3:], rtol=1e-12, atol=1e-9)


def test_forecasts_that_add_up_stay_as_they_are():
    """Reconciliation is a projection."""
    points = TREE @ np.array([[1.0], [2.0], [3.0], [4.0]])
    errors = np.random.default_rng(1).standard_normal((30, 7))
    assert_allclose(reconciled(points, TREE, errors), points)


def test_the_result_is_the_generalised_least_squares_solution():
    """For weighted least squares: no coherent forecast is closer, by the weights, in any direction."""
    chance = np.random.default_rng(2)
    points, errors = 50 + 10 * chance.standard_normal((7, 1)), chance.standard_normal((40, 7)) * np.arange(1, 8)
    found = reconciled(points, TREE, errors, method="wls", positive=False)
    weights = 1 / (errors**2).mean(axis=0)
    gradient = TREE.T @ (weights * (points - found)[:, 0])
    assert_allclose(gradient, 0, atol=1e-9)


def test_non_negative_parts_are_optimal():
    """Where a part is set to zero, giving it something would only take the result further away."""
    points = np.array([[10.0], [4.0], [6.0], [9.0], [-5.0], [3.0], [3.0]])
    found = reconciled(points, TREE, np.zeros((1, 7)), method="ols")
    gradient = TREE.T @ (points - found)[:, 0]
    assert found[4] == 0
    assert gradient[1] <= 1e-9
    assert_allclose(gradient[[0, 2, 3]], 0, atol=1e-9)


def test_reliable_forecasts_are_moved_least():
    """MinT trusts a total with small errors more than its parts."""
    chance = np.random.default_rng(3)
    parts = 10 * chance.standard_normal((60, 2))
    errors = np.column_stack([0.1 * chance.standard_normal(60), parts])
    summing = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    found = reconciled(np.array([[100.0], [40.0], [40.0]]), summing, errors)
    assert found[0, 0] == pytest.approx(100, abs=1)


def test_an_unknown_method_is_refused():
    """The message names the methods."""
    with pytest.raises(ValueError, match="mint, wls, ols"):
        reconciled(np.ones((7, 1)), TREE, np.ones((3, 7)), method="magic")


def test_shares_are_learnt_and_shared():
    """A material with much history has its own share, one without any that of all."""
    whole = np.array([[100.0, 0.0, 100.0]] * 12)
    early = whole * np.array([0.5, 0.0, 0.3])
    shares = usual_shares(early, whole)
    assert shares[0] == pytest.approx(0.5, abs=0.03)
    assert shares[1] == pytest.approx(0.4)
    assert shares[2] == pytest.approx(0.3, abs=0.03)
    assert usual_shares(np.zeros((0, 2)), np.zeros((0, 2))).tolist() == [0, 0]


def test_intake_goes_from_the_forecast_to_what_is_ordered():
    """At the start the forecast counts, at the end the orders, in between both, and orders are never lost."""
    ordered, forecast = np.full(4, 60.0), np.full(4, 100.0)
    found = expected_intake(ordered, np.array([0.0, 0.5, 0.9, 1.0]), forecast)
    assert found[0] == pytest.approx(160)
    assert found[1] == pytest.approx(0.5 * 120 + 0.5 * (60 + 50))
    assert found[3] == pytest.approx(60)
    assert found[2] == pytest.approx(0.9 * 60 / 0.9 + 0.1 * (60 + 10))
    assert expected_intake(np.array([500.0]), np.array([0.5]), np.array([10.0])) >= 500
