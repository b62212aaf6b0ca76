"""What checks share: positions of rows that satisfy a condition, and where to tell of a material."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from linewright.model.factory import Factory
from linewright.model.findings import Finding, Positions
from linewright.model.table import Table


def where(table: Table[Any] | pl.DataFrame, condition: pl.Expr) -> Positions:
    """The positions of the rows that satisfy a condition."""
    frame = table if isinstance(table, pl.DataFrame) else table.frame
    chosen = frame.select(condition.fill_null(value=False).alias("chosen")).get_column("chosen")
    return chosen.arg_true().to_numpy().astype(np.int64)


def texts(table: Table[Any], positions: Positions, column: str) -> list[str]:
    """One column of some rows, as text."""
    return table.frame.get_column(column).gather(positions).cast(pl.String).fill_null("").to_list()


def start_day(factory: Factory) -> date | None:
    """The local day on which planning starts, if the settings name it; the model knows no other clock."""
    start = factory.settings.start
    return start.astimezone(factory.timezone).date() if start else None


def positions_of(rows: pl.DataFrame) -> Positions:
    """The column `position` of rows that were filtered or joined."""
    return rows.get_column("position").to_numpy().astype(np.int64)


def material_findings(
    factory: Factory, names: pl.Series, places: Sequence[tuple[str, str]], **told: Any
) -> Iterator[Finding]:
    """A finding for some materials, each placed at its row in materials, or at the first row that names it.

    Parameters
    ----------
    factory
        Whose materials they are.
    names
        The materials; ``{value}`` in a message stands for the name.
    places
        The (table, column) pairs in which a material is looked for when it is not in materials.
    told
        The rest of the finding.
    """
    left = names.drop_nulls().unique()
    for table, column in (("materials", "material"), *places):
        rows = factory.table(table).frame.select(name=column).with_row_index("position")
        rows = rows.filter(pl.col("name").is_in(left.implode())).unique("name", keep="first").sort("position")
        found = rows.get_column("name")
        left = left.filter(~left.is_in(found.implode()))
        if len(found):
            yield Finding(
                table=table,
                column=column,
                positions=positions_of(rows),
                values=found.to_list(),
                materials=[(name,) for name in found],
                **told,
            )
