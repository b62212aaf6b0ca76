"""Buffers that follow a forecast."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from linewright.demand import forecast
from linewright.model.factory import Factory
from linewright.supply.buffers.plan import buffers
from linewright.supply.buffers.plan.demand import daily_demand

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def shop(quantities):
    """One material with a lead time of nine days and a monthly history."""
    months = [date(2024 + at // 12, at % 12 + 1, 1) for at in range(26)][-len(quantities) :]
    return Factory.of(
        materials=[{"material": "P", "cost": 10.0}],
        suppliers=[{"supplier": "S"}],
        sources=[{"material": "P", "supplier": "S", "lead_days": 9.0}],
        demand_history=[
            {"material": "P", "date": day, "quantity": float(quantity)}
            for day, quantity in zip(months, quantities, strict=True)
        ],
    )


def test_mean_and_spread_are_those_of_the_forecast():
    """Per day: the mean by the days of a period, the deviation by their root."""
    factory = shop([100, 110, 95, 104, 99, 108, 97, 103, 101, 96, 107, 100] * 2)
    expected = forecast(factory, now=NOW)
    row = expected.accuracy.row(0, named=True)
    demand = daily_demand(factory, NOW.date(), expected)
    found = demand.frame.row(0, named=True)
    assert found["mean"] == pytest.approx(row["mean"] / row["days"])
    assert found["sd"] == pytest.approx(row["standard_deviation"] / row["days"] ** 0.5)
    assert "are those of the forecast" in demand.assumptions[-1]


def test_demand_that_has_risen_is_covered_at_its_new_level():
    """Half a year at twice the level: the history takes the rise for spread, the forecast for a new mean."""
    steady = [100, 104, 97, 102, 99, 105, 96, 101, 103, 98, 100, 102, 97, 104, 99, 101, 100, 98]
    factory = shop([*steady, 200, 208, 194, 204, 198, 203])
    expected = forecast(factory, now=NOW)
    assert [alarm.material for alarm in expected.alarms] == ["P"]
    before, after = buffers(factory, now=NOW), buffers(factory, now=NOW, expected=expected)
    assert after.materials["daily_demand"][0] == pytest.approx(200 * 12 / 365.25, rel=0.1)
    assert before.materials["daily_demand"][0] < 0.8 * after.materials["daily_demand"][0]
    assert after.materials["safety_stock"][0] < before.materials["safety_stock"][0]


def test_the_running_month_is_no_whole_month():
    """A tenth of a month's demand by its third day neither lowers the mean nor widens the spread."""
    whole = shop([100.0] * 12)
    today = date(2026, 3, 3)
    running = Factory.of(
        materials=[{"material": "P"}],
        demand_history=[
            *({"material": "P", "date": row.date, "quantity": row.quantity} for row in whole.demand_history),
            {"material": "P", "date": date(2026, 3, 1), "quantity": 10.0},
        ],
    )
    found = daily_demand(running, today).frame.row(0, named=True)
    assert found["mean"] == pytest.approx(100 * 12 / 365.25)
    assert found["sd"] == pytest.approx(0.0, abs=1e-6)
