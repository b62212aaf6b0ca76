"""Which reports still tell the truth: those since a step's time last changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from linewright.times.estimates.drift import Level, believed, level_now
from linewright.times.estimates.standards import Standards


@dataclass(frozen=True)
class Judged:
    """A step against its standard: where it stands, since when, and whether it surely differs."""

    level: Level
    since: datetime | None
    differs: bool
    has_standard: bool


def judged(jobs: pl.DataFrame, standards: Standards) -> dict[tuple[str, int], Judged]:
    """Every step with enough dated jobs, against its standard; one without a standard against its own mean."""
    found: list[tuple[tuple[str, int], Level, list[datetime], bool]] = []
    dated = jobs.filter(pl.col("dated") & pl.col("step").is_not_null())
    for (material, step), group in dated.group_by("material", "step", maintain_order=True):
        if (material, step) not in standards.steps:
            continue
        # Each job against what the planner would have planned for it, on its own machine.
        allowed = np.array(
            [
                standards.minutes(material, step, machine, units) / units
                for machine, units in group.select("machine", "quantity").rows()
            ]
        )
        known = bool((allowed > 0).all())
        logs = np.log(group["minutes"].to_numpy() / group["quantity"].to_numpy())
        level = level_now(logs - np.log(allowed) if known else logs - logs.mean())
        if level is not None:
            found.append(((material, step), level, group["moment"].to_list(), known))
    sure = believed([level if known else None for _, level, _, known in found])
    return {
        key: Judged(level, moments[level.first] if level.first or differs else None, differs or not known, known)
        for (key, level, moments, known), differs in zip(found, sure, strict=True)
    }


def still_true(records: pl.DataFrame, levels: dict[tuple[str, int], Judged]) -> pl.DataFrame:
    """The records without those of a step from before its time changed."""
    changed = [(*key, one.since) for key, one in levels.items() if one.level.first]
    if not changed:
        return records
    schema: dict[str, Any] = {"material": pl.String, "step": pl.Int64, "changed": records.schema["moment"]}
    since = pl.DataFrame(changed, schema=schema, orient="row")
    joined = records.join(since, on=["material", "step"], how="left", maintain_order="left")
    before = (pl.col("moment") < pl.col("changed")).fill_null(value=False)
    return joined.filter(~before).drop("changed")
