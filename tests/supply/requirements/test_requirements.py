"""From a factory's tables to a supply plan: what to order, what is short, for whom, and what is wrong with the rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from linewright import read
from linewright.model.factory import Factory
from linewright.supply.requirements import requirements, with_purchases

MONDAY = datetime(2026, 3, 2, 6, tzinfo=UTC)
TODAY = MONDAY.date()
FRAMES = ("proposals", "orders", "shortages", "exceptions", "pegs")


def day(count):
    """A day from today on."""
    return TODAY + timedelta(days=count)


def due(count):
    """The end of a day, as a date alone means it."""
    return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=count + 1)


def bikes(**tables):
    """A bicycle of a frame and two wheels, made in two days; the frame is welded in three from tube."""
    rows = {
        "settings": [{"start": MONDAY}],
        "materials": [
            {"material": "bike", "kind": "made", "make_days": 2.0},
            {"material": "frame", "kind": "made", "make_days": 3.0},
            {"material": "wheel", "kind": "bought", "cost": 10.0}, {"material": "tube", "kind": "bought", "cost": 2.0},
        ],
        "components": [
            {"material": "bike", "component": "frame"}, {"material": "bike", "component": "wheel", "quantity": 2.0},
            {"material": "frame", "component": "tube", "quantity": 3.0},
        ],
        "suppliers": [{"supplier": "S", "name": "Smith"}, {"supplier": "T", "name": "Tube Ltd"}],
        "sources": [
            {"material": "wheel", "supplier": "S", "lead_days": 4.0, "admin_days": 1.0, "price": 12.0},
            {"material": "tube", "supplier": "T", "lead_days": 7.0, "price": 3.0},
        ],
        "orders": [{"order": "O1", "material": "bike", "quantity": 4.0, "due": due(20), "customer": ""}],
    }  # fmt: skip
    return Factory.of(**{**rows, **tables})


def lots(plan):
    """Material, supplier, quantity, day to order and day of receipt of each proposal, by material."""
    rows = plan.proposals.sort("material", "order_on").select(
        "material", "supplier", "quantity", "order_on", "receive_on"
    )
    return [(a, b, c, (d - TODAY).days, (e - TODAY).days) for a, b, c, d, e in rows.iter_rows()]


def test_an_order_pulls_its_whole_bill_back_in_time():
    """Bike on day 20, begun on 18; frame begun on 15; tube ordered on 8 and wheels, with a day of paperwork, on 13."""
    plan = requirements(bikes())
    assert lots(plan) == [
        ("bike", "", 4.0, 18, 20), ("frame", "", 4.0, 15, 18), ("tube", "T", 12.0, 8, 15), ("wheel", "S", 8.0, 13, 18),
    ]  # fmt: skip
    assert plan.purchases.get_column("money").to_list() == [36.0, 96.0]
    assert plan.late_orders.height == plan.exceptions.height == 0
    assert plan.orders.row(0, named=True)["expected_on"] == day(20)
    assert "2 purchases (132 EUR), 2 work orders, 0 to place today, 0 of 1 orders late" in repr(plan)


def test_an_order_and_a_purchase_are_joined_both_ways():
    """Down from the order to the tube, and up from the open purchase to the order, with quantities."""
    factory = bikes(
        purchases=[{"purchase": "P1", "supplier": "T", "material": "tube", "quantity": 9.0, "due": due(3)}],
        stock=[{"material": "bike", "quantity": 1.0}],
    )
    plan = requirements(factory)
    up = plan.upstream("O1").select("material", "quantity", "supply_kind", "supply").rows()
    assert ("bike", 1.0, "stock", "bike") in up
    assert ("tube", 9.0, "purchase", "P1") in up
    assert ("wheel", 6.0, "proposal", "buy:wheel:1") in up
    down = plan.downstream("P1").select("depth", "material", "quantity", "need_kind", "need").rows()
    assert down == [
        (0, "tube", 9.0, "proposal", "make:frame:1"), (1, "frame", 3.0, "proposal", "make:bike:1"),
        (2, "bike", 3.0, "order", "O1"),
    ]  # fmt: skip
    with pytest.raises(KeyError, match="no open order O9"):
        plan.upstream("O9")


def test_what_is_late_below_makes_the_order_late_and_is_named():
    """Tube takes 7 days, frame 3, bike 2: an order due on day 5 comes on day 12, for want of tube."""
    plan = requirements(bikes(orders=[{"order": "O1", "material": "bike", "quantity": 1.0, "due": due(5)}]))
    late = plan.late_orders.row(0, named=True)
    assert (late["expected_on"], late["late_days"], late["waits_for"]) == (day(12), 7, "tube")
    tube = plan.shortages.filter(material="tube").row(0, named=True)
    assert tube["orders"] == ["O1"]
    assert (
        "3 of tube needed on 2026-03-02 for order O1 come on 2026-03-09, 7 days late: T (Tube Ltd) takes 7 days"
        in (tube["text"])
    )


def test_supplies_on_their_way_are_told_to_hurry_to_wait_or_to_stay_away():
    """Wheels needed on day 18 come on 22; tube for day 15 comes on day 1; bikes are made that nobody wants."""
    factory = bikes(
        purchases=[
            {"purchase": "late", "supplier": "S", "material": "wheel", "quantity": 8.0, "due": due(22)},
            {"purchase": "early", "supplier": "T", "material": "tube", "quantity": 12.0, "due": due(1)},
            {"purchase": "idle", "supplier": "T", "material": "tube", "quantity": 50.0, "due": due(16)},
            {"purchase": "overdue", "supplier": "S", "material": "wheel", "quantity": 1.0, "due": due(-4)},
        ],
    )
    told = {row["supply"]: row for row in requirements(factory).exceptions.iter_rows(named=True)}
    assert (told["late"]["kind"], told["late"]["to_day"], told["late"]["days"]) == ("expedite", day(18), 4)
    assert told["late"]["orders"] == ["O1"]
    assert (told["early"]["kind"], told["early"]["to_day"]) == ("delay", day(15))
    assert (told["idle"]["kind"], told["idle"]["quantity"], told["idle"]["money"]) == ("cancel", 50.0, 100.0)
    assert "Chase purchase overdue of S (Smith)" in told["overdue"]["text"]


def test_nothing_new_starts_inside_the_firm_fence():
    """With ten firm days the order of day 11 is begun on day 10, and the exception says why."""
    factory = bikes(
        settings=[{"start": MONDAY, "firm_days": 10.0}],
        orders=[{"order": "O1", "material": "wheel", "quantity": 4.0, "due": due(11)}],
    )
    plan = requirements(factory)
    assert lots(plan) == [("wheel", "S", 4.0, 10, 15)]
    assert plan.exceptions.get_column("kind").to_list() == ["fence"]
    assert "no new order may start before 2026-03-12" in plan.exceptions.item(0, "text")


def test_orders_use_up_the_forecast_of_their_bucket():
    """Ten are expected in the week, six are ordered: four are left; an order of the week before uses up none."""
    factory = bikes(
        orders=[
            {"order": "O1", "material": "bike", "quantity": 6.0, "due": due(30)},
            {"order": "O2", "material": "bike", "quantity": 3.0, "due": due(27)},
        ],
        forecast=[{"material": "bike", "date": day(29), "quantity": 10.0}],
    )
    left = requirements(factory).pegs.filter(need_kind="forecast")
    assert left.get_column("quantity").sum() == 4.0
    reaching = requirements(factory, consume_days=(0, 2)).pegs.filter(need_kind="forecast")
    assert reaching.get_column("quantity").sum() == 1.0


def expected(plan):
    """Day and quantity of what is left of the forecast."""
    rows = (
        plan.pegs.filter(need_kind="forecast").group_by("needed_on", maintain_order=True).agg(pl.col("quantity").sum())
    )
    return {(when - TODAY).days: quantity for when, quantity in rows.iter_rows()}


def test_orders_use_up_the_forecast_of_their_month():
    """A hundred in each month; forty ordered for the 21st of April are part of April's hundred, and no more of it."""
    months = [{"material": "wheel", "date": date(2026, month, 1), "quantity": 100.0} for month in (4, 5, 6)]
    order = {"order": "O1", "material": "wheel", "quantity": 40.0, "due": due(50)}
    factory = bikes(orders=[order], forecast=months)
    assert expected(requirements(factory)) == {30: 60.0, 60: 100.0, 91: 100.0}
    more = bikes(orders=[order | {"quantity": 130.0}], forecast=months)
    assert expected(requirements(more)) == {60: 100.0, 91: 100.0}
    assert expected(requirements(more, consume_days=(0, 10))) == {60: 70.0, 91: 100.0}


def test_weeks_that_begin_on_another_day_than_the_plan_count_as_they_are():
    """The plan begins on a Monday, weeks of the forecast on Thursdays: a Tuesday is of the week before."""
    weeks = [{"material": "wheel", "date": day(3 + 7 * week), "quantity": 10.0} for week in range(3)]
    order = {"order": "O1", "material": "wheel", "quantity": 4.0, "due": due(15)}
    assert expected(requirements(bikes(orders=[order], forecast=weeks))) == {3: 10.0, 10: 6.0, 17: 10.0}


def test_of_a_month_that_has_begun_the_rest_counts():
    """On the 2nd thirty of March's 31 days are left; what was expected for Sunday the 1st alone is past."""
    months = [{"material": "wheel", "date": date(2026, month, 1), "quantity": 310.0} for month in (2, 3, 4)]
    plan = requirements(bikes(orders=[], forecast=months))
    assert expected(plan) == pytest.approx({29: 300.0, 30: 310.0})
    days = [{"material": "wheel", "date": day(at), "quantity": 5.0} for at in (-2, -1, 0, 1)]
    assert expected(requirements(bikes(orders=[], forecast=days))) == {0: 5.0, 1: 5.0}


def test_a_substitute_is_used_where_the_material_would_be_late_and_not_otherwise():
    """Red wheels in stock stand in for wheels on day 2, but not on day 30."""
    base = {
        "substitutes": [{"material": "wheel", "substitute": "red wheel", "quantity": 1.0}],
        "stock": [{"material": "red wheel", "quantity": 5.0}],
    }
    soon = requirements(bikes(orders=[{"order": "O1", "material": "wheel", "quantity": 3.0, "due": due(2)}], **base))
    assert soon.proposals.height == 0
    assert soon.pegs.select("quantity", "supply", "given").rows() == [(3.0, "red wheel", "red wheel")]
    assert soon.exceptions.item(0, "text") == "Use 3 of red wheel for wheel on 2026-03-04 for order O1"
    later = requirements(bikes(orders=[{"order": "O1", "material": "wheel", "quantity": 3.0, "due": due(30)}], **base))
    assert later.pegs.get_column("given").to_list() == [""]


def test_stock_elsewhere_and_what_is_made_elsewhere_come_over_the_lane():
    """Wheels lie in the north, two days away; bikes made in the south are sold in the north, two days later."""
    factory = bikes(
        sites=[{"site": "north"}, {"site": "south"}],
        lanes=[{"lane": "NS", "from_site": "north", "to_site": "south", "days": 2.0},
               {"lane": "SN", "from_site": "south", "to_site": "north", "days": 2.0}],
        work_centers=[{"work_center": "hall", "site": "south"}],
        operations=[{"material": name, "step": 10, "work_center": "hall"} for name in ("bike", "frame")],
        stock=[{"material": "wheel", "site": "north", "quantity": 6.0}],
        orders=[{"order": "O1", "material": "bike", "quantity": 4.0, "due": due(20), "site": "north"}],
    )  # fmt: skip
    plan = requirements(factory)
    assert lots(plan) == [
        ("bike", "", 4.0, 16, 18), ("bike", "south", 4.0, 18, 20), ("frame", "", 4.0, 13, 16),
        ("tube", "T", 12.0, 6, 13), ("wheel", "S", 2.0, 11, 16),
    ]  # fmt: skip
    moved = plan.exceptions.row(0, named=True)
    assert moved["text"] == "Move 6 of wheel@north to south by 2026-03-16 for order O1"


def test_the_preferred_source_is_asked_first_while_it_is_valid_and_in_time():
    """U is preferred, but sells only until day 5; S follows; for day 3 only V is quick enough."""
    factory = bikes(
        suppliers=[{"supplier": name} for name in "STUV"],
        sources=[
            {"material": "wheel", "supplier": "S", "lead_days": 4.0, "preference": 2, "price": 5.0},
            {"material": "wheel", "supplier": "U", "lead_days": 4.0, "preference": 1, "valid_to": day(5)},
            {"material": "wheel", "supplier": "V", "lead_days": 1.0, "preference": 3},
        ],
        orders=[{"order": f"O{at}", "material": "wheel", "quantity": 1.0, "due": due(at)} for at in (3, 8, 15)],
    )
    assert [(row[1], row[4]) for row in lots(requirements(factory))] == [("V", 3), ("U", 8), ("S", 15)]


def test_receipts_and_starts_keep_to_working_days():
    """Nobody works on Saturday and Sunday: what is needed on Sunday, day 13, comes on Friday, day 11."""
    factory = bikes(
        machines=[{"machine": "M", "calendar": "week"}],
        shifts=[{"calendar": "week", "weekday": "mon-fri", "start": datetime(2026, 1, 1, 6).time(),
                 "end": datetime(2026, 1, 1, 14).time()}],
        orders=[{"order": "O1", "material": "wheel", "quantity": 1.0, "due": due(13)}],
    )  # fmt: skip
    assert lots(requirements(factory)) == [("wheel", "S", 1.0, 4, 11)]


def test_a_dated_line_counts_for_lots_released_on_its_days():
    """From day 10 on the bike needs a bell instead of a horn."""
    factory = bikes(
        components=[
            {"material": "bike", "component": "horn", "valid_to": day(9)},
            {"material": "bike", "component": "bell", "valid_from": day(10)},
        ],
        orders=[{"order": f"O{at}", "material": "bike", "quantity": 1.0, "due": due(at)} for at in (8, 40)],
    )
    plan = requirements(factory)
    needs = plan.pegs.filter(pl.col("material").is_in(["horn", "bell"])).sort("material")
    assert needs.select("material", "need").rows() == [("bell", "make:bike:2"), ("horn", "make:bike:1")]


def test_released_work_needs_its_parts_and_serves_orders():
    """A work order for four bikes, due on day 10, is the order's supply and needs its frames on day 8."""
    factory = bikes(
        work_orders=[{"work_order": "W", "material": "bike", "quantity": 4.0, "due": due(10)}],
        purchases=[{"purchase": "P", "material": "wheel", "quantity": 8.0, "due": due(9)}],
    )
    plan = requirements(factory)
    assert plan.pegs.filter(material="bike").select("need", "supply").rows() == [("O1", "W")]
    assert plan.downstream("P").select("need_kind", "need").rows() == [("work_order", "W"), ("order", "O1")]
    frames = plan.pegs.filter(material="frame").row(0, named=True)
    assert (frames["needed_on"], frames["need"]) == (day(8), "W")
    wheels = plan.pegs.filter(supply="P").row(0, named=True)
    assert wheels["late_days"] == 1


def test_every_wrong_row_is_a_fault_and_the_rest_is_planned():
    """A circle, stock below zero, no number, no source, no lead time, and a substitute that goes into its material."""
    factory = bikes(
        components=[
            {"material": "bike", "component": "frame"}, {"material": "frame", "component": "tube"},
            {"material": "tube", "component": "bike"},
            {"material": "bike", "component": "glue"},
        ],
        materials=[
            {"material": "bike", "kind": "made", "make_days": 2.0}, {"material": "glue", "kind": "bought"},
            {"material": "frame", "lot_rule": "wagner_whitin"},
        ],
        stock=[{"material": "bike", "quantity": -5.0}, {"material": "bike", "quantity": 1.0}],
        sources=[{"material": "screw", "supplier": "S"}],
        substitutes=[{"material": "bike", "substitute": "frame"}],
        orders=[
            {"order": "O1", "material": "bike", "quantity": 4.0, "due": due(20)},
            {"order": "O2", "material": "bike", "quantity": float("nan"), "due": due(20)},
            {"order": "O3", "material": "bike", "quantity": 1e300, "due": due(20)},
            {"order": "O4", "material": "screw", "quantity": 1.0, "due": due(-30)},
        ],
    )  # fmt: skip
    plan = requirements(factory)
    rules = {fault.rule: fault for fault in plan.faults}
    assert rules.keys() == {
        "bill_cycle", "stock_quantity", "order_quantity", "no_source", "no_lead_time", "no_order_cost",
        "substitute_circle",
    }  # fmt: skip
    assert "bike > frame > tube > bike" in rules["bill_cycle"].message
    told = [fault.message for fault in plan.faults if fault.rule == "no_source"]
    assert "glue is bought, but no source offers it: it is planned as coming after 14 days" in told
    assert all(fault.cure and fault.where for fault in plan.faults)
    assert plan.orders.get_column("order").to_list() == ["O4", "O1"]
    assert plan.orders.get_column("late_days").to_list() == [30, 0]
    assert plan.proposals.filter(material="bike").get_column("quantity").to_list() == [3.0]


def test_changed_orders_give_the_plan_of_the_changed_factory():
    """More of one, another material, a new order and one that is canceled, one after the other."""
    factory = bikes(
        orders=[
            {"order": f"O{at}", "material": material, "quantity": 2.0 + at, "due": due(3 * at)}
            for at, material in enumerate(["bike", "frame", "wheel", "bike", "tube", "bike"])
        ],
        forecast=[{"material": "bike", "date": day(9), "quantity": 9.0}],
        stock=[{"material": "wheel", "quantity": 11.0}],
    )
    plan = requirements(factory)
    for rows in (
        [{"order": "O3", "quantity": 40.0}],
        [{"order": "O1", "material": "bike", "due": due(2)}],
        [{"order": "new", "material": "frame", "quantity": 5.0, "due": due(12)}, {"order": "O3", "quantity": 1.0}],
        [{"order": "O5", "status": "canceled"}],
        [{"order": "other", "material": "saddle", "quantity": 1.0, "due": due(12)}],
        [{"order": "other", "quantity": 2.0}],
    ):
        plan = plan.changed(rows)
        again = requirements(plan.factory)
        for name in FRAMES:
            assert_frame_equal(getattr(plan, name), getattr(again, name))
        assert plan.origin == again.origin


def test_an_empty_factory_has_an_empty_plan():
    """Nothing is wanted, nothing is there."""
    plan = requirements(Factory.of(settings=[{"start": MONDAY}]))
    assert [getattr(plan, name).height for name in FRAMES] == [0, 0, 0, 0, 0]
    assert "0 purchases" in repr(plan)


def test_a_plan_needs_a_day_to_start_from_and_options_that_make_sense():
    """Nothing reads a hidden clock."""
    factory = Factory.of(orders=[])
    with pytest.raises(ValueError, match="name no start"):
        requirements(factory)
    with pytest.raises(ValueError, match="bucket_days"):
        requirements(factory, now=MONDAY, bucket_days=0)


def test_proposals_become_purchases_that_make_the_next_plan_quiet():
    """Once everything is placed, there is nothing more to buy."""
    factory = bikes()
    again = requirements(with_purchases(factory, requirements(factory)))
    assert again.purchases.height == 0
    assert again.exceptions.height == 0
    assert again.pegs.filter(material="tube").get_column("supply_kind").to_list() == ["purchase"]


def test_days_are_those_of_the_factory():
    """In Auckland the plan's day has begun already, and a date means its end there."""
    settings = [{"start": datetime(2026, 3, 1, 20, tzinfo=UTC), "timezone": "Pacific/Auckland"}]
    order = {"order": "O1", "material": "wheel", "quantity": 1.0, "due": datetime(2026, 3, 12, 11, tzinfo=UTC)}
    plan = requirements(bikes(settings=settings, orders=[order]))
    assert plan.today == date(2026, 3, 2)
    assert plan.proposals.item(0, "receive_on") == date(2026, 3, 12)


def test_adventureworks_is_planned_end_to_end(bench):
    """Four weeks of work orders, sales and purchases: everything adds up, and the reasons are told."""
    folder = bench("plants/adventureworks")
    factory = read(folder, options={"start": "2014-05-05", "weeks": "4", "sales": "yes"})
    plan = requirements(factory, weeks=26)
    given = plan.pegs.filter(need_kind="order").group_by("need").agg(pl.col("quantity").sum())
    wanted = plan.orders.join(given, left_on="order", right_on="need", suffix="_given")
    assert wanted.height == plan.orders.height == len(factory.orders)
    assert (wanted["quantity"] - wanted["quantity_given"]).abs().max() < 1e-6
    used = plan.pegs.filter(pl.col("supply_kind") == "purchase").group_by("supply").agg(pl.col("quantity").sum())
    there = used.join(factory.purchases.frame, left_on="supply", right_on="purchase", suffix="_there")
    assert (there["quantity"] <= there["quantity_there"] + 1e-6).all()
    assert plan.late_orders.get_column("waits_for").n_unique() > 1
    assert set(plan.exceptions.get_column("kind").unique()) >= {"late", "expedite", "delay", "cancel"}
