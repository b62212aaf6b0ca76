"""Accept learned times: edits of the factory, as a scenario that a planner or a simulation applies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from linewright.errors import ModelError
from linewright.model.scenario import Edit, Scenario
from linewright.times.table import minutes_told

if TYPE_CHECKING:
    from linewright.model.times_results import Times

    Routing = Mapping[str, pl.DataFrame]

#: Digits that are written: more would only look exact.
DIGITS = 4


def as_scenario(times: Times, accept: Iterable[str] | None = None, *, quantile: str | float = "mean") -> Scenario:
    """Write learned times into operations and operation_machines.

    A job's minutes grow with its quantity less than in proportion. The edit is the tangent at the usual quantity: a
    fixed part and one for each unit, so that other quantities are timed as they were learned.

    Parameters
    ----------
    accept
        Names of rows of `times.frame` (``material/step`` or ``material/step@machine``; a step brings its machines
        along); without, all rows that differ surely.
    quantile
        ``mean``, ``p50``, or a chance such as 0.8 with which a time is not exceeded.

    Raises
    ------
    ModelError
        There is no such row, or it has too few jobs.
    """
    if not (quantile in {"mean", "p50"} or (isinstance(quantile, int | float) and 0 < quantile < 1)):
        raise ValueError(f"a quantile is mean, p50, or a number between 0 and 1, not {quantile}")
    chosen = _chosen(times, times.differences["row"].to_list() if accept is None else list(accept))
    word = quantile if isinstance(quantile, str) else f"{100 * quantile:g} % quantile"
    scenario = Scenario(name=f"learned times ({word})")
    if not chosen.height:
        return scenario
    minutes, routing = times.model.quantiles(chosen, quantile), times.model.routing
    named = _alternatives(routing)
    steps = {(row["material"], row["step"]): row for row in routing["operations"].iter_rows(named=True)}
    edits: list[Edit] = []
    for row, run, setup in zip(chosen.iter_rows(named=True), minutes["run"], minutes["setup"], strict=True):
        step = steps[row["material"], row["step"]]
        edits += _edits(row, run, setup, step, named.get((row["material"], row["step"]), {}), routing)
    return scenario.with_edits(edits)


def _chosen(times: Times, names: list[str]) -> pl.DataFrame:
    """The named rows; a row of a step comes with those of its machines."""
    known = set(times.frame["row"])
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ModelError(
            [f"times: there is no row {name} — use a name of the table, such as P-118/10" for name in unknown]
        )
    few = times.frame.filter(pl.col("row").is_in(names) & ~pl.col("enough"))
    if few.height:
        raise ModelError(
            [
                f"times: {row} has {jobs} {'run' if jobs == 1 else 'runs'}, not enough — keep the file's time until "
                "there are more"
                for row, jobs in few.select("row", "jobs").rows()
            ]
        )
    step = pl.concat_str("material", pl.lit("/"), pl.col("step").cast(pl.String))
    wanted = pl.col("row").is_in(names) | step.is_in(names) & pl.col("enough")
    return times.frame.filter(wanted).sort("material", "step", "machine")


def _alternatives(routing: Routing) -> dict[tuple[str, int], dict[str, dict[str, Any]]]:
    found: dict[tuple[str, int], dict[str, dict[str, Any]]] = {}
    for row in routing["operation_machines"].iter_rows(named=True):
        found.setdefault((row["material"], row["step"]), {})[row["machine"]] = row
    return found


def _edits(
    row: dict[str, Any],
    run: float,
    setup: float,
    step: dict[str, Any],
    named: dict[str, dict[str, Any]],
    routing: Routing,
) -> list[Edit]:
    """The edits of one row."""
    where = {"material": row["material"], "step": row["step"]}
    fixed = (1 - row["growth"]) * run
    each = row["growth"] * run / row["quantity"] * step["batch_size"]
    why = (
        f"{row['jobs']} jobs: {minutes_told(row['p10'])} to {minutes_told(row['p90'])} min a unit, "
        f"the file says {minutes_told(row['standard_minutes'])}"
    )
    values: dict[str, Any] = {"run_minutes": _short(each), "fixed_minutes": _short(fixed)}
    if row["setup_minutes"] is not None:
        values["setup_minutes"] = _short(setup)
    if row["machine"]:
        if row["machine"] not in named:
            return []
        return [Edit(table="operation_machines", where={**where, "machine": row["machine"]}, values=values, why=why)]
    # The planner divides a step's time by the speed of the machine that does it; what was seen is the time itself.
    speed = _usual_speed(row, step, routing)
    values |= {
        "run_minutes": _short(each * speed), "run_variation": _short(row["run_variation"]),
        "time_error": _short(row["time_error"]), "yield_share": _short(row["yield_share"]),
        "rework_share": _short(row["rework_share"]),
    }  # fmt: skip
    if row["setup_variation"] is not None:
        values["setup_variation"] = _short(row["setup_variation"])
    edits = [Edit(table="operations", where=where, values=values, why=why)]
    ratio = row["run_minutes"] / row["standard_minutes"] if row["standard_minutes"] else 1.0
    # Machines with a time of their own that was not learned move with the step.
    edits += [
        Edit(table="operation_machines", where={**where, "machine": machine}, scale={"run_minutes": ratio}, why=why)
        for machine, other in named.items()
        if other["run_minutes"] is not None
    ]
    return edits


def _usual_speed(row: dict[str, Any], step: dict[str, Any], routing: Routing) -> float:
    machines = routing["machines"]
    own = pl.col("machine") == step["machine"] if step["machine"] else pl.col("work_center") == row["work_center"]
    speed = machines.filter(own)["speed"].median()
    return 1.0 if speed is None else float(speed)  # type: ignore[arg-type]


def _short(value: float) -> float:
    return round(float(value), DIGITS)
