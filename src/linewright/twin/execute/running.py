"""Replications of a prepared plan as a task: any part of them, in any process, with the same figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.errors import NoAnswer
from linewright.twin.execute import records as r
from linewright.twin.statistics.intervals import student_factor

if TYPE_CHECKING:
    from linewright.twin.execute.problem import Prepared
    from linewright.twin.statistics.replications import Samples

#: Operations' times are kept of the first replications only: their ranges need no more.
STEPS_KEPT = 1000
FOREVER = 1 << 59


@dataclass(frozen=True, eq=False)
class PlanTask:
    """Runs replications of a problem; see `linewright.twin.statistics.replications.Task`."""

    problem: r.Problem
    figures: tuple[str, ...] = ("late_hours",)

    def __call__(self, numbers: Any, seed: int) -> r.Figures:
        """The figures of the replications with these numbers."""
        from linewright.twin.execute.bundle import bundled
        from linewright.twin.execute.kernel.run import execute

        options = self.problem.options.copy()
        options.seed[0] = np.uint64(seed)
        problem = self.problem._replace(options=options)
        numbers = np.asarray(numbers, np.int64)
        made = r.new_figures(problem, numbers.size, int((numbers < STEPS_KEPT).sum()))
        now = r.new_situation(problem)
        execute(bundled(problem), bundled(now), bundled(made), numbers, False, FOREVER)
        return made


def late_hours(made: r.Figures) -> Any:
    """Hours of lateness of an order on average, one row for each replication."""
    return made.totals[:, [r.LATE_HOURS]] / max(made.finishes.shape[1], 1)


def joined(parts: tuple[r.Figures, ...]) -> r.Figures:
    """The figures of several blocks as one."""
    return r.Figures(*(np.concatenate([part[at] for part in parts]) for at in range(len(r.Figures._fields))))


def complain(prepared: Prepared, made: r.Figures) -> None:
    """Raise an error if a replication did not come to its end.

    Raises
    ------
    NoAnswer
        Work waits for each other in a circle, or the calendars end before it is done.
    """
    bad = np.flatnonzero(made.status[:, 0] != r.FINISHED)
    if not bad.size:
        return
    status, block = (int(value) for value in made.status[bad[0]])
    problem = prepared.problem
    name = prepared.shop.operation_names[int(problem.members[problem.blocks.first_member[block]])]
    machine = prepared.shop.machine_names[int(problem.blocks.machine[block])]
    if status == r.NO_TIME:
        raise NoAnswer("A run does not end before the calendars do:", [f"{name} on {machine} finds no time"])
    raise NoAnswer("A run comes to a stop, as work waits for each other in a circle:", [f"{name} on {machine} waits"])


@dataclass(frozen=True, kw_only=True)
class OddsHalfWidth:
    """Stop when the odds of every order and the mean lateness are known well enough.

    Wilson's interval of the order that is least sure, as in the table of orders, has a half-width of at most `odds`
    (a share); Student's of the mean lateness one of at most `late_hours`, or a tenth of the mean.
    """

    due: Any
    odds: float = 0.03
    #: 2 where two neighbouring runs share their errors of mean times.
    pairs: int = 1
    late_hours: float = 0.5
    least: int = 200
    most: int = 20_000

    def wanted(self, samples: Samples) -> int:
        """How many replications there should be in all."""
        from linewright.twin.execute.frames import odds

        if samples.n < self.least:
            return self.least
        dated = self.due < FOREVER
        half = 0.0
        if dated.any():
            finishes = np.concatenate([part.finishes for part in samples.parts])
            _, low, high = odds(finishes[:, dated] <= self.due[dated], self.pairs)
            half = float(((high - low) / 2).max())
        hours = samples.figure("late_hours")
        spread = student_factor(samples.n - 1) * float(hours.std(ddof=1)) / samples.n**0.5
        allowed = max(self.late_hours, 0.1 * float(hours.mean()))
        # Half-widths fall with the root of the number.
        factor = max(half / self.odds, spread / allowed) ** 2
        if factor <= 1:
            return samples.n
        return min(max(int(samples.n * min(factor, 2.0)) + 1, samples.n + 20), max(self.most, samples.n))
