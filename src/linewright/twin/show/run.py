"""A run in words: for the terminal, for pages, and as values for machines."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import polars as pl

from linewright.kit import words
from linewright.kit.sheet.columns import Shown
from linewright.model.run_results import Run

if TYPE_CHECKING:
    from rich.console import Console

    from linewright.kit.sheet import Section

#: Dates that fewer runs keep are doubtful.
DOUBTFUL = 0.9
ORDER_ROWS, MACHINE_ROWS, CAUSE_ROWS = 10, 6, 5

ORDER_SHOWN = (
    Shown("order", "order"), Shown("odds", "in time"), Shown("due", "due"), Shown("planned", "planned"),
    Shown("p80", "80 % of runs by"), Shown("cost", "mean cost"),
)  # fmt: skip
TOTAL_SHOWN = (
    Shown("figure", "figure"),
    Shown("value", "mean"),
    Shown("range", "95 % sure"),
    Shown("spread", "90 % of runs"),
)
MACHINE_SHOWN = (Shown("machine", "machine"), Shown("losses", "share of its working time"))
CAUSE_SHOWN = (Shown("cause", "cause"), Shown("name", "of"), Shown("hours", "hours", 1), Shown("events", "times", 1))


def lead(run: Run) -> str:
    """The run in one sentence."""
    if not run.orders.height:
        end = run.total("makespan") if "makespan" in run.totals["figure"] else None
        took = f" It takes {_figure(end['mean'], end['unit'])} on average." if end else ""
        return f"{run.replications:,} runs of the plan; nothing has a date to keep.{took}"
    share = run.total("on_time")
    doubtful = run.orders.filter(pl.col("on_time") < DOUBTFUL)
    safe = run.orders.height - doubtful.height
    return (
        f"{_percent(share['mean'])} of the orders are in time on average ({_percent(share['low'])} to "
        f"{_percent(share['high'])}); {safe:,} of {words.count(run.orders.height, 'order')} have odds of 90 % or more."
    )


def doubtful_orders(run: Run) -> pl.DataFrame:
    """The orders whose date is doubtful, the dearest first, with their odds in words."""
    rows = run.orders.filter(pl.col("on_time") < DOUBTFUL).sort(
        ["late_cost", "on_time", "order"], descending=[True, False, False]
    )
    return rows.with_columns(
        odds=_odds(), cost=pl.format(f"{{}} {run.currency}", pl.col("late_cost").round(0).cast(pl.Int64))
    )


def totals_told(run: Run) -> pl.DataFrame:
    """The figures of the whole run in words."""
    rows = [
        {
            "figure": row["figure"].replace("_", " "),
            "value": _figure(row["mean"], row["unit"]),
            "range": _between(row["low"], row["high"], row["unit"]),
            "spread": _between(row["p5"], row["p95"], row["unit"]),
        }
        for row in run.totals.to_dicts()
        # What never happens says nothing.
        if row["mean"] or row["p95"]
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("figure", "value", "range", "spread"), pl.String))


def machines_told(run: Run) -> pl.DataFrame:
    """What each machine's time goes to, the least available first."""
    shares = run.machines.filter(pl.col("unit") == "share")
    lost = {"down", "blocked", "waiting", "setup"}
    rows = []
    for (machine,), group in shares.group_by("machine", maintain_order=True):
        figures = dict(group.select("figure", "mean").iter_rows())
        told = [
            f"{name.replace('_', ' ')} {_percent(value)}"
            for name, value in figures.items()
            if value >= 0.005 and name not in {"availability", "performance", "quality", "off"}
        ]
        rows.append(
            (machine, ", ".join(told), sum(value for name, value in figures.items() if name in lost - {"waiting"}))
        )
    frame = pl.DataFrame(rows, schema={"machine": pl.String, "losses": pl.String, "lost": pl.Float64}, orient="row")
    return frame.sort("lost", descending=True, maintain_order=True)


def causes_told(run: Run) -> pl.DataFrame:
    """What adds hours, the most first."""
    return run.causes.filter(pl.col("hours") > 0).sort("hours", descending=True, maintain_order=True)


def print_run(run: Run, console: Console) -> None:
    """Print the odds, what puts them at risk, and where the machines' time goes."""
    from rich.text import Text

    from linewright.kit.tables import frame_table

    zone = ZoneInfo(run.timezone)
    doubtful = doubtful_orders(run)
    console.print(Text(lead(run), "bold red" if doubtful.height else "bold green"))
    console.print(Text(_basis(run), "dim"))
    if doubtful.height:
        console.print(frame_table(doubtful, ORDER_SHOWN, zone, title="Doubtful dates", limit=ORDER_ROWS))
    for frame, columns, title, limit in (
        (causes_told(run), CAUSE_SHOWN, "What adds hours", CAUSE_ROWS),
        (machines_told(run), MACHINE_SHOWN, "Where machines lose time", MACHINE_ROWS),
        (totals_told(run), TOTAL_SHOWN, "In all", 20),
    ):
        if frame.height:
            console.print(frame_table(frame, columns, zone, title=title, limit=limit))
    for sentence in run.assumptions:
        console.print(Text(f"  {sentence}", "dim"))
    if run.worst:
        console.print(
            Text(
                f"Next: --open {run.worst[0]} shows the dearest run as a plan · --report odds.html draws the ranges",
                "dim",
            )
        )


def run_sections(run: Run) -> tuple[str, list[Section]]:
    """The lead and the sections of a page about a run."""
    from linewright.kit.sheet import Section

    doubtful = doubtful_orders(run)
    sections = [
        Section("Odds", (_basis(run),), frame=doubtful, columns=ORDER_SHOWN, lead=lead(run)),
        Section("What adds hours", frame=causes_told(run), columns=CAUSE_SHOWN),
        Section("Where machines lose time", frame=machines_told(run), columns=MACHINE_SHOWN),
        Section("In all", frame=totals_told(run), columns=TOTAL_SHOWN),
        Section("Assumptions", run.assumptions),
    ]
    return lead(run), sections


def run_facts(run: Run) -> dict[str, Any]:
    """The run as values that JSON can hold."""
    return {
        "factory": run.factory_name,
        "headline": lead(run),
        "mode": run.mode,
        "replications": run.replications,
        "stopped": run.stopped,
        "currency": run.currency,
        "timezone": run.timezone,
        "orders": finite(run.orders).to_dicts(),
        "totals": finite(run.totals).to_dicts(),
        "machines": finite(run.machines).to_dicts(),
        "causes": finite(run.causes).to_dicts(),
        "worst": list(run.worst),
        "assumptions": list(run.assumptions),
        "origin": {**asdict(run.origin), "options": dict(run.origin.options), "reads": dict(run.origin.reads)},
    }


def finite(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with nothing where a figure is without end or unknown, for which JSON has no word."""
    numbers = pl.selectors.float()
    return frame.with_columns(pl.when(numbers.is_finite()).then(numbers))


def _basis(run: Run) -> str:
    stopped = f" ({run.stopped})" if run.stopped else ""
    return f"{run.factory_name}: {run.replications:,} runs{stopped}, mode {run.mode}, seed {run.origin.seed}."


def _odds() -> pl.Expr:
    share, low, high = (
        (100 * pl.col(name)).round(0).cast(pl.Int64).cast(pl.String) for name in ("on_time", "low", "high")
    )
    return pl.format("{} % ({}–{})", share, low, high)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if 0.005 <= share < 0.995 or share in {0.0, 1.0} else f"{100 * share:.1f} %"


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    if unit == "share":
        return _percent(value)
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{decimals}f} {unit if unit != '1' else ''}".strip()


def _between(low: float | None, high: float | None, unit: str) -> str:
    if low is None or high is None:
        return "–"
    # The interval of a mean may reach beyond what a share can be.
    low, high = (max(low, 0.0), min(high, 1.0)) if unit == "share" else (low, high)
    return f"{_figure(low, unit)} to {_figure(high, unit)}"
