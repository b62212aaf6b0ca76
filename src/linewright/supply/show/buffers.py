"""Buffers in words and tables, with the view of demand-driven planning beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import polars as pl
from rich.text import Text

from linewright.kit.sheet import Section, Shown
from linewright.kit.tables import frame_table

if TYPE_CHECKING:
    from rich.console import Console

    from linewright.model.forecast_results import ForecastResult
    from linewright.supply.buffers.plan.verb import BufferPlan

BUFFERS = (
    Shown("material", "material"), Shown("net_replenishment_days", "days to cover", 1),
    Shown("safety_stock", "safety stock"), Shown("typed_safety_stock", "typed in"),
    Shown("reorder_point", "reorder at"), Shown("position", "there or coming"), Shown("order_quantity", "order"),
    Shown("holding_cost", "money a year"),
)  # fmt: skip
#: Materials named whose demand has moved.
MOVED = 5
ZONES = (
    Shown("material", "material"), Shown("red_base", "red base"), Shown("red_safety", "red safety"),
    Shown("yellow", "yellow"), Shown("green", "green"), Shown("top_of_green", "top of green"),
)  # fmt: skip


def print_buffers(held: BufferPlan, console: Console, zone: ZoneInfo) -> None:
    """Print what the buffers cost, and the dearest of them."""
    told = held.sentences()
    console.print(Text("Buffers", "bold"))
    for sentence in told:
        console.print(sentence, markup=False, highlight=False)
    console.print(frame_table(_dearest(held), BUFFERS, zone, title="Where to hold stock, the dearest first"))


def print_moved(held: BufferPlan, expected: ForecastResult, console: Console) -> None:
    """Say of which materials demand has moved, and what they hold now."""
    stock = dict(held.materials.select("material", "safety_stock").iter_rows())
    moved = [alarm for alarm in expected.alarms if stock.get(alarm.material, 0.0) > 0]
    for alarm in moved[:MOVED]:
        console.print(f"{alarm.sentence} Its safety stock is now {stock[alarm.material]:,.0f}.", highlight=False)
    if len(moved) > MOVED:
        console.print(Text(f"And {len(moved) - MOVED:,} more materials whose demand has moved.", "dim"))


def buffer_sections(held: BufferPlan) -> list[Section]:
    """The sections of a sheet."""
    zones = held.materials.filter(pl.col("top_of_green") > 0) if "top_of_green" in held.materials.columns else None
    columns = tuple(column for column in ZONES if zones is not None and column.name in zones.columns)
    return [
        Section("Where to hold stock", tuple(held.sentences()), frame=_dearest(held), columns=BUFFERS),
        Section("Red, yellow, green", frame=zones, columns=columns),
        Section("Assumed for the buffers", held.assumptions),
    ]


def buffer_facts(held: BufferPlan) -> dict[str, Any]:
    """The same for machines."""
    return {
        "total_a_year": held.total, "total_own_a_year": held.total_own, "total_typed_a_year": held.total_typed,
        "proven": held.placement.proven, "materials": held.materials.to_dicts(), "sentences": held.sentences(),
    }  # fmt: skip


def _dearest(held: BufferPlan) -> pl.DataFrame:
    return held.materials.filter(pl.col("safety_stock") > 0).sort("holding_cost", "material", descending=[True, False])
