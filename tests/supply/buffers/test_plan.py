"""The buffers of a factory: its chain, sizes, zones and position."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from linewright import read
from linewright.errors import ModelError
from linewright.model.factory import Factory
from linewright.supply.buffers.certificate import breaches
from linewright.supply.buffers.plan import buffers
from linewright.supply.buffers.plan.demand import daily_demand
from linewright.supply.buffers.plan.stages import chain_of
from linewright.supply.buffers.plan.verb import rounded_up

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)


def table_shop(**tables):
    """A table of four legs and a top; legs are bought in 9 days, tops have no source."""
    given = {
        "settings": [{"service_level": 0.975, "stock_cost_share_per_year": 0.2}],
        "materials": [
            {"material": "TABLE", "cost": 50.0, "make_days": 3.5, "promised_days": 2.0, "safety_stock": 10.0},
            {"material": "LEG", "kind": "bought", "lot_multiple": 100.0},
            {"material": "TOP", "kind": "bought"},
            {"material": "OLD", "safety_stock": 5.0, "cost": 1.0},
        ],
        "components": [
            {"material": "TABLE", "component": "LEG", "quantity": 3.0},
            {"material": "TABLE", "component": "LEG", "quantity": 1.0, "step": 20},
            {"material": "TABLE", "component": "TOP", "quantity": 1.0},
            {"material": "TABLE", "component": "OLD", "quantity": 1.0, "valid_to": date(2025, 12, 31)},
        ],
        "lanes": [{"lane": "truck", "from_site": "A", "to_site": "B", "days": 1.0}],
        "sources": [
            {"material": "LEG", "supplier": "slow", "lead_days": 30.0, "preference": 2, "price": 1.0},
            {
                "material": "LEG", "supplier": "quick", "lead_days": 6.0, "admin_days": 2.0, "lane": "truck",
                "lead_days_sd": 1.0, "price": 3.0, "min_quantity": 150.0,
            },
        ],
        "demand_history": [
            {"material": "TABLE", "date": date(2026, 1, 5 + 7 * week), "quantity": 70.0 + 7 * (-1) ** week}
            for week in range(4)
        ],
        "stock": [
            {"material": "LEG", "quantity": 40.0},
            {"material": "LEG", "quantity": 7.0, "expires": date(2026, 1, 1)},
        ],
        "work_orders": [{"work_order": "W1", "material": "TABLE", "quantity": 20.0}],
        "purchases": [{"purchase": "P1", "material": "LEG", "quantity": 300.0}],
        "orders": [{"order": "S1", "material": "TABLE", "quantity": 8.0}],
    }  # fmt: skip
    return Factory.of(**{**given, **tables})


def row_of(plan, material):
    """The row of a material."""
    return plan.materials.row(by_predicate=pl.col("material") == material, named=True)


def test_the_chain_is_the_bill_with_its_times_and_costs():
    """Lines add up, expired ones do not count; days are those of paperwork, delivery and lane, rounded up."""
    made = chain_of(table_shop(), NOW)
    chain = made.chain
    assert chain.names == ("LEG", "TABLE", "TOP")
    assert sorted(zip(chain.supplier.tolist(), chain.customer.tolist(), chain.units.tolist(), strict=True)) == [
        (0, 1, 4.0), (2, 1, 1.0),
    ]  # fmt: skip
    assert chain.lead_mean == pytest.approx([9, 4, 0])
    assert chain.lead_days[0].std() == pytest.approx(1.0)
    assert chain.value == pytest.approx([3, 50, 0])
    assert chain.promised_days[1] == 2
    assert np.isnan(chain.promised_days[[0, 2]]).all()
    assert chain.service_factor == pytest.approx([1.959964] * 3, rel=1e-6)
    assert chain.mean == pytest.approx([40, 10, 10])


def test_what_is_missing_is_told_with_its_cure():
    """No source, no cost, no demand: each is named, and the rest is placed."""
    plan = buffers(table_shop(), now=NOW)
    told = {fault.rule: fault for fault in plan.faults}
    assert told["no_lead_time"].materials == ("TOP",)
    assert told["no_value"].materials == ("TOP",)
    assert told["no_demand"].materials == ("OLD",)
    assert "add a row to sources" in str(told["no_lead_time"])
    assert any("1 material has no cost" in said for said in plan.assumptions)


def test_sizes_follow_from_the_placement():
    """Reorder point, lot, position and order of the legs, by hand."""
    plan = buffers(table_shop(), now=NOW)
    assert breaches(plan.placement) == []
    leg = row_of(plan, "LEG")
    assert leg["safety_stock"] > 0
    assert leg["reorder_point"] == pytest.approx(40 * leg["net_replenishment_days"] + leg["safety_stock"])
    assert leg["lot"] == 200
    assert leg["order_up_to"] == leg["reorder_point"] + 200
    assert (leg["on_hand"], leg["on_order"], leg["committed"]) == (40, 300, 80)
    assert leg["order_quantity"] % 200 == 0
    assert leg["position"] + leg["order_quantity"] >= leg["order_up_to"] - 1e-6
    table = row_of(plan, "TABLE")
    assert (table["on_order"], table["committed"]) == (20, 8)
    assert table["safety_stock_change"] == pytest.approx(table["safety_stock"] - 10)
    assert plan.total_typed == pytest.approx(0.2 * 50 * 10)
    assert plan.total <= plan.total_own


def test_zones_follow_the_book():
    """Yellow is usage over the decoupled lead time; red and green are shares of it, green at least a lot."""
    leg = row_of(buffers(table_shop(), now=NOW), "LEG")
    assert leg["decoupled_lead_days"] == pytest.approx(9)
    assert leg["yellow"] == pytest.approx(360)
    assert leg["red_base"] == pytest.approx(0.5 * 360)
    assert leg["red_safety"] == pytest.approx(0.2 * 180)
    assert leg["green"] == pytest.approx(200)
    assert leg["top_of_green"] == pytest.approx(360 + 180 + 36 + 200)


def test_demand_comes_from_the_best_that_is_known():
    """Forecast before history before orders; the variation of weeks becomes that of days."""
    shop = table_shop(
        forecast=[{"material": "TABLE", "date": date(2026, 3, 2 + 7 * week), "quantity": 140.0} for week in range(3)],
        orders=[{"order": "S1", "material": "LEG", "quantity": 8.0, "due": datetime(2026, 3, 11, tzinfo=UTC)}],
    )
    found = {row["material"]: row for row in daily_demand(shop, date(2026, 3, 2)).frame.iter_rows(named=True)}
    assert found["TABLE"]["mean"] == pytest.approx(20)
    assert found["TABLE"]["sd"] == pytest.approx(np.std([77, 63, 77, 63], ddof=1) / 7**0.5)
    assert found["LEG"]["mean"] == pytest.approx(8 / 10)
    assert found["LEG"]["sd"] == pytest.approx((64 / 10) ** 0.5)


def test_without_demand_or_with_a_circle_there_is_no_chain():
    """Both are refused with what to do about it."""
    with pytest.raises(ModelError, match="add rows to demand_history"):
        buffers(table_shop(demand_history=[], orders=[]), now=NOW)
    circle = [{"material": "TABLE", "component": "LEG"}, {"material": "LEG", "component": "TABLE"}]
    materials = [{"material": "TABLE", "kind": "made"}, {"material": "LEG", "kind": "made"}]
    with pytest.raises(ModelError, match=r"TABLE > LEG > TABLE|LEG > TABLE > LEG"):
        buffers(table_shop(components=circle, materials=materials), now=NOW)


def test_lots_are_rounded_up_to_multiples():
    """A multiple of 0 leaves a quantity as it is."""
    assert rounded_up(np.array([1.0, 200.0, 7.0]), np.array([100.0, 100.0, 0.0])).tolist() == [100, 200, 7]


def test_waiting_customers_save_money():
    """The curve of a factory begins at its promise and falls."""
    curve = buffers(table_shop(), now=NOW).promise_curve([0, 5, 30])
    assert curve.total[0] > curve.total[1] > curve.total[2] == 0


def test_the_example_is_sized(root):
    """The bracket shop gets a proven placement, a sentence, and no row is lost."""
    plan = buffers(read(root / "examples" / "bracket_shop"), now=NOW)
    assert plan.placement.proven
    assert plan.materials["safety_stock"].null_count() == 0
    assert "proven optimal" in repr(plan)
    assert plan.sentences()[0].endswith("if each covered its own lead time.")
    assert plan.stale_because(table_shop())
