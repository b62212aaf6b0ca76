"""Checks that there are people for the work."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from linewright.model.checks.rows import where
from linewright.model.factory import Factory
from linewright.model.findings import Finding


def crew_too_large(factory: Factory) -> Iterator[Finding]:
    """A step cannot need more people with a skill than there are; with no people at all, crews are not planned."""
    if len(factory.people):
        yield from _short(factory, "operations", "crew", "skill", "skill_level")
        yield from _short(factory, "operations", "setup_crew", "setup_skill", "setup_skill_level")
        yield from _short(factory, "operation_crews", "people", "skill", "skill_level")


def skill_never_valid(factory: Factory) -> Iterator[Finding]:
    """A skill that expires before it begins never counts."""
    positions = where(factory.skills, pl.col("expires") < pl.col("since"))
    if len(positions):
        yield Finding(
            table="skills",
            rule="skill_never_valid",
            level="warning",
            column="expires",
            positions=positions,
            messages=["the skill expires before it begins, so that it never counts"],
            expected="expires on or after since",
            cures=["correct one of the two days"],
        )


def _short(factory: Factory, table: str, crew: str, skill: str, level: str) -> Iterator[Finding]:
    frame = factory.table(table).frame
    demands = frame.filter(pl.col(crew) > 0).select(skill=skill, level=level).unique()
    able = {(name, least): _able(factory, name, least) for name, least in demands.iter_rows()}
    keys = zip(frame.get_column(skill), frame.get_column(level), strict=True)
    rows = frame.with_columns(able=pl.Series([able.get(key, 0) for key in keys], dtype=pl.Int64))
    positions = where(rows, pl.col(crew) > pl.col("able"))
    if not len(positions):
        return
    chosen = rows.select(crew, skill, level, "able")[positions]
    yield Finding(
        table=table,
        rule="crew_too_large",
        column=crew,
        positions=positions,
        values=[str(count) for count in chosen.get_column(crew)],
        messages=[_told(*row) for row in chosen.iter_rows()],
        expected="at most the number of people who may do it",
        cures=["add people with the skill to skills, or correct the crew or the level"],
    )


def _able(factory: Factory, skill: str, level: int) -> int:
    """How many people have a skill at a level; a blank skill means anyone."""
    if not skill:
        return len(factory.people)
    may = factory.skills.frame.filter(pl.col("skill") == skill, pl.col("level") >= level)
    return may.join(factory.people.frame, on="person", how="semi").get_column("person").n_unique()


def _told(crew: int, skill: str, level: int, able: int) -> str:
    people = "people are" if crew > 1 else "person is"
    of_skill = f" with {skill} at level {level}" if skill else ""
    have = "nobody has it" if skill and not able else f"there {'is' if able == 1 else 'are'} {able}"
    return f"{crew} {people} needed{of_skill}, but {have}"
