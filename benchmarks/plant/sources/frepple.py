"""The furniture factory that frePPLe shows itself with: who must be there for an operation."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.plant.sources.forms import Statistic, figure, shares
from linewright import read

FOLDER = "frepple_demo"
SOURCE = "frePPLe 9.18, manufacturing_demo, github.com/frePPLe/frepple"
LICENCE = "MIT (frePPLe bv)"


def statistics(folder: Path) -> dict[str, Statistic]:
    """Crews, skills and delivery of a small assembly factory."""
    factory = read(folder / "manufacturing_demo.json")
    operations, skills = factory.operations.frame, factory.skills.frame
    manned = operations.filter(pl.col("crew") > 0)
    return {
        "crew": shares("people of an operation", operations["crew"]),
        "skilled_share": figure("share of the operations with people that ask for a skill",
                                manned["skill"].is_not_null().mean(), manned.height),
        "skills_per_person": shares("skills of a person", skills.group_by("person").len()["len"]),
        "people_per_skill": shares("people who have a skill", skills.group_by("skill").len()["len"]),
        "people_per_machine": figure("people for each machine", len(factory.people) / len(factory.machines),
                                     len(factory.people)),
    }  # fmt: skip
