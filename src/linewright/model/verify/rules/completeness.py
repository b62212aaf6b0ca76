"""Rules about what must be in a plan, and that nothing else is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import polars as pl

from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.case import Case


def missing_operation(case: Case) -> Iterator[Breach]:
    """Every open work order is planned or given up with a reason, and every job has all its open steps."""
    jobs, stated = case.jobs, case.stated
    for name in case.work_orders.position:
        if name not in jobs.position and ("work_order", name) not in case.unplanned:
            message = f"The open work order {name} is not in the plan, and no reason is given."
            yield Breach("missing_operation", message, order=name, where="jobs")
    job, row = jobs.slots()
    timed = np.zeros(job.size, np.bool_)
    timed[stated.slot[(stated.slot >= 0) & stated.timed]] = True
    for slot in np.flatnonzero(~timed).tolist():
        name = f"{jobs.names[job[slot]]}/{case.routes.step[row[slot]]}"
        material = jobs.material[job[slot]]
        message = f"{name} ({material}) must be done, but the plan gives it no time."
        yield Breach("missing_operation", message, (name,), material=material)


def unknown_operation(case: Case) -> Iterator[Breach]:
    """Nothing is planned that no job asks for, and nothing twice."""
    names = case.job_rows.text("job")
    for name, times in Counter(names).items():
        if times > 1:
            yield Breach("unknown_operation", f"The job {name} is in the plan {times} times.", order=name, where="jobs")
    for name, work_order in zip(names, case.job_rows.text("work_order"), strict=True):
        if work_order and work_order not in case.work_orders.position:
            message = f"The job {name} is for the work order {work_order}, which is not open."
            yield Breach("unknown_operation", message, order=work_order, where="jobs")
    frame, job = case.stated.rows.frame, case.stated.job
    made = pl.Series([*case.jobs.material, ""], dtype=pl.String)
    again, same_name, same_material = frame.select(
        ~pl.struct("job", "step").is_first_distinct(),
        pl.format("{}/{}", "job", "step").alias("name") == pl.col("operation"),
        (pl.col("material") == made.gather(np.where(job < 0, len(made) - 1, job))).alias("same"),
    )
    wrong = again.to_numpy() | (case.stated.slot < 0) | ~(same_name.fill_null(value=False) & same_material).to_numpy()
    for at in np.flatnonzero(wrong).tolist():
        operation = frame.item(at, "operation")
        yield Breach("unknown_operation", f"{operation} {_why_unknown(case, at, again)}.", (operation,))


def _why_unknown(case: Case, at: int, again: pl.Series) -> str:
    stated, jobs = case.stated, case.jobs
    row = stated.rows.frame.row(at, named=True)
    if stated.job[at] < 0:
        return f"belongs to the job {row['job']}, which is not in the plan"
    if again[at]:
        return "is in the plan more than once"
    material = jobs.material[stated.job[at]]
    if stated.row[at] < 0:
        return f"is step {row['step']} of {material}, which has no such step"
    if stated.slot[at] < 0:
        return "is planned, but that step is already done"
    if row["operation"] != f"{row['job']}/{row['step']}":
        return f"should be named {row['job']}/{row['step']}"
    return f"is said to make {row['material']}, but its job makes {material}"


def unknown_machine(case: Case) -> Iterator[Breach]:
    """Every operation is on a machine of the factory."""
    for at in np.flatnonzero(case.stated.machine < 0).tolist():
        operation, machine = case.stated.rows.frame.select("operation", "machine").row(at)
        message = f"{operation} is on {machine or 'no machine'}, which is not in machines."
        yield Breach("unknown_machine", message, (operation,), machine=machine)
