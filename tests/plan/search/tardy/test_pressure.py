"""What the table says of a delay is never more than what the delay costs."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.plan.search.tardy.pressure import delay_cost, measure_pressure
from linewright.plan.search.tardy.records import copied
from linewright.plan.search.tardy.timing import retime
from tests.plan.search.tardy.examples import hundred, small_shops, started

GRID = 600


def _measured(records, plan):
    order = np.zeros(records.steps.size - 1, np.int64)
    value = retime(records, plan, order)
    pressure = np.zeros((order.size, 17))
    measure_pressure(records, plan, order, GRID, pressure)
    return value, pressure


def test_a_delay_costs_at_least_what_the_table_says():
    """Each operation is really held back, by each step of the table, and the whole plan is timed again."""
    for shop in [*small_shops(seeds=2), hundred()]:
        records, plan, _, _ = started(shop, seed=1)
        if records.demands.early.any():
            continue
        value, pressure = _measured(records, plan)
        for operation in range(shop.size):
            for steps in (1, 4, 8):
                held = records._replace(steps=records.steps.copy())
                held.steps[operation].ready = plan.nodes[operation].start + steps * GRID
                later = retime(held, copied(plan), np.zeros(shop.size, np.int64))
                assert pressure[operation, 8 + steps] <= later - value + 1e-6


def test_the_last_operation_of_a_late_order_costs_its_rate():
    """Where nothing waits for an operation but its order, the table holds the order's own cost on both sides."""
    records, plan, _, _ = started(hundred(), seed=1)
    _, pressure = _measured(records, plan)
    for demand in range(records.demands.size - 1):
        operation = records.feeds.operation[records.demands.first_feed[demand]]
        late, rate = plan.met.finish[demand] - records.demands.due[demand], records.demands.late[demand]
        if plan.nodes.after[operation] < 0 and late > 0:
            assert pressure[operation, 10] == pytest.approx(2 * GRID * rate)
            assert pressure[operation, 6] == pytest.approx(-min(2 * GRID, late) * rate)


def test_between_and_beyond_the_steps_lines_are_straight():
    """Half a step costs half of a step, and beyond the table its last slope goes on."""
    pressure = np.array([[-8.0, -4.0, 0.0, 10.0, 30.0]])
    assert [delay_cost(pressure, 10, 0, delay) for delay in (5, 15, 30, -5, -30, 0)] == [5, 20, 50, -2, -12, 0]
