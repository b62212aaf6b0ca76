"""Compare scenarios on common random numbers until it is known well enough what they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from linewright.errors import ModelError
from linewright.twin.experiment.side_by_side import InEveryScenario, SideBySide
from linewright.twin.statistics.blocks import Watch
from linewright.twin.statistics.paired import Difference, holm, holm_confidences, paired_difference
from linewright.twin.statistics.replications import Samples, Stopping, Task, replicate
from linewright.twin.statistics.selection import SCREENING, Better, Selection, screen, select

#: What is said of a change that chance alone may have made, and of one for which there are too few runs.
NONE_FOUND = "none found"
NOT_ENOUGH = "not enough"

#: One row for each scenario and figure: the mean over the runs and its interval.
LEVEL_COLUMNS: Mapping[str, Any] = {
    "scenario": pl.String, "figure": pl.String, "mean": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "n": pl.Int64, "confidence": pl.Float64, "method": pl.String, "seed": pl.UInt64,
}  # fmt: skip

#: One row for each scenario but the base and each figure: `change` in the figure's unit and `percent` of the base's
#: mean, each with its interval; `p_holm` is the p-value of no change, adjusted for all scenarios. `verdict` is better,
#: worse, more, less (where neither is better), none found or not enough. `variance_ratio` says how many times as many
#: independent runs it would have taken. Intervals have the confidence with which Holm's procedure tests the change, so
#: that one excludes 0 exactly when the change is found.
CHANGE_COLUMNS: Mapping[str, Any] = {
    "scenario": pl.String, "figure": pl.String, "verdict": pl.String,
    "change": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "percent": pl.Float64, "percent_low": pl.Float64, "percent_high": pl.Float64,
    "p_value": pl.Float64, "p_holm": pl.Float64, "variance_ratio": pl.Float64,
    "n": pl.Int64, "confidence": pl.Float64, "method": pl.String, "seed": pl.UInt64, "note": pl.String,
}  # fmt: skip

#: One row for each scenario and figure that may be better or worse: whether the scenario `may_be_best`; the best is
#: among those with this confidence.
BEST_COLUMNS: Mapping[str, Any] = {
    "figure": pl.String, "scenario": pl.String, "may_be_best": pl.Boolean,
    "n": pl.Int64, "confidence": pl.Float64, "method": pl.String, "seed": pl.UInt64,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class Experiment:
    """Scenarios compared with a base, run by run.

    `better` says for a figure whether more or less of it is better. The frames have the columns declared in this
    module. `samples` are the figures of each scenario, `selections` the races asked for. `stopped` says so when
    somebody broke off.
    """

    base: str
    scenarios: tuple[str, ...]
    figures: tuple[str, ...]
    better: Mapping[str, Better]
    n: int
    seed: int
    confidence: float
    levels: pl.DataFrame
    changes: pl.DataFrame
    best: pl.DataFrame
    samples: Mapping[str, Samples]
    selections: Mapping[str, Selection]
    stopped: str = ""

    def __repr__(self) -> str:
        """The experiment in one line."""
        found = self.changes.filter(~pl.col("verdict").is_in([NONE_FOUND, NOT_ENOUGH])).height
        stopped = f", {self.stopped}" if self.stopped else ""
        return (
            f"Experiment of {len(self.scenarios)} scenarios against {self.base}: {self.n:,} replications each, "
            f"{found} of {self.changes.height} changes found, seed {self.seed}{stopped}"
        )


def experiment(
    tasks: Mapping[str, Task],
    *,
    figures: Sequence[str],
    base: str,
    stop: Stopping,
    seed: int,
    better: Mapping[str, Better] | None = None,
    indifference: Mapping[str, float] | None = None,
    confidence: float = 0.95,
    first: int = 0,
    block: int | None = None,
    executor: Executor | None = None,
    watch: Watch | None = None,
) -> Experiment:
    """Run scenarios side by side on common random numbers, and say what each changes against the base.

    Parameters
    ----------
    tasks
        One task for each scenario, the base among them.
    figures
        The figures to compare; every task has them.
    stop
        Replications of each scenario. A `HalfWidth` has to hold in every one; of changes it is asked by
        `HalfWidth(change_of("throughput"), absolute=0.1)`.
    better
        For a figure whether "more" or "less" of it is better; where nothing is said nothing is best.
    indifference
        For a figure the smallest difference that matters; its best scenario is then selected with further
        replications, as many as that takes (Kim & Nelson 2001).
    executor
        As in `replicate`; neither blocks nor executor change any figure.

    Raises
    ------
    ModelError
        The base is none of the tasks, or a figure is missing.
    """
    figures, better = tuple(figures), dict(better or {})
    _check(tasks, base, figures, better, indifference or {})
    both = SideBySide.of(tasks, figures)
    found = replicate(
        both, stop=InEveryScenario(stop, both, base), seed=seed, first=first, block=block, executor=executor,
        watch=watch,
    )  # fmt: skip
    apart = both.apart(found)
    races = {} if found.stopped else dict(indifference or {})
    # The races run on fresh numbers, as the runs so far have decided when to stop.
    selections = {
        figure: select(
            tasks, figure=figure, indifference=smallest, better=better[figure], confidence=confidence, seed=seed,
            first=first + found.n, block=block, executor=executor, watch=watch,
        )
        for figure, smallest in races.items()
    }  # fmt: skip
    stopped = found.stopped or next((race.stopped for race in selections.values() if race.stopped), "")
    return Experiment(
        base=base, scenarios=tuple(tasks), figures=figures, better=MappingProxyType(better), n=found.n, seed=seed,
        confidence=confidence, levels=levels_of(apart, confidence), changes=changes_of(apart, base, better, confidence),
        best=best_of(apart, better, confidence), samples=MappingProxyType(apart),
        selections=MappingProxyType(selections), stopped=stopped,
    )  # fmt: skip


def levels_of(samples: Mapping[str, Samples], confidence: float) -> pl.DataFrame:
    """The mean of each figure in each scenario."""
    rows = [
        {"scenario": name, "figure": figure, **found.mean(figure, confidence).row()}
        for name, found in samples.items()
        for figure in found.figures
    ]
    return pl.DataFrame(rows, schema=dict(LEVEL_COLUMNS))


def changes_of(
    samples: Mapping[str, Samples], base: str, better: Mapping[str, Better], confidence: float
) -> pl.DataFrame:
    """What each scenario changes against the base, figure by figure; corrected for the number of scenarios (Holm)."""
    others = [name for name in samples if name != base]
    rows = []
    for figure in samples[base].figures:
        before = samples[base].figure(figure)
        p_values = [paired_difference(before, samples[name].figure(figure)).p_value for name in others]
        tested = zip(others, holm(p_values), holm_confidences(p_values, confidence), strict=True)
        for name, adjusted, level in tested:
            change = paired_difference(before, samples[name].figure(figure), confidence=level, seed=samples[base].seed)
            found = bool(adjusted <= 1 - confidence)
            rows.append(_change_row(name, figure, change, float(adjusted), _verdict(change, found, better.get(figure))))
    return pl.DataFrame(rows, schema=dict(CHANGE_COLUMNS))


def best_of(samples: Mapping[str, Samples], better: Mapping[str, Better], confidence: float) -> pl.DataFrame:
    """Which scenarios may be the best by each figure, from the runs that are there."""
    rows = []
    for figure, side in better.items():
        values = np.column_stack([found.figure(figure) for found in samples.values()])
        values = values[~np.isnan(values).any(axis=1)]
        stays = may_be_best(values, side, confidence)
        seed = next(iter(samples.values())).seed
        rows += [
            {
                "figure": figure, "scenario": name, "may_be_best": bool(stay), "n": len(values),
                "confidence": confidence, "method": SCREENING, "seed": seed,
            }
            for name, stay in zip(samples, stays, strict=True)
        ]  # fmt: skip
    return pl.DataFrame(rows, schema=dict(BEST_COLUMNS))


def may_be_best(values: Any, better: Better, confidence: float) -> Any:
    """Which columns of runs (n, scenarios) may be the best; one that is without end in any run is not."""
    ends = ~np.isinf(values).any(axis=0)
    if not ends.any():
        return ~ends
    stays = ends.copy()
    stays[ends] = screen(values[:, ends], better=better, confidence=confidence)
    return stays


def _change_row(scenario: str, figure: str, change: Difference, adjusted: float, verdict: str) -> dict[str, Any]:
    absolute, percent = change.absolute.row(), change.percent.row()
    figures = {"p_value": change.p_value, "p_holm": adjusted, "variance_ratio": change.variance_ratio}
    return {
        "scenario": scenario, "figure": figure, "verdict": verdict,
        "change": absolute["mean"], "low": absolute["low"], "high": absolute["high"],
        "percent": percent["mean"], "percent_low": percent["low"], "percent_high": percent["high"],
        **{name: None if np.isnan(value) else value for name, value in figures.items()},
        **{name: absolute[name] for name in ("n", "confidence", "method", "seed")},
        "note": change.absolute.note or change.percent.note,
    }  # fmt: skip


def _verdict(change: Difference, found: bool, better: Better | None) -> str:
    if not change.absolute.known:
        return NOT_ENOUGH
    if not found:
        return NONE_FOUND
    direction = "more" if change.absolute.value > 0 else "less"
    if better is None:
        return direction
    return "better" if direction == better else "worse"


def _check(
    tasks: Mapping[str, Task],
    base: str,
    figures: tuple[str, ...],
    better: Mapping[str, Better],
    indifference: Mapping[str, float],
) -> None:
    faults = []
    if base not in tasks:
        faults.append(f"experiment: there is no scenario {base} to compare with — use one of {', '.join(tasks)}")
    if not figures:
        faults.append("experiment: no figure to compare — name one at least")
    for named in sorted({*better, *indifference}):
        if named not in figures:
            faults.append(f"experiment: {named} is not compared — use one of {', '.join(figures)}")
    for figure, side in better.items():
        if side not in {"more", "less"}:
            faults.append(f"experiment: {figure} is better with {side!r} — use more or less")
    faults += [
        f"experiment: what is best by {figure} depends on whether more or less is better — say so in better"
        for figure in indifference
        if figure in figures and figure not in better
    ]
    if faults:
        raise ModelError(faults)
