"""Which machines a step may use, and how long it takes there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor

from linewright.model.tables import Machine, Operation, OperationMachine
from linewright.model.verify.facts.jobs import Job
from linewright.model.verify.facts.rounding import seconds
from linewright.model.verify.facts.routes import Routes


@dataclass(frozen=True, slots=True)
class Choice:
    """A step on a machine: whole seconds of run and setup, what it costs, and the person that it is tied to.

    `refusal` says why the machine may not be used, empty when it may.
    """

    run_seconds: int
    setup_seconds: int
    preference: float = 0.0
    person: str = ""
    refusal: str = ""


def choose(
    routes: Routes, job: Job, step: Operation, machine: Machine, people: tuple[str, ...], stated: tuple[int, int]
) -> Choice:
    """The alternative that the plan used: of those that the people allow, the nearest to the stated run and setup."""
    options = list(_options(routes, job, step, machine))
    if not options:
        return Choice(0, 0, refusal=_refusal(routes, job, step, machine))
    allowed = [option for option in options if not option.person or option.person in people]
    if not allowed:
        named = " or ".join(sorted({option.person for option in options}))
        return Choice(0, 0, refusal=f"{machine.machine} may do it only together with {named}")

    def distance(option: Choice) -> tuple[int, int, float]:
        return abs(option.run_seconds - stated[0]), abs(option.setup_seconds - stated[1]), option.preference

    return min(allowed, key=distance)


def _options(routes: Routes, job: Job, step: Operation, machine: Machine) -> Iterable[Choice]:
    bound = job.bound_machine(step.step)
    if bound and bound != machine.machine:
        return
    alternatives = routes.alternatives.get((step.material, step.step), [])
    here = [row for row in alternatives if row.machine == machine.machine]
    for row in here:
        yield _with_alternative(job, step, machine, row)
    if not here and (bound or (not alternatives and _allowed_by_operation(step, machine))):
        run = _run_seconds(job, step, step.fixed_minutes / machine.speed, step.run_minutes / machine.speed)
        yield Choice(run, _setup_seconds(job, step, step.setup_minutes))


def _with_alternative(job: Job, step: Operation, machine: Machine, row: OperationMachine) -> Choice:
    # A number that the alternative states is the time on that very machine; only the operation's own needs its speed.
    fixed = step.fixed_minutes / machine.speed if row.fixed_minutes is None else row.fixed_minutes
    run = step.run_minutes / machine.speed if row.run_minutes is None else row.run_minutes
    setup = step.setup_minutes if row.setup_minutes is None else row.setup_minutes
    return Choice(_run_seconds(job, step, fixed, run), _setup_seconds(job, step, setup), row.preference, row.person)


def _run_seconds(job: Job, step: Operation, fixed_minutes: float, run_minutes: float) -> int:
    batches = ceil(job.units(step.step) / step.batch_size - 1e-9)
    return floor(60 * (fixed_minutes + batches * run_minutes) + 0.5)


def _setup_seconds(job: Job, step: Operation, setup_minutes: float) -> int:
    return 0 if job.running_step == step.step else seconds(setup_minutes)


def _allowed_by_operation(step: Operation, machine: Machine) -> bool:
    if step.machine:
        return machine.machine == step.machine
    return not step.work_center or machine.work_center == step.work_center


def _refusal(routes: Routes, job: Job, step: Operation, machine: Machine) -> str:
    bound = job.bound_machine(step.step)
    if bound:
        return f"its work order is bound to {bound}"
    alternatives = routes.alternatives.get((step.material, step.step), [])
    if alternatives:
        return "operation_machines allows only " + ", ".join(sorted({row.machine for row in alternatives}))
    return f"it belongs on {step.machine}" if step.machine else f"it belongs to the work center {step.work_center}"
