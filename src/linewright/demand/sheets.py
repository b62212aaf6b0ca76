"""The frames of a forecast, from its arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from linewright.demand.batch.series import SeriesForecast
from linewright.demand.history import History
from linewright.demand.intake import expected_intake, usual_shares
from linewright.demand.models.panel import Floats
from linewright.model.forecast_results import (
    ACCURACY_COLUMNS,
    CONSUMPTION_COLUMNS,
    FORECAST_COLUMNS,
    HISTORY_COLUMNS,
    INTAKE_COLUMNS,
)

#: Earlier periods from which it is learnt how orders come in.
INTAKE_PERIODS = 12


def forecast_sheet(history: History, method: Sequence[str], point: Floats, low: Floats, high: Floats) -> pl.DataFrame:
    """One row for each key and period ahead."""
    series, horizon = point.shape
    dates = [history.bucket.start(history.begin + step) for step in range(horizon)]
    columns = {
        "material": np.repeat([material for material, _ in history.keys], horizon).tolist(),
        "customer": np.repeat([customer for _, customer in history.keys], horizon).tolist(),
        "date": dates * series,
        "quantity": point.ravel(),
        "low_80": low[0].ravel(),
        "high_80": high[0].ravel(),
        "low_95": low[1].ravel(),
        "high_95": high[1].ravel(),
        "method": np.repeat(method, horizon).tolist(),
    }
    return pl.DataFrame(columns, schema=FORECAST_COLUMNS)


def history_sheet(history: History, adjusted: Sequence[Floats]) -> pl.DataFrame:
    """One row for each key and period of the past."""
    lengths = [len(values) for values in history.series]
    longest = max(lengths)
    starts = [history.bucket.start(history.begin - longest + number) for number in range(longest)]
    columns = {
        "material": np.repeat([material for material, _ in history.keys], lengths).tolist(),
        "customer": np.repeat([customer for _, customer in history.keys], lengths).tolist(),
        "date": [date for length in lengths for date in starts[longest - length :]],
        "quantity": np.concatenate(history.series),
        "adjusted": np.concatenate(adjusted),
    }
    return pl.DataFrame(columns, schema=HISTORY_COLUMNS)


def accuracy_sheet(history: History, made: SeriesForecast, point: Floats, spread: Floats) -> pl.DataFrame:
    """How well each material could be forecast so far, and what buffers need."""
    totals = [place for place, (_, customer) in enumerate(history.keys) if not customer]
    error, usual = made.error[totals], made.usual[totals]
    share = np.divide(error, usual, out=np.full(len(totals), np.nan), where=usual > 0)
    columns = {
        "material": [history.keys[place][0] for place in totals],
        "method": [made.method[place] for place in totals],
        "periods": [len(history.series[place]) for place in totals],
        "error": error,
        "error_share": share,
        "mean": point[totals].mean(axis=1),
        "standard_deviation": spread[totals],
        "days": [history.bucket.days] * len(totals),
    }
    return pl.DataFrame(columns, schema=ACCURACY_COLUMNS).with_columns(pl.col("error", "error_share").fill_nan(None))


def intake_sheet(history: History, frame: pl.DataFrame) -> pl.DataFrame:
    """What the orders of the running period say about the whole of it, where it is known when orders came in."""
    first = frame.filter((pl.col("customer") == "") & (pl.col("date") == history.bucket.start(history.begin)))
    rows = history.orders.filter(pl.col("ordered_on").is_not_null())
    begin, bucket = history.begin, history.bucket
    elapsed = history.today - bucket.start(begin)
    periods = range(begin - INTAKE_PERIODS, begin + 1)
    starts = pl.DataFrame({"period": list(periods), "moment": [bucket.start(number) + elapsed for number in periods]})
    early = (
        rows.join(starts, on="period")
        .group_by("material", "period")
        .agg(
            early=pl.col("quantity").filter(pl.col("ordered_on") < pl.col("moment")).sum(),
            whole=pl.col("quantity").sum(),
        )
    )
    # A period before the first order says nothing about shares.
    known = early.filter(pl.col("period") < begin).get_column("period").n_unique()
    if not known or not first.height:
        return pl.DataFrame(schema=INTAKE_COLUMNS)
    names = first.get_column("material")
    place = {material: number for number, material in enumerate(names)}
    grid = np.zeros((2, INTAKE_PERIODS + 1, len(names)))
    for material, period, came, whole in early.iter_rows():
        if material in place:
            grid[:, period - periods.start, place[material]] = came, whole
    shares = usual_shares(grid[0, :-1], grid[1, :-1])
    ordered, quantity = grid[0, -1], first.get_column("quantity").to_numpy()
    columns = {
        "material": names, "date": first.get_column("date"), "ordered": ordered, "usual_share": shares,
        "forecast": quantity, "expected": expected_intake(ordered, shares, quantity),
    }  # fmt: skip
    return pl.DataFrame(columns, schema=INTAKE_COLUMNS)


def consumption_sheet(history: History, frame: pl.DataFrame, intake: pl.DataFrame) -> pl.DataFrame:
    """What is ordered of each forecast already, and what is still open: nothing where orders exceed the forecast."""
    due = (
        history.orders.filter(pl.col("period") >= history.begin)
        .group_by("material", "period")
        .agg(ordered=pl.col("quantity").sum())
    )
    periods = due.get_column("period").unique().to_list()
    dates = pl.DataFrame(
        {"period": periods, "date": [history.bucket.start(period) for period in periods]},
        schema={"period": pl.Int64, "date": pl.Date},
    )
    totals = frame.filter(pl.col("customer") == "").select("material", "date", "quantity")
    rows = totals.join(due.join(dates, on="period"), on=["material", "date"], maintain_order="left")
    sensed = intake.select("material", "date", sensed="expected")
    rows = rows.join(sensed, on=["material", "date"], how="left", maintain_order="left")
    expected = pl.coalesce("sensed", "quantity")
    return rows.select(
        "material", "date", "ordered", expected=expected, open=(expected - pl.col("ordered")).clip(lower_bound=0.0)
    ).select(list(CONSUMPTION_COLUMNS))
