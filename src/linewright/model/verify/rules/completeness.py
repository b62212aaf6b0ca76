"""Rules about what must be in a plan, and that nothing else is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.case import Case


def missing_operation(case: Case) -> Iterator[Breach]:
    """Every open work order is planned or given up with a reason, and every job has all its open steps."""
    for name in case.work_orders:
        if name not in case.jobs and ("work_order", name) not in case.unplanned:
            message = f"The open work order {name} is not in the plan, and no reason is given."
            yield Breach("missing_operation", message, order=name, where="jobs")
    timed = {
        f"{row['job']}/{row['step']}"
        for row in case.operation_rows
        if row["start"] is not None and row["end"] is not None
    }
    for job in case.jobs.values():
        for step in job.open_steps:
            name = f"{job.name}/{step}"
            if name not in timed:
                message = f"{name} ({job.material}) must be done, but the plan gives it no time."
                yield Breach("missing_operation", message, (name,), material=job.material)


def unknown_operation(case: Case) -> Iterator[Breach]:
    """Nothing is planned that no job asks for, and nothing twice."""
    for name, times in Counter(row["job"] for row in case.job_rows).items():
        if times > 1:
            yield Breach("unknown_operation", f"The job {name} is in the plan {times} times.", order=name, where="jobs")
    for row in case.job_rows:
        if row["work_order"] and row["work_order"] not in case.work_orders:
            message = f"The job {row['job']} is for the work order {row['work_order']}, which is not open."
            yield Breach("unknown_operation", message, order=row["work_order"], where="jobs")
    seen: set[tuple[str, int]] = set()
    for row in case.operation_rows:
        wrong = _why_unknown(case, row, seen)
        seen.add((row["job"], row["step"]))
        if wrong:
            yield Breach("unknown_operation", f"{row['operation']} {wrong}.", (row["operation"],))


def _why_unknown(case: Case, row: dict[str, Any], seen: set[tuple[str, int]]) -> str:
    job, step = case.jobs.get(row["job"]), row["step"]
    if job is None:
        return f"belongs to the job {row['job']}, which is not in the plan"
    if (row["job"], step) in seen:
        return "is in the plan more than once"
    if step not in job.route.steps:
        return f"is step {step} of {job.material}, which has no such step"
    if step not in job.open_steps:
        return "is planned, but that step is already done"
    if row["operation"] != f"{row['job']}/{step}":
        return f"should be named {row['job']}/{step}"
    if row["material"] != job.material:
        return f"is said to make {row['material']}, but its job makes {job.material}"
    return ""


def unknown_machine(case: Case) -> Iterator[Breach]:
    """Every operation is on a machine of the factory."""
    for row in case.operation_rows:
        if row["machine"] not in case.places.machines:
            message = f"{row['operation']} is on {row['machine'] or 'no machine'}, which is not in machines."
            yield Breach("unknown_machine", message, (row["operation"],), machine=row["machine"])
