"""A factory's flow of jobs as a task: the open work once, or its mix as an endless stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.errors import NoAnswer
from linewright.twin.statistics.selection import Better

if TYPE_CHECKING:
    from linewright.twin.network.build import Compiled
    from linewright.twin.network.of_factory import FactoryFlow

WEEK_MINUTES = 7 * 1440.0
#: Work that is not done two years from now, working day and night, is never done: a load that nobody fills, a deadlock.
LAST_MINUTE = 104 * WEEK_MINUTES
#: Due dates are whole seconds; what is late by less is so by rounding.
ROUNDING_HOURS = 1 / 3600

#: Hours until the last job is done; mean hours of an order's job from release to end; the share of dated jobs in time;
#: hours late of all together. Hours are those of the wall clock, nights and weekends included.
OPEN_WORK_UNITS: Mapping[str, str] = {"makespan": "h", "lead_time": "h", "on_time": "share", "late_hours": "h"}
OPEN_WORK_BETTER: Mapping[str, Better] = {
    "makespan": "less", "lead_time": "less", "on_time": "more", "late_hours": "less",
}  # fmt: skip
#: Jobs done a week; mean hours of a job inside; mean number of jobs inside; the share of jobs done within the lead time
#: that the open orders leave.
STREAM_UNITS: Mapping[str, str] = {"throughput": "jobs/week", "lead_time": "h", "wip": "jobs", "on_time": "share"}
STREAM_BETTER: Mapping[str, Better] = {"throughput": "more", "lead_time": "less", "wip": "less", "on_time": "more"}


@dataclass(frozen=True)
class _FlowTask:
    """What both ways of running a flow share: the network is compiled once in each process."""

    flow: FactoryFlow

    @cached_property
    def _compiled(self) -> Compiled:
        from linewright.twin.network.build import compile_network

        return compile_network(self.flow.network)

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process: the flow, not what can be worked out from it."""
        return {name: value for name, value in vars(self).items() if name != "_compiled"}

    def __call__(self, numbers: Any, seed: int) -> Any:
        """The figures of these replications (n, figures)."""
        from linewright.twin.network.state import fork, new_state

        start = new_state(self._compiled, log=True)
        return np.array([self._figures(fork(start, int(number), seed)) for number in numbers], np.float64)

    def _figures(self, state: Any) -> tuple[float, ...]:
        raise NotImplementedError


@dataclass(frozen=True)
class OpenWork(_FlowTask):
    """The open orders and work orders once, until all are done."""

    @property
    def figures(self) -> tuple[str, ...]:
        """See `OPEN_WORK_UNITS`."""
        return tuple(OPEN_WORK_UNITS)

    def _figures(self, state: Any) -> tuple[float, ...]:
        from linewright.twin.network.advance import advance

        jobs = len(self.flow.network.job_types)
        try:
            state = advance(self._compiled, state, until=LAST_MINUTE, jobs=jobs)
        except NoAnswer:
            return np.inf, np.inf, np.nan, np.inf
        log = state.log[: int(state.clock.logged[0])]
        mine = log[self._ends[log.job_type]]
        clock, due = self.flow.clock, self._due[mine.job_type]
        # Work ends with the shift, but begins with the next one.
        released, finished = clock.seconds(mine.released) / 3600, clock.first_seconds(mine.finished) / 3600
        dated = np.isfinite(due)
        late = np.maximum(finished[dated] - due[dated], 0.0)
        late[late < ROUNDING_HOURS] = 0.0
        done = log.size == jobs
        return (
            float(clock.first_seconds(log.finished.max())) / 3600 if done else np.inf,
            float((finished - released).mean()) if done else np.inf,
            # What is never done is not in time.
            float((late == 0).sum()) / self._dated if self._dated else np.nan,
            float(late.sum()) if done else np.inf,
        )

    @cached_property
    def _ends(self) -> Any:
        """Whether a type's jobs are for an order, not parts that another job takes in."""
        parts = {join.job_type for kind in self.flow.network.job_types for step in kind.route for join in step.joins}
        return np.array([kind.name not in parts for kind in self.flow.network.job_types])

    @cached_property
    def _due(self) -> Any:
        """When each type's job is due, in hours since the start; infinite where it has no date."""
        return np.array(self.flow.due_seconds) / 3600

    @cached_property
    def _dated(self) -> int:
        return int((self._ends & np.isfinite(self._due)).sum())


@dataclass(frozen=True)
class Stream(_FlowTask):
    """The mix of the open work as a stream without end: some weeks to settle, then the weeks that count."""

    weeks: float = 12.0
    settling_weeks: float = 4.0

    @property
    def figures(self) -> tuple[str, ...]:
        """See `STREAM_UNITS`."""
        return tuple(STREAM_UNITS)

    def _figures(self, state: Any) -> tuple[float, ...]:
        from linewright.twin.network.advance import advance
        from linewright.twin.network.state import forget

        # A week has fewer working minutes; a scenario with another shift is compared over the same weeks.
        week = WEEK_MINUTES * self.flow.clock.open_share
        try:
            state = advance(self._compiled, state, until=self.settling_weeks * week)
            forget(state)
            state = advance(self._compiled, state, until=(self.settling_weeks + self.weeks) * week)
        except NoAnswer:
            return 0.0, np.inf, np.inf, 0.0
        kinds = state.job_types
        done = int(kinds.finished.sum())
        return (
            done / self.weeks,
            float(kinds.cycle.sum()) / done / 60 / self.flow.clock.open_share if done else np.nan,
            float(kinds.area.sum()) / (self.weeks * week),
            1.0 - float(kinds.late.sum()) / done if done else np.nan,
        )
