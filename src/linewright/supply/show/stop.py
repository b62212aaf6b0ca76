"""A stop in words: which orders, from when, how much money, and what closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.text import Text

from linewright.kit import words
from linewright.kit.sheet import Section, Shown
from linewright.kit.tables import frame_table
from linewright.model.stop_results import StopReport

if TYPE_CHECKING:
    from rich.console import Console

ORDERS = (
    Shown("order", "order"), Shown("material", "material"), Shown("due", "due"), Shown("finish", "planned"),
    Shown("finish_kept", "if nobody reacts"), Shown("finish_reacting", "planned anew"),
    Shown("late_cost", "lateness"), Shown("late_cost_reacting", "anew"),
)  # fmt: skip
MATERIALS = (
    Shown("material", "material"), Shown("quantity", "quantity"), Shown("unit", "unit"),
    Shown("needed_from", "needed from"), Shown("orders", "orders"), Shown("unit_price", "each", 2),
    Shown("money", "money"),
)  # fmt: skip
#: Lateness that differs by less than this in currency is the same.
SAME = 0.5


def stop_sentences(report: StopReport) -> list[str]:
    """The report in at most five sentences, the one that counts most first."""
    zone, stop = ZoneInfo(report.timezone), report.stop
    length = f"{stop.days:g} days" if stop.days != 1 else "a day"
    first = report.first_late
    if first is None:
        told = [f"{stop.kind.capitalize()} {stop.name} may stop for {length}: no order gets later."]
        if report.first_wait:
            told.append(f"Work waits from {words.moment(report.first_wait[1], zone)} on, but catches up.")
        return told
    late = report.newly_late
    told = [
        f"If {stop.kind} {stop.name} stops for {length}, the first order is missed on {words.moment(first[1], zone)} "
        f"({first[0]}, after {report.survive_days:.1f} days); {words.count(late.height, 'order')} "
        f"get{'s' if late.height == 1 else ''} later, {words.money(report.late_cost, report.currency)} of lateness."
    ]
    if report.first_wait:
        told.append(f"Work waits first on {words.moment(report.first_wait[1], zone)}: {report.first_wait[0]}.")
    sales = float(late.get_column("sales").sum())
    if sales > 0:
        told.append(f"The orders that get later are worth {words.money(sales, report.currency)}.")
    told += _cures(report)
    return told


def _cures(report: StopReport) -> list[str]:
    told = []
    saved = report.late_cost - report.late_cost_reacting
    if saved > SAME:
        left = words.money(max(0.0, report.late_cost_reacting), report.currency)
        others = ", with other sources" if report.stop.kind in {"supplier", "lane", "site", "region"} else ""
        told.append(f"Planned anew{others}, {left} of it remains.")
    else:
        told.append("Planned anew, nothing is gained.")
    if report.shielded is not None:
        names = [
            f"{quantity:,.0f} more of {material}"
            for material, quantity in report.materials.select("material", "quantity").head(3).iter_rows()
        ]
        more = report.materials.height - 3
        listed = ", ".join(names) + (f" and {more} other materials" if more > 0 else "")
        left_cost = report.shielded.costs["lateness"] - report.base.costs["lateness"]
        closes = "closes it" if left_cost < SAME else f"leaves {words.money(left_cost, report.currency)} of lateness"
        money = words.money(report.shield_money, report.currency)
        told.append(f"{listed[0].upper()}{listed[1:]} in stock today for {money} {closes} (tried on the plan).")
    return told


def print_stop(report: StopReport, console: Console) -> None:
    """Print the sentences, then the orders and the materials."""
    zone = ZoneInfo(report.timezone)
    sentences = stop_sentences(report)
    console.print(Text(sentences[0], "bold red" if report.first_late else "bold green"))
    for sentence in sentences[1:]:
        console.print(sentence, markup=False, highlight=False)
    if report.newly_late.height:
        console.print(frame_table(report.newly_late, ORDERS, zone, title="Orders that get later"))
    if report.materials.height:
        console.print(frame_table(report.materials, MATERIALS, zone, title="Held back from them"))
    for sentence in report.assumptions:
        console.print(Text(f"Assumed: {sentence}", "dim"))


def stop_sections(report: StopReport) -> tuple[str, list[Section]]:
    """The lead and the sections of a sheet."""
    sentences = stop_sentences(report)
    return sentences[0], [
        Section("What happens, and what helps", (*sentences[1:], *report.assumptions)),
        Section("Orders that get later", frame=report.newly_late, columns=ORDERS),
        Section("Held back from them", frame=report.materials, columns=MATERIALS),
    ]


def stop_facts(report: StopReport) -> dict[str, Any]:
    """The same for machines."""
    first, wait = report.first_late, report.first_wait
    return {
        "stop": {"kind": report.stop.kind, "name": report.stop.name, "days": report.stop.days},
        "start": report.start, "end": report.end, "currency": report.currency,
        "survive_days": report.survive_days,
        "first_late": None if first is None else {"order": first[0], "moment": first[1]},
        "first_wait": None if wait is None else {"operation": wait[0], "moment": wait[1]},
        "late_cost": report.late_cost, "late_cost_reacting": report.late_cost_reacting,
        "orders": report.newly_late.to_dicts(), "materials": report.materials.to_dicts(),
        "shield_money": report.shield_money,
        "late_cost_shielded": None if report.shielded is None
        else report.shielded.costs["lateness"] - report.base.costs["lateness"],
        "assumptions": list(report.assumptions),
    }  # fmt: skip
