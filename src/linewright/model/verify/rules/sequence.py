"""Rules between the steps of one job."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.case import Case
from linewright.model.verify.facts.columns import BoolArray, IntArray
from linewright.model.verify.facts.rounding import SECOND, all_seconds


def predecessor(case: Case) -> Iterator[Breach]:
    """A step starts after the steps that it waits for, their least wait and the transport; or overlaps as allowed."""
    operations = case.operations
    before, after = case.pairs
    lag = all_seconds(operations.real("min_wait_minutes")[before]) + _travel(case)
    ready, start = operations.end[before] + lag, operations.start[after]
    overlapping = _overlapping(case)
    early = ~overlapping & (start < ready - SECOND)
    for at in np.flatnonzero(early | overlapping).tolist():
        first, second = int(before[at]), int(after[at])
        if overlapping[at]:
            wrong = _too_early_overlap(case, first, second, int(lag[at]))
        else:
            added = f" (with {lag[at] / 60:g} minutes of waiting and transport)" if lag[at] else ""
            wrong = (
                f"{operations.name(second)} starts at {case.when(start[at])}, but {operations.name(first)} is ready "
                f"only at {case.when(ready[at])}{added}."
            )
        if wrong:
            names = (operations.name(first), operations.name(second))
            yield Breach("predecessor", wrong, names, machine=case.machine(second).machine)


def max_wait(case: Case) -> Iterator[Breach]:
    """A step does not wait longer after the one before than that one allows."""
    operations = case.operations
    before, after = case.pairs
    allowed = operations.real("max_wait_minutes")[before]
    limited = ~np.isnan(allowed)
    latest = operations.end[before] + all_seconds(np.where(limited, allowed, 0.0)) + _travel(case)
    for at in np.flatnonzero(limited & (operations.start[after] > latest + SECOND)).tolist():
        first, second = operations.name(before[at]), operations.name(after[at])
        message = (
            f"{second} starts at {case.when(operations.start[after[at]])}, but must not start later than "
            f"{case.when(latest[at])}, {allowed[at]:g} minutes after {first}."
        )
        yield Breach("max_wait", message, (first, second), machine=case.machine(after[at]).machine)


def _travel(case: Case) -> IntArray:
    """Seconds between the machines of each pair."""
    site = case.places.site[case.operations.machine]
    before, after = case.pairs
    return case.places.travel(site[before], site[after])


def _overlapping(case: Case) -> BoolArray:
    """Which pairs may overlap, because transfer batches go from the first to the second before the first has ended."""
    before, after = case.pairs
    part = case.operations.real("overlap_quantity")[before]
    in_loads = np.array([machine.batch for machine in case.places.machines], np.bool_)[case.operations.machine]
    # A comparison with a blank quantity is false.
    return (part < case.operations.units[before]) & ~in_loads[before] & ~in_loads[after]


def _too_early_overlap(case: Case, before: int, after: int, lag: int) -> str:
    """Compare amounts of work, not moments: a second more or less must not jump over a night."""
    operations, blocks = case.operations, case.blocks
    first, second = operations.name(before), operations.name(after)
    part = float(case.routes.table.real("overlap_quantity")[operations.row[before]])
    share = part / operations.units[before]
    time = blocks.windows[blocks.run_time[blocks.of[before]]]
    made = time.worked(operations.start[before], operations.start[after] - lag)
    if made < share * operations.stated_run[before] - SECOND:
        return (
            f"{second} starts at {case.when(operations.start[after])}, before {first} has made and moved "
            f"the {part:g} units of a transfer batch."
        )
    resumes, end = int(operations.end[before]) + lag, int(operations.end[after])
    time = blocks.windows[blocks.run_time[blocks.of[after]]]
    left = time.worked(resumes, end) if end > resumes else 0
    if end < resumes - SECOND or left < share * operations.stated_run[after] - SECOND:
        return (
            f"{second} ends at {case.when(end)}, too early to work on the last {part:g} units, "
            f"which {first} delivers at {case.when(resumes)}."
        )
    return ""
