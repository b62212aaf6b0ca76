"""How much longer people of a level of skill take: never of fewer than three, and nobody by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from linewright.model.times_results import LEVEL_COLUMNS
from linewright.times.minutes.terms import PERSON

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.times.minutes.model import Minutes

#: A level of fewer people would tell about a person.
LEAST_PEOPLE = 3


def levels_of(factory: Factory, model: Minutes | None) -> pl.DataFrame:
    """The time of each skill and level as a multiple of the usual one, as LEVEL_COLUMNS.

    Parameters
    ----------
    model
        Of single reports, with what it learned of each person.
    """
    empty = pl.DataFrame(schema=LEVEL_COLUMNS)
    if model is None:
        return empty
    people = next((one for one in model.effects.levels if one.term.name == PERSON.name), None)
    skills = factory.skills.content.select("person", "skill", "level").unique(maintain_order=True)
    if people is None or skills["level"].n_unique() < 2:
        return empty
    known = pl.DataFrame(
        {"person": list(people.known), "effect": people.effect, "variance": people.variance},
        schema={"person": pl.String, "effect": pl.Float64, "variance": pl.Float64},
    ).filter(pl.col("person") != "")
    grouped = skills.join(known, on="person").group_by("skill", "level").agg(
        people=pl.len().cast(pl.Int64), mean=pl.col("effect").mean(),
        error=((pl.col("variance").sum() + pl.col("effect").var() * pl.len()).sqrt() / pl.len()),
    )  # fmt: skip
    shown = grouped.filter(pl.col("people") >= LEAST_PEOPLE).sort("skill", "level")
    reach = 1.96 * shown["error"].to_numpy()
    mean = shown["mean"].to_numpy()
    return shown.select("skill", "level", "people").with_columns(
        factor=pl.Series(np.exp(mean)), low=pl.Series(np.exp(mean - reach)), high=pl.Series(np.exp(mean + reach))
    )
