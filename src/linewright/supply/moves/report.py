"""The verb: every choice of today under every future of the market."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from linewright import __version__
from linewright.model.move_results import MOVE_COLUMNS, Choice, Future, MoveReport
from linewright.model.results import Origin
from linewright.model.table import Table
from linewright.supply.moves.futures import under, with_saturdays
from linewright.supply.moves.outcome import outcome
from linewright.supply.requirements import requirements

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.ports import Planner, Stop
    from linewright.model.results import Plan

#: The tables that decide what is bought, beside those that a plan reads.
READS = ("sources", "purchases", "lanes", "forecast", "substitutes", "materials", "components", "stock")


def market_moves(
    factory: Factory,
    futures: Sequence[Future],
    choices: Sequence[Choice],
    *,
    planner: Planner,
    budget: Stop | None = None,
    known_after_days: float = 7.0,
    now: datetime | None = None,
    seed: int = 0,
    watch: Callable[[int, int], None] | None = None,
) -> MoveReport:
    """Buy and work as each choice says, let each future come, and count.

    What a choice buys until the future is known is a material requirements plan for the future that it buys for; it is
    fixed. What is missing then is bought afterwards, with the lead times of the sources. The work is planned in detail
    for the orders that have come.

    Parameters
    ----------
    planner
        Makes a plan; the same for all, so that differences are those of the choices.
    budget
        When the planner stops.
    known_after_days
        Days until the future is known.
    watch
        Is told how many of how many pairs are done.

    Raises
    ------
    ModelError
        The rows cannot be planned.
    """
    start = factory.start(now or datetime.now().astimezone())
    known = start + timedelta(days=known_after_days)
    bought = {choice.name: _committed(factory, choice, start, known) for choice in choices}
    rows: list[dict[str, Any]] = []
    reads = set(READS)
    for future in futures:
        come = _later_sources(under(factory, future), known_after_days)
        without: dict[str, Plan] = {}
        for choice in choices:
            plant = come.with_tables(purchases=Table.of("purchases", bought[choice.name]))
            if choice.saturdays:
                more = with_saturdays(plant, start, _days(come, start))
                plan = planner(more, stop=budget, seed=seed, now=start)
                # Nobody has to work on a Saturday: the plan without them stays allowed.
                usual = without.get(choice.buy_for.name)
                plan = usual if usual is not None and usual.value < plan.value else plan
            else:
                plan = planner(plant, stop=budget, seed=seed, now=start)
                without[choice.buy_for.name] = plan
            reads |= set(plan.origin.reads)
            rows.append({"future": future.name, "choice": choice.name, **outcome(plant, plan, start)})
            if watch is not None:
                watch(len(rows), len(futures) * len(choices))
    frame = pl.DataFrame([row | {"regret": 0.0} for row in rows], schema=dict(MOVE_COLUMNS))
    frame = frame.with_columns(regret=pl.col("result").max().over("future") - pl.col("result"))
    return MoveReport(
        factory_name=factory.name, currency=factory.settings.currency, timezone=factory.settings.timezone,
        start=start, known_on=known, futures=tuple(futures), choices=tuple(choices), frame=frame,
        assumptions=_told(factory, known_after_days),
        origin=Origin(
            made_by="supply.market_moves", code_version=__version__, seed=seed,
            options={"known_after_days": known_after_days, "budget": repr(budget)},
            reads=factory.hashes(tuple(sorted(reads))),
        ),
    )  # fmt: skip


def _committed(factory: Factory, choice: Choice, start: datetime, known: datetime) -> pl.DataFrame:
    """Open purchases and what the choice orders until the future is known, as rows of purchases."""
    wanted = requirements(under(factory, choice.buy_for), now=start)
    zone = factory.timezone
    # What no source offers comes at once in a schedule, whenever it is ordered, so there is nothing to decide about it.
    mine = wanted.proposals.filter(
        (pl.col("kind") == "purchase") & (pl.col("supplier") != ""),
        pl.col("order_on") <= known.astimezone(zone).date(),
    )
    rows = [
        {
            "purchase": f"{choice.name}: {row['proposal']}", "supplier": row["supplier"], "material": row["material"],
            "quantity": row["quantity"], "site": row["site"],
            "due": max(datetime.combine(row["receive_on"], time(), zone), start),
        }
        for row in mine.iter_rows(named=True)
    ]  # fmt: skip
    frame = factory.purchases.frame
    if not rows:
        return frame
    added = Table.of("purchases", pl.DataFrame(rows).with_columns(pl.col("due").dt.convert_time_zone("UTC"))).frame
    return pl.concat([frame, added.select(frame.columns)])


def _later_sources(factory: Factory, days: float) -> Factory:
    """Whatever is ordered beyond the choice leaves when the future is known.

    A schedule knows only `lead_days`, so the paperwork and the way are added to them: what is ordered later must not
    be quicker than what the choice has ordered.
    """
    frame = factory.sources.frame
    lanes = factory.lanes.frame.select("lane", lane_days="days")
    way = frame.join(lanes, on="lane", how="left", maintain_order="left").get_column("lane_days").fill_null(0.0)
    lead = (pl.col("lead_days") + pl.col("admin_days") + way + days).clip(upper_bound=3650)
    return factory.with_tables(sources=Table.of("sources", frame.with_columns(lead_days=lead, admin_days=0.0)))


def _days(factory: Factory, start: datetime) -> int:
    """Days until the last date, and two weeks more."""
    dues = [factory.orders.frame.get_column("due").max(), factory.work_orders.frame.get_column("due").max()]
    last = max([start, *(due for due in dues if isinstance(due, datetime))])
    return (last - start).days + 14


def _told(factory: Factory, days: float) -> tuple[str, ...]:
    price = {row.material: row.price for row in factory.materials}
    unpriced = sum(
        row.status == "open" and row.price <= 0 and price.get(row.material, 0.0) <= 0 for row in factory.orders
    )
    told = [
        f"Which future it is becomes known after {days:g} days; orders placed until then follow the choice.",
        "All orders of a product move together, and none is cancelled.",
        "What is left over keeps its price; it costs the yearly share of holding stock until the last order is due.",
        "A Saturday is worked only where the plan finds that it pays.",
    ]
    if unpriced:
        told.append(f"{unpriced:,} open orders have no price, nor have their materials: they count at standard cost.")
    return tuple(told)
