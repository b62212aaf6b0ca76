"""Exchange search: move places, people or cards from where they help little to where they help most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewright.errors import ModelError, NoAnswer

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

#: An objective takes many allocations at once (A x places) and gives a value for each (A); more is better.
Objective = Callable[[Counts], Floats]

#: With more places only the exchanges that promise most are asked, this many for each place.
FEW_PLACES, ASKED_PER_PLACE = 8, 2
#: At the end every exchange is asked, so many at once.
MOST_ASKED_AT_ONCE = 2_000
#: Of so many least bad exchanges each two are tried together before the search gives up.
PAIRED_AT_THE_END = 40


@dataclass(frozen=True)
class Step:
    """One improvement: the allocation reached, its value, how much was moved at once, allocations asked so far."""

    allocation: tuple[int, ...]
    value: float
    moved: int
    asked: int


@dataclass(frozen=True)
class Allocation:
    """The best allocation found, its value, how many were asked, and the way there."""

    allocation: tuple[int, ...]
    value: float
    asked: int
    trace: tuple[Step, ...]

    def __repr__(self) -> str:
        first = self.trace[0].value
        return (
            f"Allocation {list(self.allocation)}: {self.value:.6g} (start {first:.6g}), "
            f"{len(self.trace) - 1} improvements, {self.asked} allocations asked"
        )


@dataclass(frozen=True)
class Limits:
    """What may be tried: least and most per place, and whether the total stays as it is at the start."""

    low: Counts
    high: Counts
    keep_total: bool

    @classmethod
    def of(cls, start: Counts, low: int | Sequence[int], high: int | Sequence[int] | None, keep_total: bool) -> Limits:
        """Limits as arrays.

        Raises
        ------
        ModelError
            The start is outside of them.
        """
        least = np.broadcast_to(np.asarray(low, np.int64), start.shape)
        most = np.broadcast_to(np.asarray(np.iinfo(np.int64).max // 4 if high is None else high, np.int64), start.shape)
        wrong = [
            f"place {at}: {start[at]} is not between {least[at]} and {most[at]} — move the start or the limit"
            for at in np.flatnonzero((start < least) | (start > most))
        ]
        if wrong:
            raise ModelError(wrong)
        return cls(least, most, keep_total)

    def allow(self, candidates: Counts) -> Counts:
        """The candidates that keep them."""
        return candidates[((candidates >= self.low) & (candidates <= self.high)).all(axis=1)]


class _Asked:
    """An objective that remembers what it was asked, as exchanges often lead back."""

    def __init__(self, objective: Objective) -> None:
        self._objective = objective
        self._known: dict[bytes, float] = {}

    def __len__(self) -> int:
        return len(self._known)

    def __call__(self, candidates: Counts) -> Floats:
        keys = [row.tobytes() for row in np.ascontiguousarray(candidates)]
        new = {key: row for key, row in zip(keys, candidates, strict=True) if key not in self._known}
        if new:
            values = np.asarray(self._objective(np.stack(list(new.values()))), float)
            if values.shape != (len(new),) or np.isnan(values).any():
                raise NoAnswer("the objective must give one number for each allocation that it is asked for")
            self._known |= dict(zip(new, values.tolist(), strict=True))
        return np.array([self._known[key] for key in keys])


def best_allocation(
    objective: Objective,
    start: Sequence[int],
    *,
    low: int | Sequence[int] = 0,
    high: int | Sequence[int] | None = None,
    keep_total: bool = True,
    first_step: int | None = None,
    least_gain: float = 1e-9,
    rounds: int = 1_000,
) -> Allocation:
    """Climb to an allocation that no exchange between two places improves, nor any two of the best ones together.

    Large moves first, halved when none helps, as in the pattern search of R. Hooke & T. A. Jeeves, *J. ACM* 8:212-229,
    1961. In each round all exchanges are asked at once; those that help and share no place are also tried together.
    With `keep_total=False` single places may also grow and shrink; then the objective must hold their price.
    The same call gives the same answer.

    Parameters
    ----------
    objective
        Gives the values (A) of allocations (A x places).
    start
        An allowed allocation, which also says the total.
    low, high
        Least and most per place, one number or one each; endless when not given.
    first_step
        How much is moved at once in the beginning; from the mean allocation when not given.
    least_gain
        An improvement counts only when it is larger.
    rounds
        Improvements after which to stop.

    Raises
    ------
    ModelError
        The start is outside the limits.
    NoAnswer
        The objective gave no number.
    """
    current = np.asarray(start, np.int64)
    limits = Limits.of(current, low, high, keep_total)
    asked = _Asked(objective)
    value = float(asked(current[None, :])[0])
    step = max(1, first_step if first_step is not None else int(current.mean() / 2))
    trace = [Step(tuple(current.tolist()), value, 0, 1)]
    while len(trace) <= rounds:
        everything = neighbours(current, step, limits)
        few = _promising(asked, current, everything, limits)
        best, reached = _best_of(asked, current, value, few, least_gain, limits)
        if step == 1 and not reached > value + least_gain:
            best, reached = _best_of(asked, current, value, everything, least_gain, limits)
        if step == 1 and not reached > value + least_gain:
            best, reached = _best_of(
                asked, current, value, _two_at_once(asked, current, everything, limits), np.inf, limits
            )
        if reached > value + least_gain:
            current, value = best, reached
            trace.append(Step(tuple(current.tolist()), value, step, len(asked)))
        elif step > 1:
            step //= 2
        else:
            break
    return Allocation(tuple(current.tolist()), value, len(asked), tuple(trace))


def neighbours(current: Counts, step: int, limits: Limits) -> Counts:
    """All allocations with `step` moved from one place to another and, where the total is free, added or taken."""
    places = len(current)
    unit = np.eye(places, dtype=np.int64) * step
    giver, taker = np.nonzero(~np.eye(places, dtype=bool))
    moves = [unit[taker] - unit[giver]]
    if not limits.keep_total:
        moves += [unit, -unit]
    return limits.allow(current + np.concatenate(moves))


def _promising(asked: _Asked, current: Counts, candidates: Counts, limits: Limits) -> Counts:
    """Of many neighbours, the ones whose two changes promise most.

    What a place loses and gains is learned from exchanges with the largest place alone, which keeps the total.
    """
    places = len(current)
    if places <= FEW_PLACES:
        return candidates
    moves = candidates - current
    largest = int(current.argmax())
    known = (moves[:, largest] != 0) | ((moves != 0).sum(axis=1) == 1)
    gives, takes = np.full(places, -np.inf), np.full(places, -np.inf)
    for move, value in zip(moves[known], asked(candidates[known]), strict=True):
        giver, taker = int(move.argmin()), int(move.argmax())
        if giver != largest and move[giver] < 0:
            gives[giver] = max(gives[giver], value)
        if taker != largest and move[taker] > 0:
            takes[taker] = max(takes[taker], value)
    promise = gives[moves.argmin(axis=1)] + takes[moves.argmax(axis=1)]
    chosen = np.argsort(-promise, kind="stable")[: ASKED_PER_PLACE * places]
    return np.concatenate([candidates[known], candidates[np.setdiff1d(chosen, np.flatnonzero(known))]])


def _best_of(
    asked: _Asked, current: Counts, value: float, candidates: Counts, least_gain: float, limits: Limits
) -> tuple[Counts, float]:
    """The best of some candidates and of those that help made together, with its value."""
    if not len(candidates):
        return current, -np.inf
    values = np.concatenate(
        [asked(part) for part in np.split(candidates, range(MOST_ASKED_AT_ONCE, len(candidates), MOST_ASKED_AT_ONCE))]
    )
    together = _together(current, candidates, values - value, least_gain, limits)
    if len(together):
        candidates, values = np.concatenate([candidates, together]), np.concatenate([values, asked(together)])
    best = int(values.argmax())
    return candidates[best], float(values[best])


def _together(current: Counts, candidates: Counts, gains: Floats, least_gain: float, limits: Limits) -> Counts:
    """The best exchanges that share no place, made at once: the first two, the first three, and so on."""
    taken = np.zeros(len(current), dtype=bool)
    change = np.zeros_like(current)
    found = []
    for at in np.argsort(-gains, kind="stable"):
        if gains[at] <= least_gain or taken.all():
            break
        move = candidates[at] - current
        if not (taken & (move != 0)).any():
            taken |= move != 0
            change = change + move
            found.append(current + change)
    return limits.allow(np.array(found[1:], np.int64).reshape(-1, len(current)))


def _two_at_once(asked: _Asked, current: Counts, candidates: Counts, limits: Limits) -> Counts:
    """Each two of the least bad exchanges, which may help together where none does alone."""
    if not len(candidates):
        return candidates
    moves = (candidates - current)[np.argsort(-asked(candidates), kind="stable")[:PAIRED_AT_THE_END]]
    first, second = np.triu_indices(len(moves))
    return limits.allow(current + moves[first] + moves[second])
