"""Rows that allow nothing, or far too much: the plan is still made and says what is the matter."""

from __future__ import annotations

import pytest

from linewright.supply.requirements import requirements
from tests.supply.requirements.test_requirements import FRAMES, MONDAY, bikes, day, due

WHEEL = {"material": "wheel", "supplier": "S", "lead_days": 4.0}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({"settings": [{"start": MONDAY, "firm_days": 3650.0}]}, "no new order may start before 2036-02-28"),
        ({"sources": [{**WHEEL, "lead_days": 3650.0}]}, "S (Smith) takes 3,650 days"),
        ({"sources": [{**WHEEL, "weekly_capacity": 0.0}]}, "no capacity left within the horizon"),
        ({"sources": [{**WHEEL, "weekly_capacity": 5.0, "min_quantity": 6.0}]}, "no capacity left within the horizon"),
        ({"sources": [{**WHEEL, "valid_to": day(-1)}]}, "may not be ordered from any more"),
    ],
)
def test_what_cannot_be_had_is_said_in_words(rows, told):
    """The order is late or short, and one exception gives the reason."""
    plan = requirements(bikes(**rows))
    assert plan.late_orders.get_column("order").to_list() == ["O1"]
    assert any(told in text for text in plan.exceptions.get_column("text"))
    assert all(getattr(plan, name).height for name in FRAMES)


def test_a_million_million_bikes_are_planned_like_four():
    """Nothing overflows, and pegs add up."""
    plan = requirements(bikes(orders=[{"order": "O1", "material": "bike", "quantity": 1e12, "due": due(20)}]))
    assert plan.pegs.filter(material="tube").get_column("quantity").to_list() == [3e12]
    assert plan.late_orders.height == 0


def test_stock_that_expires_before_it_is_needed_is_left_aside():
    """Of two lots of five wheels one keeps until day 3; eight are needed on day 18."""
    stock = [
        {"material": "wheel", "quantity": 5.0, "expires": day(3)},
        {"material": "wheel", "quantity": 5.0, "expires": day(300), "lot": "B"},
    ]
    pegs = requirements(bikes(stock=stock)).pegs.filter(material="wheel")
    assert pegs.select("quantity", "supply").rows() == [(5.0, "wheel#B"), (3.0, "buy:wheel:1")]
