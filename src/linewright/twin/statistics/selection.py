"""Which of several designs is best: screening of what was run, and selection that runs just as long as it must."""

from __future__ import annotations

import math
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from linewright.errors import ModelError
from linewright.twin.statistics.blocks import Watch
from linewright.twin.statistics.replications import Replications, Task, replicate

Better = Literal["more", "less"]

SCREENING = "screening (Bonferroni)"
KIM_NELSON = "Kim & Nelson (2001)"
#: The next samples are taken ahead for so many looks, as a share of those there are.
AHEAD = 0.25


@dataclass(frozen=True)
class Selection:
    """The best of several designs.

    With this `confidence` the `best` is the best one, if it is better than all others by `indifference` at least;
    else it is worse than the best by less than that. `sure` is False when the budget ended first; `left` are the
    designs then still in the running. `dropped_at` says after how many replications a design was given up.
    """

    best: str
    left: tuple[str, ...]
    dropped_at: Mapping[str, int]
    replications: Mapping[str, int]
    figure: str
    indifference: float
    confidence: float
    method: str
    seed: int
    sure: bool
    stopped: str = ""


def screen(values: Any, *, better: Better = "more", confidence: float = 0.95) -> Any:
    """Which designs may be the best: the best one is among them with this confidence.

    A design goes when another one is better in the mean by more than t standard errors of their paired difference, with
    Bonferroni's correction for k - 1 rivals (subset selection after Gupta 1965; Nelson, Swann, Goldsman & Song 2001).

    Parameters
    ----------
    values
        One row for each run and one column for each design (n, k), runs of a row with common random numbers.
    """
    values = _signed(values, better)
    n, designs = values.shape
    if designs < 2 or n < 2:
        return np.ones(designs, np.bool_)
    from scipy.special import stdtrit

    factor = float(stdtrit(n - 1, 1 - (1 - confidence) / (designs - 1)))
    means = values.mean(axis=0)
    allowed = factor * np.sqrt(_variances_of_differences(values) / n)
    return ~(means[None, :] - means[:, None] > allowed).any(axis=1)


def select(
    tasks: Mapping[str, Task],
    *,
    figure: str,
    indifference: float,
    seed: int,
    better: Better = "more",
    confidence: float = 0.95,
    first_stage: int = 30,
    most: int = 100_000,
    first: int = 0,
    block: int | None = None,
    executor: Executor | None = None,
    watch: Watch | None = None,
) -> Selection:
    """Run designs on common random numbers, and give each up as soon as it cannot be the best (Kim & Nelson 2001).

    Parameters
    ----------
    indifference
        The smallest difference that matters, in the figure's unit, greater than 0.
    first_stage
        Replications of each design before the first is given up; their differences give the variances.
    most
        Replications of each design at most.

    Raises
    ------
    ModelError
        There is no design, the indifference is not greater than 0, or the first stage has fewer than 2 replications.
    """
    names = tuple(tasks)
    if not names or not indifference > 0 or not 2 <= first_stage <= most:
        raise ModelError(
            [
                f"selection among {len(names)} designs with indifference {indifference:g} and {first_stage} to {most} "
                "replications — use 1 design or more, an indifference above 0, and 2 <= first stage <= most"
            ]
        )
    race = _Race(len(names), indifference, confidence, first_stage)
    taken = 0
    wanted = first_stage
    while True:
        rows = np.full((wanted - taken, len(names)), np.nan)
        for design in np.flatnonzero(race.alive):
            found = replicate(
                tasks[names[design]], stop=Replications(wanted - taken), seed=seed, first=first + taken, block=block,
                executor=executor, watch=watch,
            )  # fmt: skip
            if found.stopped:
                return _selection(names, race, figure, seed, found.stopped)
            rows[:, design] = _signed(found.figure(figure), better)
            if not np.isfinite(rows[:, design]).all():
                fault = f"{figure} is missing or without end in some replications — select by another figure"
                raise ModelError([f"{names[design]}: {fault}"])
        race.run(rows)
        taken = wanted
        if race.over or taken >= most:
            return _selection(names, race, figure, seed, "")
        wanted = min(taken + max(math.ceil(AHEAD * taken), 1), most)


def kim_nelson(values: Any, *, indifference: float, confidence: float = 0.95, first_stage: int = 30) -> tuple[int, int]:
    """The design selected from samples (n, k) that are there already, and how many rows it took; -1 if too few."""
    race = _Race(values.shape[1], indifference, confidence, first_stage)
    race.run(np.asarray(values, np.float64))
    return (race.best if race.over else -1), race.seen


class _Race:
    """Kim & Nelson's procedure: sums so far, who is still in, and the triangle that closes around each pair.

    With their constant c = 1, design i stays after r runs while its mean is at most W below that of every other l,
    where W = max(0, delta / 2r (h^2 S^2 / delta^2 - r)) and S^2 is the variance of the differences of i and l in the
    first stage. W is 0 after h^2 S^2 / delta^2 runs, so the race ends. Designs may share their random numbers.
    """

    def __init__(self, designs: int, indifference: float, confidence: float, first_stage: int) -> None:
        self.alive = np.ones(designs, np.bool_)
        self.dropped_at = np.full(designs, -1)
        self.indifference, self.confidence, self.first_stage = indifference, confidence, first_stage
        self.sums = np.zeros(designs)
        self.seen = 0
        self.variances = np.zeros((designs, designs))
        share = 2 * (1 - confidence) / max(designs - 1, 1)
        # Half of ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1), times 2 (n0 - 1): their h squared for c = 1.
        self.h_squared = (share ** (-2 / (first_stage - 1)) - 1) * (first_stage - 1)

    @property
    def over(self) -> bool:
        """Whether one design is left."""
        return int(np.count_nonzero(self.alive)) == 1

    @property
    def best(self) -> int:
        """The design with the best mean of those still in."""
        return int(np.argmax(np.where(self.alive, self.sums, -np.inf)))

    def run(self, rows: Any) -> None:
        """Take more rows (runs, designs), looking after each one."""
        begin = 0
        if self.seen == 0:
            begin = self.first_stage
            self.sums = rows[:begin].sum(axis=0)
            self.seen = begin
            self.variances = _variances_of_differences(rows[:begin])
            self._screen()
        for row in rows[begin:]:
            if self.over:
                return
            self.sums = np.where(self.alive, self.sums + row, self.sums)
            self.seen += 1
            self._screen()

    def _screen(self) -> None:
        runs, delta = self.seen, self.indifference
        allowed = np.maximum(delta / (2 * runs) * (self.h_squared * self.variances / delta**2 - runs), 0.0)
        means = self.sums / runs
        beaten = self.alive & ((means[None, :] - means[:, None] > allowed) & self.alive[None, :]).any(axis=1)
        # When every pair has had its runs only equal means could be left; the first of them wins.
        if runs > self.h_squared * self.variances[np.ix_(self.alive, self.alive)].max(initial=0.0) / delta**2:
            beaten = self.alive & (np.arange(means.size) != self.best)
        self.dropped_at[beaten] = runs
        self.alive &= ~beaten


def _selection(names: tuple[str, ...], race: _Race, figure: str, seed: int, stopped: str) -> Selection:
    dropped = {name: int(at) for name, at in zip(names, race.dropped_at, strict=True) if at >= 0}
    return Selection(
        best=names[race.best],
        left=tuple(name for name, alive in zip(names, race.alive, strict=True) if alive),
        dropped_at=dropped,
        replications={name: dropped.get(name, race.seen) for name in names},
        figure=figure,
        indifference=race.indifference,
        confidence=race.confidence,
        method=KIM_NELSON,
        seed=seed,
        sure=race.over and not stopped,
        stopped=stopped,
    )


def _signed(values: Any, better: Better) -> Any:
    """The values such that more is better."""
    values = np.asarray(values, np.float64)
    return values if better == "more" else -values


def _variances_of_differences(values: Any) -> Any:
    """The variance of the difference of each pair of columns (k, k)."""
    away = values - values.mean(axis=0)
    # From the differences themselves: the sum of both variances less twice the covariance would cancel.
    return np.stack([((away - column[:, None]) ** 2).sum(axis=0) / (len(values) - 1) for column in away.T])
