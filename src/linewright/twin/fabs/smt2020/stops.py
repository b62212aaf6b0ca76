"""Read what stops the tools: breakdowns of a group of families, and upkeep by days or by pieces of one family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from linewright.twin.fabs.smt2020.records import Breakdown, Spread, ToolFamily, Upkeep
from linewright.twin.fabs.smt2020.tab_files import Faults, Row, rows_of


@dataclass(frozen=True)
class _Plan:
    """How often upkeep comes, in minutes or pieces, and how long it takes."""

    by_pieces: bool
    every: float
    minutes: Spread


def read_stops(
    folder: Path, families: Mapping[str, ToolFamily], faults: Faults
) -> tuple[tuple[Breakdown, ...], tuple[Upkeep, ...]]:
    """The stops of each family, as ``attach.txt`` joins them to the tools."""
    failures = {
        row.text("DOWNCALNAME"): (
            row.spread("MTTFDIST", "MTTF", "", "MTTFUNITS"),
            row.spread("MTTRDIST", "MTTR", "", "MTTRUNITS"),
        )
        for row in rows_of(folder, "downcal.txt", faults)
    }
    plans = {row.text("PMCALNAME"): _plan(row) for row in rows_of(folder, "pmcal.txt", faults)}
    breakdowns: list[Breakdown] = []
    upkeeps: list[Upkeep] = []
    for row in rows_of(folder, "attach.txt", faults):
        members = _members(row, families)
        if row.text("CALTYPE") == "down":
            name = row.named("CALNAME", failures, "downcal.txt")
            if name in failures:
                first = row.spread("FOADIST", "FOA", "", "FOAUNITS")
                breakdowns += [_breakdown(name, family, first, failures[name]) for family in members]
        else:
            name = row.named("CALNAME", plans, "pmcal.txt")
            if name in plans:
                upkeeps += [_upkeep(row, name, family, plans[name]) for family in members]
    return tuple(breakdowns), tuple(upkeeps)


def _members(row: Row, families: Mapping[str, ToolFamily]) -> list[str]:
    """The families that a row of ``attach.txt`` means: one by its name, or all of a group."""
    named = row.text("RESNAME")
    if row.text("RESTYPE") == "stngrp":
        found = [family.name for family in families.values() if family.group == named]
    else:
        found = [named] if named in families else []
    if not found:
        row.faults.add(row, f"RESNAME {named} is not in tool.txt.1l", "correct the name or remove the row")
    return found


def _plan(row: Row) -> _Plan:
    by_pieces = row.text("PMCALTYPE") == "mtbpm_by_pieces"
    every = row.number("MTBPM", low=1e-9) if by_pieces else row.minutes("MTBPM", "MTBPMUNITS", low=1e-9)
    return _Plan(by_pieces, every, row.spread("MTTRDIST", "MTTR", "MTTR2", "MTTRUNITS"))


def _breakdown(name: str, family: str, first: Spread, law: tuple[Spread, Spread]) -> Breakdown:
    return Breakdown(name=name, family=family, first=first, up=law[0], repair=law[1])


def _upkeep(row: Row, name: str, family: str, plan: _Plan) -> Upkeep:
    first = row.number("FOA", plan.every) if plan.by_pieces else row.minutes("FOA", "FOAUNITS", plan.every)
    return Upkeep(
        name=name, family=family, by_pieces=plan.by_pieces, first=first, every=plan.every, minutes=plan.minutes
    )
