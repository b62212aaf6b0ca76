"""The honest test: learn from the first weeks, forecast the later ones, and compare with what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.errors import ModelError
from linewright.times.minutes.model import LEAST_TO_LEARN, Minutes, learn_minutes
from linewright.times.minutes.ranges import SHARE
from linewright.times.minutes.terms import Floats
from linewright.times.reports.aside import cleaned
from linewright.times.reports.records import job_records, report_records

if TYPE_CHECKING:
    from linewright.model.factory import Factory

#: One row for each split, unit (report, job), method, and work center ("" is all): records forecast, the sum of
#: absolute errors over the sum of minutes (`wape`), the median of absolute errors as shares, and the share inside the
#: ranges from P10 to P90; `minutes` is the sum of minutes. `known` says whether all records count or only those of
#: steps with five earlier ones.
EVALUATION_COLUMNS: Mapping[str, Any] = {
    "split": pl.Datetime("us", "UTC"), "unit": pl.String, "method": pl.String, "known": pl.Boolean,
    "work_center": pl.String, "records": pl.Int64, "wape": pl.Float64, "median_error": pl.Float64,
    "coverage": pl.Float64, "minutes": pl.Float64,
}  # fmt: skip
#: Splits without a wish: after these shares of the reports.
SPLITS = (0.5, 0.6, 0.7, 0.8)
#: An operation is known from so many earlier records on.
KNOWN = 5
OURS, ERP, MEAN = "linewright", "total minutes / total units", "mean of the work center"


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """How far forecasts were off later reports; `frame` has EVALUATION_COLUMNS."""

    factory_name: str
    frame: pl.DataFrame
    seed: int

    def row(
        self, unit: str = "report", method: str = OURS, work_center: str = "", *, known: bool = False
    ) -> dict[str, Any]:
        """Wape, median error and coverage over all splits together, each record counted once for each split.

        Wape is the sum of all errors over the sum of all minutes; the median error is the mean of those of the splits.

        Raises
        ------
        KeyError
            There is no such row.
        """
        rows = self.frame.filter(
            pl.col("unit") == unit, pl.col("method") == method, pl.col("work_center") == work_center,
            pl.col("known") == known,
        )  # fmt: skip
        if not rows.height:
            raise KeyError(f"no row of {unit}, {method}, {work_center or 'all work centers'}")
        weight = rows["records"].to_numpy()
        # Errors over minutes: a split weighs by its minutes; the other figures by records.
        figures = {"wape": float(np.average(rows["wape"].to_numpy(), weights=rows["minutes"].to_numpy()))}
        for name in ("median_error", "coverage"):
            figures[name] = float(np.average(rows[name].to_numpy(), weights=weight))
        return {"records": int(weight.sum()), "splits": rows.height, **figures}

    def __repr__(self) -> str:
        """Both units in one line each."""
        lines = []
        for unit in self.frame["unit"].unique(maintain_order=True):
            ours, erp = self.row(unit), self.row(unit, ERP)
            lines.append(
                f"{ours['records']:,} later {unit}s: off by {100 * ours['wape']:.0f} % of the minutes (total minutes / "
                f"total units: {100 * erp['wape']:.0f} %), ranges catch {100 * ours['coverage']:.0f} % (meant: "
                f"{100 * SHARE:.0f} %)"
            )
        return f"Test of times of {self.factory_name}: " + "; ".join(lines)


def evaluate(
    factory: Factory, split: datetime | Sequence[datetime] | None = None, *, until: datetime | None = None,
    every_days: float | None = None, seed: int = 0,
) -> Evaluation:  # fmt: skip
    """Learn from what had been reported by a moment, and forecast the minutes of everything that began later.

    Nothing of the factory's typed-in times is used. A record is forecast from its material, kind of work, machine,
    quantity, the ordered quantity, and for single reports whoever did it.

    Parameters
    ----------
    split
        One or several timezone-aware moments; without, those after 50, 60, 70 and 80 % of the reports.
    until
        Forecast only what began before this moment.
    every_days
        Learn anew after so many days, as a planner would; without, once for each split.
    seed
        Of the trees.

    Raises
    ------
    ModelError
        There are no reports, or too few before or after a split, or `every_days` is not above zero.
    """
    if every_days is not None and not every_days > 0:
        raise ModelError([f"times cannot be learned anew every {every_days:g} days — give a number of days above zero"])
    reports = cleaned(factory).reports
    units = {"report": report_records(reports), "job": job_records(reports)}
    splits = _splits(units["report"], split)
    rows = [
        row
        for moment in splits
        for unit, records in units.items()
        for row in _one(records, moment, until, every_days, unit, seed)
    ]
    return Evaluation(
        factory_name=factory.name, frame=pl.DataFrame(rows, schema=EVALUATION_COLUMNS, orient="row"), seed=seed
    )


def _splits(records: pl.DataFrame, split: datetime | Sequence[datetime] | None) -> list[datetime]:
    if split is not None:
        chosen = [split] if isinstance(split, datetime) else list(split)
        if any(moment.tzinfo is None for moment in chosen):
            raise ValueError("a split needs a time zone")
        return chosen
    moments = records.filter("dated")["moment"]
    if len(moments) < 2 * LEAST_TO_LEARN:
        raise ModelError(
            [f"actuals: {len(moments)} dated runs with units, not enough to test on — {2 * LEAST_TO_LEARN} are needed"]
        )
    return [moments[int(share * len(moments))] for share in SPLITS]


def _one(
    records: pl.DataFrame, split: datetime, until: datetime | None, every_days: float | None, unit: str, seed: int
) -> list[tuple[Any, ...]]:
    """The rows of one split."""
    later = records.filter("dated", pl.col("moment") >= split)
    later = later if until is None else later.filter(pl.col("moment") < until)
    parts = []
    for begin, end in _windows(later, split, every_days):
        past = records.filter((pl.col("until") <= begin) | ~pl.col("dated") & (pl.col("moment") < begin))
        came = later.filter((pl.col("moment") >= begin) & (pl.col("moment") < end))
        if came.height and past.height < LEAST_TO_LEARN:
            raise ModelError([f"actuals: {past.height} {unit}s before {split:%Y-%m-%d}, not enough to learn from"])
        if came.height:
            parts.append(_forecasts(past, came, unit, seed))
    if not parts:
        raise ModelError([f"actuals: no dated {unit} with units after {split:%Y-%m-%d} — choose an earlier split"])
    return list(_scored(pl.concat(parts), split, unit))


def _windows(later: pl.DataFrame, split: datetime, every_days: float | None) -> list[tuple[datetime, datetime]]:
    last: datetime = later["moment"].to_list()[-1] if later.height else split
    end = last + timedelta(seconds=1)
    if every_days is None:
        return [(split, end)]
    count = int((end - split).total_seconds() // (86400 * every_days)) + 1
    step = timedelta(days=every_days)
    return [(split + number * step, min(split + (number + 1) * step, end)) for number in range(count)]


def _forecasts(past: pl.DataFrame, came: pl.DataFrame, unit: str, seed: int) -> pl.DataFrame:
    """What each method says about some records, and whether the record's step was known."""
    model: Minutes = learn_minutes(past, seed=seed, people=unit == "report")
    told = model.forecast(came)
    keys = ["material", "kind_of_work"]
    seen = came.join(past.group_by(keys).len(), on=keys, how="left", maintain_order="left")["len"].fill_null(0)
    frames = [(OURS, told.median, told.low, told.high)]
    frames += [(name, *_rates(past, came, by)) for name, by in ((ERP, keys), (MEAN, ["work_center"]))]
    return pl.concat(
        [
            came.select("work_center", "minutes").with_columns(
                method=pl.lit(name), known=seen >= KNOWN, point=pl.Series(point), low=pl.Series(low),
                high=pl.Series(high),
            )
            for name, point, low, high in frames
        ]
    )  # fmt: skip


def _rates(past: pl.DataFrame, came: pl.DataFrame, keys: list[str]) -> tuple[Floats, Floats, Floats]:
    """Total minutes over total units of the same step, else kind of work, else plant; P10 and P90 of single rates."""
    rate = pl.col("minutes") / pl.col("quantity")
    told = {
        "point": pl.col("minutes").sum() / pl.col("quantity").sum(), "low": rate.quantile(0.1, "linear"),
        "high": rate.quantile(0.9, "linear"),
    }  # fmt: skip
    whole = past.select(**told).row(0, named=True)
    kinds = past.group_by("kind_of_work").agg(**{f"{name}_kind": value for name, value in told.items()})
    joined = came.join(past.group_by(keys).agg(**told), on=keys, how="left", maintain_order="left")
    joined = joined.join(kinds, on="kind_of_work", how="left", maintain_order="left")
    units = came["quantity"].to_numpy()
    point, low, high = (
        joined.select(pl.coalesce(name, f"{name}_kind", pl.lit(whole[name])))[name].to_numpy() * units for name in told
    )
    return point, low, high


def _scored(forecasts: pl.DataFrame, split: datetime, unit: str) -> list[tuple[Any, ...]]:
    off = (pl.col("point") - pl.col("minutes")).abs()
    figures = {
        "records": pl.len(), "wape": off.sum() / pl.col("minutes").sum(), "median": (off / pl.col("minutes")).median(),
        "coverage": pl.col("minutes").is_between("low", "high").mean(), "total": pl.col("minutes").sum(),
    }  # fmt: skip
    rows = []
    for known, frame in ((False, forecasts), (True, forecasts.filter("known"))):
        whole = frame.with_columns(work_center=pl.lit(""))
        for part in (whole, frame):
            found = part.group_by("method", "work_center", maintain_order=True).agg(**figures)
            rows += [
                (split, unit, method, known, center, *values)
                for method, center, *values in found.sort("work_center", maintain_order=True).rows()
            ]
    return rows
