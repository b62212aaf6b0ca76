"""The table of times in words, for the terminal, for machines and for a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from rich.text import Text

from linewright.kit.sheet import Section, Shown
from linewright.kit.tables import plain_table
from linewright.kit.words import count, money
from linewright.times.table import minutes_told

if TYPE_CHECKING:
    from rich.console import Console

    from linewright.model.times_results import Times
    from linewright.times.evaluation import Evaluation
    from linewright.times.money import Prices

#: Rows and sentences that fit on a page.
ROWS, NAMED = 15, 8
COLUMNS = (
    Shown("row", "step"), Shown("name", "work"), Shown("jobs", "jobs"), Shown("standard_minutes", "file, min/unit", 2),
    Shown("run_minutes", "learned mean", 2), Shown("p10", "10 %", 2), Shown("p50", "half", 2), Shown("p90", "90 %", 2),
    Shown("standard_setup_minutes", "file, setup", 0), Shown("setup_minutes", "learned setup", 0),
    Shown("yield_share", "yield (share)", 3), Shown("rework_share", "rework (share)", 3),
    Shown("hours_per_month", "hours a month", 1), Shown("cost_per_month", "cost a month", 0),
    Shown("coverage", "ranges caught (share)", 2),
)  # fmt: skip
QUEUES = (
    Shown("work_center", "work center"), Shown("jobs", "jobs"), Shown("mean_hours", "mean h", 1),
    Shown("p10_hours", "10 %", 1), Shown("p50_hours", "half", 1), Shown("p90_hours", "90 %", 1),
)  # fmt: skip
CURVES = (
    Shown("material", "material"), Shown("step", "step"), Shown("name", "work"), Shown("jobs", "jobs"),
    Shown("exponent", "exponent", 3), Shown("low", "from", 3), Shown("high", "to", 3),
    Shown("learning_rate", "left after doubling", 2),
)  # fmt: skip


def lead(times: Times) -> str:
    """The sentence that counts most."""
    steps, wrong = times.frame.filter(pl.col("machine") == ""), times.differences
    if not wrong.height:
        return f"{count(steps.height, 'step')} with reports; none surely differs from its time in the file."
    hours = float(wrong["hours_per_month"].sum())
    word = "more" if hours > 0 else "less"
    differ = "differs" if wrong.height == 1 else "differ"
    return (
        f"{wrong.height:,} of {count(steps.height, 'step')} with reports surely {differ} from the file: "
        f"{abs(hours):,.0f} machine hours a month {word} than planned."
    )


def sentences(times: Times, prices: Prices | None = None) -> list[str]:
    """What differs, with what it costs in the plan where that was tried."""
    cost = dict(prices.frame.select("row", "cost").rows()) if prices is not None else {}
    return [
        f"{alarm.sentence}." + (f" In the plan: {money(cost[alarm.row], times.currency)}." if alarm.row in cost else "")
        for alarm in times.alarms
    ]


def price_sentence(times: Times, prices: Prices) -> str:
    """What all of them cost together."""
    if not (prices.promised or prices.true):
        return "Nothing in the plan has a date to keep or a cost, so wrong times cost nothing there but machine hours."
    promised, true, replanned, saved = (
        money(amount, times.currency) for amount in (prices.promised, prices.true, prices.replanned, prices.saved)
    )
    return (
        f"The plan by the file's times promises {promised} of cost; with true times the same plan costs {true}, and "
        f"one made with them {replanned}: {saved} saved."
    )


def few_sentences(times: Times) -> list[str]:
    """Steps with too few jobs, by name."""
    few = times.too_few
    if not few.height:
        return []
    named = ", ".join(f"{row} ({count(jobs, 'run')})" for row, jobs in few.select("row", "jobs").head(NAMED).rows())
    more = f", and {few.height - NAMED:,} more" if few.height > NAMED else ""
    return [f"Not enough to judge: {named}{more}. The file's times stay."]


def print_times(times: Times, console: Console, prices: Prices | None = None) -> None:
    """The short page: what differs, ranked by harm, what was put aside, what was taken for granted."""
    console.print(Text(f"Times of {times.factory_name}", "bold"))
    console.print(Text(f"{lead(times)}\n"))
    wrong = times.differences
    if wrong.height:
        title = f"Surely different: {wrong.height:,}" + (f", the first {ROWS}" if wrong.height > ROWS else "")
        heads = [(head, "right") for head in ("jobs", "file", "mean", "10 to 90 %", "setup", "h/month", "cost")]
        table = plain_table("step", *heads, "since", title=title)
        for row in wrong.head(ROWS).iter_rows(named=True):
            table.add_row(*_cells(row, times))
        console.print(table)
        console.print(Text("Minutes for each unit of a usual job; setup: file → learned, for each job.\n", "dim"))
    told = sentences(times, prices)[:NAMED] + ([price_sentence(times, prices)] if prices is not None else [])
    for heading, lines in (
        ("In words", told),
        ("Learning curves", curve_sentences(times)),
        ("Too few jobs", few_sentences(times)),
        ("Reports", [f"{fault.message}." for fault in times.faults]),
        ("Assumed", list(times.assumptions)),
    ):
        _print_list(heading, lines, console)


def _cells(row: dict[str, Any], times: Times) -> list[str]:
    setup = (
        "–" if row["setup_minutes"] is None else f"{row['standard_setup_minutes']:,.0f} → {row['setup_minutes']:,.0f}"
    )
    since = row["since"]
    when = f"{since.astimezone(_zone(times)):%b %Y}" if since is not None else "–"
    cost = money(row["cost_per_month"], times.currency) if row["cost_per_month"] else "–"
    return [
        row["row"], f"{row['jobs']:,}", minutes_told(row["standard_minutes"]), minutes_told(row["run_minutes"]),
        f"{minutes_told(row['p10'])} – {minutes_told(row['p90'])}", setup, f"{row['hours_per_month']:+,.1f}", cost,
        when,
    ]  # fmt: skip


def _print_list(heading: str, sentences: list[str], console: Console) -> None:
    from textwrap import fill

    if sentences:
        console.print(Text(heading, "bold"))
    for sentence in sentences:
        console.print(Text(fill(sentence, console.width, initial_indent="  ", subsequent_indent="    ")))


def _zone(times: Times) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(times.timezone)


def curve_sentences(times: Times) -> list[str]:
    """Learning curves in words."""
    return [
        f"{row['name']} of {row['material']}: when the units made have doubled, a unit takes "
        f"{100 * row['learning_rate']:.0f} % of its time (exponent {row['exponent']:.2f}, 95 % from {row['low']:.2f} "
        f"to {row['high']:.2f}, {row['jobs']} jobs)."
        for row in times.curves.iter_rows(named=True)
    ]


def times_facts(times: Times, prices: Prices | None = None) -> dict[str, Any]:
    """The same for machines."""
    return {
        "factory": times.factory_name,
        "currency": times.currency,
        "times": times.frame.to_dicts(),
        "differences": times.differences["row"].to_list(),
        "too_few": times.too_few["row"].to_list(),
        "queues": times.queues.to_dicts(),
        "curves": times.curves.to_dicts(),
        "levels": times.levels.to_dicts(),
        "alarms": [
            {
                "row": alarm.row, "low": alarm.low, "high": alarm.high, "standard": alarm.standard,
                "sentence": alarm.sentence,
            }
            for alarm in times.alarms
        ],
        "prices": None
        if prices is None
        else {
            "rows": prices.frame.to_dicts(), "promised": prices.promised, "true": prices.true,
            "replanned": prices.replanned, "saved": prices.saved,
        },
        "reports": [{"rule": fault.rule, "count": fault.count, "message": fault.message} for fault in times.faults],
        "assumptions": list(times.assumptions),
    }  # fmt: skip


def times_sections(times: Times, prices: Prices | None = None) -> list[Section]:
    """The same for a sheet."""
    told = sentences(times, prices)[: 2 * NAMED] + ([price_sentence(times, prices)] if prices is not None else [])
    steps = times.frame.filter(pl.col("machine") == "")
    return [
        Section(
            "Times that differ from the file",
            (lead(times), *told),
            frame=times.differences,
            columns=COLUMNS,
            lead=lead(times),
        ),
        Section("All learned times", tuple(few_sentences(times)), frame=steps, columns=COLUMNS),
        Section("Learning curves", tuple(curve_sentences(times)), frame=times.curves, columns=CURVES),
        Section("Waiting before each work center", frame=times.queues.filter(pl.col("material") == ""), columns=QUEUES),
        Section("How the times were learned", (*(f"{fault.message}." for fault in times.faults), *times.assumptions)),
    ]


def print_evaluation(found: Evaluation, console: Console) -> None:
    """How far forecasts were off later reports, beside the usual ways."""
    console.print(Text(f"Test of times of {found.factory_name}", "bold"))
    for unit in found.frame["unit"].unique(maintain_order=True):
        heads = [(head, "right") for head in ("records", "off by (WAPE)", "median error", "inside 10 to 90 %")]
        table = plain_table("method", "work center", *heads, title=f"Later {unit}s, all splits together")
        rows = found.frame.filter((pl.col("unit") == unit) & ~pl.col("known"))
        for method, center in rows.select("method", "work_center").unique(maintain_order=True).rows():
            row = found.row(unit, method, center)
            if center and (method != "linewright" or row["records"] < 30):
                continue
            figures = [f"{100 * row[name]:.0f} %" for name in ("wape", "median_error", "coverage")]
            table.add_row(method, center or "all", f"{row['records']:,}", *figures)
        console.print(table)
        console.print()
