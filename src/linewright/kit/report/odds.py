"""What many runs of the plan say, for the report: orders with their odds, the panel "Odds", the board's ranges."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from linewright.kit import words
from linewright.kit.chains import Chains
from linewright.kit.facts import doubtful_orders, in_time, main_causes, odds_headline, percent, percent_range, run_cause
from linewright.kit.report.elements import Html, joined, table, tag
from linewright.kit.report.panels import order_button, shared_causes, unplanned_list
from linewright.kit.report.ranges import rounded
from linewright.model.results import Plan
from linewright.model.run_results import Run

ORDER_ROWS, CAUSE_ROWS, MACHINE_ROWS = 60, 8, 8
#: The figures that come first: whether dates are kept.
MAIN_FIGURES = ("on_time", "late_cost", "late", "makespan")
#: What the figures of a run are called.
FIGURE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "on_time": "Orders in time",
        "late_cost": "Cost of late orders",
        "late": "Lateness of all orders",
        "makespan": "Time to finish everything",
        "wip": "Jobs in work",
        "energy_cost": "Cost of energy",
        "short": "Units short of what was wanted",
        "too_long_waits": "Waits longer than allowed",
        "loosened": "Runs that left the plan's sequence",
    }
)
#: States of a machine that make nothing, although there would be work.
LOSSES = ("down", "setup", "blocked", "start_up")
MODE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "strict": "the floor keeps the plan's sequence",
        "skip": "work that is not there yet is skipped",
        "repair": "the floor repairs the plan as it goes",
        "replan": "the rest is planned anew after troubles",
    }
)


def orders_panel(plan: Plan, run: Run) -> Html:
    """The orders that are late or doubtful, the highest expected cost first; each is a button that shows its chain."""
    doubtful = doubtful_orders(plan, run)
    place = {key: row for row, key in enumerate(plan.orders.select("order", "kind").iter_rows())}
    chains = Chains.of(plan)
    shown = doubtful.head(ORDER_ROWS).with_columns(p80=rounded("p80", "finish"))
    rows = [_order_row(plan, chains, row, place[row["order"], row["kind"]]) for row in shown.iter_rows(named=True)]
    headers = [("Order", ""), ("Due", "number"), ("Planned", "number"), ("Odds", "number"), ("80 % by", "number")]
    told = table(headers, rows, body_id="late-rows") if rows else tag("p", "No order is late or below 90 %.")
    more = (
        tag("button", f"Show all {doubtful.height:,}", type="button", data_more=str(ORDER_ROWS))
        if doubtful.height > ORDER_ROWS
        else Html("")
    )
    hint = tag(
        "p",
        "Late in the plan, or in time in fewer than 90 % of the runs; highest expected cost first.",
        style_class="quiet",
    )
    listed = tag("div", told, style_class="odds-list")
    return joined([hint, listed, more, shared_causes(plan), unplanned_list(plan)])


def _order_row(plan: Plan, chains: Chains, row: Mapping[str, Any], place: int) -> Html:
    zone = ZoneInfo(plan.timezone)
    late = row["late_days"] is not None and row["late_days"] > 0
    notes = []
    if late:
        cause = row["reason"] or chains.cause(row["order"]).words
        notes.append(f"{words.days_late(row['late_days'])} late, {cause}")
    if row["expected_cost"]:
        notes.append(f"expected cost {words.money(row['expected_cost'], plan.currency)}")
    cells = tag(
        "tr",
        tag("td", order_button(row["order"], place)),
        _date_cell(row["due"], zone),
        _date_cell(row["finish"], zone, "late" if late else None),
        _odds_cell(row),
        _date_cell(row["p80"], zone),
        style_class="noted" if notes else None,
    )
    if not notes:
        return cells
    return joined([cells, _note(" · ".join(notes), 5)])


def _note(told: str, columns: int) -> Html:
    """A quiet row below the one that it belongs to."""
    return tag("tr", tag("td", told, colspan=str(columns)), style_class="note")


def _date_cell(instant: datetime | None, zone: ZoneInfo, style: str | None = None) -> Html:
    """A day over its time, so that five columns fit beside the board."""
    if instant is None:
        return tag("td", "–")
    time = tag("small", f"{instant.astimezone(zone):%H:%M}")
    return tag("td", words.day(instant, zone), time, style_class=style)


def _odds_cell(row: Mapping[str, Any]) -> Html:
    """The share of runs in time, over its interval."""
    if not _known(row["on_time"]):
        return tag("td", "–")
    between = percent_range(row)
    if not between:
        return tag("td", percent(row["on_time"]))
    return tag("td", percent(row["on_time"]), tag("small", between), title=f"With 95 % confidence {between} %")


def odds_panel(run: Run) -> Html:
    """How sure the plan is: in a sentence, in figures with intervals, by causes, by machines, and how it was found."""
    how = MODE_WORDS.get(run.mode, run.mode)
    made = f"{words.count(run.replications, 'run')}, seed {run.origin.seed}; mode {run.mode}: {how}."
    stopped = f" Stopped: {run.stopped.rstrip('.')}." if run.stopped else ""
    main, others = _totals(run)
    return joined([
        tag("p", odds_headline(run), style_class="lead"),
        tag("p", made + stopped, style_class="quiet"),
        main, _causes(run), _machines(run), others, _assumptions(run),
    ])  # fmt: skip


def _totals(run: Run) -> tuple[Html, Html]:
    """The figures that say whether dates are kept, and all others."""
    main = pl.col("figure").is_in(MAIN_FIGURES)
    # What happens in no run at all needs no line.
    told = run.totals.filter(pl.col("mean").is_not_nan() & ((pl.col("mean") != 0) | main))
    others = _total_table(told.filter(~main))
    return _total_table(told.filter(main)), joined([tag("h3", "Further figures"), others]) if others else others


def _total_table(totals: pl.DataFrame) -> Html:
    rows = [_total_row(row) for row in totals.iter_rows(named=True)]
    headers = [("On average", ""), ("Mean", "number"), ("95 % sure", "number")]
    return tag("div", table(headers, rows), style_class="odds-list") if rows else Html("")


def _total_row(row: Mapping[str, Any]) -> Html:
    """A figure with its interval, and below it what single runs bring."""
    spread = _spread(row)
    cells = tag(
        "tr",
        tag("td", _figure_name(row["figure"])),
        tag("td", _number(row["mean"], row)),
        tag("td", _between(row["low"], row["high"], row)),
        style_class="noted" if spread else None,
    )
    return joined([cells, _note(spread, 3)]) if spread else cells


def _figure_name(figure: str) -> str:
    plain = figure.replace("_", " ")
    return FIGURE_WORDS.get(figure, f"{plain[:1].upper()}{plain[1:]}")


def _spread(row: Mapping[str, Any]) -> str:
    """What single runs bring, and how much of that comes from mean times that are not known."""
    told = []
    if _known(row["p5"]) and _known(row["p95"]):
        told.append(f"90 % of runs: {_between(row['p5'], row['p95'], row)}")
    if _known(row["error"]) and row["error"] > 0 and _known(row["chance"]):
        chance, error = _number(row["chance"], row), _number(row["error"], row)
        told.append(f"spread by chance {chance}, by unsure mean times {error}")
    return " · ".join(told)


def _known(value: float | None) -> bool:
    return value is not None and isfinite(value)


def _between(low: float | None, high: float | None, row: Mapping[str, Any]) -> str:
    """From low to high, without the unit."""
    unit = " %" if row["unit"] == "share" else f" {row['unit']}"
    both = [_number(value, row).removesuffix(unit) for value in (low, high)]
    return "–" if "–" in both else " to ".join(both)


def _number(value: float | None, row: Mapping[str, Any]) -> str:
    """A value with the decimals that its interval allows, and its unit."""
    if value is None or not _known(value):
        return "–"
    if row["unit"] == "share":
        return percent(value)
    width = abs(row["high"] - row["low"]) if _known(row["low"]) and _known(row["high"]) else abs(value) / 100
    decimals = 0 if width >= 5 or value == round(value) else 1 if width >= 0.5 else 2
    return f"{value:,.{decimals}f} {'' if row['unit'] == '1' else row['unit']}".strip()


def _causes(run: Run) -> Html:
    """What delays most."""
    rows = [
        tag(
            "tr",
            tag("td", run_cause(row["cause"], row["name"])),
            tag("td", f"{row['hours']:,.1f}", style_class="number"),
            tag("td", f"{row['events']:,.1f}" if _known(row["events"]) else "–", style_class="number"),
        )
        for row in main_causes(run, CAUSE_ROWS).iter_rows(named=True)
    ]
    if not rows:
        return Html("")
    headers = [("Cause", ""), ("Hours", "number"), ("Orders", "number")]
    title = tag("h3", "What makes orders late, a run on average")
    return joined([title, table(headers, rows)])


def _machines(run: Run) -> Html:
    """The machines that lose most of their working time."""
    shares = run.machines.filter((pl.col("unit") == "share") & pl.col("figure").is_in([*LOSSES, "oee"])).fill_nan(None)
    if not shares.height:
        return Html("")
    wide = shares.pivot("figure", index="machine", values="mean", aggregate_function="first", maintain_order=True)
    losses = [name for name in LOSSES if name in wide.columns and (wide.get_column(name).max() or 0) >= 0.001]  # type: ignore[operator]
    if not losses:
        return Html("")
    wide = wide.with_columns(lost=pl.sum_horizontal(pl.col(losses).fill_null(0)))
    wide = wide.sort(["lost", "machine"], descending=[True, False]).head(MACHINE_ROWS)
    columns = [*losses, *(["oee"] if "oee" in wide.columns else [])]
    rows = [
        tag("tr", tag("td", row["machine"]), *(tag("td", _share(row[name]), style_class="number") for name in columns))
        for row in wide.iter_rows(named=True)
    ]
    names = {"oee": "OEE", "start_up": "Start-up"}
    headers = [("Machine", ""), *((names.get(name, name.capitalize()), "number") for name in columns)]
    return joined([tag("h3", "Working time lost, most first"), table(headers, rows)])


def _share(value: float | None) -> str:
    return percent(value) if value is not None and _known(value) else "–"


def _assumptions(run: Run) -> Html:
    if not run.assumptions:
        return Html("")
    return joined([tag("h3", "Assumed"), tag("ul", *(tag("li", sentence) for sentence in run.assumptions))])


def odds_fact(run: Run) -> tuple[str, str, str, str, bool]:
    """The number "On time" of the report's head: panel, name, value, words, and whether it is bad."""
    share = in_time(run)
    if share is None:
        return ("odds", "On time", "–", "no order has a date", False)
    between, runs = percent_range(share), words.count(run.replications, "run")
    told = f"{between} %, {runs}" if between else runs
    return ("odds", "On time", percent(share["mean"]), told, False)
