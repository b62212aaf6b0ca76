"""Choices under futures, on the bracket shop and on rows whose answer is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from linewright import read
from linewright.model.factory import Factory
from linewright.model.move_results import Choice, Future
from linewright.model.table import Table
from linewright.plan import schedule
from linewright.plan.stop import Rounds
from linewright.supply.moves import market_moves, usual_choices, usual_futures
from linewright.supply.moves.futures import under, with_saturdays
from linewright.supply.moves.outcome import outcome
from linewright.supply.show.moves import moves_sections, moves_sentences

START = datetime(2026, 3, 2, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[3] / "examples" / "bracket_shop"
PLANNER = partial(schedule, exact=False, cores=1)


def small():
    """Ten P for 20 each in ten days, an hour of work each; each takes a part for 5 that takes eight days to come."""
    return Factory.of(
        settings=[{"start": START, "late_cost_per_day": 10.0, "stock_cost_share_per_year": 0.365}],
        materials=[{"material": "P", "price": 20.0}, {"material": "A", "cost": 5.0, "kg_co2e": 2.0}],
        components=[{"material": "P", "component": "A"}],
        work_centers=[{"work_center": "W"}],
        machines=[{"machine": "M", "work_center": "W"}],
        operations=[{"material": "P", "step": 10, "work_center": "W", "run_minutes": 60.0}],
        orders=[{"order": "O", "material": "P", "quantity": 10.0, "due": START + timedelta(days=10), "price": 20.0}],
        suppliers=[{"supplier": "S"}],
        sources=[{"material": "A", "supplier": "S", "lead_days": 8.0, "price": 5.0}],
    )  # fmt: skip


BASE, HIGH = Future(name="base"), Future(name="high", factor=1.5)


def test_who_buys_too_little_waits_for_what_comes_later():
    """Five more A ordered after a week come on day 15: the high order is five days late, and costs 50 more."""
    choices = (Choice(name="few", buy_for=BASE), Choice(name="many", buy_for=HIGH))
    report = market_moves(small(), (BASE, HIGH), choices, planner=PLANNER, budget=Rounds(1), now=START)
    rows = {(row["future"], row["choice"]): row for row in report.frame.iter_rows(named=True)}
    few, many = rows["high", "few"], rows["high", "many"]
    assert few["sales"] == many["sales"] == pytest.approx(300)
    assert few["bought"] == many["bought"] == pytest.approx(75)
    assert few["service"] == 0
    assert many["service"] == 1
    assert few["late_cost"] == pytest.approx(10 * (5 + 15 / 24), abs=0.1)
    assert few["regret"] == pytest.approx(few["late_cost"] - many["late_cost"], abs=0.02)
    assert many["regret"] == 0
    assert few["kg_co2e"] == pytest.approx(30)


def test_who_buys_too_much_keeps_it():
    """Five A are left over: 25 of value, and ten days of a thousandth a day as its cost."""
    choices = (Choice(name="few", buy_for=BASE), Choice(name="many", buy_for=HIGH))
    report = market_moves(small(), (BASE,), choices, planner=PLANNER, budget=Rounds(1), now=START)
    many = report.frame.filter(pl.col("choice") == "many").row(0, named=True)
    assert many["left_over"] == pytest.approx(25)
    assert many["holding"] == pytest.approx(0.25)
    assert many["cash"] == pytest.approx(200 - 75 - 0.25)
    assert many["regret"] == pytest.approx(0.25)
    assert report.safest == "few"
    assert report.origin.reads.keys() >= {"machines", "shifts", "calendar_exceptions", "sources", "lanes", "forecast"}


def test_a_future_scales_what_has_not_begun():
    """Whole numbers stay whole, work in progress stays, and no order vanishes."""
    factory = read(EXAMPLE)
    moved = under(factory, Future(name="low", factor=0.001, materials={"PIN": 3.0}))
    assert moved.orders["SO-2601"].quantity == 1
    assert moved.orders["SO-2608"].quantity == 3 * factory.orders["SO-2608"].quantity
    assert moved.work_orders["WO-771"] == factory.work_orders["WO-771"]
    assert under(factory, BASE) is factory


def test_saturdays_are_added_where_none_are_worked():
    """The next Saturdays from six to two for the calendars that end on Friday; a Saturday that is there stays."""
    factory = read(EXAMPLE)
    start = factory.start(START)
    more = with_saturdays(factory, start, 14)
    added = more.calendar_exceptions.frame.filter(pl.col("note") == "Saturday")
    local = added["start"].dt.convert_time_zone("Europe/Berlin")
    assert set(local.dt.weekday()) == {6}
    assert set(local.dt.hour()) == {6}
    assert set(added["cost_per_hour"]) == {47.5}
    both = set(zip(added["calendar"], local.dt.date(), strict=True))
    assert ("two shifts", datetime(2026, 3, 7).date()) not in both
    assert ("two shifts", datetime(2026, 3, 14).date()) in both


def test_a_work_order_for_an_order_is_sold_once():
    """Six of the ten are released: the order brings 200, and what two more work orders make for stock 20 each."""
    due = START + timedelta(days=10)
    released = [
        {"work_order": "W1", "order": "O", "material": "P", "quantity": 6.0, "due": due},
        {"work_order": "W2", "material": "P", "quantity": 5.0, "due": due},
        {"work_order": "W3", "material": "P", "quantity": 1.0, "due": due},
    ]
    factory = small().with_tables(work_orders=Table.of("work_orders", released))
    plan = PLANNER(factory, stop=Rounds(1), now=START)
    found = outcome(factory, plan, START)
    assert found["sales"] == pytest.approx(200 + 2 * 20)
    assert found["service"] == pytest.approx(1)


def test_what_nobody_offers_is_no_choice():
    """Without a source the part comes at once in every plan: who orders it today must not be the one who waits."""
    factory = small().with_tables(sources=Table.of("sources", []))
    choices = (Choice(name="few", buy_for=BASE), Choice(name="many", buy_for=HIGH))
    report = market_moves(factory, (BASE, HIGH), choices, planner=PLANNER, budget=Rounds(1), now=START)
    assert report.frame["late"].sum() == 0
    assert report.frame["regret"].to_list() == [0, 0, 0, 0]


def test_who_orders_later_waits_for_the_paperwork_too():
    """Eight days to come and four of paperwork: what is ordered after a week comes on day 19."""
    source = {"material": "A", "supplier": "S", "lead_days": 8.0, "admin_days": 4.0, "price": 5.0}
    factory = small().with_tables(sources=Table.of("sources", [source]))
    choices = (Choice(name="few", buy_for=BASE), Choice(name="many", buy_for=HIGH))
    report = market_moves(factory, (HIGH,), choices, planner=PLANNER, budget=Rounds(1), now=START)
    late = dict(report.frame.select("choice", "late_cost").iter_rows())
    assert late["few"] == pytest.approx(10 * (9 + 15 / 24), abs=0.1)
    assert late["many"] == pytest.approx(10 * (2 + 15 / 24), abs=0.1)


def test_a_shutdown_has_no_saturdays():
    """Shut from Friday the 6th to Sunday the 15th: only the 21st is added; a calendar of `fri-mon` works on them."""
    shifts = [
        {"calendar": "day", "weekday": "mon-fri", "start": time(6), "end": time(14)},
        {"calendar": "round", "weekday": "fri-tue", "start": time(6), "end": time(14)},
    ]
    shut = [{"calendar": "day", "start": START + timedelta(days=4), "end": START + timedelta(days=14)}]
    factory = small().with_tables(
        shifts=Table.of("shifts", shifts), calendar_exceptions=Table.of("calendar_exceptions", shut)
    )
    added = with_saturdays(factory, START, 21).calendar_exceptions.frame.filter(pl.col("note") == "Saturday")
    assert added.select("calendar", pl.col("start").dt.date()).rows() == [("day", date(2026, 3, 21))]


def test_the_bracket_shop_under_its_usual_futures():
    """Regret is never negative, one choice has none in each future, and the page says what to do first."""
    factory = read(EXAMPLE)
    futures = usual_futures(factory, None, high=1.3)
    assert [future.name for future in futures] == ["base", "high", "low", "shock"]
    choices = tuple(choice for choice in usual_choices(futures) if not choice.saturdays)
    report = market_moves(factory, futures, choices, planner=PLANNER, budget=Rounds(1))
    assert report.frame.height == len(futures) * len(choices)
    assert (report.frame["regret"] >= 0).all()
    assert (report.frame.group_by("future").agg(pl.col("regret").min())["regret"] == 0).all()
    assert moves_sentences(report)[0].lower().startswith(report.safest.lower())
    lead, sections = moves_sections(report)
    assert lead == moves_sentences(report)[0]
    assert sections[0].figure.startswith("<svg")


def test_orders_without_a_price_are_told():
    """Their sales are their cost, which somebody who reads the result must know."""
    order = {"order": "O", "material": "P", "quantity": 10.0, "due": START + timedelta(days=10)}
    factory = small().with_tables(
        orders=Table.of("orders", [order]), materials=Table.of("materials", [{"material": "P"}, {"material": "A"}])
    )
    choices = (Choice(name="few", buy_for=BASE),)
    report = market_moves(factory, (BASE,), choices, planner=PLANNER, budget=Rounds(1), now=START)
    assert any(told.startswith("1 open orders have no price") for told in report.assumptions)
