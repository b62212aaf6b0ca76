"""An experiment in plain sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

from linewright.twin.experiment.comparing import NONE_FOUND, NOT_ENOUGH, Experiment
from linewright.twin.statistics.intervals import Interval
from linewright.twin.statistics.selection import Selection
from linewright.twin.statistics.telling import decimals_of, number, span, told

#: The unit of figures that are shares, whose changes are told in points: from 90 to 95 % is 5 points, not 5.6 %.
SHARE = "share"


def tell(
    experiment: Experiment, words: Mapping[str, str] | None = None, units: Mapping[str, str] | None = None
) -> list[str]:
    """What each scenario changes, and which is best; one sentence for each.

    Parameters
    ----------
    words
        What figures are called: {"throughput": "output"}. Without a word the name is told, with spaces.
    units
        The units of figures, for changes that are no share of the base; "share" for shares.
    """
    called = {figure: (words or {}).get(figure, figure.replace("_", " ")) for figure in experiment.figures}
    lines = [
        tell_change(row, called[row["figure"]], (units or {}).get(row["figure"], ""))
        for row in experiment.changes.iter_rows(named=True)
    ]
    lines += [
        tell_best(experiment.best.filter(pl.col("figure") == figure), called[figure])
        for figure in experiment.better
        if figure not in experiment.selections
    ]
    lines += [tell_selection(race, called[figure]) for figure, race in experiment.selections.items()]
    if experiment.stopped:
        lines.append(f"{experiment.stopped[0].upper()}{experiment.stopped[1:]}: intervals are wider than asked for.")
    return lines


def tell_change(row: Mapping[str, Any], word: str, unit: str = "") -> str:
    """One row of the changes: "one more buffer place: +1.8 % output (1.5 to 2.1)".

    In per cent of the base where that is known, otherwise in the figure's unit.
    """
    scenario = row["scenario"]
    if row["verdict"] == NOT_ENOUGH:
        return f"{scenario}: {word}: {row['note']}"
    change, unit = _in_words(row, unit)
    same = change.low == change.high
    if row["verdict"] == NONE_FOUND:
        if same:
            return f"{scenario}: {word} is the same in all {change.n:,} runs"
        decimals = _decimals(change)
        low, high = (number(bound, decimals, sign=True) for bound in (change.low, change.high))
        return f"{scenario}: no difference found in {word} ({low} to {high}{unit})"
    verdict = f", {row['verdict']}" if row["verdict"] in {"better", "worse"} else ""
    if same:
        return f"{scenario}: {told(change, f'{unit} {word}'.strip(), sign=True)}{verdict}"
    decimals = _decimals(change)
    value = number(change.value, decimals, sign=True)
    return f"{scenario}: {value}{unit} {word} ({span(change, decimals)}){verdict}"


def _in_words(row: Mapping[str, Any], unit: str) -> tuple[Interval, str]:
    """The change with which it is told, and its unit with a space before it."""
    if unit == SHARE:
        names, scale, unit = ("change", "low", "high"), 100.0, "points"
    elif row["percent_low"] is not None:
        names, scale, unit = ("percent", "percent_low", "percent_high"), 1.0, "%"
    else:
        names, scale = ("change", "low", "high"), 1.0
    value, low, high = (scale * row[name] for name in names)
    change = Interval(value=value, low=low, high=high, n=row["n"], confidence=row["confidence"], method=row["method"])
    return change, f" {unit}" if unit else ""


def tell_best(rows: pl.DataFrame, word: str) -> str:
    """Which scenarios may be the best by one figure."""
    stays = rows.filter("may_be_best")["scenario"].to_list()
    sure = f"{100 * rows['confidence'][0]:g} % sure, {rows['n'][0]:,} runs each"
    if len(stays) == 1:
        return f"best by {word}: {stays[0]} ({sure})"
    if len(stays) == rows.height:
        return f"best by {word}: none stands out yet ({sure})"
    return f"best by {word}: one of {', '.join(stays)} ({sure})"


def tell_selection(race: Selection, word: str) -> str:
    """The result of a race for the best."""
    runs = f"{sum(race.replications.values()):,} further runs in all"
    if race.sure:
        return (
            f"best by {word}: {race.best} ({100 * race.confidence:g} % sure that no other is better by "
            f"{race.indifference:g} or more; {runs})"
        )
    return f"best by {word}: not decided between {', '.join(race.left)} ({runs})"


def _decimals(change: Interval) -> int:
    """The digits that the interval deserves, but never so few that a bound is rounded to 0 or to the other side."""
    decimals = decimals_of(change.half_width)
    smallest = min(abs(change.low), abs(change.high))
    if smallest > 0:
        while round(smallest, decimals) == 0 and decimals < math.ceil(-math.log10(smallest)) + 1:
            decimals += 1
    return decimals
