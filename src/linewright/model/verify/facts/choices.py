"""Which machines a step may use, and how long it takes there: all operations of a plan at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linewright.model.factory import Factory
from linewright.model.verify.facts.columns import BoolArray, Columns, FloatArray, IntArray, numbered, positions, ranges
from linewright.model.verify.facts.jobs import Jobs
from linewright.model.verify.facts.places import Places
from linewright.model.verify.facts.rounding import all_seconds
from linewright.model.verify.facts.routes import Routes


@dataclass(frozen=True, eq=False, kw_only=True)
class Choices:
    """For each operation its alternative: whole seconds of run and setup, what it costs, and the person it is tied to.

    `row` is the row of `operation_machines`, -1 for the operation's own times. `refused` marks machines that may not be
    used; these have no times. Where the plan could mean several alternatives, `preference` is what the cheapest of
    them costs and `most_preference` the dearest.
    """

    row: IntArray
    run_seconds: IntArray
    setup_seconds: IntArray
    preference: FloatArray
    most_preference: FloatArray
    person: list[str]
    refused: BoolArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Asked:
    """What is known of each operation before its alternative is: job, row of the routes, machine, people and times."""

    job: IntArray
    row: IntArray
    machine: IntArray
    units: FloatArray
    stated_run: IntArray
    stated_setup: IntArray
    people: Sequence[tuple[str, ...]]


class Alternatives:
    """The ways that the tables allow for operations, and the reasons why they allow no others."""

    def __init__(self, factory: Factory, routes: Routes, jobs: Jobs, places: Places) -> None:
        self._routes, self._jobs, self._places = routes, jobs, places
        rows = Columns(factory.operation_machines.content)
        route_row = routes.rows_of_alternatives()
        machine = rows.places("machine", places.position)
        #: Machines are counted from 1 here, so that one that is not in the table is number 0.
        self._width = len(places.machines) + 1
        key = route_row * self._width + machine + 1
        self._order = np.argsort(key, kind="stable")
        self._key = key[self._order]
        self.table = rows.rows(self._order)
        self.persons = self.table.text("person")
        self._has_any = np.zeros(len(routes), np.bool_)
        self._has_any[route_row[route_row >= 0]] = True

    def choose(self, asked: Asked) -> Choices:
        """The alternative that the plan used: of those that the people allow, the nearest to the stated times."""
        owner, way = self._ways(asked)
        run, setup = self._seconds(asked, owner, way)
        preference = np.append(self.table.real("preference"), 0.0)[way]
        allowed = self._allowed(asked, owner, way)
        owner, way, run, setup, preference = (part[allowed] for part in (owner, way, run, setup, preference))
        run_apart = self._apart(asked, owner, run - asked.stated_run[owner])
        setup_apart = self._apart(asked, owner, setup - asked.stated_setup[owner])
        unlike = self._unlike(asked, owner, way)
        order = np.lexsort((preference, unlike, setup_apart, run_apart, owner))
        found, first = np.unique(owner[order], return_index=True)
        nearest = order[first]
        size = asked.job.size

        def spread(values: IntArray, otherwise: int) -> IntArray:
            made = np.full(size, otherwise, np.int64)
            made[found] = values[nearest]
            return made

        chosen, refused = spread(way, -1), np.ones(size, np.bool_)
        cost, most = np.zeros(size), np.zeros(size)
        cost[found], most[found], refused[found] = preference[nearest], preference[nearest], False
        meant = np.repeat(nearest, np.diff(np.append(first, owner.size)))
        alike = np.ones(owner.size, np.bool_)
        for apart in (run_apart, setup_apart, unlike):
            alike &= apart[order] == apart[meant]
        np.maximum.at(most, owner[order][alike], preference[order][alike])
        with_blank = [*self.persons, ""]
        return Choices(
            row=chosen,
            run_seconds=spread(run, 0),
            setup_seconds=spread(setup, 0),
            preference=cost,
            most_preference=most,
            person=[with_blank[at] for at in chosen.tolist()],
            refused=refused,
        )

    def _ways(self, asked: Asked) -> tuple[IntArray, IntArray]:
        """Every way to do each operation on its machine: the operation, and the alternative (-1: its own times)."""
        bound = positions(self._jobs.bound_machine, self._places.position)
        is_bound = np.array([bool(name) for name in self._jobs.bound_machine], np.bool_)[asked.job]
        is_bound &= asked.row == self._jobs.at_row[asked.job]
        elsewhere = is_bound & (bound[asked.job] != asked.machine)
        key = asked.row * self._width + asked.machine + 1
        first, end = np.searchsorted(self._key, key), np.searchsorted(self._key, key, side="right")
        owner, way = ranges(first, np.where(elsewhere, first, end))
        plain = ~self._has_any[asked.row] & self._allowed_by_operation(asked)
        own = np.flatnonzero((first == end) & ~elsewhere & (is_bound | plain))
        return np.append(owner, own), np.append(way, np.full(own.size, -1))

    def _allowed_by_operation(self, asked: Asked) -> BoolArray:
        """Whether the row of the routes itself lets an operation run on its machine."""
        table = self._routes.table
        machine = table.places("machine", self._places.position, blank=-2)[asked.row]
        centers = [row.work_center for row in self._places.machines]
        known = numbered(centers)
        center = table.places("work_center", known, blank=-2)[asked.row]
        in_center = (center == -2) | (center == positions(centers, known)[asked.machine])
        return np.asarray(np.where(machine == -2, in_center, machine == asked.machine))

    def _seconds(self, asked: Asked, owner: IntArray, way: IntArray) -> tuple[IntArray, IntArray]:
        """Run and setup of each way."""
        row = asked.row[owner]
        speed = np.array([machine.speed for machine in self._places.machines])[asked.machine[owner]]

        def stated(name: str, otherwise: FloatArray) -> FloatArray:
            number = np.append(self.table.real(name), np.nan)[way]
            return np.where(np.isnan(number), otherwise, number)

        # A number that the alternative states is the time on that very machine; only the operation's own needs its
        # speed.
        steps = self._routes.table
        fixed = stated("fixed_minutes", steps.real("fixed_minutes")[row] / speed)
        run = stated("run_minutes", steps.real("run_minutes")[row] / speed)
        setup = stated("setup_minutes", steps.real("setup_minutes")[row])
        batches = np.ceil(asked.units[owner] / steps.real("batch_size")[row] - 1e-9)
        job = asked.job[owner]
        running = self._jobs.running[job] & (row == self._jobs.at_row[job])
        return all_seconds(fixed + batches * run), np.where(running, 0, all_seconds(setup))

    def _allowed(self, asked: Asked, owner: IntArray, way: IntArray) -> BoolArray:
        """Whether the person that a way is tied to is among the people planned."""
        allowed = np.ones(owner.size, np.bool_)
        for at in np.flatnonzero(self._tied(way)).tolist():
            allowed[at] = self.persons[way[at]] in asked.people[owner[at]]
        return allowed

    def _apart(self, asked: Asked, owner: IntArray, more: IntArray) -> IntArray:
        """How unlike the stated times those of ways are that take so much more.

        A load states the longest of its times, so that no member can have meant a longer one.
        """
        batch = np.array([machine.batch for machine in self._places.machines], np.bool_)[asked.machine[owner]]
        return np.abs(more) + np.where(batch & (more > 0), np.abs(more).max(initial=0), 0)

    def _tied(self, way: IntArray) -> BoolArray:
        """Whether ways name a person."""
        return np.append(np.array([bool(name) for name in self.persons], np.bool_), False)[way]

    def _unlike(self, asked: Asked, owner: IntArray, way: IntArray) -> BoolArray:
        """Ways that the people planned do not look like, where others take the same time.

        Whom a way names stands first, and only they can be one more than the crew has seats.
        """
        unlike, tied = np.zeros(owner.size, np.bool_), self._tied(way)
        for at in np.flatnonzero(np.isin(owner, owner[tied])).tolist():
            people = asked.people[owner[at]]
            if tied[at]:
                unlike[at] = people[0] != self.persons[way[at]]
            else:
                unlike[at] = len(people) > self._routes.run_seats(int(asked.row[owner[at]]))
        return unlike

    def refusal(self, asked: Asked, at: int) -> str:
        """Why an operation may not be done on its machine."""
        job, row, machine = int(asked.job[at]), int(asked.row[at]), self._places.machines[asked.machine[at]]
        owner, way = self._ways(asked)
        named = {self.persons[option] for option in way[owner == at].tolist()}
        if named:
            return f"{machine.machine} may do it only together with {' or '.join(sorted(named))}"
        if self._jobs.bound_machine[job] and row == self._jobs.at_row[job]:
            return f"its work order is bound to {self._jobs.bound_machine[job]}"
        if self._has_any[row]:
            here = np.flatnonzero(self._key // self._width == row)
            machines = sorted(set(self.table.frame.get_column("machine").gather(here).to_list()))
            return "operation_machines allows only " + ", ".join(machines)
        steps = self._routes.table.frame
        own = steps.item(row, "machine")
        return f"it belongs on {own}" if own else f"it belongs to the work center {steps.item(row, 'work_center')}"
