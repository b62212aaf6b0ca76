"""What feeds what, as arcs between operations: the pegs of the explosion seen from the floor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.shop.explosion import NEW_JOB, ORDER, WORK_ORDER
from linewright.shop.resources import integers, site_positions, whole_seconds

if TYPE_CHECKING:
    import polars as pl

    from linewright.model.factory import Factory
    from linewright.shop.explosion import Explosion

Feed = tuple[int, int]


class Feeds:
    """Arcs and dates that follow from pegs.

    `arc_at` waits for `arc_before` and `arc_wait` seconds more; `material_ready` and `material_peg` (by operation) are
    the latest dated supply and its peg; `demand_feeds` lists for each demand its last operations with the seconds that
    follow, `demand_ready` its latest dated supply. A job without steps is passed through: what it waits for counts.
    """

    def __init__(  # the tables it joins
        self,
        explosion: Explosion,
        operations: pl.DataFrame,
        last: pl.DataFrame,
        transit: Any,
        first_mode: Any,
        mode_sites: Any,
    ) -> None:
        self.transit = transit
        self.first_mode, self.mode_sites = first_mode, mode_sites
        self.pegs = explosion.pegs
        jobs = explosion.jobs["material"].size
        self.outputs: list[list[Feed]] = [[] for _ in range(jobs)]
        waits = whole_seconds(last["min_wait_minutes"].to_numpy()).tolist()
        for at, job, wait in zip(last["at"].to_list(), last["job"].to_list(), waits, strict=True):
            self.outputs[job].append((at, wait))
        self.first_operation = np.searchsorted(operations["job"].to_numpy(), np.arange(jobs + 1))
        self.steps = operations["step"].to_numpy()
        # A job without steps is there when its material is, but not before its release.
        stepless = self.first_operation[:-1] == self.first_operation[1:]
        self.ready = np.where(stepless, explosion.jobs["release"], 0).tolist()
        self.peg_transit = self._transit_of_pegs()
        self.material_ready = np.zeros(operations.height, np.int64)
        self.material_peg = np.full(operations.height, -1, np.int64)
        demands = explosion.demands["due"].size
        self.demand_feeds: list[list[Feed]] = [[] for _ in range(demands)]
        self.demand_ready = np.zeros(demands, np.int64)
        self._arcs: list[tuple[int, int, int]] = []
        # Deeper levels were pegged later, so going backwards a job's own supplies are known before it feeds others.
        for peg in range(self.pegs["supply"].size - 1, -1, -1):
            self._follow(peg)
        self._own_dates(explosion)
        self.arc_at = integers(arc[0] for arc in self._arcs)
        self.arc_before = integers(arc[1] for arc in self._arcs)
        self.arc_wait = integers(arc[2] for arc in self._arcs)

    def _transit_of_pegs(self) -> Any:
        supply, consumer = self.pegs["supply_site"], self.pegs["consumer_site"]
        both = (supply >= 0) & (consumer >= 0)
        return np.where(both, self.transit[supply * both, consumer * both], 0).astype(np.int64)

    def _follow(self, peg: int) -> None:
        """Hand one supply on to its consumer."""
        kind = int(self.pegs["supply_kind"][peg])
        supply = int(self.pegs["supply"][peg])
        travel = self._travel(peg, is_dated=kind not in (WORK_ORDER, NEW_JOB))
        if kind in (WORK_ORDER, NEW_JOB):
            feeds, ready = self.outputs[supply], self.ready[supply]
            # Transport after an operation depends on the machine chosen; only what a job without steps adds is fixed.
            passed = 0 if self.first_operation[supply] < self.first_operation[supply + 1] else travel
            ready += travel if ready else 0
        else:
            feeds, ready, passed = [], int(self.pegs["available"][peg]) + travel, 0
        consumer = int(self.pegs["consumer"][peg])
        if self.pegs["consumer_kind"][peg] == ORDER:
            self.demand_feeds[consumer] += [(at, wait + passed) for at, wait in feeds]
            self.demand_ready[consumer] = max(self.demand_ready[consumer], ready)
        else:
            self._into_job(
                consumer, int(self.pegs["step"][peg]), [(at, wait + passed) for at, wait in feeds], ready, peg
            )

    def _travel(self, peg: int, *, is_dated: bool) -> int:
        """Transport seconds of a supply; where its step may be done at several sites, to the farthest of them."""
        source = int(self.pegs["supply_site"][peg])
        if is_dated and source >= 0 and self.pegs["consumer_kind"][peg] != ORDER:
            at = self.operation_at(int(self.pegs["consumer"][peg]), int(self.pegs["step"][peg]))
            if at >= 0:
                targets = self.mode_sites[self.first_mode[at] : self.first_mode[at + 1]]
                self.peg_transit[peg] = max(
                    (int(self.transit[source, s]) for s in targets.tolist() if s >= 0), default=0
                )
        return int(self.peg_transit[peg])

    def _into_job(self, job: int, step: int, feeds: list[Feed], ready: int, peg: int) -> None:
        at = self.operation_at(job, step)
        if at < 0:
            self.outputs[job] += feeds
            self.ready[job] = max(self.ready[job], ready)
            return
        self._arcs += [(at, before, wait) for before, wait in feeds]
        if ready > self.material_ready[at]:
            self.material_ready[at] = ready
            self.material_peg[at] = peg

    def operation_at(self, job: int, step: int) -> int:
        """The operation of a job that takes in material at a step; -1 when the job has none."""
        first, end = int(self.first_operation[job]), int(self.first_operation[job + 1])
        if first == end:
            return -1
        return min(first + int(np.searchsorted(self.steps[first:end], step)), end - 1)

    def _own_dates(self, explosion: Explosion) -> None:
        """A work order with a due date of its own is a demand fed by itself."""
        for demand in np.flatnonzero(explosion.demands["job"] >= 0).tolist():
            job = int(explosion.demands["job"][demand])
            self.demand_feeds[demand] += self.outputs[job]
            self.demand_ready[demand] = max(self.demand_ready[demand], self.ready[job])


def order_sites(factory: Factory, explosion: Explosion) -> Any:
    """Where each demand must be ready: the order's site, -1 where it does not matter."""
    sites = site_positions(factory)
    names = factory.orders.frame["site"].to_list()
    pairs = zip(explosion.demands["kind"].tolist(), explosion.demands["row"].tolist(), strict=True)
    return integers(sites.get(names[row], -1) if kind == 0 else -1 for kind, row in pairs)


class Finish:
    """What follows from a timetable: when jobs are finished, and how long each supply then travels."""

    def __init__(self, feeds: Feeds, explosion: Explosion, order_site: Any) -> None:
        self.feeds = feeds
        self.pegs = explosion.pegs
        self.order_site = order_site

    def jobs(self, end: Any) -> Any:
        """The finish of each job from the ends of operations: after the last waits, or when its material is there."""
        return integers(
            max([ready, *(int(end[at]) + wait for at, wait in outputs)])
            for outputs, ready in zip(self.feeds.outputs, self.feeds.ready, strict=True)
        )

    def transit(self, site: Any) -> Any:
        """Transport seconds of each peg, from the site at which each operation is done (-1 unknown)."""
        travel = self.feeds.peg_transit.copy()
        first = self.feeds.first_operation
        for peg in np.flatnonzero(np.isin(self.pegs["supply_kind"], (WORK_ORDER, NEW_JOB))).tolist():
            supply = int(self.pegs["supply"][peg])
            if first[supply] == first[supply + 1]:
                continue
            target = self._target(peg, site)
            sources = [int(site[at]) for at, _ in self.feeds.outputs[supply]]
            travel[peg] = max(self.feeds.transit[s, target] if s >= 0 and target >= 0 else 0 for s in sources)
        return travel

    def _target(self, peg: int, site: Any) -> int:
        consumer = int(self.pegs["consumer"][peg])
        if self.pegs["consumer_kind"][peg] == ORDER:
            return int(self.order_site[consumer])
        at = self.feeds.operation_at(consumer, int(self.pegs["step"][peg]))
        return int(site[at]) if at >= 0 else -1
