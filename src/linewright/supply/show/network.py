"""The stress test of a factory's network in words, tables and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import polars as pl
from rich.text import Text

from linewright.kit import words
from linewright.kit.sheet import Section, Shown
from linewright.kit.tables import frame_table
from linewright.model.stress_results import StressReport
from linewright.supply.network.of_factory import FactoryNetwork
from linewright.supply.show.figures import network_map, survive_bars

if TYPE_CHECKING:
    from rich.console import Console

    from linewright.model.factory import Factory

COLUMNS = (
    Shown("kind", "kind"), Shown("node", "what stops"), Shown("survives", "survives, days"),
    Shown("recover_days", "recovers in", 1), Shown("margin_days", "margin", 1), Shown("loss", "loss"),
    Shown("first_pool", "runs short first"),
)  # fmt: skip
UNMET = (Shown("pool", "material"), Shown("units_per_day", "short, units a day", 1))
#: Assumptions on the terminal; the sheet has all of them.
ASSUMED = 4


def ranked(report: StressReport) -> pl.DataFrame:
    """Every stop, the dearest first, then the one with the least margin."""
    days = pl.col("survive_days")
    longer = pl.format("over {}", pl.lit(f"{report.most_days:g}"))
    shown = pl.when(days >= report.most_days - 1e-6).then(longer).otherwise(days.round(1).cast(pl.String))
    return report.frame.sort(["loss", "margin_days", "node"], descending=[True, False, False]).with_columns(
        survives=shown
    )


def stress_lead(report: StressReport) -> str:
    """The sentence that counts most."""
    count, exposed = report.frame.height, report.exposed.height
    if exposed == 0:
        return f"All {count} stops that were tried are over before anything runs short."
    worst = report.exposed.row(0, named=True)
    return (
        f"{exposed} of {count} stops are felt before they are over; the dearest is {worst['kind']} {worst['node']}: "
        f"{words.money(worst['loss'], report.currency)}."
    )


def stress_sentences(report: StressReport) -> list[str]:
    """What follows the lead: the worst three, what is short anyway."""
    told = list(report.sentences[1:4]) if report.exposed.height else []
    if report.unmet.height:
        told.append(
            f"{words.count(report.unmet.height, 'product')} cannot be made at the rate that is wanted even when "
            "nothing stops: their demand is counted as far as it can be met."
        )
    return told


def print_stress(report: StressReport, built: FactoryNetwork, factory: Factory, console: Console) -> None:
    """Print the lead, the worst ten, and what was taken for granted."""
    zone = ZoneInfo(factory.settings.timezone)
    console.print(Text(stress_lead(report), "bold red" if report.exposed.height else "bold green"))
    for sentence in stress_sentences(report):
        console.print(sentence, markup=False, highlight=False)
    console.print(frame_table(ranked(report), COLUMNS, zone, title="Stops, the dearest first", limit=10))
    console.print(Text("Assumed", "bold"))
    for sentence in built.assumptions[:ASSUMED]:
        console.print(Text(f"  {sentence}"))
    if len(built.assumptions) > ASSUMED:
        console.print(Text(f"  And {len(built.assumptions) - ASSUMED} more, in --report and --json.", "dim"))
    console.print(Text("  Material flows here without lead times; a stop with a name goes through the plan."))
    console.print(
        Text("Next: stress --supplier NAME --weeks 3 goes through the plan · shields says what to buy", "dim")
    )


def stress_sections(report: StressReport, built: FactoryNetwork) -> tuple[str, list[Section]]:
    """The lead and the sections of a sheet."""
    frame = ranked(report)
    return stress_lead(report), [
        Section("Survives and recovers", tuple(stress_sentences(report)), survive_bars(report)),
        Section("The network", figure=network_map(report, built)),
        Section("Every stop", frame=frame, columns=COLUMNS),
        Section("Short even when nothing stops", frame=report.unmet, columns=UNMET),
        Section("Assumed for the network", built.assumptions),
    ]


def stress_facts(report: StressReport, built: FactoryNetwork) -> dict[str, Any]:
    """The same for machines."""
    return {
        "currency": report.currency, "most_days": report.most_days, "stops": ranked(report).to_dicts(),
        "unmet": report.unmet.to_dicts(), "assumptions": list(built.assumptions),
    }  # fmt: skip
