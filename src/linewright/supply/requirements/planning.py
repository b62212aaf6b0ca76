"""The verb: what to buy, make and move so that every need is met, or named short."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from linewright.supply.requirements.book import Book
from linewright.supply.requirements.core.build import build
from linewright.supply.requirements.core.solution import solve
from linewright.supply.requirements.edits import OrderIndex
from linewright.supply.requirements.reading.read import read_facts
from linewright.supply.requirements.reading.terms import Terms

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.results import Plan
    from linewright.model.supply_results import SupplyPlan


def requirements(
    factory: Factory,
    *,
    now: datetime | None = None,
    bucket_days: int = 7,
    weeks: int = 52,
    consume_days: tuple[int, int] = (0, 0),
    patience_days: int = 7,
    assumed_lead_days: int = 14,
    plan: Plan | None = None,
) -> SupplyPlan:
    """Plan all materials: needs of orders and forecast, level by level down the bills, against what is there.

    Rows that cannot be planned are left out and told as faults of the result; everything else is planned.

    Parameters
    ----------
    factory
        What is planned. Its settings name the day from which it is planned, the fence (`firm_days`) within which no
        new order starts, and the yearly cost of stock.
    now
        The moment of planning where the settings name none; then it is needed.
    bucket_days
        Days that share a lot (lot for lot), and in which orders use up forecast.
    weeks
        How far the plan looks ahead.
    consume_days
        Days before and after its own within which an order may use up forecast of other buckets.
    patience_days
        How many days a need rather waits for a supply that is on its way than gets a new one.
    assumed_lead_days
        What a bought material takes that no source offers.
    plan
        A schedule whose finishes are used in place of the due dates of work orders, and whose new lots are supplies.

    Raises
    ------
    ValueError
        An option makes no sense, or neither the settings nor `now` say when planning starts.
    """
    terms = Terms(
        bucket_days=bucket_days, weeks=weeks, consume_days=consume_days, patience_days=patience_days,
        assumed_lead_days=assumed_lead_days,
    )  # fmt: skip
    if now is None and factory.settings.start is None:
        raise ValueError("the settings name no start, so `now` is needed")
    return planned(factory, factory.start(now or datetime(1970, 1, 1, tzinfo=UTC)), terms, plan)


def planned(factory: Factory, start: datetime, terms: Terms, plan: Plan | None) -> SupplyPlan:
    """Read, solve, and open the book."""
    reading = read_facts(factory, start, terms, plan)
    task, sorting = build(reading.facts)
    return Book(reading, sorting, solve(task), OrderIndex(reading), plan).result()
