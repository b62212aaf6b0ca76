"""Simulated years of stops in words, tables and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import polars as pl
from rich.text import Text

from linewright.kit import words
from linewright.kit.sheet import Section, Shown
from linewright.kit.tables import frame_table
from linewright.model.hazard_results import HazardReport
from linewright.supply.hazards.figure import loss_figure, tornado_figure

if TYPE_CHECKING:
    from rich.console import Console

CAUSES = (
    Shown("kind", "kind"), Shown("name", "if it never stopped"), Shown("stops", "stops a year", 2),
    Shown("mean_less", "less on average"), Shown("cvar_less", "less in bad years"),
)  # fmt: skip
SERVICE = (
    Shown("product", "product"), Shown("percent", "served, %", 2), Shown("bad", "in a bad year, %", 1),
    Shown("lost_margin", "margin lost"),
)  # fmt: skip
ASSUMED = 4


def hazard_sentences(report: HazardReport) -> list[str]:
    """What a year of stops costs on average and in a bad year, how sure that is, and whom it comes from."""
    mean, low, high = report.figure("mean")
    calm = report.figure("nothing lost")[0]
    currency = report.currency
    told = [
        f"Stops cost {words.money(mean, currency)} a year on average ({low:,.0f} to {high:,.0f}) and "
        f"{words.money(report.cvar, currency)} in the worst year of twenty; in {100 * calm:.0f} % of the years "
        "nothing is lost."
    ]
    first = report.tornado.filter(pl.col("mean_less") > 0).head(1)
    if first.height:
        row = first.row(0, named=True)
        told.append(
            f"Most comes from {row['kind']} {row['name']}: without its stops {words.money(row['mean_less'], currency)} "
            "less on average."
        )
    told.append(f"{report.paths:,} years simulated, seed {report.origin.seed}; ranges hold in 19 of 20 cases.")
    return told


def print_hazards(report: HazardReport, console: Console) -> None:
    """Print the sentences, the causes and the products."""
    zone = ZoneInfo("UTC")
    told = hazard_sentences(report)
    console.print(Text(told[0], "bold"))
    for sentence in told[1:]:
        console.print(sentence, markup=False, highlight=False)
    console.print(frame_table(report.tornado, CAUSES, zone, title="Where losses come from"))
    console.print(frame_table(_percent(report.service), SERVICE, zone, title="Service by product"))
    for sentence in report.assumptions[:ASSUMED]:
        console.print(Text(f"Assumed: {sentence}", "dim"), no_wrap=True, overflow="ellipsis")


def hazard_sections(report: HazardReport) -> tuple[str, list[Section]]:
    """The lead and the sections of a sheet."""
    told = hazard_sentences(report)
    return told[0], [
        Section("What a year of stops costs", tuple(told), loss_figure(report)),
        Section("Where losses come from", figure=tornado_figure(report), frame=report.tornado, columns=CAUSES),
        Section("Service by product", frame=_percent(report.service), columns=SERVICE),
        Section("Assumed for the stops", report.assumptions),
    ]


def hazard_facts(report: HazardReport) -> dict[str, Any]:
    """The same for machines."""
    return {
        "currency": report.currency, "paths": report.paths, "seed": report.origin.seed,
        "figures": report.figures.to_dicts(), "tornado": report.tornado.to_dicts(),
        "service": report.service.to_dicts(), "assumptions": list(report.assumptions),
    }  # fmt: skip


def _percent(service: pl.DataFrame) -> pl.DataFrame:
    return service.sort("service", "product").with_columns(
        percent=100 * pl.col("service"), bad=100 * pl.col("service_p5")
    )
