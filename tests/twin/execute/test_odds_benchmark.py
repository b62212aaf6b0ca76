"""The benchmark of odds: its tables, its errors and its figure, on numbers that can be counted."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from benchmarks.odds.__main__ import by_tenth, calibration_error, outcomes
from benchmarks.odds.figure import reliability_svg
from benchmarks.odds.shops import learned, really, shop


def test_orders_are_put_together_by_tenths():
    """Odds of 1 belong to the last tenth; empty tenths have no row."""
    rows = by_tenth(np.array([0.05, 0.15, 0.95, 1.0]), np.array([0.0, 0.3, 1.0, 0.9]))
    assert [(row["tenth"], row["orders"]) for row in rows] == [(0, 1), (1, 1), (9, 2)]
    assert calibration_error(rows) == pytest.approx((0.05 + 0.15 + 2 * 0.025) / 4)
    assert len(ElementTree.fromstring(reliability_svg(rows, "Odds")).findall(".//{*}circle")) == 3


def test_odds_of_the_right_model_come_true():
    """Sixteen orders, 400 runs for their odds and 400 futures: they differ by chance alone."""
    model = shop(3)
    stated, true = outcomes(model, model, 400, 3)
    assert (stated < 0.98).any()
    spread = np.sqrt(np.maximum(stated * (1 - stated), 0.01) * 2 / 400)
    assert (np.abs(stated - true) < 4.5 * spread).all()


def test_learning_comes_near_the_truth():
    """A dozen runs of each step are nearer to true means than rows that err by 80 %."""
    model = shop(3)
    truth = really(model, 0.8, 5)
    means = [np.log(rows.operations.content["run_minutes"].to_numpy()) for rows in (truth.factory, model)]
    wise = np.log(learned(model, truth).operations.content["run_minutes"].to_numpy())
    assert np.abs(wise - means[0]).mean() < 0.5 * np.abs(means[1] - means[0]).mean()
