"""A factory that was read from a classic instance, as a `Problem`."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from benchmarks.scheduling.problem import Problem
from linewright.model.factory import Factory


def problem_of(factory: Factory) -> Problem:
    """The problem of a factory with one order for each material and no calendars, as classic instances are."""
    rows = factory.operations.frame.select(
        "material", "step", "machine", "run_minutes", "after", "setup_family"
    ).to_dicts()
    names = [_name(row) for row in rows]
    due, weight = _promises(factory)
    return Problem(
        operations=names,
        job=[row["material"] for row in rows],
        before=_before(rows, {name: at for at, name in enumerate(names)}),
        modes=_modes(factory, rows),
        family=[row["setup_family"] for row in rows],
        changeovers=[
            (row["machine"], row["from_family"], row["to_family"], round(row["minutes"]))
            for row in factory.changeovers.frame.iter_rows(named=True)
        ],
        due=due,
        weight=weight,
    )


def _name(row: dict[str, Any]) -> str:
    return f"{row['material']}/{row['step']}"


def _before(rows: list[dict[str, Any]], place: dict[str, int]) -> list[list[int]]:
    """Blank means the step before, a dash means none, anything else names steps."""
    steps: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        steps[row["material"]].append(row["step"])
    earlier = {
        (material, step): before
        for material, mine in steps.items()
        for before, step in zip(sorted(mine), sorted(mine)[1:], strict=False)
    }
    found = []
    for row in rows:
        if row["after"]:
            named = [] if row["after"] == "-" else row["after"].split(";")
        else:
            key = (row["material"], row["step"])
            named = [earlier[key]] if key in earlier else []
        found.append([place[f"{row['material']}/{step}"] for step in named])
    return found


def _modes(factory: Factory, rows: list[dict[str, Any]]) -> list[list[tuple[str, str, int]]]:
    listed: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    choices = factory.operation_machines.frame.select("material", "step", "machine", "person", "run_minutes")
    for row in choices.iter_rows(named=True):
        listed[_name(row)].append((row["machine"], row["person"], round(row["run_minutes"])))
    return [listed.get(_name(row)) or [(row["machine"], "", round(row["run_minutes"]))] for row in rows]


def _promises(factory: Factory) -> tuple[dict[str, int], dict[str, int]]:
    """Due dates in minutes since the start, and what a late minute costs."""
    start = factory.settings.start
    due, weight = {}, {}
    for row in factory.orders.frame.iter_rows(named=True):
        if row["due"] is not None and start is not None:
            due[row["material"]] = round((row["due"] - start).total_seconds() / 60)
            weight[row["material"]] = round((row["late_cost_per_day"] or 0) / 1440)
    return due, weight
