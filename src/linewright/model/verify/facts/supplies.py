"""When each supply of the plan arrives, and when jobs and orders are therefore finished."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from linewright.model.verify.facts.case import Case
from linewright.model.verify.facts.columns import BLANK, BoolArray, IntArray, ranges
from linewright.model.verify.facts.pegs import read_lots, read_pegs, shortest_leads
from linewright.model.verify.facts.rounding import all_seconds


class Supplies:
    """The pegging of a plan, with what the tables say about each supply.

    `finish` gives the moment at which the output of each job is there, as far as its last steps are in the plan, else
    BLANK. Jobs that feed themselves are in `rings`. `lot_release` is when the orders of each new lot release it.
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self.lots = read_lots(case)
        self.pegs = read_pegs(case, self.lots)
        self._read_last()
        levels = self._suppliers_first()
        in_order = np.zeros(len(case.jobs.names), np.bool_)
        in_order[np.concatenate([np.zeros(0, np.int64), *levels])] = True
        self.rings = [case.jobs.names[at] for at in np.flatnonzero(~in_order).tolist()]
        self._finish_steps()
        for level in (*levels, np.flatnonzero(~in_order)):
            self._finish_without_steps(level)
        self.lot_release = self._release_lots(levels)

    def _read_last(self) -> None:
        """The last operations of each job; none when one of them is missing."""
        case = self._case
        operations, jobs = case.operations, case.jobs
        last = operations.by_slot[case.last_slot]
        job = jobs.slots()[0][case.last_slot]
        whole = np.ones(len(jobs.names), np.bool_)
        whole[job[last < 0]] = False
        self._last, job = last[whole[job]], job[whole[job]]
        self._last_job = job
        self._first_last = np.searchsorted(job, np.arange(len(jobs.names) + 1))
        self._ready = operations.end + all_seconds(operations.real("min_wait_minutes"))

    @cached_property
    def earliest(self) -> IntArray:
        """When the supply of each row can leave its place at the earliest, as the tables and other rows have it."""
        pegs, start = self.pegs, self._case.start
        lot = np.where(pegs.lot >= 0, np.maximum(np.append(self.lots.ready, start)[pegs.lot], start), start)
        bought = [at for at, kind in enumerate(pegs.kind) if kind == "planned_purchase"]
        if bought:
            leads = shortest_leads(self._case)
            lot[bought] = [start + leads.get(pegs.material[at], 0) for at in bought]
        finish = np.append(self.finish, BLANK)[pegs.maker]
        return np.where(pegs.made, np.where(finish == BLANK, start, finish), lot)

    @cached_property
    def arrival(self) -> IntArray:
        """When the supply of each row is with its consumer: not before the plan says, nor before the tables allow."""
        pegs = self.pegs
        arrival = np.maximum(self.earliest, pegs.available) + pegs.transit
        # Each last step sends its goods from where it was done.
        own = np.flatnonzero(self._ends_with_steps(pegs.maker))
        arrival[own] = BLANK
        owner, at = ranges(self._first_last[pegs.maker[own]], self._first_last[pegs.maker[own] + 1])
        last, peg = self._last[at], own[owner]
        site = self._case.places.site[self._case.operations.machine[last]]
        travel = self._case.places.travel(site, self._consumer_site[peg])
        np.maximum.at(arrival, peg, self._ready[last] + travel)
        return arrival

    def _ends_with_steps(self, job: IntArray) -> BoolArray:
        """Whether all last steps of a job are in the plan."""
        at = np.maximum(job, 0)
        if len(self._first_last) < 2:
            return np.zeros(job.size, np.bool_)
        return np.asarray((job >= 0) & (self._first_last[at + 1] > self._first_last[at]))

    @cached_property
    def travel(self) -> IntArray:
        """Seconds that the goods of each row, if no job makes them, must at least be on the way."""
        return self._case.places.travel(np.append(self.lots.site, 0)[self.pegs.lot], self._consumer_site)

    @cached_property
    def user(self) -> IntArray:
        """The operation that consumes each row; -1 when the plan has none."""
        pegs, case = self.pegs, self._case
        slot = case.jobs.slot(pegs.job, pegs.row)
        return np.where(slot >= 0, np.append(case.operations.by_slot, -1)[slot], -1)

    @cached_property
    def _consumer_site(self) -> IntArray:
        case = self._case
        wanted = np.array([case.places.site_number(site) for site in (*case.orders.rows.text("site"), "")], np.int64)
        on_floor = np.append(case.operations.machine, -1)[self.user]
        site = np.where(self.user >= 0, np.append(case.places.site, 0)[on_floor], 0)
        return np.where(self.pegs.for_order, wanted[self.pegs.order], site)

    @cached_property
    def order_finish(self) -> dict[str, int]:
        """When each order is finished: the latest arrival of its supplies; absent when nothing is known of them."""
        pegs = self.pegs
        unknown = pegs.made & (np.append(self.finish, BLANK)[pegs.maker] == BLANK)
        latest: dict[str, int] = {}
        late = np.flatnonzero(pegs.for_order).tolist()
        for at, arrival in zip(late, self.arrival[late].tolist(), strict=True):
            name = pegs.consumer[at]
            latest[name] = max(arrival, latest.get(name, arrival))
        for at in np.flatnonzero(pegs.for_order & unknown).tolist():
            latest.pop(pegs.consumer[at], None)
        return latest

    def finish_of(self, kind: str, name: str) -> int | None:
        """When an order or a work order is finished; None when nothing is known of that."""
        if kind != "work_order":
            return self.order_finish.get(name) if kind == "order" else None
        job = self._case.jobs.position.get(name, -1)
        finish = int(self.finish[job]) if job >= 0 else BLANK
        return None if finish == BLANK else finish

    def _suppliers_first(self) -> list[IntArray]:
        """The jobs, level by level, each after those that supply it; jobs in a ring and those after them are left out.

        Levels are found by removing the jobs that wait for nothing (Kahn, Communications of the ACM 5 (1962) 558-562).
        """
        pegs, size = self.pegs, len(self._case.jobs.names)
        fed = np.flatnonzero(pegs.for_job & (pegs.job >= 0) & (pegs.maker >= 0))
        fed = fed[np.argsort(pegs.maker[fed], kind="stable")]
        maker, user = pegs.maker[fed], pegs.job[fed]
        first = np.searchsorted(maker, np.arange(size + 1))
        waiting = np.bincount(user, minlength=size)
        levels = [np.flatnonzero(waiting == 0)]
        while levels[-1].size:
            _, at = ranges(first[levels[-1]], first[levels[-1] + 1])
            np.subtract.at(waiting, user[at], 1)
            touched = np.unique(user[at])
            levels.append(touched[waiting[touched] == 0])
        return levels[:-1]

    def _release_lots(self, levels: list[IntArray]) -> IntArray:
        """When each new lot is released by those that it is for: the earliest of them counts; BLANK for work orders."""
        pegs, jobs = self.pegs, self._case.jobs
        released = np.full(len(jobs.names), BLANK)
        ordered = np.append(np.maximum(self._case.orders.rows.whole("release"), 0), 0)[pegs.order]
        made = np.flatnonzero(pegs.maker >= 0)
        made = made[np.argsort(pegs.maker[made], kind="stable")]
        first = np.searchsorted(pegs.maker[made], np.arange(len(jobs.names) + 1))
        latest = np.iinfo(np.int64).max
        for level in reversed(levels):
            lots = level[jobs.work_order[level] < 0]
            owner, at = ranges(first[lots], first[lots + 1])
            rows = made[at]
            of_job = np.maximum(np.append(released, 0)[pegs.job[rows]], 0)
            earliest = np.full(lots.size, latest)
            np.minimum.at(earliest, owner, np.where(pegs.for_order[rows], ordered[rows], of_job))
            released[lots] = np.where(earliest == latest, 0, earliest)
        return released

    def _finish_steps(self) -> None:
        """Jobs that end with operations are finished when the last of these have waited."""
        jobs = self._case.jobs
        self.finish = np.full(len(jobs.names), BLANK)
        np.maximum.at(self.finish, self._last_job, self._ready[self._last])

    def _finish_without_steps(self, level: IntArray) -> None:
        """Jobs without open steps, whose suppliers' finishes are known."""
        jobs, pegs = self._case.jobs, self.pegs
        done = level[~jobs.has_open_steps[level]]
        if not done.size:
            return
        for job in done.tolist():
            self.finish[job] = max(self._case.start, int(jobs.release[job]), int(jobs.order_release[job]))
        # Without steps a job is there when its own material is; where all steps are done it needs none.
        begin, end = self._case.routes.span(jobs.route)
        waits = np.zeros(len(jobs.names) + 1, np.bool_)
        waits[done] = (end == begin)[done]
        self._forget()
        rows = np.flatnonzero(pegs.for_job & waits[pegs.job])
        np.maximum.at(self.finish, pegs.job[rows], self.arrival[rows])
        self._forget()

    def _forget(self) -> None:
        """Drop what was computed from finishes that were not yet known."""
        for name in ("earliest", "arrival"):
            self.__dict__.pop(name, None)
