"""What customers want of each material in a day, and how much that varies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.forecast_results import ForecastResult

#: Days of history that count.
HISTORY_DAYS = 365
#: Standard deviation of a week's demand as a share of it, where only a forecast is known.
ASSUMED_VARIATION = 0.3


@dataclass(frozen=True)
class DailyDemand:
    """One row for each material with customers (material, mean, sd; units and days), and what was assumed."""

    frame: pl.DataFrame
    assumptions: tuple[str, ...]


def daily_demand(factory: Factory, start: date, expected: ForecastResult | None = None) -> DailyDemand:
    """Mean and standard deviation of a day's demand.

    The mean is the forecast's where there is one, else that of the last year's history, else of the open orders until
    the last due date (a week at least). The standard deviation is that of the history's periods, days being
    independent of each other (the variance of a period is its number of days times that of a day); without history it
    comes from the sizes of the orders, which then arrive at random (compound Poisson: rate times mean squared size), or
    is assumed.

    Parameters
    ----------
    expected
        A forecast whose mean and error one period ahead, widened where demand has moved, come before all of these.
    """
    history, forecast, orders = _history(factory, start), _forecast(factory, start), _orders(factory, start)
    frame = (
        pl.concat([source.select("material") for source in (history, forecast, orders)])
        .unique(maintain_order=True)
        .join(history.rename({"mean": "past", "sd": "past_sd"}), on="material", how="left", maintain_order="left")
        .join(forecast.rename({"mean": "expected"}), on="material", how="left", maintain_order="left")
        .join(orders.rename({"mean": "ordered", "sd": "ordered_sd"}), on="material", how="left", maintain_order="left")
    )
    assumed = ASSUMED_VARIATION * pl.col("expected") * 7**0.5
    frame = frame.with_columns(
        mean=pl.coalesce("expected", "past", "ordered"), sd=pl.coalesce("past_sd", "ordered_sd", assumed)
    ).filter(pl.col("mean") > 0)
    told = _told(frame)
    frame = frame.select("material", "mean", "sd")
    if expected is not None:
        frame, more = _with_forecast(frame, expected)
        told += more
    return DailyDemand(frame.sort("material"), tuple(told))


def _with_forecast(frame: pl.DataFrame, expected: ForecastResult) -> tuple[pl.DataFrame, list[str]]:
    """Means and deviations of a forecast in place of those of the history, for the materials that it knows."""
    known = expected.accuracy.filter(pl.col("standard_deviation").is_not_null() & (pl.col("mean") >= 0)).select(
        "material",
        new_mean=pl.col("mean") / pl.col("days"),
        # Days are taken as independent, so that variances add up over a period.
        new_sd=pl.col("standard_deviation") / pl.col("days").sqrt(),
    )
    joined = frame.join(known, on="material", how="full", coalesce=True)
    mixed = joined.select("material", mean=pl.coalesce("new_mean", "mean"), sd=pl.coalesce("new_sd", "sd"))
    told = f"Mean and spread of {known.height:,} materials are those of the forecast, with its error one period ahead."
    return mixed.filter(pl.col("mean") > 0), [told]


def _told(frame: pl.DataFrame) -> list[str]:
    """What a planner should know about these figures."""
    told = []
    only_orders = frame.filter(pl.col("past").is_null() & pl.col("expected").is_null()).height
    if only_orders:
        told.append(f"{some(only_orders)} neither forecast nor history: the open orders are the demand.")
    guessed = frame.filter(pl.col("past_sd").is_null() & pl.col("ordered_sd").is_null()).height
    if guessed:
        told.append(
            f"{some(guessed)} a forecast but no history: a week's demand is taken to vary by "
            f"{100 * ASSUMED_VARIATION:.0f} % — demand_history gives the real figure."
        )
    return told


def some(count: int) -> str:
    """How many materials have something, as the beginning of a sentence."""
    return "1 material has" if count == 1 else f"{count:,} materials have"


def _history(factory: Factory, start: date) -> pl.DataFrame:
    """Mean and deviation of each material from its first period of the last year to the last one of any."""
    rows = factory.demand_history.frame.select("material", "date", "quantity").filter(
        pl.col("date") < start, pl.col("date") >= start - timedelta(days=HISTORY_DAYS)
    )
    days = period_days(rows.get_column("date"))
    # A month or week that is still running holds only a part of its demand; it counts where there is nothing else.
    over = rows.filter(pl.col("date").dt.offset_by("1mo" if days > 28 else f"{days:.0f}d") <= start)
    rows = over if over.height else rows
    by_period = rows.group_by("material", "date").agg(pl.col("quantity").sum())
    last = pl.lit(by_period.get_column("date").max(), pl.Date)
    count = ((last - pl.col("first")).dt.total_days() / days).round() + 1
    squares = pl.max_horizontal(0.0, pl.col("squares") - pl.col("total") ** 2 / pl.col("periods"))
    return (
        by_period.group_by("material")
        .agg(
            first=pl.col("date").min(), total=pl.col("quantity").sum(), squares=(pl.col("quantity") ** 2).sum()
        )
        .with_columns(periods=count)
        .select(
            "material",
            mean=pl.col("total") / pl.col("periods") / days,
            # One period says nothing about variation.
            sd=pl.when(pl.col("periods") > 1).then((squares / (pl.col("periods") - 1) / days).sqrt()),
        )
    )  # fmt: skip


def _forecast(factory: Factory, start: date) -> pl.DataFrame:
    """The mean of each material over the periods that are forecast from now on."""
    rows = factory.forecast.frame.select("material", "date", "quantity")
    days = period_days(rows.get_column("date"))
    rows = rows.filter(pl.col("date") + pl.duration(days=days) > start)
    return rows.group_by("material").agg(mean=pl.col("quantity").sum() / pl.col("date").n_unique() / days)


def _orders(factory: Factory, start: date) -> pl.DataFrame:
    """Mean and deviation of each material from its open orders, until the last of all due dates."""
    rows = factory.orders.frame.filter(status="open").select("material", "quantity", "due")
    dates = rows.get_column("due").drop_nulls().dt.date().to_list()
    # Orders that are late already were wanted in a time that has passed, which then counts too.
    horizon = max(7.0, (max(dates) - min(start, *dates)).days + 1.0) if dates else 7.0
    return rows.group_by("material").agg(
        mean=pl.col("quantity").sum() / horizon, sd=((pl.col("quantity") ** 2).sum() / horizon).sqrt()
    )


def period_days(dates: pl.Series) -> float:
    """How many days a row covers: a day, a week or a month, by the least distance between two dates."""
    days = dates.unique().sort().to_numpy().astype("datetime64[D]").astype(np.int64)
    least = int(np.diff(days).min(initial=31))
    if least >= 28:
        return 365.25 / 12
    return 7.0 if least >= 7 else 1.0
