"""Rows that no plan can satisfy, told before anything is searched: which row, which value, and what would cure it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.plan.bounds import limits
from linewright.plan.spans import OpenTimes, between, longest, meet, total
from linewright.shop.arrays import RUN, SETUP, STEP_ARC, Shop
from linewright.shop.working_time import NEVER

if TYPE_CHECKING:
    from linewright.plan.bounds import Limits

#: Crews that are tried on one machine before it is taken for granted that one of them will do.
MOST_CREWS = 2000
#: How far a way to do an operation came before it failed; the one that came furthest is told.
NOBODY, NEVER_TOGETHER, EXPIRED, TOO_SHORT = range(4)


@dataclass(frozen=True)
class Trouble:
    """Why one way to do an operation is impossible; `stage` is how far it came."""

    stage: int
    table: str
    row: int
    column: str
    says: str
    cure: str


@dataclass(frozen=True)
class Need:
    """One phase of one way to do an operation: the machine, who is needed, and so many seconds from `begin` on.

    `groups` are those of the seats, `bound` the people who cannot be chosen; `whole` work may not pause.
    """

    operation: int
    machine: int
    phase: int
    groups: list[int]
    bound: tuple[int, ...]
    begin: int
    seconds: int
    whole: bool


def conflicts(shop: Shop) -> list[str]:
    """Every row that makes a plan impossible whatever is chosen, each once, with an operation that shows it and a cure.

    Looked at is each operation alone and each pair of steps with a longest wait; what is told is certain as far as the
    shop's calendars reach.
    """
    known = limits(shop)
    told: dict[tuple[str, int, str], str] = {}
    for operation, trouble in (*_tools(shop), *_alone(shop, known), *_waits(shop, known)):
        key = trouble.table, trouble.row, trouble.column
        place = shop.factory.table(trouble.table).place(trouble.row, trouble.column)
        line = f"{place}: {shop.operation_names[operation]}: {trouble.says} — {trouble.cure}"
        told.setdefault(key, line)
    return list(told.values())


def _tools(shop: Shop) -> Iterator[tuple[int, Trouble]]:
    """Operations that hold more of a tool than there is."""
    holds, tools = shop.arrays.holds, shop.arrays.tools
    owner = np.repeat(np.arange(shop.size), np.diff(shop.arrays.operations.first_hold))
    for at in np.flatnonzero(holds.quantity > tools[holds.tool]).tolist():
        operation, name = int(owner[at]), shop.tool_names[holds.tool[at]]
        table, row = _row_of(shop, operation, "operation_tools", pl.col("tool") == name)
        says = f"holds {holds.quantity[at]} of tool {name}, but tools has {tools[holds.tool[at]]}"
        column = "quantity" if table == "operation_tools" else "tool"
        yield operation, Trouble(NOBODY, table, row, column, says, "correct the number, or add pieces to tools")


def _row_of(shop: Shop, operation: int, table: str, condition: pl.Expr) -> tuple[str, int]:
    """The row of a table that details a step, or the step's own."""
    routing = int(shop.routing[operation])
    material, step = shop.factory.operations.frame.select("material", "step").row(routing)
    mine = (pl.col("material") == material) & (pl.col("step") == step) & condition
    rows = shop.factory.table(table).frame.select(mine.arg_true()).to_series()
    return (table, int(rows[0])) if rows.len() else ("operations", routing)


def _alone(shop: Shop, known: Limits) -> Iterator[tuple[int, Trouble]]:
    """Operations that cannot be done even if there was nothing else to do."""
    open_times = OpenTimes(shop.arrays.calendars)
    for operation in _representatives(shop, known, open_times):
        first, last = shop.arrays.operations.first_mode[operation : operation + 2]
        found = []
        for mode in range(first, last):
            trouble = _of_mode(shop, known, open_times, operation, mode)
            if trouble is None:
                break
            found.append(trouble)
        else:
            yield operation, max(found, key=lambda trouble: trouble.stage)


def _representatives(shop: Shop, known: Limits, open_times: OpenTimes) -> list[int]:
    """Of operations that differ only in quantity and date, the longest and the last; those that surely fit are out."""
    operations, modes, machines = shop.arrays.operations, shop.arrays.modes, shop.arrays.machines
    if not shop.size:
        return []
    calendar = machines.calendar[modes.machine]
    reach = np.zeros(int(shop.arrays.calendars.index.size))
    for one in np.unique(calendar).tolist():
        reach[one] = longest(open_times.of([one]))
    fits = np.where(operations.may_pause[modes.operation], reach[calendar] > 0, reach[calendar] >= modes.run)
    some = np.maximum.reduceat(fits & (modes.person < 0), operations.first_mode[:-1])
    left = np.flatnonzero(~some | (np.diff(operations.first_seat) > 0))
    alike = [shop.routing, np.diff(operations.first_mode), modes.machine[operations.first_mode[:-1]]]
    run = np.minimum.reduceat(modes.run, operations.first_mode[:-1])
    chosen: dict[tuple[int, ...], list[int]] = {}
    for hardness in (run, known.start):
        for at in left[np.argsort(hardness[left], kind="stable")].tolist():
            chosen.setdefault((id(hardness), *(int(column[at]) for column in alike)), [at])[0] = at
    return sorted({at for (at,) in chosen.values()})


def _of_mode(shop: Shop, known: Limits, open_times: OpenTimes, operation: int, mode: int) -> Trouble | None:
    """What keeps an operation from being done in one way at any time; None when nothing is known to."""
    record, way = shop.arrays.operations[operation], shop.arrays.modes[mode]
    seats = shop.arrays.seats[record.first_seat : shop.arrays.operations[operation + 1].first_seat]
    run_groups = seats.group[seats.phase != SETUP].tolist()
    setup_groups = seats.group[seats.phase != RUN].tolist() if way.setup > 0 else []
    bound = (int(way.person),) if way.person >= 0 else ()
    run = Need(operation, int(way.machine), RUN, run_groups, bound, int(known.start[operation]), int(way.run),
               not record.may_pause)  # fmt: skip
    # A setup may begin with the plan, and may always pause.
    setup = Need(operation, int(way.machine), SETUP, setup_groups, (), 0, int(way.setup), whole=False)
    return _of_crew(shop, open_times, run) or (_of_crew(shop, open_times, setup) if setup_groups else None)


def _of_crew(shop: Shop, open_times: OpenTimes, need: Need) -> Trouble | None:
    """Try every crew; what kept the one that came furthest."""
    able = [_able(shop, group, need.machine) for group in need.groups]
    if prod(len(one) for one in able) > MOST_CREWS:
        return None
    reached, most = NOBODY, 0
    for crew in product(*able):
        people = {person for person, _, _ in crew}
        if len(people) < len(crew):
            continue
        calendars = {int(shop.arrays.machines.calendar[need.machine])}
        calendars |= {int(shop.arrays.people.calendar[person]) for person in (*people, *need.bound)}
        spans = open_times.of(calendars)
        freely = longest(spans)
        wanted = need.seconds if need.whole else min(need.seconds, 1)
        if freely >= wanted and not _expires(spans, crew, need):
            return None
        stage = NEVER_TOGETHER if freely == 0 else EXPIRED if freely >= wanted else TOO_SHORT
        reached, most = max(reached, stage), max(most, freely)
    if reached == NOBODY:
        return _nobody(shop, need)
    return _no_time(shop, need, reached, most)


def _expires(spans: Any, crew: tuple[tuple[int, int, int], ...], need: Need) -> bool:
    """Whether the skill of one of the crew ends before the work could."""
    until = min([NEVER, *(one[2] for one in crew)])
    if until >= NEVER:
        return False
    left = between(spans, max([need.begin, *(one[1] for one in crew)]), until)
    return (longest(left) if need.whole else total(left)) < need.seconds


def _able(shop: Shop, group: int, machine: int) -> list[tuple[int, int, int]]:
    """Who may take a seat at a machine, from when until when."""
    arrays = shop.arrays
    site = arrays.machines.site[machine]
    entries = arrays.qualified[arrays.first_qualified[group] : arrays.first_qualified[group + 1]]
    home = arrays.people.site[entries.person]
    there = entries[(home < 0) | (site < 0) | (home == site)]
    return list(zip(there.person.tolist(), there.since.tolist(), there.until.tolist(), strict=True))


def _nobody(shop: Shop, need: Need) -> Trouble:
    """There are not enough people for a crew; name its row and skill."""
    routing = int(shop.routing[need.operation])
    row = shop.factory.operations.frame.row(routing, named=True)
    setup = need.phase == SETUP
    crew, skill = ("setup_crew", "setup_skill") if setup else ("crew", "skill")
    table, at, column, people, wanted = "operations", routing, crew, row[crew], row[skill]
    own = len({person for group in need.groups[:1] for person, _, _ in _able(shop, group, need.machine)})
    if not people or people < len(need.groups):
        table, at = _row_of(shop, need.operation, "operation_crews", pl.col("phase") != ("run" if setup else "setup"))
        if table == "operation_crews":
            own_row = shop.factory.operation_crews.frame.row(at, named=True)
            column, people, wanted = "people", own_row["people"] + people, own_row["skill"]
    able = len({person for group in need.groups for person, _, _ in _able(shop, group, need.machine)})
    few = "nobody there has it" if own == 0 and wanted else f"only {able} could be"
    says = f"needs {len(need.groups)} {'person' if len(need.groups) == 1 else 'people'}"
    says += (f" with skill {wanted}" if wanted else "") + f" on {shop.machine_names[need.machine]}, but {few}"
    return Trouble(NOBODY, table, at, column, says, "add people with the skill to skills, or correct the crew")


def _no_time(shop: Shop, need: Need, stage: int, most: int) -> Trouble:
    """There is a crew, but never the time."""
    routing, name = int(shop.routing[need.operation]), shop.machine_names[need.machine]
    setup = need.phase == SETUP
    says = f"needs {_hours(need.seconds)} of setup on {name}" if setup else f"needs {_hours(need.seconds)} on {name}"
    with_people = bool(need.groups or need.bound)
    crew = "setup_crew" if setup else "crew"
    if stage == EXPIRED:
        says += ", but the skill of all who could do it expires before that is possible"
        column = "setup_skill" if setup else "skill"
        return Trouble(stage, "operations", routing, column, says, "renew a skill (expires in skills)")
    if stage == NEVER_TOGETHER and not with_people:
        cure = f"correct the calendar of {name}"
        return Trouble(stage, "operations", routing, "machine", f"{says}, which is never at work", cure)
    if stage == NEVER_TOGETHER:
        says += " with people, but they and the machine are never at work together"
        cure = f"let the calendars of {name} and of its crew overlap"
        return Trouble(stage, "operations", routing, crew, says, cure)
    says += f" without a pause, but no window{' with its crew' if with_people else ''} is longer than {_hours(most)}"
    cure = "let it pause, make smaller lots, or lengthen a shift"
    return Trouble(stage, "operations", routing, "may_pause", says, cure)


def _waits(shop: Shop, known: Limits) -> Iterator[tuple[int, Trouble]]:
    """Steps after which the next must follow sooner than it can."""
    arcs, operations = shop.arrays.arcs, shop.arrays.operations
    after = np.repeat(np.arange(shop.size), np.diff(operations.first_arc))
    open_times = OpenTimes(shop.arrays.calendars)
    seen = set()
    for at in np.flatnonzero((arcs.longest >= 0) & (arcs.kind == STEP_ARC)).tolist():
        before, operation, most = int(arcs.operation[at]), int(after[at]), int(arcs.longest[at])
        routing = int(shop.routing[before])
        least = int(arcs.wait[at])
        says = ""
        if least > most:
            says = f"the next step must wait {_hours(least)} and may wait {_hours(most)} only"
        elif operations.running[before] and _settled(shop, before):
            wait = int(known.start[operation] - known.end[before])
            if wait > most + int(shop.arrays.transit.max()):
                says = f"is running now and ends {_hours(wait)} before {shop.operation_names[operation]} can start"
        elif arcs.transfer[at] >= 1.0 and (key := (routing, int(shop.routing[operation]))) not in seen:
            seen.add(key)
            if not _can_follow(shop, open_times, before, operation, (least, most)):
                says = (
                    f"{shop.operation_names[operation]} must follow within {_hours(most)}, but nothing is at work then"
                )
        if says:
            cure = "lengthen max_wait_minutes, or the shifts of the step after it"
            yield before, Trouble(NOBODY, "operations", routing, "max_wait_minutes", says, cure)


def _settled(shop: Shop, operation: int) -> bool:
    """Whether running work ends at a known time: nobody has to be chosen, and nothing else runs on its machine."""
    operations, modes = shop.arrays.operations, shop.arrays.modes
    machine = modes.machine[operations.first_mode[:-1]]
    beside = operations.running[:-1] & (machine == machine[operation])
    ways, seats, holds = (
        int(np.diff(operations[column][operation : operation + 2])[0])
        for column in ("first_mode", "first_seat", "first_hold")
    )
    return int(np.count_nonzero(beside)) == 1 and (ways, seats, holds) == (1, 0, 0)


def _can_follow(shop: Shop, open_times: OpenTimes, before: int, operation: int, wait: tuple[int, int]) -> bool:
    """Whether the machines' calendars let one step end and the next start with an allowed wait between them."""
    ends, starts = ([(int(one.machine), int(one.run)) for one in _ways(shop, at)] for at in (before, operation))
    travel = shop.arrays.transit.max()
    for machine, run in ends:
        done = open_times.of([int(shop.arrays.machines.calendar[machine])])
        if run == 0 or not done.size:
            return True
        window = done + np.array([wait[0], wait[1] + travel])
        for other, length in starts:
            begin = open_times.of([int(shop.arrays.machines.calendar[other])])
            if length == 0 or meet(window, begin):
                return True
    return False


def _ways(shop: Shop, operation: int) -> Any:
    first, last = shop.arrays.operations.first_mode[operation : operation + 2]
    return shop.arrays.modes[first:last]


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:,.1f} h" if seconds >= 3600 else f"{seconds / 60:,.0f} min"
