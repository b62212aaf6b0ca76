"""A comparison of scenarios in words: for the terminal, for pages, and as values for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from linewright.kit.sheet.columns import Shown
from linewright.twin.show.run import finite

if TYPE_CHECKING:
    from rich.console import Console

    from linewright.kit.sheet import Section
    from linewright.twin.experiment.factories import Comparison

#: Chance on the floor is in the intervals; that two quick plans differ is not.
PLANS_DIFFER = (
    "Each scenario was planned anew, and intervals tell the floor's luck only: another --seed or more --rounds may "
    "find other plans. Trust a change that stays under several seeds."
)
LEVEL_SHOWN = (Shown("scenario", "scenario"), Shown("figure", "figure"), Shown("told", "mean (95 % sure)"))


def print_comparison(found: Comparison, console: Console) -> None:
    """Print what each scenario changes, and what was assumed."""
    from rich.text import Text

    for name, sentences in told_by_scenario(found):
        console.print(Text(name, "bold"))
        for sentence in sentences:
            console.print(Text(f"  {sentence}", _style(sentence)))
    for sentence in best_told(found):
        console.print(Text(sentence))
    console.print(Text(_basis(found), "dim"))
    if found.planned:
        console.print(Text(PLANS_DIFFER, "yellow"))
    for sentence in _assumptions(found):
        console.print(Text(f"  {sentence}", "dim"))


def told_by_scenario(found: Comparison) -> list[tuple[str, list[str]]]:
    """What each scenario changes, one sentence for each figure; one for all where it changes nothing."""
    from linewright.twin.experiment.telling import tell_change

    told = []
    for name in (name for name in found.experiment.scenarios if name != found.experiment.base):
        rows = found.experiment.changes.filter(pl.col("scenario") == name)
        same = (rows["low"] == 0) & (rows["high"] == 0)
        sentences = [
            tell_change(row, found.called(row["figure"]), found.units.get(row["figure"], "")).removeprefix(f"{name}: ")
            for row in rows.filter(~same.fill_null(value=False)).iter_rows(named=True)
        ]
        if not sentences:
            sentences = [f"changes nothing in any of {found.experiment.n:,} runs"]
        elif same.any():
            figures = ", ".join(found.called(figure) for figure in rows.filter(same)["figure"])
            sentences.append(f"changes nothing in {figures}")
        told.append((name, sentences))
    return told


def best_told(found: Comparison) -> list[str]:
    """Which scenario is best by the figures that count most, where there are several."""
    from linewright.twin.experiment.telling import tell_best

    best = found.experiment.best
    if len(found.experiment.scenarios) < 3:
        return []
    figures = [figure for figure in found.experiment.figures if figure in found.experiment.better][:2]
    return [
        tell_best(best.filter(pl.col("figure") == figure), found.called(figure)).replace("best by", "Best by", 1)
        for figure in figures
    ]


def comparison_sections(found: Comparison) -> tuple[str, list[Section]]:
    """The lead and the sections of a page about a comparison."""
    from linewright.kit.sheet import Section

    by_scenario = told_by_scenario(found)
    name, sentences = by_scenario[0]
    return f"{name}: {sentences[0]}", [
        *(Section(scenario, tuple(told)) for scenario, told in by_scenario),
        Section("How sure", (*best_told(found), _basis(found), *((PLANS_DIFFER,) if found.planned else ()))),
        Section("Means", frame=_levels(found), columns=LEVEL_SHOWN),
        Section("Assumptions", tuple(_assumptions(found))),
    ]


def comparison_facts(found: Comparison) -> dict[str, Any]:
    """The comparison as values that JSON can hold."""
    made = found.experiment
    return {
        "told": found.tell(),
        "warning": PLANS_DIFFER if found.planned else "",
        "base": made.base,
        "scenarios": list(made.scenarios),
        "replications": made.n,
        "seed": made.seed,
        "stopped": made.stopped,
        "units": dict(found.units),
        "levels": finite(made.levels).to_dicts(),
        "changes": finite(made.changes).to_dicts(),
        "best": made.best.to_dicts(),
        "assumptions": {name: list(assumed) for name, assumed in found.assumptions.items()},
    }


def _basis(found: Comparison) -> str:
    made = found.experiment
    stopped = f" ({made.stopped})" if made.stopped else ""
    return f"{made.n:,} runs of each{stopped}, paired on common luck, seed {made.seed}."


def _levels(found: Comparison) -> pl.DataFrame:
    made = found.experiment.levels
    rows = [
        {
            "scenario": row["scenario"],
            "figure": row["figure"].replace("_", " "),
            "told": _figure(row, found.units.get(row["figure"], "")),
        }
        for row in made.to_dicts()
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("scenario", "figure", "told"), pl.String))


def _figure(row: dict[str, Any], unit: str) -> str:
    from linewright.twin.statistics.intervals import Interval
    from linewright.twin.statistics.telling import told, told_share

    value, low, high = (float("nan") if row[name] is None else row[name] for name in ("mean", "low", "high"))
    interval = Interval(value=value, low=low, high=high, n=row["n"], confidence=row["confidence"], method=row["method"])
    return told_share(interval) if unit == "share" else told(interval, unit)


def _assumptions(found: Comparison) -> list[str]:
    """What was assumed, each sentence once."""
    return list(dict.fromkeys(sentence for assumed in found.assumptions.values() for sentence in assumed))


def _style(sentence: str) -> str:
    return "green" if sentence.endswith(", better") else "red" if sentence.endswith(", worse") else ""
