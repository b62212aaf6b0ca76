"""Accept learned times: edits of the factory, as a scenario that a planner or a simulation applies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import polars as pl

from linewright.errors import ModelError
from linewright.model.scenario import Edit, Scenario
from linewright.times.estimates.standards import Standards, standards_in
from linewright.times.table import minutes_told

if TYPE_CHECKING:
    from linewright.model.times_results import Times

    Routing = Mapping[str, pl.DataFrame]

#: Significant digits that are written: more would only look exact, fewer would show in jobs of many units.
DIGITS = 6


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
        There is no such row, or it has too few jobs, or all jobs are too few to tell the quantile.
    """
    if not (quantile in {"mean", "p50"} or (isinstance(quantile, int | float) and 0 < quantile < 1)):
        raise ValueError(f"a quantile is mean, p50, or a number between 0 and 1, not {quantile}")
    chosen = _chosen(times, times.differences["row"].to_list() if accept is None else list(accept))
    word = quantile if isinstance(quantile, str) else f"{100 * quantile:g} % quantile"
    scenario = Scenario(name=f"learned times ({word})")
    if not chosen.height:
        return scenario
    minutes, routing = _told(times, chosen, quantile), times.model.routing
    named = _alternatives(routing)
    standards = standards_in(routing["operations"], routing["operation_machines"], routing["machines"])
    edits: list[Edit] = []
    for row, run, setup in zip(chosen.iter_rows(named=True), minutes["run"], minutes["setup"], strict=True):
        key = row["material"], row["step"]
        machine = times.model.usual_machine(*key)
        edits += _Row(row, run, setup, machine, named.get(key, {}), standards).edits()
    return scenario.with_edits(edits)


def _told(times: Times, rows: pl.DataFrame, quantile: str | float) -> pl.DataFrame:
    """Minutes of the rows at a quantile, which must be one that so many jobs can tell."""
    found = times.model.quantiles(rows, quantile)
    if isinstance(quantile, str) or _finite(rows, found):
        return found
    jobs = times.frame.filter(pl.col("machine") == "")["jobs"].sum()
    known = (
        percent if quantile > 0.5 else 100 - percent
        for percent in range(99, 49, -1)
        if _finite(rows, times.model.quantiles(rows, (percent if quantile > 0.5 else 100 - percent) / 100))
    )
    bound = "at most" if quantile > 0.5 else "at least"
    raise ModelError([f"times: {jobs} jobs cannot tell a {100 * quantile:g} % time; use {bound} {next(known, 50)} %"])


def _finite(rows: pl.DataFrame, minutes: pl.DataFrame) -> bool:
    """Whether all these times are numbers above zero; a setup may be nothing where there never is one."""
    setup = minutes["setup"].is_finite() & ((minutes["setup"] > 0) | ~(rows["setup_share"] > 0))
    return bool(((minutes["run"] > 0) & minutes["run"].is_finite() & (setup | rows["setup_minutes"].is_null())).all())


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


def _alternatives(routing: Routing) -> dict[tuple[str, int], dict[str, list[dict[str, Any]]]]:
    """The rows of each step's alternative machines; one machine has several where they name people."""
    found: dict[tuple[str, int], dict[str, list[dict[str, Any]]]] = {}
    for row in routing["operation_machines"].iter_rows(named=True):
        found.setdefault((row["material"], row["step"]), {}).setdefault(row["machine"], []).append(row)
    return found


@dataclass(frozen=True)
class _Row:
    """A row that is taken over: its job's run and setup minutes, on `usual` if it is of the step in all."""

    row: dict[str, Any]
    run: float
    setup: float
    usual: str
    named: dict[str, list[dict[str, Any]]]
    standards: Standards

    def edits(self) -> list[Edit]:
        """The edits, after which the planner plans just these minutes for a usual job."""
        machine = self.row["machine"]
        if not machine:
            return [self._step(), *(edit for name in self.named if self._own(name) for edit in self._moved(name))]
        return [self._edit("operation_machines", self._tangent(1.0), machine)] if machine in self.named else []

    def _edit(self, table: str, values: dict[str, Any], machine: str = "") -> Edit:
        values = {name: _short(value) for name, value in values.items()}
        return Edit(table=table, where=self._where(machine), values=values, why=self._why())

    def _where(self, machine: str) -> dict[str, Any]:
        where = {"material": self.row["material"], "step": self.row["step"]}
        return {**where, "machine": machine} if machine else where

    def _why(self) -> str:
        row = self.row
        return (
            f"{row['jobs']} jobs: {minutes_told(row['p10'])} to {minutes_told(row['p90'])} min a unit, "
            f"the file says {minutes_told(row['standard_minutes'])}"
        )

    def _tangent(self, speed: float) -> dict[str, Any]:
        """Minutes for each batch and fixed ones, as the planner divides them by a speed; and of setup."""
        row = self.row
        batches = ceil(row["quantity"] / self.standards.steps[row["material"], row["step"]].batch - 1e-9)
        values = {
            "run_minutes": row["growth"] * self.run / batches * speed,
            "fixed_minutes": (1 - row["growth"]) * self.run * speed,
        }
        return values if row["setup_minutes"] is None else {**values, "setup_minutes": self.setup}

    def _own(self, machine: str) -> bool:
        """Whether a machine has run times of its own, which those of the step do not move."""
        rows = self.named.get(machine, [])
        return any(row["run_minutes"] is not None or row["fixed_minutes"] is not None for row in rows)

    def _ratio(self) -> float | None:
        """Learned over planned minutes of a usual job; None where nothing was planned."""
        row = self.row
        planned = self.standards.minutes(row["material"], row["step"], self.usual, row["quantity"])
        return self.run / planned if planned else None

    def _step(self) -> Edit:
        """The edit of the step itself: what was seen is the time itself, so it is written times the speed."""
        row = self.row
        step = self.standards.steps[row["material"], row["step"]]
        values, ratio = self._tangent(self.standards.speeds.get(self.usual, step.speed)), self._ratio()
        if self._own(self.usual) and ratio is not None:
            # The usual machine has times of its own; those of the step are for the others, and move along.
            values |= {"run_minutes": step.run * ratio, "fixed_minutes": step.fixed * ratio}
        values |= {name: row[name] for name in ("run_variation", "time_error", "yield_share", "rework_share")}
        if row["setup_variation"] is not None:
            values["setup_variation"] = row["setup_variation"]
        return self._edit("operations", values)

    def _moved(self, machine: str) -> list[Edit]:
        """A machine with a time of its own moves with the step, run and fixed minutes alike."""
        ratio, rows = self._ratio(), self.named[machine]
        if machine == self.usual and (len(rows) == 1 or ratio is None):
            values = self._tangent(1.0)
            values.pop("setup_minutes", None)
            return [self._edit("operation_machines", values, machine)]
        if ratio is None:
            return []
        # What it took from the step, which has changed, becomes its own.
        plain = self.standards.steps[self.row["material"], self.row["step"]]
        speed = self.standards.speeds.get(machine, plain.speed)
        filled = [
            Edit(
                table="operation_machines", where={**self._where(machine), name: None}, values={name: value / speed},
                why=self._why(),
            )
            for name, value in (("run_minutes", plain.run), ("fixed_minutes", plain.fixed))
            if any(row[name] is None for row in rows)
        ]  # fmt: skip
        scale = {"run_minutes": ratio, "fixed_minutes": ratio}
        return [*filled, Edit(table="operation_machines", where=self._where(machine), scale=scale, why=self._why())]


def _short(value: float) -> float:
    return float(f"{float(value):.{DIGITS}g}")
