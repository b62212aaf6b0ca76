"""Gradient boosted trees for what effects that add up cannot say, such as a part that is slow on one machine only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from linewright.times.minutes.terms import Floats, numbered, numbers

#: With fewer records trees only repeat them.
LEAST_RECORDS = 200
#: Two seeds halve the chance of the columns that a tree happens to see.
SEEDS = 2
#: The trees take at most so many different values of a column; rarer ones count as unknown.
MOST_VALUES = 250
SETTINGS: Mapping[str, Any] = {
    "loss": "absolute_error", "max_iter": 80, "learning_rate": 0.1, "max_leaf_nodes": 6, "min_samples_leaf": 10,
    "l2_regularization": 1.0, "max_features": 0.6, "early_stopping": False,
}  # fmt: skip


@dataclass(frozen=True)
class Trees:
    """What was learned: the log of the median minutes (the trees minimise absolute errors of the log)."""

    columns: tuple[str, ...]
    known: tuple[Mapping[str, int], ...]
    models: tuple[Any, ...]

    def predict(self, records: pl.DataFrame) -> Floats:
        """The log of the median minutes of each record."""
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        table = _table(records, self.columns, self.known)
        with threadpool_limits(1):
            return np.asarray(np.mean([model.predict(table) for model in self.models], axis=0))

    def without(self, name: str) -> Trees:
        """The same, to which every value of a column is unknown from now on."""
        known = tuple({} if column == name else one for column, one in zip(self.columns, self.known, strict=True))
        return Trees(self.columns, known, self.models)


def learn_trees(records: pl.DataFrame, columns: Sequence[str], seed: int, seeds: int = SEEDS) -> Trees:
    """Learn from records with `minutes` and `quantity` above zero, once for each of some seeds."""
    from sklearn.ensemble import HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits

    known = tuple(_frequent(records[name]) for name in columns)
    table = _table(records, columns, known)
    logs = np.log(records["minutes"].to_numpy())
    places = list(range(2, 2 + len(columns)))
    with threadpool_limits(1):
        models = tuple(
            HistGradientBoostingRegressor(**SETTINGS, categorical_features=places, random_state=seed + number).fit(
                table, logs
            )
            for number in range(seeds)
        )
    return Trees(tuple(columns), known, models)


def _frequent(column: pl.Series) -> dict[str, int]:
    values = column.cast(pl.String).fill_null("")
    counts = values.value_counts(sort=True)[values.name].head(MOST_VALUES).to_list()
    return numbered([value for value in values.unique(maintain_order=True).to_list() if value in set(counts)])


def _table(records: pl.DataFrame, columns: Sequence[str], known: Sequence[Mapping[str, int]]) -> Any:
    """Log quantity, log ordered quantity, and a number for each name; what is not known is missing."""
    numeric = [np.log(records[name].to_numpy()) for name in ("quantity", "order_quantity")]
    named = []
    for name, numbers_of in zip(columns, known, strict=True):
        at = numbers(records[name].cast(pl.String).fill_null("").to_list(), numbers_of).astype(float)
        named.append(np.where(at < 0, np.nan, at))
    return np.column_stack([*numeric, *named])
