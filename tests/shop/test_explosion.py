"""Orders become jobs: what is there is used first, what is missing is made or bought, and each peg is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from linewright.errors import ModelError
from linewright.model.factory import Factory
from linewright.shop.compile import compile_shop
from linewright.shop.explosion import explode

MONDAY = datetime(2026, 3, 2, 6, tzinfo=UTC)


def shop_of(**tables: list[dict[str, object]]) -> Factory:
    """A bicycle of a frame and two wheels; the frame is welded from tube."""
    rows: dict[str, list[dict[str, object]]] = {
        "machines": [{"machine": "M1"}],
        "operations": [{"material": name, "step": 10, "run_minutes": 1} for name in ("bike", "frame")],
        "components": [
            {"material": "bike", "component": "frame"},
            {"material": "bike", "component": "wheel", "quantity": 2},
            {"material": "frame", "component": "tube", "quantity": 3},
        ],
        "orders": [{"order": "O1", "material": "bike", "quantity": 4, "due": MONDAY + timedelta(days=5)}],
        "sources": [{"material": "wheel", "supplier": "S", "lead_days": 2}],
    }
    return Factory.of(**{**rows, **tables})


def pegs(factory: Factory) -> list[tuple[str, str, float, str, str]]:
    """The pegging as (consumer, material, quantity, kind of supply, supply)."""
    columns = ("consumer", "material", "quantity", "supply_kind", "supply")
    return list(compile_shop(factory, MONDAY).pegging.select(columns).iter_rows())


def test_an_order_pulls_its_whole_bill():
    """Four bikes need four frames and eight wheels, and the frames twelve tubes."""
    assert pegs(shop_of()) == [
        ("O1", "bike", 4.0, "job", "O1:bike"),
        ("O1:bike", "frame", 4.0, "job", "O1:frame"),
        ("O1:bike", "wheel", 8.0, "planned_purchase", "planned_purchase:wheel"),
        ("O1:frame", "tube", 12.0, "assumed", "assumed:tube"),
    ]


def test_stock_is_used_before_anything_is_made():
    """With three frames there only one is made, and it needs three tubes."""
    rows = pegs(shop_of(stock=[{"material": "frame", "quantity": 3}]))
    assert ("O1:bike", "frame", 3.0, "stock", "frame@#1") in rows
    assert ("O1:bike", "frame", 1.0, "job", "O1:frame") in rows
    assert ("O1:frame", "tube", 3.0, "assumed", "assumed:tube") in rows


def test_the_more_urgent_order_gets_the_stock():
    """Two orders want the one finished bike: priority decides, then the due date."""
    orders = [
        {"order": "late", "material": "bike", "quantity": 1, "due": MONDAY + timedelta(days=9)},
        {"order": "soon", "material": "bike", "quantity": 1, "due": MONDAY + timedelta(days=2)},
        {"order": "first", "material": "bike", "quantity": 1, "due": MONDAY + timedelta(days=20), "priority": 1},
    ]
    rows = pegs(shop_of(orders=orders, stock=[{"material": "bike", "quantity": 1}]))
    assert [row[0] for row in rows if row[3] == "stock"] == ["first"]


def test_a_work_order_serves_the_order_that_it_names():
    """Although the other order is due earlier."""
    orders = [
        {"order": "A", "material": "frame", "quantity": 1, "due": MONDAY + timedelta(days=1)},
        {"order": "B", "material": "frame", "quantity": 1, "due": MONDAY + timedelta(days=9)},
    ]
    rows = pegs(
        shop_of(orders=orders, work_orders=[{"work_order": "W", "order": "B", "material": "frame", "quantity": 1}])
    )
    assert ("B", "frame", 1.0, "work_order", "W") in rows
    assert ("A", "frame", 1.0, "job", "A:frame") in rows


def test_yield_and_scrap_enlarge_what_is_needed():
    """Half of the frames are lost in welding and a quarter of the tubes on the way: 4 / 0.5 * 3 / 0.75 = 32."""
    factory = shop_of(
        operations=[
            {"material": "bike", "step": 10, "run_minutes": 1},
            {"material": "frame", "step": 10, "run_minutes": 1, "yield_share": 0.5},
        ],
        components=[
            {"material": "bike", "component": "frame"},
            {"material": "frame", "component": "tube", "quantity": 3, "scrap_share": 0.25},
        ],
    )
    assert [row[2] for row in pegs(factory) if row[1] == "tube"] == [pytest.approx(32.0)]


def test_a_new_lot_follows_the_lot_rules_and_what_is_over_serves_the_next():
    """Lots of frames come in fives: the two left over serve the second order."""
    orders = [
        {"order": name, "material": "frame", "quantity": quantity, "due": MONDAY + timedelta(days=day)}
        for name, quantity, day in (("A", 3, 1), ("B", 2, 2), ("C", 1, 3))
    ]
    materials = [
        {"material": name, "lot_multiple": 5.0 if name == "frame" else 0.0} for name in ("bike", "frame", "tube")
    ]
    factory = shop_of(orders=orders, materials=materials, components=[], sources=[])
    rows = pegs(factory)
    assert [(row[0], row[2], row[4]) for row in rows] == [
        ("A", 3.0, "A:frame"), ("B", 2.0, "A:frame"), ("C", 1.0, "C:frame"),
    ]  # fmt: skip
    assert explode(factory, MONDAY).jobs["quantity"].tolist() == [5.0, 5.0]


def test_a_new_lot_is_split_on_request():
    """Four bikes as lots of two whole bikes, each fed by its own frames; wheels are needed as before."""
    factory = shop_of()
    jobs = explode(factory, MONDAY, {("O1", "bike"): 3, ("O2", "bike"): 2}).jobs
    assert jobs["quantity"].tolist()[:2] == [2.0, 2.0]
    shop = compile_shop(factory, MONDAY, splits={("O1", "bike"): 2})
    fed = shop.pegging.filter(pl.col("consumer") == "O1").select("quantity", "supply").rows()
    assert [quantity for quantity, _ in fed] == [2.0, 2.0]
    assert len({supply for _, supply in fed}) == 2
    assert shop.pegging.filter(pl.col("material") == "wheel")["quantity"].sum() == 8.0


def test_split_lots_keep_the_lot_rules():
    """Seven frames in lots of five: two lots, asked for in three."""
    factory = shop_of(
        orders=[{"order": "A", "material": "frame", "quantity": 7}], components=[], sources=[],
        materials=[{"material": "frame", "lot_size_min": 5.0}],
    )  # fmt: skip
    jobs = explode(factory, MONDAY, {("A", "frame"): 3}).jobs
    assert jobs["quantity"].tolist() == [5.0, 5.0]


def test_expired_lines_and_expired_stock_do_not_count():
    """A line that ended yesterday needs nothing; stock that expired yesterday gives nothing."""
    yesterday = (MONDAY - timedelta(days=1)).date()
    factory = shop_of(
        components=[
            {"material": "bike", "component": "frame"},
            {"material": "bike", "component": "wheel", "quantity": 2, "valid_to": yesterday},
        ],
        stock=[{"material": "frame", "quantity": 9, "expires": yesterday}],
    )
    rows = pegs(factory)
    assert {row[1] for row in rows} == {"bike", "frame"}
    assert all(row[3] == "job" for row in rows)


def test_a_running_job_needs_only_what_is_still_to_come():
    """At step 20 of 30 the material of step 10 and 20 has been taken."""
    factory = shop_of(
        operations=[{"material": "bike", "step": step, "run_minutes": 1} for step in (10, 20, 30)],
        components=[{"material": "bike", "component": f"part {step}", "step": step} for step in (10, 20, 30)],
        work_orders=[
            {"work_order": "W", "material": "bike", "quantity": 4, "step": 20, "started": MONDAY, "machine": "M1"}
        ],
    )
    assert [row[1] for row in pegs(factory) if row[0] == "W"] == ["part 30"]


def test_circles_in_the_bill_are_refused_with_their_paths():
    """A needs B and B needs C and C needs A; and D needs itself."""
    lines = [("A", "B"), ("B", "C"), ("C", "A"), ("D", "D"), ("A", "E")]
    with pytest.raises(ModelError) as refused:
        explode(shop_of(components=[{"material": above, "component": below} for above, below in lines]), MONDAY)
    told = str(refused.value)
    assert "A > B > C > A" in told
    assert "D > D" in told
    assert "delete one line of the circle" in told


def test_a_circle_that_has_expired_does_no_harm():
    """A line that does not count any more closes no circle."""
    yesterday = MONDAY.date() - timedelta(days=1)
    lines = [{"material": "bike", "component": "B"}, {"material": "B", "component": "bike", "valid_to": yesterday}]
    assert pegs(shop_of(components=lines))


def test_the_whole_of_adventureworks_is_covered_exactly(bench):
    """Every need of 72,591 work orders is pegged to the last unit, and no stock row gives more than it has."""
    from linewright import read

    factory = read(bench("plants/adventureworks"))
    start = factory.settings.start
    assert start is not None
    explosion = explode(factory, start)
    stock = explosion.pegs["supply_kind"] == 0
    given = [0.0] * len(factory.stock)
    for row, quantity in zip(explosion.pegs["supply"][stock], explosion.pegs["quantity"][stock], strict=True):
        given[row] += quantity
    assert all(a <= b + 1e-6 for a, b in zip(given, factory.stock.column("quantity"), strict=True))
    assert explosion.jobs["material"].size >= 72_591
    to_orders = explosion.pegs["quantity"][explosion.pegs["consumer_kind"] == 0].sum()
    assert to_orders == pytest.approx(factory.orders.column("quantity").sum())
