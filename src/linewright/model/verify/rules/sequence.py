"""Rules between the steps of one job."""

from __future__ import annotations

from collections.abc import Iterator

from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.case import Case, Placed, placed_on
from linewright.model.verify.facts.rounding import SECOND, seconds


def predecessor(case: Case) -> Iterator[Breach]:
    """A step starts after the steps that it waits for, their least wait and the transport; or overlaps as allowed."""
    for before, after in _pairs(case):
        wrong = _too_early(case, before, after)
        if wrong:
            yield Breach("predecessor", wrong, (before.name, after.name), machine=after.machine.machine)


def max_wait(case: Case) -> Iterator[Breach]:
    """A step does not wait longer after the one before than that one allows."""
    for before, after in _pairs(case):
        allowed = before.step.max_wait_minutes
        if allowed is None:
            continue
        latest = before.end + seconds(allowed) + _travel(case, before, after)
        if after.start > latest + SECOND:
            message = (
                f"{after.name} starts at {case.when(after.start)}, but must not start later than {case.when(latest)}, "
                f"{allowed:g} minutes after {before.name}."
            )
            yield Breach("max_wait", message, (before.name, after.name), machine=after.machine.machine)


def _pairs(case: Case) -> Iterator[tuple[Placed, Placed]]:
    """Every two placed operations of which the second waits for the first."""
    for after in case.placed.values():
        for number in after.job.waits_for(after.step):
            before = placed_on(case, after.job, number)
            if before is not None:
                yield before, after


def _travel(case: Case, before: Placed, after: Placed) -> int:
    return case.places.travel(case.places.site_of(before.machine), case.places.site_of(after.machine))


def _too_early(case: Case, before: Placed, after: Placed) -> str:
    travel = _travel(case, before, after)
    lag = seconds(before.step.min_wait_minutes) + travel
    part = before.step.overlap_quantity
    if part is not None and part < before.units and not (before.machine.batch or after.machine.batch):
        return _too_early_overlap(case, before, after, lag)
    if after.start >= before.end + lag - SECOND:
        return ""
    added = f" (with {lag / 60:g} minutes of waiting and transport)" if lag else ""
    return (
        f"{after.name} starts at {case.when(after.start)}, but {before.name} is ready only at "
        f"{case.when(before.end + lag)}{added}."
    )


def _too_early_overlap(case: Case, before: Placed, after: Placed, lag: int) -> str:
    """Compare amounts of work, not moments: a second more or less must not jump over a night."""
    part = before.step.overlap_quantity or 0.0
    share = part / before.units
    made = case.block_of[before.name].run_time.worked(before.start, after.start - lag)
    if made < share * before.stated_run - SECOND:
        return (
            f"{after.name} starts at {case.when(after.start)}, before {before.name} has made and moved "
            f"the {part:g} units of a transfer batch."
        )
    resumes = before.end + lag
    left = case.block_of[after.name].run_time.worked(resumes, after.end) if after.end > resumes else 0
    if after.end < resumes - SECOND or left < share * after.stated_run - SECOND:
        return (
            f"{after.name} ends at {case.when(after.end)}, too early to work on the last {part:g} units, "
            f"which {before.name} delivers at {case.when(resumes)}."
        )
    return ""
