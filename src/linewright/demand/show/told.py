"""A forecast for the terminal, for machines and for a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from rich.text import Text

from linewright.demand.show.figure import fan_chart
from linewright.kit.sheet import Section, Shown
from linewright.kit.tables import plain_table
from linewright.kit.words import count
from linewright.model.forecast_results import ForecastResult

if TYPE_CHECKING:
    from rich.console import Console

#: Rows of the table and alarms that fit on a page; charts of a sheet.
ROWS, ALARMS, CHARTS = 15, 8, 6
COLUMNS = (
    Shown("material", "material"), Shown("next", "next", 1), Shown("low_80", "80 % from", 1),
    Shown("high_80", "to", 1), Shown("whole", "all periods", 0), Shown("method", "method"),
    Shown("error_share", "usual error (share)", 2),
)  # fmt: skip


def summary(result: ForecastResult) -> pl.DataFrame:
    """One row for each material, the largest quantity first: the next period, the whole horizon, method and error."""
    whole = result.totals.group_by("material").agg(
        next=pl.col("quantity").first(), low_80=pl.col("low_80").first(), high_80=pl.col("high_80").first(),
        whole=pl.col("quantity").sum(), method=pl.col("method").first(),
    )  # fmt: skip
    rows = whole.join(result.accuracy.select("material", "error_share"), on="material")
    return rows.sort("whole", "material", descending=[True, False])


def lead(result: ForecastResult) -> str:
    """The sentence that counts most."""
    totals = result.totals
    materials, periods = totals.get_column("material").n_unique(), totals.get_column("date").n_unique()
    share = result.error_share
    error = "" if share is None else f"; so far such forecasts were {100 * share:.0f} % off for a {result.bucket}"
    return f"{count(materials, 'material')}, {count(periods, result.bucket)} ahead{error}."


def print_forecast(result: ForecastResult, console: Console) -> None:
    """The short page: the largest materials, what has changed, what the orders say, what was taken for granted."""
    console.print(Text(f"Forecast of {result.factory_name}", "bold"))
    console.print(Text(f"{lead(result)}\n"))
    rows = summary(result)
    first = str(result.frame.item(0, "date"))
    title = f"Next {result.bucket} begins {first}" + (
        f"; the {ROWS} largest of {rows.height:,}" if rows.height > ROWS else ""
    )
    right = [(heading, "right") for heading in ("next", "80 % range", f"all {result.bucket}s", "error")]
    table = plain_table("material", *right, "method", title=title)
    for row in rows.head(ROWS).iter_rows(named=True):
        error = "–" if row["error_share"] is None else f"{100 * row['error_share']:.0f} %"
        spread = f"{figure(row['low_80'])} – {figure(row['high_80'])}"
        table.add_row(row["material"], figure(row["next"]), spread, figure(row["whole"]), error, row["method"])
    console.print(table)
    _print_list(console, "Changes of demand", [alarm.sentence for alarm in result.alarms], ALARMS)
    _print_list(console, "Order intake", intake_sentences(result), 4)
    _print_list(console, "Assumed", list(result.assumptions), len(result.assumptions))


def intake_sentences(result: ForecastResult) -> list[str]:
    """What the orders so far say about the running period, where they say something else than the forecast."""
    apart = (pl.col("expected") - pl.col("forecast")).abs()
    rows = result.intake.filter((pl.col("ordered") > 0) & (pl.col("usual_share") < 1)).sort(apart, descending=True)
    return [
        f"{row['material']}: {figure(row['ordered'])} ordered so far, usually {100 * row['usual_share']:.0f} % of the "
        f"{result.bucket} by now; {figure(row['expected'])} expected in all (forecast {figure(row['forecast'])})."
        for row in rows.iter_rows(named=True)
    ]


def forecast_facts(result: ForecastResult) -> dict[str, Any]:
    """The same for machines."""
    return {
        "factory": result.factory_name,
        "bucket": result.bucket,
        "ranges": result.ranges,
        "error_share": result.error_share,
        "forecast": result.frame.to_dicts(),
        "accuracy": result.accuracy.to_dicts(),
        "orders": result.consumption.to_dicts(),
        "intake": result.intake.to_dicts(),
        "alarms": [
            {"material": alarm.material, "since": alarm.since, "share": alarm.share if abs(alarm.share) < 1e9 else None,
             "quantity": alarm.quantity, "sentence": alarm.sentence}
            for alarm in result.alarms
        ],
        "assumptions": list(result.assumptions),
    }  # fmt: skip


def forecast_sections(result: ForecastResult) -> list[Section]:
    """The same for a sheet, with charts of what changed and of the largest materials."""
    changed = [alarm.material for alarm in result.alarms]
    chosen = list(dict.fromkeys([*changed[: CHARTS // 2], *summary(result).get_column("material").head(CHARTS)]))[
        :CHARTS
    ]
    words = {alarm.material: alarm.sentence for alarm in result.alarms}
    charts = [
        Section(material, (words[material],) if material in words else (), fan_chart(result, material))
        for material in chosen
    ]
    return [
        Section("Changes of demand", tuple(alarm.sentence for alarm in result.alarms)),
        Section("Order intake", tuple(intake_sentences(result)[:ALARMS])),
        *charts,
        Section("All materials", frame=summary(result), columns=COLUMNS),
        Section("Assumed", result.assumptions),
    ]


def figure(quantity: float) -> str:
    """A quantity with as many digits as it needs: "0.42", "3.7", "1,240"."""
    return f"{quantity:,.0f}" if quantity >= 100 else f"{quantity:.1f}" if quantity >= 1 else f"{quantity:.2g}"


def _print_list(console: Console, title: str, sentences: list[str], most: int) -> None:
    if not sentences:
        return
    console.print(Text(f"\n{title}", "bold"))
    for sentence in sentences[:most]:
        console.print(Text(f"  {sentence}"))
    if len(sentences) > most:
        console.print(Text(f"  and {len(sentences) - most:,} more: --json has all of them", "dim"))
