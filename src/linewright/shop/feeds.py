"""What feeds what, as arcs between operations: the pegs of the explosion seen from the floor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from linewright.shop.explosion import NEW_JOB, ORDER, WORK_ORDER
from linewright.shop.resources import site_positions, whole_seconds

if TYPE_CHECKING:
    import polars as pl

    from linewright.model.factory import Factory
    from linewright.shop.explosion import Explosion

Feed = tuple[int, int]


class Rows(NamedTuple):
    """Last operations with the seconds that follow, group by group; `first[g]` is where group g begins."""

    first: Any
    operation: Any
    wait: Any

    @classmethod
    def of(cls, groups: int, owner: Any, operation: Any, wait: Any) -> Rows:
        """Put rows together by owner; those of one owner keep their order."""
        order = np.argsort(owner, kind="stable")
        return cls(np.searchsorted(owner[order], np.arange(groups + 1)), operation[order], wait[order])

    def of_groups(self, groups: Any) -> tuple[Any, Any]:
        """All rows of some groups: which of the groups, and the row."""
        return spread(self.first[groups], self.first[groups + 1])


def spread(first: Any, end: Any) -> tuple[Any, Any]:
    """Every number from each `first` up to its `end`: which pair it belongs to, and the number."""
    count = end - first
    owner = np.repeat(np.arange(count.size), count)
    return owner, first[owner] + np.arange(owner.size) - np.repeat(np.cumsum(count) - count, count)


class Feeds:
    """Arcs and dates that follow from pegs.

    `arc_at` waits for `arc_before` and `arc_wait` seconds more; `material_ready` and `material_peg` (by operation) are
    the latest dated supply and its peg; `outputs` lists for each job, and `demand_feeds` for each demand, its last
    operations with the seconds that follow, `demand_ready` is a demand's latest dated supply. A job without steps is
    passed through: what it waits for counts.
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
        self.pegs = pegs = explosion.pegs
        jobs = explosion.jobs["material"].size
        self.first_operation = np.searchsorted(operations["job"].to_numpy(), np.arange(jobs + 1))
        self.steps = operations["step"].to_numpy()
        self._job_of = operations["job"].to_numpy()
        # A job without steps is there when its material is, but not before its release.
        self.stepless = self.first_operation[:-1] == self.first_operation[1:]
        self.ready = np.where(self.stepless, explosion.jobs["release"], 0)
        self.made = np.isin(pegs["supply_kind"], (WORK_ORDER, NEW_JOB))
        self.to_order = pegs["consumer_kind"] == ORDER
        self.target = self._targets()
        self.peg_transit = self._transit_of_pegs()
        waits = whole_seconds(last["min_wait_minutes"].to_numpy())
        self.outputs = Rows.of(jobs, last["job"].to_numpy(), last["at"].to_numpy(), waits)
        self._pass_through()
        self._hand_on(explosion, operations.height)

    def _targets(self) -> Any:
        """The operation that takes in each peg; -1 for orders, and for jobs without steps."""
        wanted = np.flatnonzero(~self.to_order)
        target = np.full(self.to_order.size, -1, np.int64)
        job = self.pegs["consumer"][wanted]
        first, end = self.first_operation[job], self.first_operation[job + 1]
        # The step itself, or the first after it, or the last one of the job.
        width = int(self.steps.max(initial=0)) + 2
        step = np.clip(self.pegs["step"][wanted], 0, width - 1)
        at = np.searchsorted(self._job_of * width + self.steps, job * width + step)
        target[wanted] = np.where(first < end, np.minimum(np.clip(at, first, end), end - 1), -1)
        return target

    def _transit_of_pegs(self) -> Any:
        """Transport seconds of each supply; where its step may be done at several sites, to the farthest of them."""
        supply, consumer = self.pegs["supply_site"], self.pegs["consumer_site"]
        both = (supply >= 0) & (consumer >= 0)
        seconds = np.where(both, self.transit[supply * both, consumer * both], 0).astype(np.int64)
        choosing = np.flatnonzero(~self.made & (supply >= 0) & (self.target >= 0))
        if choosing.size:
            target = self.target[choosing]
            owner, mode = spread(self.first_mode[target], self.first_mode[target + 1])
            site = self.mode_sites[mode]
            far = np.where(site >= 0, self.transit[supply[choosing][owner], site], 0)
            seconds[choosing] = 0
            np.maximum.at(seconds, choosing[owner], far)
        return seconds

    def _pass_through(self) -> None:
        """Give jobs without steps the outputs and dates of what feeds them."""
        into = ~self.to_order
        into[into] = self.stepless[self.pegs["consumer"][into]]
        extra: dict[int, list[Feed]] = {}
        # Deeper levels were pegged later, so going backwards a job's own supplies are known before it feeds others.
        for peg in np.flatnonzero(into)[::-1].tolist():
            supply, consumer = int(self.pegs["supply"][peg]), int(self.pegs["consumer"][peg])
            travel, ready = int(self.peg_transit[peg]), int(self.pegs["available"][peg])
            if self.made[peg]:
                ready = int(self.ready[supply])
                passed = travel if self.stepless[supply] else 0
                own = range(self.outputs.first[supply], self.outputs.first[supply + 1])
                feeds = [(int(self.outputs.operation[row]), int(self.outputs.wait[row])) for row in own]
                extra.setdefault(consumer, []).extend(
                    (at, wait + passed) for at, wait in (*feeds, *extra.get(supply, ()))
                )
            if not self.made[peg] or ready:
                self.ready[consumer] = max(int(self.ready[consumer]), ready + travel)
        if extra:
            rows = [(job, at, wait) for job, feeds in extra.items() for at, wait in feeds]
            job, at, wait = np.array(rows, np.int64).reshape(-1, 3).T
            owner = np.append(np.repeat(np.arange(self.stepless.size), np.diff(self.outputs.first)), job)
            self.outputs = Rows.of(
                self.stepless.size, owner, np.append(self.outputs.operation, at), np.append(self.outputs.wait, wait)
            )

    def _hand_on(self, explosion: Explosion, operations: int) -> None:
        """Hand every supply on to the operation or the demand that it is for."""
        pegs, demands = self.pegs, explosion.demands["due"].size
        backwards = np.arange(self.made.size)[::-1]
        made = backwards[self.made[backwards]]
        owner, row = self.outputs.of_groups(pegs["supply"][made])
        peg, before = made[owner], self.outputs.operation[row]
        # Transport after an operation depends on the machine chosen; only what a job without steps adds is fixed.
        passed = np.where(self.stepless[pegs["supply"][peg]], self.peg_transit[peg], 0)
        wait = self.outputs.wait[row] + passed
        arcs, to_order = self.target[peg] >= 0, self.to_order[peg]
        self.arc_at, self.arc_before, self.arc_wait = self.target[peg][arcs], before[arcs], wait[arcs]
        # A work order with a due date of its own is a demand fed by itself.
        dated = np.flatnonzero(explosion.demands["job"] >= 0)
        own, own_row = self.outputs.of_groups(explosion.demands["job"][dated])
        self.demand_feeds = Rows.of(
            demands,
            np.append(pegs["consumer"][peg][to_order], dated[own]),
            np.append(before[to_order], self.outputs.operation[own_row]),
            np.append(wait[to_order], self.outputs.wait[own_row]),
        )
        of_supply = np.append(self.ready, 0)[np.where(self.made, pegs["supply"], -1)]
        ready = np.where(self.made, of_supply, pegs["available"]) + self.peg_transit
        ready = np.where(self.made & (of_supply == 0), 0, ready)
        self.demand_ready = np.zeros(demands, np.int64)
        np.maximum.at(self.demand_ready, pegs["consumer"][self.to_order], ready[self.to_order])
        np.maximum.at(self.demand_ready, dated, self.ready[explosion.demands["job"][dated]])
        self._latest_material(operations, ready)

    def _latest_material(self, operations: int, ready: Any) -> None:
        """The latest dated supply of each operation, and its peg; of two at one moment that listed last."""
        self.material_ready = np.zeros(operations, np.int64)
        self.material_peg = np.full(operations, -1, np.int64)
        peg = np.flatnonzero((self.target >= 0) & (ready > 0))
        order = peg[np.lexsort((peg, ready[peg], self.target[peg]))]
        self.material_ready[self.target[order]] = ready[order]
        self.material_peg[self.target[order]] = order


def order_sites(factory: Factory, explosion: Explosion) -> Any:
    """Where each demand must be ready: the order's site, -1 where it does not matter."""
    sites = site_positions(factory)
    wanted = np.array([*(sites.get(name, -1) for name in factory.orders.frame["site"].to_list()), -1], np.int64)
    return wanted[np.where(explosion.demands["kind"] == 0, explosion.demands["row"], -1)]


class Finish:
    """What follows from a timetable: when jobs are finished, and how long each supply then travels."""

    def __init__(self, feeds: Feeds, explosion: Explosion, order_site: Any) -> None:
        self.feeds = feeds
        self.pegs = explosion.pegs
        self.order_site = order_site

    def jobs(self, end: Any) -> Any:
        """The finish of each job from the ends of operations: after the last waits, or when its material is there."""
        feeds = self.feeds
        finish = feeds.ready.astype(np.int64)
        owner = np.repeat(np.arange(finish.size), np.diff(feeds.outputs.first))
        np.maximum.at(finish, owner, end[feeds.outputs.operation] + feeds.outputs.wait)
        return finish

    def transit(self, site: Any) -> Any:
        """Transport seconds of each peg, from the site at which each operation is done (-1 unknown)."""
        feeds = self.feeds
        travel = feeds.peg_transit.copy()
        chosen = np.flatnonzero(feeds.made)
        chosen = chosen[~feeds.stepless[self.pegs["supply"][chosen]]]
        on_floor = np.where(feeds.target >= 0, np.append(site, -1)[feeds.target], -1)
        wanted = np.append(self.order_site, -1)[np.where(feeds.to_order, self.pegs["consumer"], -1)]
        target = np.where(feeds.to_order, wanted, on_floor)
        owner, row = feeds.outputs.of_groups(self.pegs["supply"][chosen])
        start, end = site[feeds.outputs.operation[row]], target[chosen[owner]]
        seconds = np.where((start >= 0) & (end >= 0), feeds.transit[start, end], 0)
        travel[chosen] = 0
        np.maximum.at(travel, chosen[owner], seconds)
        return travel
