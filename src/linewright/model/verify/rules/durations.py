"""Rules about one operation: where it may be done, how long it takes, and when its machine and people work."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.case import Case
from linewright.model.verify.facts.columns import BoolArray, IntArray
from linewright.model.verify.facts.rounding import SECOND, all_near

#: Of which operations something wrong is true, and the sentence that says it.
Fault = tuple[BoolArray, Callable[[int], str]]


def eligible(case: Case) -> Iterator[Breach]:
    """Each operation is on a machine that may do it."""
    for at in np.flatnonzero(case.operations.choice.refused).tolist():
        machine, refusal = case.machine(at).machine, case.alternatives.refusal(case.operations.asked, at)
        message = f"{case.operations.name(at)} is on {machine}, but {refusal}."
        yield Breach("eligible", message, (case.operations.name(at),), machine=machine)


def duration(case: Case) -> Iterator[Breach]:
    """Quantities and run times are those of the tables."""
    jobs, operations, blocks = case.jobs, case.operations, case.blocks
    job = case.job_rows.places("job", jobs.position)
    stated, wanted = case.job_rows.real("quantity", 0.0), np.append(jobs.quantity, 0.0)[job]
    for at in np.flatnonzero((job >= 0) & ~all_near(stated, wanted)).tolist():
        name, material = jobs.names[job[at]], jobs.material[job[at]]
        message = f"The job {name} makes {stated[at]:g}, but its work order asks for {wanted[at]:g}."
        yield Breach("duration", message, order=name, material=material, where="jobs")
    quantity = ~all_near(operations.stated_quantity, operations.units)
    run = blocks.run_seconds[blocks.of]
    apart = ~blocks.refused[blocks.of] & (np.abs(operations.stated_run - run) > SECOND)
    for at in _in_block_order(case, quantity | apart):
        name = operations.name(at)
        if quantity[at]:
            planned, units = operations.stated_quantity[at], operations.units[at]
            message = f"{name} is planned with {planned:g} units, but does {units:g}."
            yield Breach("duration", message, (name,), machine=case.machine(at).machine)
        if apart[at]:
            yield _differs(case, "duration", "run", at, operations.stated_run, run)


def setup(case: Case) -> Iterator[Breach]:
    """Setup times are those of the tables; what is running now has none."""
    operations, blocks = case.operations, case.blocks
    wanted = blocks.setup_seconds[blocks.of]
    wrong = ~blocks.refused[blocks.of] & (np.abs(operations.stated_setup - wanted) > SECOND)
    for at in _in_block_order(case, wrong):
        yield _differs(case, "setup", "setup", at, operations.stated_setup, wanted)


def changeover(case: Case) -> Iterator[Breach]:
    """Changeover times follow from the family before on the same machine."""
    operations, blocks = case.operations, case.blocks
    wanted = blocks.changeover_seconds[blocks.of]
    for at in _in_block_order(case, np.abs(operations.stated_changeover - wanted) > SECOND):
        yield _differs(case, "changeover", "changeover", at, operations.stated_changeover, wanted)


def _in_block_order(case: Case, wrong: BoolArray) -> list[int]:
    """The operations for which something is wrong, machine by machine in order of start."""
    members = case.blocks.members
    found: list[int] = members[wrong[members]].tolist()
    return found


def _differs(case: Case, rule: str, what: str, at: int, stated: IntArray, wanted: IntArray) -> Breach:
    name, machine = case.operations.name(at), case.machine(at).machine
    message = (
        f"The {what} of {name} on {machine} is planned with {stated[at] / 60:g} minutes, but takes {wanted[at] / 60:g}."
    )
    return Breach(rule, message, (name,), machine=machine)


def working_time(case: Case) -> Iterator[Breach]:
    """Setup and run get exactly the working time that they take, and begin and end inside it."""
    run, setup = _run_faults(case), _setup_faults(case)
    wrong = np.zeros(len(case.operations), np.bool_)
    for fault, _ in (*run, *setup):
        wrong |= fault
    for at in _in_block_order(case, wrong):
        name, machine = case.operations.name(at), case.machine(at).machine
        # The first fault of a run or of a setup explains those that follow from it.
        told = next(sentence(at) for fault, sentence in (*run, *setup) if fault[at])
        yield Breach("working_time", f"{name} on {machine} {told}.", (name,), machine=machine)


def _run_faults(case: Case) -> tuple[Fault, ...]:
    """What may be wrong about a run, each with the operations of which it is true and its sentence."""
    operations, time = case.operations, case.blocks.run_time[case.blocks.of]
    start, end, needed = operations.start, operations.end, operations.stated_run
    given = case.blocks.worked(time, start, end)
    begins, ends = np.zeros(time.size, np.bool_), np.zeros(time.size, np.bool_)
    for windows, at in case.blocks.by_windows(time):
        begins[at], ends[at] = windows.begins_inside(start[at]), windows.ends_inside(end[at])
    takes = needed != 0
    return (
        (~takes & (np.abs(end - start) > SECOND), lambda at: f"has no run time, but runs until {case.when(end[at])}"),
        (takes & ~begins, lambda at: f"starts at {case.when(start[at])}, outside working time"),
        (takes & ~ends, lambda at: f"ends at {case.when(end[at])}, outside working time"),
        (
            takes & (np.abs(given - needed) > SECOND),
            lambda at: (
                f"has {given[at] / 60:g} working minutes between start and end, but its run takes {needed[at] / 60:g}"
            ),
        ),
    )


def _setup_faults(case: Case) -> tuple[Fault, ...]:
    """What may be wrong about a setup, each with the operations of which it is true and its sentence."""
    operations, time = case.operations, case.blocks.setup_time[case.blocks.of]
    begin, start = operations.setup_start, operations.start
    needed = operations.stated_setup + operations.stated_changeover
    given, begins = case.blocks.worked(time, begin, start), np.zeros(time.size, np.bool_)
    for windows, at in case.blocks.by_windows(time):
        begins[at] = windows.begins_inside(begin[at])
    takes = needed != 0
    return (
        (
            ~takes & (np.abs(start - begin) > SECOND),
            lambda at: f"has no setup, but holds the machine from {case.when(begin[at])}",
        ),
        (takes & ~begins, lambda at: f"begins its setup at {case.when(begin[at])}, outside working time"),
        (
            takes & (np.abs(given - needed) > SECOND),
            lambda at: f"has {given[at] / 60:g} working minutes before its run, but setup takes {needed[at] / 60:g}",
        ),
    )


def no_pause(case: Case) -> Iterator[Breach]:
    """An operation that may not pause runs inside one working window."""
    operations = case.operations
    stretches = operations.end - operations.start > operations.stated_run + SECOND
    for at in np.flatnonzero(stretches & ~case.routes.may_pause(operations.row)).tolist():
        hours = (operations.end[at] - operations.start[at]) / 3600
        message = (
            f"{operations.name(at)} may not pause, but its run of {operations.stated_run[at] / 60:g} minutes "
            f"stretches over {hours:.2f} hours from {case.when(operations.start[at])}."
        )
        yield Breach("no_pause", message, (operations.name(at),), machine=case.machine(at).machine)
