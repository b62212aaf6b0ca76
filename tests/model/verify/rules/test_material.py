"""Rules about material: covered, not used twice, there in time."""

from __future__ import annotations

from datetime import date

import pytest

from linewright.model.factory import Factory
from tests.model.verify.hand_made import Row, at, broken, edited, lot, peg, plan_of, promised, run, shop, work_order


def bicycle(line: Row | None = None, work: Row | None = None, **tables: object) -> Factory:
    """A work order of 10 bicycles, 2 wheels each, over steps 10 (M1) and 20 (M2) of an hour each."""
    bill = [{"material": "bicycle", "component": "wheel", "quantity": 2.0, **(line or {})}]
    return shop(
        machines=[{"machine": "M1"}, {"machine": "M2"}],
        operations=[
            {"material": "bicycle", "step": 10, "machine": "M1", "fixed_minutes": 60.0},
            {"material": "bicycle", "step": 20, "machine": "M2", "fixed_minutes": 60.0},
        ],
        work_orders=[work_order("A", "bicycle", 10.0, **(work or {}))],
        **{"components": bill, **tables},
    )


def two_hours(first: str = "06:00", middle: str = "07:00", end: str = "08:00", **units: float) -> list[Row]:
    """Both steps one after the other on Monday."""
    return [
        run("A/10", "M1", f"03-02 {first}", f"03-02 {middle}", material="bicycle", quantity=units.get("start", 10.0)),
        run("A/20", "M2", f"03-02 {middle}", f"03-02 {end}", material="bicycle", quantity=units.get("then", 10.0)),
    ]


def wheels(quantity: float, consumer: str = "A/10", **more: object) -> Row:
    """Wheels from the first row of stock."""
    return {**peg(consumer, "wheel", quantity, "stock", "wheel@#1"), **more}


def with_wheels(factory: Factory, *pegs: Row, **more: object) -> list[str]:
    """What the plan of two hours with this pegging breaks."""
    return broken(factory, plan_of(factory, two_hours(), pegging=pegs, **more))


STOCK = {"stock": [{"material": "wheel", "quantity": 30.0}]}


def test_each_need_is_covered():
    """10 bicycles need 20 wheels at their first step."""
    factory = bicycle(**STOCK)
    assert with_wheels(factory, wheels(20.0)) == []
    assert with_wheels(factory, wheels(12.0), wheels(8.0)) == []
    assert with_wheels(factory, wheels(19.99)) == ["peg_short"]
    assert with_wheels(factory) == ["peg_short"]


def test_wheels_for_another_step_do_not_count():
    """The line names step 20."""
    factory = bicycle({"step": 20}, **STOCK)
    assert with_wheels(factory, wheels(20.0, "A/20")) == []
    assert with_wheels(factory, wheels(20.0, "A/10")) == ["peg_short"]


def test_scrap_and_yield_need_more():
    """Step 20 loses half, so step 10 starts with 20; of the wheels a fifth is lost: 2 x 20 / 0.8 = 50."""
    factory = bicycle({"scrap_share": 0.2}, stock=[{"material": "wheel", "quantity": 50.0}])
    rows = factory.operations.content.to_dicts()
    halved = edited(factory, operations=[rows[0], rows[1] | {"yield_share": 0.5}])
    steps = two_hours(start=20.0, then=20.0)
    assert broken(halved, plan_of(halved, steps, pegging=[wheels(50.0)])) == []
    assert broken(halved, plan_of(halved, steps, pegging=[wheels(49.0)])) == ["peg_short"]


@pytest.mark.parametrize(
    ("valid", "counts"),
    [
        ({"valid_from": date(2026, 3, 2)}, True),
        ({"valid_from": date(2026, 3, 3)}, False),
        ({"valid_to": date(2026, 3, 2)}, True),
        ({"valid_to": date(2026, 3, 1)}, False),
    ],
)
def test_lines_count_on_the_day_of_the_plan(valid: Row, counts: bool):
    """The plan starts on 2 March."""
    assert with_wheels(bicycle(valid, **STOCK)) == (["peg_short"] if counts else [])


def test_lines_count_on_the_day_of_a_later_release():
    """The old wheel counts to 2 March and the job is released on 3 March, at midnight in Berlin (23:00 UTC)."""
    released = {"release": at("03-02 23:00")}
    factory = bicycle({"valid_to": date(2026, 3, 2)}, released, settings=[{"timezone": "Europe/Berlin"}])
    steps = [
        run("A/10", "M1", "03-02 23:00", "03-03 00:00", material="bicycle", quantity=10.0),
        run("A/20", "M2", "03-03 00:00", "03-03 01:00", material="bicycle", quantity=10.0),
    ]
    assert broken(factory, plan_of(factory, steps)) == []
    in_london = edited(factory, settings=[{"start": at("03-02 06:00"), "timezone": "Europe/London"}])
    assert broken(in_london, plan_of(in_london, steps)) == ["peg_short"]


def test_steps_that_are_done_or_running_need_nothing():
    """At step 20, or running at step 10, the wheels are on already."""
    done = bicycle(work={"step": 20})
    only = run("A/20", "M2", "03-02 06:00", "03-02 07:00", material="bicycle", quantity=10.0)
    assert broken(done, plan_of(done, [only])) == []
    running = bicycle(work={"step": 10, "started": at("03-02 05:00")})
    assert with_wheels(running) == []


def test_no_supply_gives_more_than_it_has():
    """19 wheels in stock are not 20, in one row or in two."""
    factory = bicycle(stock=[{"material": "wheel", "quantity": 19.0}])
    assert with_wheels(factory, wheels(20.0)) == ["peg_over"]
    assert with_wheels(factory, wheels(10.0), wheels(10.0)) == ["peg_over"]


def test_a_supply_exists_and_is_what_is_needed():
    """The second row of stock is a saddle, and there is no third."""
    factory = bicycle(stock=[{"material": "wheel", "quantity": 19.0}, {"material": "saddle", "quantity": 99.0}])
    assert with_wheels(factory, wheels(20.0, supply="saddle@#2")) == ["peg_over"]
    assert with_wheels(factory, wheels(20.0, supply="wheel@#3")) == ["peg_over"]


def test_nothing_is_given_to_nobody():
    """There is no job Z."""
    assert with_wheels(bicycle(**STOCK), wheels(20.0), wheels(1.0, "Z/10")) == ["peg_over"]


def test_stock_is_used_when_it_is_free():
    """The wheels are free at 6:30."""
    factory = bicycle(stock=[{"material": "wheel", "quantity": 20.0, "available_from": at("03-02 06:30")}])
    assert with_wheels(factory, wheels(20.0)) == ["material"]
    later = plan_of(factory, two_hours("06:30", "07:30", "08:30"), pegging=[wheels(20.0)])
    assert broken(factory, later) == []


def test_a_row_may_not_promise_a_date_before_the_table():
    """The plan says 6:00, the stock 6:30."""
    factory = bicycle(stock=[{"material": "wheel", "quantity": 20.0, "available_from": at("03-02 06:30")}])
    assert with_wheels(factory, wheels(20.0, available=at("03-02 06:00"))) == ["material"]


def bought(**purchase: object) -> list[str]:
    """What the plan breaks that starts at 7:00 with wheels of a purchase."""
    rows = [{"purchase": "P", "material": "wheel", "quantity": 20.0, **purchase}]
    factory = bicycle(purchases=rows)
    pegging = [wheels(20.0, supply_kind="purchase", supply="P")]
    return broken(factory, plan_of(factory, two_hours("07:00", "08:00", "09:00"), pegging=pegging))


def test_a_purchase_comes_when_it_is_expected_or_else_when_it_is_due():
    """Due at 7:00 it is in time; expected at 7:01 it is not, whatever was promised."""
    assert bought(due=at("03-02 07:00")) == []
    assert bought(due=at("03-02 07:01")) == ["material"]
    assert bought(due=at("03-02 06:00"), expected=at("03-02 07:01")) == ["material"]
    assert bought(due=at("03-02 08:00"), expected=at("03-02 07:00")) == []
    assert bought(quantity=19.0) == ["peg_over"]


def test_a_planned_purchase_takes_the_shortest_lead_time():
    """Two suppliers need 2 days and 1 hour; it is not limited in quantity."""
    factory = bicycle(sources=[{"material": "wheel", "supplier": "X", "lead_days": days} for days in (2.0, 1 / 24)])
    late = two_hours("07:00", "08:00", "09:00")
    in_time = wheels(20.0, supply_kind="planned_purchase", supply="", available=at("03-02 07:00"))
    assert broken(factory, plan_of(factory, late, pegging=[in_time])) == []
    too_soon = {**in_time, "available": at("03-02 06:59")}
    assert broken(factory, plan_of(factory, late, pegging=[too_soon])) == ["material"]
    assert broken(factory, plan_of(factory, two_hours(), pegging=[in_time])) == ["material"]


def test_assumed_supply_is_there_at_once_or_when_the_plan_says():
    """Nobody stocks wheels; the plan assumes them."""
    assumed = wheels(20.0, supply_kind="assumed", supply="")
    assert with_wheels(bicycle(), assumed) == []
    assert with_wheels(bicycle(), {**assumed, "available": at("03-02 06:10")}) == ["material"]


def wheel_lot(quantity: float = 20.0) -> tuple[Factory, Row, Row]:
    """A factory that makes wheels in an hour on M2 and dries them for half an hour; the lot and its operation."""
    factory = bicycle()
    wheel = {"material": "wheel", "step": 10, "machine": "M2", "fixed_minutes": 60.0, "min_wait_minutes": 30.0}
    factory = edited(factory, operations=[*factory.operations.content.to_dicts(), wheel])
    made = run("O:wheel:1/10", "M2", "03-02 06:00", "03-02 07:00", material="wheel", quantity=quantity)
    return factory, lot("O:wheel:1", "wheel", quantity, "03-02 07:30"), made


def test_a_new_lot_is_there_when_its_last_step_ends_and_it_is_dry():
    """Wheels to 7:00, dry at 7:30, so the bicycles may start then."""
    factory, wheel, made = wheel_lot()
    pegging = [wheels(20.0, supply_kind="job", supply="O:wheel:1")]
    right = two_hours("07:30", "08:30", "09:30")
    assert broken(factory, plan_of(factory, [made, *right], lots=[wheel], pegging=pegging)) == []
    early = two_hours("07:00", "08:00", "09:00")
    assert broken(factory, plan_of(factory, [made, *early], lots=[wheel], pegging=pegging)) == ["material"]


def test_a_lot_gives_no_more_than_it_makes():
    """A lot of 12 wheels for 20."""
    factory, wheel, made = wheel_lot(12.0)
    pegging = [wheels(20.0, supply_kind="job", supply="O:wheel:1")]
    plan = plan_of(factory, [made, *two_hours("07:30", "08:30", "09:30")], lots=[wheel], pegging=pegging)
    assert broken(factory, plan) == ["peg_over"]


def test_a_job_without_steps_is_there_with_its_own_material():
    """Kits have no operations: the kit of rims that come at 8:00 is there at 8:00."""
    factory = shop(
        machines=[{"machine": "M1"}],
        operations=[{"material": "bicycle", "step": 10, "fixed_minutes": 60.0}],
        components=[{"material": "bicycle", "component": "kit"}, {"material": "kit", "component": "rim"}],
        work_orders=[work_order("A", "bicycle", 10.0)],
        purchases=[{"purchase": "P", "material": "rim", "quantity": 10.0, "due": at("03-02 08:00")}],
    )
    kit = lot("O:kit:1", "kit", 10.0, "03-02 08:00")
    rims = {**peg("O:kit:1", "rim", 10.0, "purchase", "P"), "consumer_kind": "job"}
    pegging = [rims, peg("A/10", "kit", 10.0, "job", "O:kit:1")]
    nine = run("A/10", "M1", "03-02 08:00", "03-02 09:00", material="bicycle", quantity=10.0)
    assert broken(factory, plan_of(factory, [nine], lots=[kit], pegging=pegging)) == []
    eight = run("A/10", "M1", "03-02 07:00", "03-02 08:00", material="bicycle", quantity=10.0)
    assert broken(factory, plan_of(factory, [eight], lots=[kit], pegging=pegging)) == ["material"]
    hasty = {**kit, "finish": at("03-02 07:00")}
    assert broken(factory, plan_of(factory, [nine], lots=[hasty], pegging=pegging)) == ["order_date"]
    assert broken(factory, plan_of(factory, [nine], lots=[kit], pegging=pegging[1:])) == ["peg_short", "order_date"]


def two_sites(days: float) -> list[str]:
    """What a plan breaks that starts bicycles in the south at 9:00 with wheels from the north, two hours away or so."""
    factory = bicycle(
        sites=[{"site": "north"}, {"site": "south"}],
        work_centers=[{"work_center": "S", "site": "south"}],
        lanes=[{"lane": "truck", "from_site": "north", "to_site": "south", "days": 0.125}],
        stock=[{"material": "wheel", "site": "north", "quantity": 20.0}],
    )
    moved = edited(factory, machines=[{"machine": name, "work_center": "S"} for name in ("M1", "M2")])
    pegging = [wheels(20.0, supply="wheel@north#1", transit_days=days)]
    return broken(moved, plan_of(moved, two_hours("09:00", "10:00", "11:00"), pegging=pegging))


def test_material_travels_between_sites():
    """The truck needs 3 hours, from 6:00 to 9:00; a slower way is late, and a quicker one does not exist."""
    assert two_sites(0.125) == []
    assert two_sites(0.25) == ["material"]
    assert two_sites(0.0) == ["material"]


def test_each_last_step_travels_from_its_own_machine():
    """Two branches end at 7:00 in the north, 3 hours away, and at 8:00 in the south, where the order is: 10:00."""
    factory = shop(
        sites=[{"site": "north"}, {"site": "south"}],
        work_centers=[{"work_center": "N", "site": "north"}, {"work_center": "S", "site": "south"}],
        machines=[{"machine": "M1", "work_center": "N"}, {"machine": "M2", "work_center": "S"}],
        lanes=[{"lane": "truck", "from_site": "north", "to_site": "south", "days": 0.125}],
        operations=[
            {"material": "bicycle", "step": 10, "machine": "M1", "fixed_minutes": 60.0},
            {"material": "bicycle", "step": 20, "machine": "M2", "fixed_minutes": 60.0, "after": "-"},
        ],
        work_orders=[work_order("A", "bicycle", 10.0)],
        orders=[{"order": "O", "material": "bicycle", "quantity": 10.0, "site": "south"}],
    )
    steps = two_hours()
    pegging = [peg("O", "bicycle", 10.0, "work_order", "A")]
    assert broken(factory, plan_of(factory, steps, orders=[promised("O", "03-02 10:00")], pegging=pegging)) == []
    too_soon = plan_of(factory, steps, orders=[promised("O", "03-02 08:00")], pegging=pegging)
    assert broken(factory, too_soon) == ["order_date"]


def test_an_order_at_another_site_waits_for_the_transport():
    """Stock in the north for an order that must be ready in the south, 12 hours away."""
    factory = shop(
        sites=[{"site": "north"}, {"site": "south"}],
        machines=[{"machine": "M1"}],
        lanes=[{"lane": "truck", "from_site": "north", "to_site": "south", "days": 0.5}],
        stock=[{"material": "bicycle", "site": "north", "quantity": 1.0}],
        orders=[{"order": "O", "material": "bicycle", "quantity": 1.0, "site": "south"}],
    )
    stock = peg("O", "bicycle", 1.0, "stock", "bicycle@north#1", transit_days=0.5)
    in_the_evening = [promised("O", "03-02 18:00")]
    assert broken(factory, plan_of(factory, [], orders=in_the_evening, pegging=[stock])) == []
    at_once = plan_of(factory, [], orders=[promised("O", "03-02 06:00")], pegging=[{**stock, "transit_days": 0.0}])
    assert broken(factory, at_once) == ["material"]


def test_an_open_order_is_covered():
    """The order wants 3 and gets 2."""
    factory = shop(
        machines=[{"machine": "M1"}],
        stock=[{"material": "bicycle", "quantity": 9.0}],
        orders=[{"order": "O", "material": "bicycle", "quantity": 3.0}],
    )
    row = [promised("O", "03-02 06:00")]
    two = plan_of(factory, [], orders=row, pegging=[peg("O", "bicycle", 2.0, "stock", "bicycle@#1")])
    assert broken(factory, two) == ["peg_short"]
    given_up = plan_of(factory, [], orders=[promised("O", None, reason="nobody makes it")])
    assert broken(factory, given_up) == []


def test_no_supply_feeds_itself():
    """A wheel made of bicycles made of wheels."""
    factory = shop(
        machines=[{"machine": "M1"}],
        components=[{"material": "wheel", "component": "bicycle"}, {"material": "bicycle", "component": "wheel"}],
    )
    lots = [lot("W", "wheel", 1.0, "03-02 06:00"), lot("B", "bicycle", 1.0, "03-02 06:00")]
    pegging = [
        {**peg("W", "bicycle", 1.0, "job", "B"), "consumer_kind": "job"},
        {**peg("B", "wheel", 1.0, "job", "W"), "consumer_kind": "job"},
    ]
    assert broken(factory, plan_of(factory, [], lots=lots, pegging=pegging)) == ["material"]
