"""Days of clock changes, what making takes, and exceptions that would send somebody the wrong way."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from linewright.supply.requirements import requirements
from tests.supply.requirements.test_requirements import bikes, day, due, lots

WHEEL = {"material": "wheel", "supplier": "S", "lead_days": 4.0}


def only(row):
    """One row of a frame as a dictionary."""
    assert row.height == 1
    return row.row(0, named=True)


def test_a_sunday_stays_free_when_the_clock_has_changed():
    """Three shifts from Monday to Friday; after the 29th of March midnight is an hour earlier, and Sunday is Sunday."""
    factory = bikes(
        settings=[{"start": datetime(2026, 3, 1, 23, tzinfo=UTC), "timezone": "Europe/Berlin"}],
        shifts=[{"calendar": "week", "weekday": "mon-fri", "start": time(0), "end": time(0)}],
        machines=[{"machine": "M", "calendar": "week"}],
        sources=[WHEEL],
        orders=[{"order": "O1", "material": "wheel", "quantity": 1.0, "due": datetime(2026, 4, 5, 22, tzinfo=UTC)}],
    )
    assert str(only(requirements(factory).proposals)["receive_on"]) == "2026-04-03"


def test_making_takes_the_times_of_the_machine_and_of_what_is_lost():
    """A day each: 1,440 bikes a minute apart on M, whose speed does not count for times of its own; half are scrap."""
    step = {"material": "bike", "step": 10, "run_minutes": 10.0, "work_center": "W"}
    rows = {
        "materials": [{"material": "bike"}],
        "components": [], "sources": [],
        "machines": [{"machine": "M", "work_center": "W", "speed": 2.0}],
        "operations": [step],
        "orders": [{"order": "O1", "material": "bike", "quantity": 1440.0, "due": due(40)}],
    }  # fmt: skip
    assert lots(requirements(bikes(**rows))) == [("bike", "", 1440.0, 35, 40)]
    own = [{"material": "bike", "step": 10, "machine": "M", "run_minutes": 1.0}]
    assert lots(requirements(bikes(**rows, operation_machines=own))) == [("bike", "", 1440.0, 39, 40)]
    lost = rows | {"operations": [step | {"yield_share": 0.5}]}
    assert lots(requirements(bikes(**lost, operation_machines=own))) == [("bike", "", 1440.0, 38, 40)]


def test_what_comes_today_need_not_hurry():
    """The order is five days late; two wheels lie there and two come today: the shortage says so, nobody is called."""
    plan = requirements(bikes(
        orders=[{"order": "O1", "material": "wheel", "quantity": 4.0, "due": due(-5)}],
        stock=[{"material": "wheel", "quantity": 2.0}],
        purchases=[{"purchase": "P", "supplier": "S", "material": "wheel", "quantity": 2.0, "due": due(0)}],
    ))  # fmt: skip
    assert plan.exceptions.height == 0
    assert plan.late_orders["late_days"].to_list() == [5]
    assert all("it was needed before today" in text for text in plan.shortages["text"])


def test_safety_stock_does_not_set_the_day_to_which_a_purchase_is_hurried():
    """The purchase of day 10 is for an order of day 7; that safety stock would like it on day 4 is no reason."""
    plan = requirements(bikes(
        materials=[{"material": "wheel", "kind": "bought", "cost": 10.0, "safety_stock": 2.0}],
        components=[], sources=[WHEEL],
        orders=[{"order": "O1", "material": "wheel", "quantity": 4.0, "due": due(7)}],
        purchases=[{"purchase": "P", "supplier": "S", "material": "wheel", "quantity": 6.0, "due": due(10)}],
    ))  # fmt: skip
    told = only(plan.exceptions.filter(kind="expedite"))
    assert (told["to_day"], told["days"]) == (day(7), 3)


def test_a_substitute_costs_what_it_costs_itself():
    """Eight of alt at 3 stand in for four wheels at 10."""
    plan = requirements(bikes(
        materials=[{"material": "wheel", "cost": 10.0}, {"material": "alt", "cost": 3.0}], components=[],
        orders=[{"order": "O1", "material": "wheel", "quantity": 4.0, "due": due(1)}],
        stock=[{"material": "alt", "quantity": 100.0}],
        substitutes=[{"material": "wheel", "substitute": "alt", "quantity": 2.0}],
    ))  # fmt: skip
    assert only(plan.exceptions)["money"] == pytest.approx(24)


def test_money_of_an_exception_is_the_price_where_no_cost_is_named():
    """Five wheels that nobody wants, of no standard cost, at 12 each from S."""
    plan = requirements(bikes(
        materials=[{"material": "wheel"}], components=[], sources=[WHEEL | {"price": 12.0}],
        orders=[{"order": "O1", "material": "tube", "quantity": 1.0, "due": due(30)}],
        purchases=[{"purchase": "P", "supplier": "S", "material": "wheel", "quantity": 5.0, "due": due(10)}],
    ))  # fmt: skip
    assert only(plan.exceptions.filter(kind="cancel"))["money"] == pytest.approx(60)


def test_a_purchase_without_a_date_is_said_to_be_taken_as_there():
    """Nobody knows when it comes, so the plan says what it believes."""
    line = {"purchase": "P", "supplier": "S", "material": "wheel", "quantity": 5.0}
    assert "1 purchase lines have no date" in " ".join(requirements(bikes(purchases=[line])).assumptions)


FRESH = {"materials": [{"material": "wheel", "shelf_life_days": 9.0, "lot_size_min": 10.0}], "components": []}


def two_orders(*days):
    """Two wheels each on some days."""
    return [{"order": f"O{at}", "material": "wheel", "quantity": 2.0, "due": due(at)} for at in days]


def test_what_is_over_of_a_lot_serves_nobody_after_it_has_expired():
    """Ten wheels keep nine days: those of day 10 serve day 19 too, but not day 60."""
    pegs = requirements(bikes(**FRESH, orders=two_orders(10, 19, 60))).pegs
    assert pegs.select("need", "quantity", "supply").rows() == [
        ("O10", 2.0, "buy:wheel:1"), ("O19", 2.0, "buy:wheel:1"), ("O60", 2.0, "buy:wheel:2"),
    ]  # fmt: skip


def test_a_purchase_serves_nobody_after_it_has_expired():
    """Nine wheels of day 3 keep until day 12; five of them are cut off, because day 60 needs fresh ones."""
    line = {"purchase": "P", "supplier": "S", "material": "wheel", "quantity": 9.0, "due": due(3)}
    plan = requirements(bikes(**FRESH, orders=two_orders(5, 12, 60), purchases=[line]))
    assert plan.pegs.get_column("supply").to_list() == ["P", "P", "buy:wheel:1"]
    assert only(plan.exceptions)["quantity"] == 5


def test_who_sells_only_until_next_week_is_asked_on_the_last_day():
    """Wheels for day 60 may be ordered until day 10: then, and not today, for delivery on day 60."""
    source = WHEEL | {"valid_to": day(10)}
    factory = bikes(sources=[source], components=[], orders=two_orders(60))
    assert lots(requirements(factory)) == [("wheel", "S", 2.0, 10, 60)]


def test_nobody_hurries_for_work_that_waits_anyway():
    """Frames come on day 9 for bikes begun on day 8, which nobody needs before day 20; for day 10 they must hurry."""
    rows = {
        "work_orders": [
            {"work_order": "W1", "material": "bike", "quantity": 4.0, "due": due(10)},
            {"work_order": "W2", "material": "frame", "quantity": 4.0, "due": due(9)},
        ],
        "stock": [{"material": "tube", "quantity": 12.0}, {"material": "wheel", "quantity": 8.0}],
    }
    order = {"order": "O1", "material": "bike", "quantity": 4.0}
    calm = requirements(bikes(orders=[order | {"due": due(20)}], **rows)).exceptions
    assert calm.select("kind", "supply").rows() == [("delay", "W1")]
    soon = requirements(bikes(orders=[order | {"due": due(10)}], **rows)).exceptions
    assert soon.select("kind", "supply").rows() == [("expedite", "W2")]
