"""Search by simulation: common random numbers, candidates that are surely worse drop out, the winner is confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewright.errors import ModelError
from linewright.twin.optimise.exchange import Counts, Floats, Limits, Objective, neighbours
from linewright.twin.statistics.intervals import Interval, mean_interval
from linewright.twin.statistics.paired import Difference, paired_difference
from linewright.twin.statistics.selection import screen

#: A simulation gives the figure (A x runs) of allocations (A x places) for a seed and the numbers of the replications.
#: Runs with the same seed and number share their chance, whatever the allocation.
Simulation = Callable[[Counts, int, NDArray[np.int64]], Floats]

#: What keeps seeds for search and confirmation apart: the golden ratio in 63 bits, so that near seeds stay apart too.
APART = 0x1E3779B97F4A7C15


@dataclass(frozen=True)
class Race:
    """The outcome of a race: the winner, its mean, runs of each candidate, and the winner's runs."""

    winner: int
    value: float
    runs: tuple[int, ...]
    values: Floats


@dataclass(frozen=True)
class RaceStep:
    """An allocation that the search reached: its mean on the search seed, candidates raced, runs so far."""

    allocation: tuple[int, ...]
    estimate: float
    candidates: int
    runs: int


@dataclass(frozen=True)
class Confirmed:
    """The best allocation found by simulation.

    `estimate` is its mean on the seed of the search and flatters, as the luckiest candidate was taken. `confirmed` is
    from fresh seeds, which no choice has seen, as is `gain`, the paired difference to the start.
    """

    allocation: tuple[int, ...]
    estimate: float
    confirmed: Interval
    gain: Difference
    trace: tuple[RaceStep, ...]
    runs: int

    def __repr__(self) -> str:
        seen, gain = self.confirmed, self.gain.absolute
        return (
            f"Allocation {list(self.allocation)}: {self.estimate:.5g} on the seed of the search, on fresh seeds "
            f"{seen.value:.5g} ({seen.low:.5g} to {seen.high:.5g}), against the start {gain.value:+.2g} "
            f"({gain.low:+.2g} to {gain.high:+.2g}), {self.runs:,} runs"
        )


def race(
    simulation: Simulation, candidates: Counts, *, seed: int, first: int = 8, most: int = 128, confidence: float = 0.95
) -> Race:
    """Run all candidates, drop those that are surely worse by paired differences, double the runs of the others.

    A race ends when one is left or each has `most` runs; then the best mean wins. The first candidate wins a tie.
    Source: O. Maron & A. W. Moore, *Artificial Intelligence Review* 11:193-225, 1997; screening see
    :func:`linewright.twin.statistics.selection.screen`, its error shared among the looks.
    """
    looks = max(1, int(np.ceil(np.log2(max(most / first, 1)))))
    alive = np.arange(len(candidates))
    values = np.empty((len(candidates), 0))
    runs = np.zeros(len(candidates), np.int64)
    while True:
        done = values.shape[1]
        count = min(most, max(first, 2 * done)) - done
        made = np.asarray(simulation(candidates[alive], seed, np.arange(done, done + count)), float)
        values = np.concatenate([values, made], axis=1)
        runs[alive] += count
        if values.shape[1] < most and len(alive) > 1:
            stays = screen(values.T, confidence=1 - (1 - confidence) / looks)
            alive, values = alive[stays], values[stays]
        if len(alive) == 1 or values.shape[1] >= most:
            best = int(values.mean(axis=1).argmax())
            return Race(int(alive[best]), float(values[best].mean()), tuple(runs.tolist()), values[best])


def best_simulated_allocation(
    simulation: Simulation,
    start: Sequence[int],
    *,
    seed: int,
    guide: Objective | None = None,
    candidates: int = 12,
    low: int | Sequence[int] = 0,
    high: int | Sequence[int] | None = None,
    keep_total: bool = True,
    most_runs: int = 128,
    confirm_runs: int = 100,
    rounds: int = 50,
) -> Confirmed:
    """Climb by races between an allocation and its neighbours, then confirm the winner on fresh seeds.

    Parameters
    ----------
    simulation
        Gives the figure (A x runs) of allocations, more is better, see `Simulation`.
    start
        An allowed allocation, best the optimum of an analytic model.
    seed
        Of the search; the seed of the confirmation is made from it and is another one.
    guide
        An analytic model that says which neighbours are worth a run; without one all are.
    candidates
        How many of the neighbours that the guide likes best are raced in each round.
    most_runs, confirm_runs
        Runs of one candidate in a race, and of winner and start in the confirmation.

    Raises
    ------
    ModelError
        The start is outside the limits, or fewer than two runs confirm.
    """
    if confirm_runs < 2:
        raise ModelError([f"confirm_runs = {confirm_runs}: at least 2 runs are needed for an interval"])
    first = np.asarray(start, np.int64)
    limits = Limits.of(first, low, high, keep_total)
    current, runs, trace, seen = first, 0, list[RaceStep](), {first.tobytes()}
    estimate = float(np.mean(simulation(first[None, :], seed, np.arange(8))))
    trace.append(RaceStep(tuple(first.tolist()), estimate, 1, 8))
    for _ in range(rounds):
        around = [row for row in neighbours(current, 1, limits) if row.tobytes() not in seen]
        if not around:
            break
        rivals = np.stack(around)
        if guide is not None:
            rivals = rivals[np.argsort(-np.asarray(guide(rivals)), kind="stable")[:candidates]]
        entrants = np.concatenate([current[None, :], rivals])
        ended = race(simulation, entrants, seed=seed, most=most_runs)
        runs += sum(ended.runs)
        # No allocation is raced twice as a rival, so that chance cannot send the search in a circle.
        seen |= {row.tobytes() for row in rivals}
        estimate = ended.value
        if ended.winner == 0:
            break
        current = entrants[ended.winner]
        trace.append(RaceStep(tuple(current.tolist()), estimate, len(entrants), runs))
    fresh = fresh_seed(seed)
    pair = simulation(np.stack([first, current]), fresh, np.arange(confirm_runs))
    return Confirmed(
        allocation=tuple(current.tolist()),
        estimate=estimate,
        confirmed=mean_interval(pair[1], seed=fresh),
        gain=paired_difference(pair[0], pair[1], seed=fresh),
        trace=tuple(trace),
        runs=runs + 8 + 2 * confirm_runs,
    )


def fresh_seed(seed: int) -> int:
    """A seed that no search with `seed` has used."""
    return (seed + APART) % 2**63
