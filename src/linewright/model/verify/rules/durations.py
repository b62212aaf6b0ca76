"""Rules about one operation: where it may be done, how long it takes, and when its machine and people work."""

from __future__ import annotations

from collections.abc import Iterator

from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.case import Block, Case, Placed
from linewright.model.verify.facts.rounding import SECOND, near


def eligible(case: Case) -> Iterator[Breach]:
    """Each operation is on a machine that may do it."""
    for operation in case.placed.values():
        if operation.choice.refusal:
            machine = operation.machine.machine
            message = f"{operation.name} is on {machine}, but {operation.choice.refusal}."
            yield Breach("eligible", message, (operation.name,), machine=machine)


def duration(case: Case) -> Iterator[Breach]:
    """Quantities and run times are those of the tables."""
    for row in case.job_rows:
        job = case.jobs.get(row["job"])
        if job and not near(row["quantity"], job.quantity):
            message = f"The job {job.name} makes {row['quantity']:g}, but its work order asks for {job.quantity:g}."
            yield Breach("duration", message, order=job.name, material=job.material, where="jobs")
    for block in case.all_blocks():
        for member in block.members:
            if not near(member.stated_quantity, member.units):
                message = f"{member.name} is planned with {member.stated_quantity:g} units, but does {member.units:g}."
                yield Breach("duration", message, (member.name,), machine=block.machine.machine)
            if not block.refused and abs(member.stated_run - block.run_seconds) > SECOND:
                yield _differs("duration", "run", member, member.stated_run, block.run_seconds)


def setup(case: Case) -> Iterator[Breach]:
    """Setup times are those of the tables; what is running now has none."""
    for block in case.all_blocks():
        for member in block.members:
            if not block.refused and abs(member.stated_setup - block.setup_seconds) > SECOND:
                yield _differs("setup", "setup", member, member.stated_setup, block.setup_seconds)


def changeover(case: Case) -> Iterator[Breach]:
    """Changeover times follow from the family before on the same machine."""
    for block in case.all_blocks():
        for member in block.members:
            if abs(member.stated_changeover - block.changeover_seconds) > SECOND:
                stated, wanted = member.stated_changeover, block.changeover_seconds
                yield _differs("changeover", "changeover", member, stated, wanted)


def _differs(rule: str, what: str, operation: Placed, stated: int, wanted: int) -> Breach:
    message = (
        f"The {what} of {operation.name} on {operation.machine.machine} is planned with {stated / 60:g} minutes, "
        f"but takes {wanted / 60:g}."
    )
    return Breach(rule, message, (operation.name,), machine=operation.machine.machine)


def working_time(case: Case) -> Iterator[Breach]:
    """Setup and run get exactly the working time that they take, and begin and end inside it."""
    for block in case.all_blocks():
        for member in block.members:
            wrong = _run_time_fault(case, block, member) or _setup_time_fault(case, block, member)
            if wrong:
                machine = block.machine.machine
                yield Breach("working_time", f"{member.name} on {machine} {wrong}.", (member.name,), machine=machine)


def _run_time_fault(case: Case, block: Block, operation: Placed) -> str:
    start, end, needed = operation.start, operation.end, operation.stated_run
    if needed == 0:
        return "" if abs(end - start) <= SECOND else f"has no run time, but runs until {case.when(end)}"
    if not block.run_time.begins_inside(start):
        return f"starts at {case.when(start)}, outside working time"
    if not block.run_time.ends_inside(end):
        return f"ends at {case.when(end)}, outside working time"
    given = block.run_time.worked(start, end)
    if abs(given - needed) > SECOND:
        return f"has {given / 60:g} working minutes between start and end, but its run takes {needed / 60:g}"
    return ""


def _setup_time_fault(case: Case, block: Block, operation: Placed) -> str:
    begin, start = operation.setup_start, operation.start
    needed = operation.stated_setup + operation.stated_changeover
    if needed == 0:
        return "" if abs(start - begin) <= SECOND else f"has no setup, but holds the machine from {case.when(begin)}"
    if not block.setup_time.begins_inside(begin):
        return f"begins its setup at {case.when(begin)}, outside working time"
    given = block.setup_time.worked(begin, start)
    if abs(given - needed) > SECOND:
        return f"has {given / 60:g} working minutes before its run, but setup takes {needed / 60:g}"
    return ""


def no_pause(case: Case) -> Iterator[Breach]:
    """An operation that may not pause runs inside one working window."""
    for operation in case.placed.values():
        if not operation.step.may_pause and operation.end - operation.start > operation.stated_run + SECOND:
            hours = (operation.end - operation.start) / 3600
            message = (
                f"{operation.name} may not pause, but its run of {operation.stated_run / 60:g} minutes "
                f"stretches over {hours:.2f} hours from {case.when(operation.start)}."
            )
            yield Breach("no_pause", message, (operation.name,), machine=operation.machine.machine)
