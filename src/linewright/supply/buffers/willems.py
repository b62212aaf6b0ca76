"""Chains in the layout of the public data set of real multi-echelon supply chains.

S. P. Willems, "Real-world multiechelon supply chains used for inventory optimization", *Manufacturing & Service
Operations Management* 10(1):19-23, 2008. The two CSV files of a chain have the columns of its stages and arcs.
This is no factory, so the reader lives here and not among the readers of factories.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from linewright.errors import ModelError, SourceError
from linewright.supply.buffers.chain import Chain
from linewright.supply.buffers.lead_times import spread

#: What holding one unit for a year costs, as a share of its value, in studies with this data.
HOLDING_SHARE = 0.2


def read_willems(
    stages_csv: str | PathLike[str],
    arcs_csv: str | PathLike[str],
    *,
    holding_share: float = HOLDING_SHARE,
    uncertain_lead_times: bool = False,
) -> Chain:
    """Read a chain.

    All stages cover demand with one factor, that of the highest service level in the file; a stage without customers
    lets its own wait for maxServiceTime days (blank: 0).

    Parameters
    ----------
    stages_csv, arcs_csv
        The stages, and the arcs with the columns from and to.
    holding_share
        Share of a unit's value that a year of holding costs.
    uncertain_lead_times
        Take the lead times as the file's distributions, or its standard deviations where it has none, and not as
        their means (stageTime).

    Raises
    ------
    SourceError
        A file or one of its columns is missing.
    ModelError
        The numbers make no chain.
    """
    stages = _table(stages_csv, ("stageName", "stageCost", "stageTime", "maxServiceTime"))
    arcs = _table(arcs_csv, ("from", "to"))
    for table, column in ((stages, "stageName"), (arcs, "from"), (arcs, "to")):
        if table.get_column(column).null_count():
            raise ModelError([f"{column}: a row has none — fill it in or remove the row"])
    names = stages.get_column("stageName").to_list()
    units = _numbers(arcs, "units", 1.0).tolist()
    sink = ~np.isin(names, arcs.get_column("from").to_list())
    promised = _numbers(stages, "maxServiceTime", np.nan)
    chain = Chain.of(
        names,
        list(zip(arcs.get_column("from").to_list(), arcs.get_column("to").to_list(), units, strict=True)),
        lead_days=_numbers(stages, "stageTime", 0.0),
        added_cost=_numbers(stages, "stageCost", 0.0),
        demand_mean=_numbers(stages, "avgDemand", 0.0),
        demand_sd=_numbers(stages, "stDevDemand", 0.0),
        promised_days=np.where(sink, np.nan_to_num(promised, nan=0.0), np.nan),
        service_factor=_service_factor(stages, stages_csv),
        holding_share=holding_share,
    )
    if not uncertain_lead_times:
        return chain
    days, share = _distributions(stages, chain.lead_days[:, 0])
    return chain.changed(lead_days=days, lead_share=share)


def _table(file: str | PathLike[str], needed: tuple[str, ...]) -> pl.DataFrame:
    try:
        first = Path(file).read_bytes().partition(b"\n")[0]
        separator = ";" if first.count(b";") > first.count(b",") else ","
        table = pl.read_csv(Path(file), infer_schema=False, separator=separator)
    except (OSError, pl.exceptions.PolarsError) as error:
        message = f"{file}: it could not be read as CSV ({error})"
        raise SourceError(message) from error
    table = table.rename({name: name.strip() for name in table.columns})
    missing = [name for name in needed if name not in table.columns]
    if missing:
        message = f"{file}: it has no column {', '.join(missing)} — it needs {', '.join(needed)}"
        raise SourceError(message)
    # A line without any content is no row.
    table = table.with_columns(pl.all().str.strip_chars().replace("", None))
    return table.filter(~pl.all_horizontal(pl.all().is_null()))


def _numbers(table: pl.DataFrame, column: str, blank: float) -> Any:
    if column not in table.columns:
        return np.full(table.height, blank)
    text = table.get_column(column)
    wrong = text.filter(text.is_not_null() & text.cast(pl.Float64, strict=False).is_null())
    if wrong.len():
        raise ModelError([f"{column}: {value} is no number — correct the cell" for value in wrong.unique().to_list()])
    return text.cast(pl.Float64, strict=False).fill_null(blank).to_numpy()


def _service_factor(stages: pl.DataFrame, file: str | PathLike[str]) -> float:
    from scipy.special import ndtri

    level = np.nanmax(_numbers(stages, "serviceLevel", np.nan), initial=-np.inf)
    if not 0 < level < 1:
        raise ModelError([f"{file}: no stage has a serviceLevel between 0 and 1 — add one to the demand stages"])
    return float(ndtri(level))


def _distributions(stages: pl.DataFrame, mean: Any) -> tuple[Any, Any]:
    """Lead times and their shares (N x K): columns StageTime_k_v and StageTime_k_p, else stDevStageTime."""
    days, share = spread(mean, _numbers(stages, "stDevStageTime", 0.0))
    ranks = [name[10:-2] for name in stages.columns if name.startswith("StageTime_") and name.endswith("_v")]
    if not ranks:
        return days, share
    listed = np.stack([_numbers(stages, f"StageTime_{rank}_v", 0.0) for rank in ranks], axis=1)
    chance = np.stack([_numbers(stages, f"StageTime_{rank}_p", 0.0) for rank in ranks], axis=1)
    known = chance.sum(axis=1) > 0
    # A value that never happens must not count as the longest lead time.
    usual = np.where(chance > 0, listed, -np.inf).max(axis=1, keepdims=True)
    listed = np.where(chance > 0, listed, usual)
    width = max(days.shape[1], listed.shape[1])
    days, listed = (_widened(columns, width, columns[:, -1:]) for columns in (days, listed))
    share, chance = (_widened(columns, width, np.zeros((mean.size, 1))) for columns in (share, chance))
    total = np.maximum(chance.sum(axis=1, keepdims=True), 1e-300)
    return np.where(known[:, None], listed, days), np.where(known[:, None], chance / total, share)


def _widened(columns: Any, width: int, more: Any) -> Any:
    """An array with so many columns; further ones are all the same."""
    return np.concatenate([columns, np.repeat(more, width - columns.shape[1], axis=1)], axis=1)
