"""A supply plan in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import polars as pl
from rich.text import Text

from linewright.kit import words
from linewright.kit.sheet import Section, Shown
from linewright.kit.tables import frame_table

if TYPE_CHECKING:
    from rich.console import Console

    from linewright.model.supply_results import SupplyPlan
    from linewright.supply.buffers.plan.verb import BufferPlan

PROPOSALS = (
    Shown("order_on", "order on"), Shown("kind", "what"), Shown("material", "material"),
    Shown("quantity", "quantity"), Shown("unit", "unit"), Shown("supplier", "from"), Shown("receive_on", "comes"),
    Shown("money", "money"), Shown("order", "first for"),
)  # fmt: skip
SHORTAGES = (
    Shown("material", "material"), Shown("quantity", "short by"), Shown("needed_on", "needed"),
    Shown("expected_on", "comes"), Shown("late_days", "days late"), Shown("orders", "orders that wait"),
)  # fmt: skip
EXCEPTIONS = (Shown("kind", "do"), Shown("text", "what"))
LATE = (
    Shown("order", "order"), Shown("material", "material"), Shown("due_on", "due"),
    Shown("expected_on", "can come", null="not at all"), Shown("late_days", "days late"),
    Shown("waits_for", "waits for"),
)  # fmt: skip
TRACE = (
    Shown("depth", "level"), Shown("material", "material"), Shown("quantity", "quantity", 1),
    Shown("need", "needed by"), Shown("needed_on", "on"), Shown("supply_kind", "comes from"),
    Shown("supply", "which"), Shown("available_on", "there on"),
)  # fmt: skip
#: The kinds of proposals in words.
WORDS = {"purchase": "buy", "work_order": "make", "transfer": "move"}
ASSUMED, FAULTS, SHOWN = 4, 3, 10


def supply_lead(plan: SupplyPlan, days: int) -> str:
    """The sentence that counts most: what to place now, and what is late anyway."""
    soon = plan.to_order(days=days)
    buy = soon.filter(pl.col("kind") == "purchase")
    money = words.money(float(buy["money"].sum()), plan.currency)
    when = "today" if days == 0 else f"within {words.count(days, 'day')}"
    late = plan.late_orders.height
    place = f"{words.count(buy.height, 'purchase')} to place {when} for {money}"
    first = place if buy.height else f"Nothing to buy {when}"
    if not plan.orders.height:
        short = plan.shortages.height
        waiting = "there are no open orders" + (f", and {words.count(short, 'other need')} come late" if short else "")
    elif late:
        waiting = f"by lead times {late:,} of {words.count(plan.orders.height, 'order')} come late"
    else:
        waiting = "by lead times every order can come in time"
    return f"{first}; {waiting}."


def supply_sentences(plan: SupplyPlan) -> list[str]:
    """What is on its way at the wrong time, in one line for each kind."""
    told = []
    for kind, number in plan.exceptions.group_by("kind", maintain_order=True).len().iter_rows():
        first = plan.exceptions.filter(pl.col("kind") == kind)["text"][0]
        more = f" And {number - 1:,} more like it." if number > 1 else ""
        first = first.rstrip(".") + "."
        # Most say themselves what to do: "Expedite purchase ...".
        label = "" if first.lower().startswith(kind[:3]) or kind == "cancel" else f"{kind.capitalize()}: "
        told.append(f"{label}{first}{more}")
    return told


def knows_forecast(plan: SupplyPlan) -> bool:
    """Whether anything but orders was planned for."""
    return len(plan.factory.forecast) > 0


def print_supply(plan: SupplyPlan, held: BufferPlan | None, days: int, console: Console) -> None:
    """Print the lead, what to order, what is short, and what to do about the rest."""
    zone = ZoneInfo(plan.timezone)
    console.print(Text(supply_lead(plan, days), "bold red" if plan.late_orders.height else "bold green"))
    soon = _in_words(plan.to_order(days=days))
    if soon.height:
        console.print(
            frame_table(soon, PROPOSALS, zone, title=f"To order within {words.count(days, 'day')}", limit=SHOWN)
        )
    if plan.shortages.height:
        console.print(frame_table(plan.shortages, SHORTAGES, zone, title="Short or late"))
    for sentence in supply_sentences(plan):
        console.print(Text(sentence))
    if not knows_forecast(plan) and plan.exceptions["kind"].is_in(["cancel", "delay"]).any():
        console.print(Text("Only orders are known here: with --forecast less would be cut or put off.", "yellow"))
    if held is not None:
        from linewright.supply.show.buffers import print_buffers

        print_buffers(held, console, zone)
    for fault in plan.faults[:FAULTS]:
        told = Text(f"{fault.where}: {fault.message}; {fault.cure}", "yellow")
        console.print(told, no_wrap=True, overflow="ellipsis")
    for sentence in plan.assumptions[:ASSUMED]:
        console.print(Text(f"Assumed: {sentence}", "dim"))
    if len(plan.assumptions) > ASSUMED:
        console.print(Text(f"And {len(plan.assumptions) - ASSUMED} more assumptions, in --report and --json.", "dim"))
    if soon.height > SHOWN:
        console.print(Text(f"All {soon.height:,} are in --report and --out.", "dim"))
    hints = "--order NAME: what it is made from · --for PURCHASE: whom it serves · linewright plan: dates to the hour"
    console.print(Text(f"Next: {hints}", "dim"))


def supply_sections(plan: SupplyPlan, held: BufferPlan | None, days: int) -> tuple[str, list[Section]]:
    """The lead and the sections of a sheet."""
    sections = [
        Section("To order now", frame=_in_words(plan.to_order(days=days)), columns=PROPOSALS),
        Section("Short or late", frame=plan.shortages, columns=SHORTAGES),
        Section("Orders that wait for material", frame=plan.late_orders, columns=LATE),
        Section("On its way at the wrong time", frame=plan.exceptions, columns=EXCEPTIONS),
        Section("Everything that is proposed", frame=_in_words(plan.proposals), columns=PROPOSALS),
    ]
    if held is not None:
        from linewright.supply.show.buffers import buffer_sections

        sections += buffer_sections(held)
    faults = tuple(f"{fault.where}: {fault.message}; {fault.cure}." for fault in plan.faults[:50])
    sections += [Section("Faults", faults), Section("Assumed for the materials", plan.assumptions)]
    return supply_lead(plan, days), sections


def supply_facts(plan: SupplyPlan, held: BufferPlan | None, days: int) -> dict[str, Any]:
    """The same for machines."""
    facts: dict[str, Any] = {
        "today": plan.today, "horizon_end": plan.horizon_end, "currency": plan.currency,
        "to_order": plan.to_order(days=days).to_dicts(), "proposals": plan.proposals.to_dicts(),
        "shortages": plan.shortages.to_dicts(), "late_orders": plan.late_orders.to_dicts(),
        "exceptions": plan.exceptions.to_dicts(), "faults": [fault.facts() for fault in plan.faults],
        "assumptions": list(plan.assumptions),
    }  # fmt: skip
    if held is not None:
        from linewright.supply.show.buffers import buffer_facts

        facts["buffers"] = buffer_facts(held)
    return facts


def traced(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of a trace with kinds of supply as people say them."""
    names = {"work_order": "work order", "proposal": "to order", "job": "planned lot", "short": "nothing"}
    return rows.with_columns(supply_kind=pl.col("supply_kind").replace(names))


def _in_words(proposals: pl.DataFrame) -> pl.DataFrame:
    dearest = proposals.sort("order_on", "money", "proposal", descending=[False, True, False], nulls_last=True)
    return dearest.with_columns(kind=pl.col("kind").replace(WORDS))
