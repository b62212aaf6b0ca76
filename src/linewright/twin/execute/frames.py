"""From figures of replications to the tables of a run."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.model import run_results as results
from linewright.shop.working_time import NEVER
from linewright.twin.execute import records as r
from linewright.twin.statistics.intervals import student, wilson

if TYPE_CHECKING:
    from linewright.shop.arrays import Shop
    from linewright.twin.execute.problem import Prepared

ORDER_METHOD = "Wilson 95 %; dates by order statistics"
RANGE_METHOD = "order statistics"
MEAN_METHOD = "Student t 95 %"
CAUSE_METHOD = "path to each late finish"


def instants(shop: Shop, seconds: Any) -> pl.Series:
    """Seconds since the plan's start as instants; NEVER becomes null."""
    values = np.asarray(seconds, np.int64)
    start = np.datetime64(shop.start.astimezone(UTC).replace(tzinfo=None), "us")
    known = np.abs(values) < NEVER
    moments = np.where(known, start + np.where(known, values, 0) * 1_000_000, np.datetime64("NaT"))
    return pl.Series(moments.astype("datetime64[us]")).dt.replace_time_zone("UTC")


def names_at(names: list[str], at: Any) -> pl.Series:
    """Names by position; -1 is blank."""
    positions = np.asarray(at, np.int64)
    return pl.Series([*names, ""], dtype=pl.String).gather(np.where(positions < 0, len(names), positions))


def _note(rows: int, n: int, method: str, seed: int) -> dict[str, Any]:
    return {"n": [n] * rows, "method": [method] * rows, "seed": pl.Series([seed] * rows, dtype=pl.UInt64)}


def odds(in_time: Any, pairs: int) -> tuple[Any, Any, Any]:
    """Share, low and high of each column of (n, orders) of truths.

    Two neighbours that share their errors of mean times count as less than two: the effective number of runs is
    n / (1 + correlation inside the pairs), as in a sample drawn in clusters (Kish 1965, Survey Sampling, 5.4). Where
    all runs agree their correlation is unknown, and each pair counts as one run.
    """
    n, kept = in_time.shape[0], in_time.sum(axis=0)
    if pairs == 1 or n < 4:
        return wilson(kept, n)
    first, second = in_time[0 : n - n % 2 : 2], in_time[1:n:2][: n // 2]
    share = kept / n
    spread = np.maximum(share * (1 - share), 1e-12)
    alike = np.clip((np.mean(first & second, axis=0) - share**2) / spread, 0.0, 1.0)
    alike = np.where((kept == 0) | (kept == n), 1.0, alike)
    effective = n / (1 + alike)
    found = [wilson(np.array([p * size]), size) for p, size in zip(share, effective, strict=True)]
    parts = [np.array([float(row[at][0]) for row in found]) for at in range(3)]
    return parts[0], parts[1], parts[2]


def order_frame(prepared: Prepared, made: r.Figures, seed: int) -> pl.DataFrame:
    """One row for each thing with a date to keep."""
    shop, demands, n = prepared.shop, prepared.problem.demands[:-1], made.finishes.shape[0]
    explosion = shop.explosion.demands
    size = demands.size
    dated = demands.due < NEVER
    late = np.where(dated, np.maximum(made.finishes - demands.due, 0), 0)
    share, low, high = odds(made.finishes <= demands.due, int(prepared.problem.options.pairs[0]))
    ordered = np.sort(made.finishes, axis=0)
    percentiles = {
        name: instants(shop, ordered[_rank(n, level)]) for name, level in (("p50", 0.5), ("p80", 0.8), ("p95", 0.95))
    }
    is_order = explosion["kind"] == 0
    customers = shop.factory.orders.frame["customer"].to_list()
    return pl.DataFrame(
        {
            "order": pl.Series(shop.demand_names, dtype=pl.String),
            "kind": names_at(["order", "work_order"], ~is_order),
            "customer": names_at(customers, np.where(is_order, explosion["row"], -1)),
            "material": names_at(shop.explosion.materials, explosion["material"]),
            "quantity": explosion["quantity"],
            "due": instants(shop, demands.due),
            "planned": instants(shop, demands.planned),
            **{
                name: pl.Series(values, dtype=pl.Float64).set(pl.Series(~dated), None)
                for name, values in (("on_time", share), ("low", low), ("high", high))
            },
            **percentiles,
            "late_days": late.mean(axis=0) / 86400,
            "late_cost": (late * demands.late_rate).mean(axis=0),
            **_note(size, n, ORDER_METHOD, seed),
        }
    ).cast(pl.Schema(results.RUN_ORDER_COLUMNS))


def _rank(n: int, level: float) -> int:
    """Position of the smallest value that at least this share of n runs keeps."""
    return min(max(int(np.ceil(level * n - 1e-9)), 1), n) - 1


def operation_frame(prepared: Prepared, made: r.Figures, seed: int) -> pl.DataFrame:
    """One row for each operation, in the order of the plan's starts."""
    shop, n = prepared.shop, made.starts.shape[0]
    ranks = [_rank(n, level) for level in (0.1, 0.5, 0.9)]
    columns: dict[str, Any] = {
        "operation": pl.Series(shop.operation_names, dtype=pl.String),
        "job": names_at(shop.job_names, prepared.problem.steps.job[:-1]),
        "machine": names_at(shop.machine_names, prepared.problem.blocks.machine[prepared.problem.steps.block[:-1]]),
        "planned_start": instants(shop, prepared.matched.start),
        "planned_end": instants(shop, prepared.matched.end),
    }
    for name, values in (("start", made.starts), ("end", made.ends)):
        # A column of replications lies together in memory, so that putting them in order is quick.
        parted = np.partition(np.ascontiguousarray(values.T), ranks, axis=1)
        for part, rank in zip(("p10", "p50", "p90"), ranks, strict=True):
            columns[f"{name}_{part}"] = instants(shop, parted[:, rank])
    columns |= _note(shop.size, n, RANGE_METHOD, seed)
    return pl.DataFrame(columns).cast(pl.Schema(results.RUN_OPERATION_COLUMNS)).sort("planned_start", "operation")


def machine_frame(prepared: Prepared, made: r.Figures, seed: int) -> pl.DataFrame:
    """One row for each machine and figure; OEE as ISO 22400-2 has it: availability x effectiveness x quality."""
    shop, n = prepared.shop, made.machines.shape[0]
    machines = made.machines
    with np.errstate(divide="ignore", invalid="ignore"):
        opened = machines[:, :, r.M_OPEN]
        share = {
            name: np.nan_to_num(machines[:, :, at] / opened)
            for name, at in (
                ("run", r.M_RUN), ("setup", r.M_SETUP), ("down", r.M_DOWN), ("blocked", r.M_BLOCKED),
                ("waiting", r.M_WAITING),
            )
        }  # fmt: skip
        # Places side by side count each for themselves, as what they make does.
        worked = machines[:, :, r.M_WORKED]
        share["availability"] = share["run"]
        share["performance"] = np.where(worked > 0, machines[:, :, r.M_NOMINAL] / worked, 1.0)
        made_units = machines[:, :, r.M_MADE]
        share["quality"] = np.where(made_units > 0, machines[:, :, r.M_GOOD] / made_units, 1.0)
    share["oee"] = share["availability"] * share["performance"] * share["quality"]
    figures: dict[str, tuple[str, Any]] = {name: ("share", values) for name, values in share.items()}
    for name, at in (("standby", r.M_STANDBY), ("off", r.M_OFF), ("start_up", r.M_START_UP)):
        figures[name] = ("h", machines[:, :, at] / 3600)
    figures["repairs"] = ("1", machines[:, :, r.M_REPAIRS])
    figures["energy"] = ("kWh", machines[:, :, r.M_KWH])
    frames = []
    for name, (unit, values) in figures.items():
        mean, low, high = student(_independent(values, prepared))
        rows = len(shop.machine_names)
        frames.append(pl.DataFrame({
            "machine": pl.Series(shop.machine_names, dtype=pl.String),
            "work_center": shop.factory.machines.frame["work_center"],
            "figure": [name] * rows, "unit": [unit] * rows, "mean": mean, "low": low, "high": high,
            **_note(rows, n, MEAN_METHOD, seed),
        }).cast(pl.Schema(results.RUN_MACHINE_COLUMNS)))  # fmt: skip
    order = {name: at for at, name in enumerate(shop.machine_names)}
    return pl.concat(frames).sort(pl.col("machine").replace_strict(order, return_dtype=pl.Int64), maintain_order=True)


def _independent(values: Any, prepared: Prepared) -> Any:
    """Values of independent runs: means of pairs, where two neighbours share their errors of mean times."""
    if int(prepared.problem.options.pairs[0]) == 1 or values.shape[0] < 4:
        return values
    return (values[0 : values.shape[0] // 2 * 2 : 2] + values[1::2][: values.shape[0] // 2]) / 2


TOTAL_FIGURES = (
    ("on_time", "share", r.ON_TIME), ("late_cost", "currency", r.LATE_COST), ("late", "h", r.LATE_HOURS),
    ("makespan", "h", r.MAKESPAN), ("throughput", "jobs/day", r.THROUGHPUT), ("wip", "jobs", r.WIP),
    ("lead_time", "h", r.LEAD_HOURS), ("energy", "kWh", r.KWH), ("energy_cost", "currency", r.ENERGY_COST),
    ("carbon", "kg", r.CARBON), ("short", "units", r.SHORT), ("too_long_waits", "1", r.TOO_LONG_WAITS),
    ("repairs", "1", r.REPAIRS), ("loosened", "share", r.LOOSENED),
)  # fmt: skip


def total_frame(prepared: Prepared, made: r.Figures, seed: int) -> pl.DataFrame:
    """One row for each figure of the whole run, with what chance and unsure mean times make of it.

    By the law of total variance: two neighbouring replications share their errors of mean times, so what differs
    inside the pairs is chance, and what is left of the variance is the errors'.
    """
    n, currency = made.totals.shape[0], prepared.factory.settings.currency
    chosen = made.totals[:, [at for _, _, at in TOTAL_FIGURES]]
    _, low, high = student(_independent(chosen, prepared))
    ordered = np.sort(chosen, axis=0)
    variance = chosen.var(axis=0, ddof=1) if n > 1 else np.zeros(chosen.shape[1])
    chance = variance.copy()
    if int(prepared.problem.options.pairs[0]) == 2 and n >= 4:
        apart = chosen[0 : n // 2 * 2 : 2] - chosen[1::2][: n // 2]
        chance = np.minimum((apart**2).mean(axis=0) / 2, variance)
    return pl.DataFrame(
        {
            "figure": [name for name, _, _ in TOTAL_FIGURES],
            "unit": [currency if unit == "currency" else unit for _, unit, _ in TOTAL_FIGURES],
            "mean": chosen.mean(axis=0), "low": low, "high": high,
            "p5": ordered[_rank(n, 0.05)], "p95": ordered[_rank(n, 0.95)],
            "chance": np.sqrt(chance), "error": np.sqrt(np.maximum(variance - chance, 0.0)),
            **_note(len(TOTAL_FIGURES), n, MEAN_METHOD, seed),
        }
    ).cast(pl.Schema(results.RUN_TOTAL_COLUMNS))  # fmt: skip


CAUSES = ("failure", "slow run", "slow setup", "rework")


def cause_frame(prepared: Prepared, made: r.Figures, seed: int) -> pl.DataFrame:
    """Hours of delay by cause, worst first; see `kernel.figures.explain`."""
    shop, n = prepared.shop, made.bins.shape[0]
    machines, people = shop.machine_names, shop.person_names
    named = [(cause, machine) for cause in CAUSES for machine in machines]
    named += [("absence", person) for person in people]
    named += [("late material", material) for _, _, material in prepared.supply_keys]
    named.append(("closed hours", ""))
    means = made.bins.mean(axis=0)
    frame = pl.DataFrame(
        {
            "cause": [cause for cause, _ in named], "name": [name for _, name in named],
            "hours": means[0], "events": means[1],
        }
    )  # fmt: skip
    frame = frame.group_by("cause", "name", maintain_order=True).sum().filter(pl.col("hours") > 0)
    frame = frame.sort("hours", descending=True, maintain_order=True)
    note = {"n": pl.lit(n), "method": pl.lit(CAUSE_METHOD), "seed": pl.lit(seed, dtype=pl.UInt64)}
    return frame.with_columns(**note).cast(pl.Schema(results.RUN_CAUSE_COLUMNS))


def job_energy(prepared: Prepared, made: r.Figures) -> pl.DataFrame:
    """Mean energy of each job, and what no job is charged with: machines that wait, start up, are off or down."""
    shop = prepared.shop
    mean = made.kwh.mean(axis=0)
    rest = float((made.totals[:, r.KWH] - made.totals[:, r.ORDER_KWH]).mean())
    rows = np.flatnonzero(np.isin(np.arange(mean.size), prepared.problem.steps.job[:-1]))
    return pl.DataFrame(
        {"job": [*(shop.job_names[at] for at in rows.tolist()), ""], "kwh": [*mean[rows].tolist(), rest]},
        schema={"job": pl.String, "kwh": pl.Float64},
    )
