"""Tables for the terminal: calm, aligned, and readable without colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import polars as pl
from rich.table import Table
from rich.text import Text

from linewright.kit import words
from linewright.kit.facts import DOUBTFUL, late_facts, percent
from linewright.kit.sheet.columns import Shown, is_number, shown_rows
from linewright.model.faults import Fault
from linewright.model.results import Plan
from linewright.model.run_results import Run

if TYPE_CHECKING:
    from rich.console import Console

#: Status has a colour and a word; nothing is said by colour alone.
LEVEL_STYLES: Mapping[str, str] = MappingProxyType({"error": "bold red", "warning": "yellow", "note": "dim"})


def fault_table(faults: Sequence[Fault], console: Console, limit: int | None = None) -> None:
    """Print faults, worst harm first, each with its place, its cure and the orders that it touches."""
    shown = faults if limit is None else faults[:limit]
    if not faults:
        console.print("No faults in the data.")
        return
    console.print(faults_as_table(shown))
    if len(shown) < len(faults):
        console.print(
            Text(f"and {words.count(len(faults) - len(shown), 'more fault')}: linewright check ... --all", "dim")
        )


def faults_as_table(faults: Sequence[Fault], one_line: bool = False) -> Table:
    """The faults as a table; with `one_line` each takes a single row and is cut where the screen ends."""
    table = plain_table("where", "fault and cure", ("orders", "right"), ("days", "right"), title="Data faults")
    for fault in faults:
        told = Text(f"{fault.message}; {fault.cure}", no_wrap=one_line, overflow="ellipsis" if one_line else "fold")
        told.append(f" (and {fault.count - 1:,} more like it)" if fault.count > 1 else "", "dim")
        place = Text(fault.where, LEVEL_STYLES.get(fault.level, ""), no_wrap=one_line, overflow="ellipsis")
        table.add_row(
            place, told, f"{fault.orders:,}" if fault.orders else "–", f"{fault.days:,.1f}" if fault.days else "–"
        )
    return table


def late_table(plan: Plan, limit: int = 8, run: Run | None = None) -> Table:
    """The dearest late orders with what each waits for, one line each; with a run also their odds to be in time."""
    late_orders = plan.late_orders.height
    rest = f", the {limit} dearest, and {late_orders - limit:,} more" if late_orders > limit else ""
    title = f"Late orders: {late_orders:,}{rest}"
    odds = [("odds", "right")] if run is not None else []
    table = plain_table("order", ("late", "right"), *odds, (plan.currency, "right"), "waits for", title=title)
    known = run.orders.select("order", "kind", "on_time").iter_rows() if run is not None else ()
    share_of = {(order, kind): share for order, kind, share in known}
    for row in late_facts(plan, limit):
        late = Text(words.days_late(row["late_days"]), "red")
        reason = Text(row["waits_for"].removeprefix("waits for "), no_wrap=True, overflow="ellipsis")
        told = [_odds(share_of.get((row["order"], row["kind"])))] if run is not None else []
        table.add_row(row["order"], late, *told, f"{row['late_cost']:,.0f}", reason)
    return table


def odds_table(run: Run, limit: int = 8) -> Table:
    """The orders that are in time in fewer than 90 % of the runs, the highest expected cost first.

    Each has its odds with their 95 % interval, and the date that 80 % of the runs keep.
    """
    below = run.orders.filter(pl.col("on_time") < DOUBTFUL)
    below = below.sort(["late_cost", "late_days", "order"], descending=[True, True, False], nulls_last=True)
    rest = f", the {limit} dearest, and {below.height - limit:,} more" if below.height > limit else ""
    table = plain_table(
        "order", "due", "planned", ("odds", "right"), ("from", "right"), ("to", "right"), "80 % by",
        (f"{run.currency} expected", "right"), title=f"Orders below 90 %: {below.height:,}{rest}",
    )  # fmt: skip
    zone = ZoneInfo(run.timezone)
    for row in below.head(limit).iter_rows(named=True):
        due, planned, safe = (words.moment(row[column], zone) for column in ("due", "planned", "p80"))
        odds, low, high = (_odds(row[column]) for column in ("on_time", "low", "high"))
        cost = "–" if row["late_cost"] is None else f"{row['late_cost']:,.0f}"
        table.add_row(row["order"], due, planned, odds, low, high, safe, cost)
    return table


def _odds(share: float | None) -> str:
    return "–" if share is None or isnan(share) else percent(share)


def frame_table(frame: pl.DataFrame, columns: Sequence[Shown], zone: ZoneInfo, *, title: str, limit: int = 8) -> Table:
    """The first rows of a frame; the title counts the rest. The last column is cut where the screen ends."""
    rest = frame.height - limit
    more = f", the first {limit}, and {rest:,} more" if rest > 0 else ""
    heads = [(column.heading, "right" if is_number(frame, column) else "left") for column in columns]
    table = plain_table(*heads, title=f"{title}: {frame.height:,}{more}")
    for row in shown_rows(frame.head(limit), columns, zone):
        table.add_row(*(Text(cell, no_wrap=True, overflow="ellipsis") for cell in row))
    return table


def load_table(rows: Sequence[Mapping[str, Any]], title: str) -> Table:
    """Work centers with a bar of how full they are."""
    table = plain_table("work center", ("machines", "right"), ("used", "right"), "", ("hours", "right"), title=title)
    for row in rows:
        used = f"{100 * row['used']:.0f} %"
        hours = f"{row['busy_hours']:,.0f} of {row['open_hours']:,.0f} h"
        style = "red" if row["used"] > 1 + 1e-9 else "cyan"
        table.add_row(
            words.center(row["work_center"]), f"{row['machines']:,}", used, Text(meter(row["used"]), style), hours
        )
    return table


def meter(share: float, width: int = 20) -> str:
    """A bar for a share between 0 and 1, in signs that every terminal font has."""
    full = round(min(max(share, 0.0), 1.0) * width)
    return "█" * full + "░" * (width - full)


def plain_table(*columns: str | tuple[str, str], title: str = "") -> Table:
    """A table without lines, with a quiet header; a column may be a pair of its name and alignment."""
    table = Table(
        box=None, title=title, title_justify="left", title_style="bold", header_style="dim", pad_edge=False,
        show_edge=False, padding=(0, 2, 0, 0),
    )  # fmt: skip
    for column in columns:
        name, justify = column if isinstance(column, tuple) else (column, "left")
        table.add_column(name, justify="right" if justify == "right" else "left", overflow="ellipsis")
    return table
