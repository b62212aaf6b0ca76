"""After the search for whole lots: a late order whose lot goes better in two halves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.errors import NoAnswer
from linewright.model.ports import Progress
from linewright.model.results import SMALLEST_COIN
from linewright.plan.bounds import lower_bound
from linewright.plan.lots import split_candidates
from linewright.plan.search.portfolio import GRID, Search, ordered_by, timed
from linewright.plan.stop import AnyOf, Rounds, Seconds, rounds_of, seconds_of
from linewright.shop.compile import compile_shop
from linewright.shop.working_time import NEVER

if TYPE_CHECKING:
    from collections.abc import Callable

    from linewright.model.ports import Stop, Watcher
    from linewright.model.results import Bound, Weights
    from linewright.shop.arrays import Shop

    Found = tuple[Shop, Search, Bound]
    Tell = Callable[[Shop, Search, Bound], None]

#: The share of the seconds that is left when lots are split, that of each trial, and the number of trials.
SHARE, TRIAL, MOST_TRIED = 0.2, 0.05, 2
#: With less time, or in larger shops, whole lots get all of it.
LEAST_SECONDS, MOST_OPERATIONS = 5.0, 5_000
#: A lot is not split for less than this share of the total.
LEAST_GAIN = 0.001


class Room:
    """Ends a search some time before its limit, but only if there are lots to split by then."""

    def __init__(self, search: Search, seconds: float) -> None:
        self.search, self.seconds = search, seconds
        self.wanted: bool | None = None

    def __call__(self, progress: Progress) -> bool:
        """Whether the rest of the time is for split lots."""
        if progress.seconds < self.seconds:
            return False
        if self.wanted is None:
            self.wanted = bool(_candidates(self.search))
        return self.wanted


def room_for_splits(search: Search, objective: str) -> Stop | None:
    """The stop of a search that leaves time for split lots; None where they are not tried.

    They are only tried for money, and by the clock: the same rounds then give the same plan in any version.
    """
    seconds = seconds_of(search.stop)
    if objective != "cost" or seconds is None or seconds < LEAST_SECONDS or rounds_of(search.stop) is not None:
        return None
    if search.shop.size > MOST_OPERATIONS:
        return None
    return AnyOf(search.stop, Room(search, (1 - SHARE) * seconds))


@dataclass
class Splits:
    """Searches with split lots, one after the other; `kept` is the best of all so far, with the lots `split` in it.

    `stop` is what the user asked for, `run` searches a shop until told to stop and returns the bound.
    """

    kept: Found
    stop: Stop
    weights: Weights
    horizon_days: int
    run: Callable[[Search, Shop, Bound, Stop], Bound]
    tell: Tell | None
    base: Search = field(init=False)
    rounds: int = field(init=False)
    split: tuple[tuple[str, str], ...] = field(default=(), init=False)

    def __post_init__(self) -> None:
        """Remember the search for whole lots, which each of these begins from."""
        self.base = self.kept[1]
        self.rounds = self.base.rounds

    def best(self) -> Found:
        """Try the dearest candidates, search on with what is best, and return the best plan of all; Ctrl-C ends it."""
        interrupted = self.base.interrupted
        try:
            interrupted = interrupted or self._try_all() or self._go_on()
        except KeyboardInterrupt:
            interrupted = True
        search = self.kept[1]
        search.rounds, search.interrupted = self.rounds, interrupted
        return self.kept

    def _try_all(self) -> bool:
        """Give each candidate a short time, dearest first; returns whether somebody interrupted."""
        limit = seconds_of(self.stop) or 0.0
        tried: set[tuple[str, str]] = set()
        while len(tried) < MOST_TRIED:
            # What is worth a split depends on what has been split: look at the best plan anew.
            left = [candidate for candidate in _candidates(self.kept[1]) if candidate not in tried]
            now = self._seconds()
            if not left or now >= limit:
                break
            tried.add(left[0])
            if self._try_one(left[0], min(now + TRIAL * limit, limit)):
                return True
        return False

    def _go_on(self) -> bool:
        """Whatever is best so far gets the rest of the time; returns whether somebody interrupted."""
        search = self.kept[1]
        left = (seconds_of(self.stop) or 0.0) - self._seconds()
        if left <= 0 or search.best_value <= search.bound + 1e-9 or self.stop(search.progress()):
            return False
        search.stop = AnyOf(self.stop, Seconds(left + search.progress().seconds))
        if self.base.watch is not None:
            search.watch = self._watcher(search, self.base.watch, self.rounds - search.rounds)
        before = search.rounds
        try:
            search.run()
        finally:
            self.rounds += search.rounds - before
        return search.interrupted

    def _worth_it(self) -> float:
        """What a plan with a split lot must be below."""
        value = self.kept[1].best_value
        return value - max(SMALLEST_COIN, LEAST_GAIN * abs(value))

    def _seconds(self) -> float:
        return self.base.clock.seconds() - self.base.started

    def _try_one(self, candidate: tuple[str, str], end: float) -> bool:
        """Split one lot and search until the moment `end`; keep what is better. Returns whether it was interrupted."""
        whole, split = self.kept[0], (*self.split, candidate)
        shop = compile_shop(
            whole.factory, whole.start, horizon_days=self.horizon_days, splits=dict.fromkeys(split, 2)
        )  # fmt: skip
        if len(shop.job_names) <= len(whole.job_names):
            return False
        shop = replace(shop, assumptions=(*shop.assumptions, *map(_said, split)))
        bound = lower_bound(shop, self.weights, "cost")
        left = end - self._seconds()
        if left <= 0:
            return False
        stop = AnyOf(self.stop, Seconds(left))
        search = self._search(shop, bound, stop)
        try:
            self._begin(search, stop)
            if not search.interrupted:
                proven = self.run(search, shop, bound, stop)
                bound = replace(proven, meaning=f"{proven.meaning} It holds for lots that are split as here.")
        except NoAnswer:
            return False
        finally:
            self.rounds += search.rounds
            if search.best_value < self._worth_it():
                self.kept, self.split = (shop, search, bound), split
        return search.interrupted

    def _search(self, shop: Shop, bound: Bound, stop: Stop) -> Search:
        """A search like the first, for another shop; whoever watches sees the better of both."""
        search = replace(
            self.base, shop=shop, bound=bound.value, stop=stop, watch=None, aside=None, tell=None, rounds=0,
            since_better=0, best_value=float("inf"), interrupted=False,
        )  # fmt: skip
        tell = self.tell
        if self.base.watch is not None:
            search.watch = self._watcher(search, self.base.watch, self.rounds)
        if tell is not None:
            search.tell = lambda: tell(shop, search, bound)
            search.told = self._worth_it(), float("-inf")
        return search

    def _watcher(self, search: Search, watch: Watcher, rounds: int) -> Watcher:
        kept, worth_it = self.kept[1], self._worth_it()

        def told(progress: Progress) -> None:
            better = search.best_value < worth_it
            watch(Progress(
                rounds=rounds + progress.rounds,
                seconds=search.started - self.base.started + progress.seconds,
                best=search.best_value if better else kept.best_value,
                bound=progress.bound if better else kept.bound,
                rounds_since_better=progress.rounds_since_better,
            ))  # fmt: skip

        return told

    def _begin(self, search: Search, stop: Stop) -> None:
        """First plans by rule, and the best plan of whole lots with two lots in place of the one."""
        search.stop = AnyOf(stop, Rounds(len(GRID)))
        search.run()
        search.stop = stop
        if not search.interrupted and not search.shop.arrays.machines.batch[:-1].any():
            search.consider(*_as_before(self.kept[1], search.shop), 0)


def _candidates(search: Search) -> list[tuple[str, str]]:
    if search.best_value == float("inf") or not search.shop.size:
        return []
    return split_candidates(search.shop, timed(search.shop, search.best, search.move_cost)[0])


def _said(split: tuple[str, str]) -> str:
    order, material = split
    return f"The lot of {material} for {order} is split in two: as one lot it would be later."


def _as_before(search: Search, shop: Shop) -> tuple[Any, Any]:
    """Order and modes near those of a search's best plan; where there are two lots now the mode is open."""
    whole = search.shop
    work = timed(whole, search.best, search.move_cost)[0].work
    at = {name: row for row, name in enumerate(whole.operation_names)}
    way = {row: number for number, row in enumerate(zip(*_ways(shop), strict=True))}
    machine, person = (whole.arrays.modes[work.mode[:-1]][name] for name in ("machine", "person"))
    wanted = np.full(shop.size, NEVER, np.int64)
    mode = np.full(shop.size, -1, np.int64)
    for row, name in enumerate(shop.operation_names):
        before = at.get(name, at.get(_first_lot(name), -1))
        if before < 0:
            continue
        wanted[row] = work.start[before]
        if shop.arrays.operations.units[row] == whole.arrays.operations.units[before]:
            mode[row] = way.get((row, int(machine[before]), int(person[before])), -1)
    return ordered_by(shop.arrays, wanted), mode


def _ways(shop: Shop) -> tuple[list[int], list[int], list[int]]:
    modes = shop.arrays.modes
    return modes.operation.tolist(), modes.machine.tolist(), modes.person.tolist()


def _first_lot(operation: str) -> str:
    """The same step of the first of several lots: those that follow are counted behind a colon."""
    job, _, step = operation.rpartition("/")
    stem, _, number = job.rpartition(":")
    return f"{stem}/{step}" if number.isdecimal() else operation


__all__ = ["Splits", "room_for_splits"]
