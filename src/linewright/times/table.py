"""The table of times: what was learned of each step, beside what the factory's file says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.model.times_results import TIMES_COLUMNS, TimeAlarm
from linewright.times.estimates.drift import LEAST_SHARE
from linewright.times.estimates.now import Judged
from linewright.times.estimates.shares import rework_shares, yields
from linewright.times.estimates.standards import Standards
from linewright.times.learned import LEAST_JOBS, Learned
from linewright.times.minutes.terms import Floats
from linewright.times.reports.aside import Cleaned

if TYPE_CHECKING:
    from linewright.model.factory import Factory

DAYS_A_MONTH = 30.44
#: The 90th percentile of a normal distribution lies so many standard deviations above its middle.
REACH = 1.2816
MOST_VARIATION = 10.0
#: A machine with fewer jobs of a step has no row of its own.
LEAST_ON_MACHINE = 3
#: Coverage of a work center is its own from so many later jobs on.
LEAST_HELD = 10


@dataclass(frozen=True)
class Counted:
    """What the table is made from: jobs that still tell the truth, every job, setups, reports, standards, levels."""

    jobs: pl.DataFrame
    every: pl.DataFrame
    setups: pl.DataFrame
    cleaned: Cleaned
    standards: Standards
    levels: dict[tuple[str, int], Judged]


def table_of(factory: Factory, learned: Learned, counted: Counted) -> pl.DataFrame:
    """One row for each step with jobs, and for each of its machines where there are several, as TIMES_COLUMNS."""
    rows = _rows(counted.jobs, learned)
    if not rows.height:
        return pl.DataFrame(schema=TIMES_COLUMNS)
    rows = _with_run(rows, learned)
    rows = _with_setup(rows, learned)
    rows = _with_standards(rows, counted.standards)
    rows = _with_shares(rows, counted)
    rows = _with_levels(rows, counted.levels)
    rows = _with_harm(rows, factory, counted)
    return rows.select(*TIMES_COLUMNS).sort("material", "step", "machine")


def alarms_of(frame: pl.DataFrame, factory: Factory) -> tuple[TimeAlarm, ...]:
    """What differs from its standard, in words, the most harmful first."""
    harm = [pl.col(name).abs() for name in ("cost_per_month", "hours_per_month")]
    rows = frame.filter(pl.col("differs") & (pl.col("machine") == "")).sort(
        *harm, "row", descending=[True, True, False]
    )
    return tuple(
        TimeAlarm(
            row=row["row"], material=row["material"], step=row["step"], low=row["p10"], high=row["p90"],
            standard=row["standard_minutes"], sentence=_sentence(row, factory),
        )
        for row in rows.iter_rows(named=True)
    )  # fmt: skip


def _sentence(row: dict[str, Any], factory: Factory) -> str:
    """Say what a step takes: "Turning of P-118 takes 41 to 66 min a unit, the file says 30, since March 2026"."""
    low, high = minutes_told(row["p10"]), minutes_told(row["p90"])
    says = (
        f"the file says {minutes_told(row['standard_minutes'])}" if row["standard_minutes"] else "the file has no time"
    )
    since = row["since"]
    when = f", since {since.astimezone(factory.timezone):%B %Y}" if since is not None else ""
    return f"{row['name']} of {row['material']} takes {low} to {high} min a unit, {says}{when}"


def minutes_told(minutes: float) -> str:
    """Minutes with as many digits as they need: 41, 4.1, 0.41."""
    return f"{minutes:,.0f}" if minutes >= 20 else f"{minutes:.1f}" if minutes >= 1 else f"{minutes:.2g}"


def _rows(jobs: pl.DataFrame, learned: Learned) -> pl.DataFrame:
    """Which rows there are, with their counts and the usual quantity of the step."""
    stepped = jobs.filter(pl.col("step").is_not_null()).filter(
        pl.Series(
            [
                key in learned.places
                for key in jobs.filter(pl.col("step").is_not_null()).select("material", "step").rows()
            ],
            dtype=pl.Boolean,
        )
    )
    count = {"jobs": pl.len().cast(pl.Int64), "reports": pl.col("reports").sum()}
    steps = stepped.group_by("material", "step", maintain_order=True).agg(
        pl.col("quantity").median(), several=pl.col("machine").n_unique() > 1, machine=pl.lit(""), **count
    )
    there = stepped.group_by("material", "step", "machine", maintain_order=True).agg(**count).join(
        steps.select("material", "step", "quantity", "several"), on=["material", "step"], maintain_order="left"
    )  # fmt: skip
    named = pl.col("machine").is_in(list(learned.centers))
    there = there.filter("several", named, pl.col("jobs") >= LEAST_ON_MACHINE)
    columns = ["material", "step", "machine", "quantity", "jobs", "reports"]
    rows = pl.concat([steps.select(columns), there.select(columns)])
    places = [learned.places[key] for key in rows.select("material", "step").rows()]
    row = pl.concat_str("material", pl.lit("/"), pl.col("step").cast(pl.String))
    return rows.with_columns(
        row=pl.when(pl.col("machine") == "").then(row).otherwise(pl.concat_str(row, pl.lit("@"), "machine")),
        name=pl.Series([place.name for place in places], dtype=pl.String),
        usual_machine=pl.Series([place.machine for place in places], dtype=pl.String),
        enough=pl.col("jobs") >= LEAST_JOBS,
    )


def _with_run(rows: pl.DataFrame, learned: Learned) -> pl.DataFrame:
    records = learned.records(rows)
    told = learned.jobs.forecast(records)
    units = rows["quantity"].to_numpy()
    # The upper half of the range: what makes work late, and less bent by jobs whose minutes went missing.
    spread = np.log(told.high / told.median) / REACH
    chance = np.sqrt(np.maximum(spread**2 - told.level_error**2, (0.25 * spread) ** 2))
    error = np.maximum(told.level_error, spread / np.sqrt(rows["jobs"].to_numpy()))
    held = learned.jobs.held
    coverage = [
        held[center][0] if held.get(center, (0.0, 0))[1] >= LEAST_HELD else held.get("", (None, 0))[0]
        for center in records["work_center"]
    ]
    method = "effects and trees" if learned.jobs.share else "effects"
    return rows.with_columns(
        work_center=records["work_center"],
        run_minutes=pl.Series(told.mean / units), p10=pl.Series(told.low / units), p50=pl.Series(told.median / units),
        p90=pl.Series(told.high / units), growth=pl.Series(learned.jobs.effects.growth(records)),
        run_variation=pl.Series(_variation(chance)), time_error=pl.Series(_variation(error)),
        coverage=pl.Series(coverage, dtype=pl.Float64), method=pl.lit(f"{method}, conformal ranges"),
    )  # fmt: skip


def _variation(deviation: Floats) -> Floats:
    """The coefficient of variation of a log-normal time with this standard deviation of its log."""
    return np.minimum(np.sqrt(np.expm1(np.minimum(deviation, 3.0) ** 2)), MOST_VARIATION)


def _with_setup(rows: pl.DataFrame, learned: Learned) -> pl.DataFrame:
    shares = [learned.setup_shares.get(key, 0.0) for key in rows.select("material", "name").rows()]
    rows = rows.with_columns(setup_share=pl.Series(shares, dtype=pl.Float64))
    if learned.setups is None:
        unknown = {
            name: pl.lit(None, dtype=pl.Float64) for name in ("setup_p10", "setup_p50", "setup_p90", "setup_variation")
        }
        return rows.with_columns(setup_minutes=pl.lit(None, dtype=pl.Float64), **unknown)
    told = learned.setups.forecast(learned.records(rows).with_columns(quantity=pl.lit(1.0)))
    once = _variation(np.log(told.high / told.median) / REACH)
    share = np.maximum(rows["setup_share"].to_numpy(), 1e-9)
    # A setup that only some jobs have varies by whether there is one, too.
    variation = np.minimum(np.sqrt((1 + once**2) / share - 1), MOST_VARIATION)
    return rows.with_columns(
        setup_minutes=pl.Series(told.mean * rows["setup_share"].to_numpy()), setup_p10=pl.Series(told.low),
        setup_p50=pl.Series(told.median), setup_p90=pl.Series(told.high), setup_variation=pl.Series(variation),
    )  # fmt: skip


def _with_standards(rows: pl.DataFrame, standards: Standards) -> pl.DataFrame:
    """What the planner would plan for a usual job; of a step in all on the machine where it is mostly done."""
    minutes, setup = [], []
    for row in rows.iter_rows(named=True):
        place = row["material"], row["step"], row["machine"] or row["usual_machine"]
        minutes.append(standards.minutes(*place, row["quantity"]) / row["quantity"])
        setup.append(standards.setup(*place))
    return rows.with_columns(
        standard_minutes=pl.Series(minutes, dtype=pl.Float64), standard_setup_minutes=pl.Series(setup, dtype=pl.Float64)
    )


def _with_shares(rows: pl.DataFrame, counted: Counted) -> pl.DataFrame:
    good = yields(counted.cleaned.reports).rename({"kind_of_work": "name"})
    again = rework_shares(counted.cleaned.reports, counted.cleaned.rework)
    rows = rows.join(good, on=["material", "name"], how="left", maintain_order="left")
    rows = rows.join(again, on=["material", "work_center"], how="left", maintain_order="left")
    return rows.with_columns(pl.col("yield_share").fill_null(1.0), pl.col("rework_share").fill_null(0.0))


def _with_levels(rows: pl.DataFrame, levels: dict[tuple[str, int], Judged]) -> pl.DataFrame:
    found = [levels.get(key) for key in rows.select("material", "step").rows()]
    ratios = (rows["run_minutes"] / rows["standard_minutes"]).log()
    differs = [bool(one and one.differs and _same_side(one, ratio)) for one, ratio in zip(found, ratios, strict=True)]
    since = [one.since if one and differ else None for one, differ in zip(found, differs, strict=True)]
    return rows.with_columns(
        differs=pl.Series(differs, dtype=pl.Boolean) & pl.col("enough"),
        since=pl.Series(since, dtype=TIMES_COLUMNS["since"]),
    )


def _same_side(one: Judged, ratio: float) -> bool:
    """Whether the learned mean is on the side of the standard that the jobs are, and far enough to matter."""
    return not one.has_standard or (ratio * one.level.mean > 0 and abs(ratio) > np.log1p(LEAST_SHARE))


def _with_harm(rows: pl.DataFrame, factory: Factory, counted: Counted) -> pl.DataFrame:
    """Machine hours a month by which the standards are wrong, and what those hours cost."""
    moments = counted.every.filter("dated")["moment"]
    days = (moments.max() - moments.min()).total_seconds() / 86400 if len(moments) else 0.0  # type: ignore[operator, union-attr]
    months = max(days / DAYS_A_MONTH, 1 / DAYS_A_MONTH)
    keys = ["material", "step", "machine"]
    every = pl.concat([counted.every.with_columns(machine=pl.lit("")), counted.every]).group_by(keys).agg(
        units=pl.col("quantity").sum() / months, lots=pl.len() / months
    )  # fmt: skip
    rows = rows.join(every, on=keys, how="left", maintain_order="left")
    costs = dict(factory.work_centers.content.select("work_center", "cost_per_hour").rows())
    run = (pl.col("run_minutes") - pl.col("standard_minutes")) * pl.col("units")
    setup = (pl.col("setup_minutes") - pl.col("standard_setup_minutes")).fill_null(0.0) * pl.col("lots")
    hour = pl.Series([float(costs.get(center) or 0.0) for center in rows["work_center"]])
    return rows.with_columns(hours_per_month=(run + setup) / 60).with_columns(
        cost_per_month=pl.col("hours_per_month") * hour
    )
