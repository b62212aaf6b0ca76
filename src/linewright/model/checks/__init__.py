"""Checks across tables: what the rows say together, after each has been read alone.

Each check is a function with the name of its rule; it takes a factory whose rows are good one by one and yields what
is wrong between them. Rows of a finding with the level ``error`` are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from linewright.model.checks.bill import bill_cycle, line_expired, line_never_valid, line_twice, made_without_bill
from linewright.model.checks.calendars import (
    actual_ends_before_start,
    calendar_without_shifts,
    ends_before_start,
    never_works,
    shifts_overlap,
)
from linewright.model.checks.crews import crew_too_large, skill_never_valid
from linewright.model.checks.failures import failure_without_repair, shape_missing, values_missing
from linewright.model.checks.orders import (
    done_too_much,
    due_before_release,
    order_without_due,
    overdue,
    pin_without_start,
)
from linewright.model.checks.progress import machine_not_eligible, running_twice, running_without_machine
from linewright.model.checks.routing import (
    load_too_large,
    min_load_too_large,
    no_machine,
    no_time,
    tool_too_few,
    waits_crossed,
)
from linewright.model.checks.sequence import after_cycle, after_unknown, unknown_step
from linewright.model.checks.supply import (
    bought_without_source,
    component_without_supply,
    made_without_steps,
    ordered_without_supply,
    source_without_lead,
)
from linewright.model.factory import Factory
from linewright.model.findings import Finding

Check = Callable[[Factory], Iterable[Finding]]

#: Every check, in the order in which their findings are told.
CHECKS: tuple[Check, ...] = (
    bill_cycle, line_never_valid, line_expired, line_twice, made_without_bill,
    made_without_steps, ordered_without_supply, component_without_supply, bought_without_source, source_without_lead,
    no_machine, load_too_large, min_load_too_large, tool_too_few, waits_crossed, no_time,
    after_unknown, after_cycle, unknown_step,
    crew_too_large, skill_never_valid,
    failure_without_repair, shape_missing, values_missing,
    ends_before_start, actual_ends_before_start, shifts_overlap, never_works, calendar_without_shifts,
    due_before_release, order_without_due, overdue, done_too_much, pin_without_start,
    machine_not_eligible, running_twice, running_without_machine,
)  # fmt: skip
