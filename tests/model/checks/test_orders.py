"""Orders and work orders: what the checks find, where, and what they leave in peace."""

from linewright.model import checks
from tests.model.checks.hand_made import SETTINGS, START, found, job, order


def test_what_is_due_before_it_may_start_must_be_late():
    """Orders and work orders alike; closed ones are past caring."""
    dates = {"due": START, "release": START.replace(hour=8)}
    tables = {"orders": [order("1", **dates), order("2", **dates, status="closed")], "work_orders": [job(**dates)]}
    assert found(checks.due_before_release, **tables) == {"orders": [0], "work_orders": [0]}


def test_orders_without_a_date_are_told_of_together():
    """One note for all of them."""
    orders = [order("1"), order("2", due=START), order("3")]
    assert found(checks.order_without_due, orders=orders) == {"orders": [0, 2]}


def test_orders_due_before_the_start_are_told_of_together():
    """Only where the settings say when planning starts; the model knows no other clock."""
    orders = [order("1", due=START.replace(hour=4)), order("2", due=START)]
    assert found(checks.overdue, settings=SETTINGS, orders=orders) == {"orders": [0]}
    assert found(checks.overdue, orders=orders) == {}


def test_no_more_is_done_than_wanted():
    """Two done of one is a slip of the pen."""
    assert found(checks.done_too_much, work_orders=[job(done_quantity=2.0), job("V", done_quantity=1.0)]) == {
        "work_orders": [0]
    }


def test_a_pin_needs_a_time():
    """Pinned without a time means nothing."""
    jobs = [job(pinned=True), job("V", pinned=True, pinned_start=START), job("U")]
    assert found(checks.pin_without_start, work_orders=jobs) == {"work_orders": [0]}
