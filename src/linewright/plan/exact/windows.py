"""Common working windows, and how long a run or setup lasts depending on when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.plan.bounds.curves import FAR, Curve
from linewright.shop.arrays import Calendars


@dataclass(frozen=True)
class Open:
    """Windows in which work goes on after the plan's start, and the work done until any moment."""

    start: Any
    end: Any
    curve: Curve

    @classmethod
    def of(cls, start: Any, end: Any) -> Open:
        """Count the work in disjoint, sorted windows."""
        moments = np.column_stack([start, end]).ravel()
        if not moments.size or moments[0] > 0:
            moments = np.append([0, 0], moments)
        length = np.diff(moments)
        rate = np.append((np.arange(length.size) % 2 == 0).astype(np.int64), 0)
        return cls(start, end, Curve(moments, np.concatenate([[0], np.cumsum(length * rate[:-1])]), rate))

    @property
    def always(self) -> bool:
        """Whether work never pauses."""
        return self.start.size == 1 and self.start[0] == 0 and self.end[0] >= FAR


def meet(calendars: Calendars, chosen: frozenset[int]) -> Open:
    """The windows in which all chosen calendars are open."""
    start, end = np.zeros(1, np.int64), np.full(1, FAR, np.int64)
    for calendar in sorted(chosen - {0}):
        first, last = calendars.index.first_window[calendar : calendar + 2]
        begin = np.clip(calendars.windows.start[first:last], 0, FAR)
        until = np.clip(calendars.windows.end[first:last], 0, FAR)
        start, end = _common(start, end, begin[until > begin], until[until > begin])
    return Open.of(start, end)


def _common(start: Any, end: Any, begin: Any, until: Any) -> tuple[Any, Any]:
    """The overlaps of two sorted lists of windows."""
    cuts = np.unique(np.concatenate([start, end, begin, until]))
    middle = cuts[:-1]
    inside = np.ones(middle.size, np.bool_)
    for opens, closes in ((start, end), (begin, until)):
        at = np.searchsorted(opens, middle, side="right") - 1
        inside &= (at >= 0) & (middle < closes[np.maximum(at, 0)]) if opens.size else False
    change = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]]).astype(np.int8)))
    return cuts[change[0::2]], cuts[change[1::2]]


@dataclass(frozen=True)
class Stretch:
    """All moments (`from`, `until`, both included) at which a start means the same elapsed setup and run."""

    setup: int
    run: int
    moments: list[list[int]]


def stretches(run_open: Open, run: int, setup_open: Open, setup: int, *, may_pause: bool, last: int) -> list[Stretch]:
    """Sort every possible run start up to `last` by the time that setup and run take, pauses included.

    Between neighbouring breakpoints both times are constant: the end passes a closing, or the setup an opening.
    """
    if run == 0:
        return [Stretch(setup, 0, [[0, last]])] if setup_open.always or setup == 0 else []
    starts, ends = _places(run_open, run, may_pause)
    if not starts.size:
        return []
    cuts = [starts]
    if may_pause:
        cuts.append(_moments_of(run_open.curve, run_open.curve.until(run_open.end) - run) + 1)
    if setup:
        cuts.append(_moments_of(setup_open.curve, setup_open.curve.until(setup_open.start) + setup))
    begin = np.unique(np.concatenate(cuts))
    at = np.searchsorted(starts, begin, side="right") - 1
    kept = (at >= 0) & (begin <= np.minimum(ends[np.maximum(at, 0)], last))
    begin, at = begin[kept], at[kept]
    until = np.minimum(np.minimum(ends[at], last), np.append(begin[1:] - 1, last))
    elapsed_run = run_open.curve.reached(run_open.curve.until(begin) + run) - begin
    possible = run_open.curve.until(begin) + run <= run_open.curve.worked[-1]
    elapsed_setup = np.zeros_like(begin)
    if setup:
        done = setup_open.curve.until(begin) - setup
        elapsed_setup = begin - _latest_of(setup_open, done)
        possible &= done >= 0
    groups: dict[tuple[int, int], list[list[int]]] = {}
    rows = zip(elapsed_setup[possible].tolist(), elapsed_run[possible].tolist(), begin[possible].tolist(),
               until[possible].tolist(), strict=True)  # fmt: skip
    for set_up, ran, first, final in rows:
        groups.setdefault((set_up, ran), []).append([first, final])
    return [Stretch(set_up, ran, moments) for (set_up, ran), moments in sorted(groups.items())]


def _places(run_open: Open, run: int, may_pause: bool) -> tuple[Any, Any]:
    """First and last moment of each window at which a run may start."""
    if may_pause:
        return run_open.start, run_open.end - 1
    long_enough = run_open.end - run_open.start >= run
    return run_open.start[long_enough], run_open.end[long_enough] - run


def _moments_of(curve: Curve, worked: Any) -> Any:
    """The last moments before work goes on from given amounts, for those that are ever reached."""
    inside = worked[(worked >= 0) & (worked <= curve.worked[-1])]
    return np.unique(np.concatenate([curve.reached(inside), curve.reached(inside + 1) - 1]))


def _latest_of(setup_open: Open, worked: Any) -> Any:
    """The latest moments at which setup can begin when so much was worked until then."""
    return setup_open.curve.reached(worked + 1) - 1
