"""How the machines of a factory fail, as the network wants it: laws in working minutes, and repair crews."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from linewright.errors import ModelError
from linewright.shop.distributions import exponential, fixed, lognormal, weibull
from linewright.twin.network.model import Law, empirical
from linewright.twin.network.stations import CALENDAR, RUNNING, Failure

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.tables import FailureMode, Machine


def failures_of(factory: Factory, calendar_share: float) -> dict[str, tuple[Failure, ...]]:
    """The failures of each machine that has any.

    Parameters
    ----------
    calendar_share
        Working time by all time: clocks that count all hours run while the plant is closed, too.

    Raises
    ------
    ModelError
        A failure says too little: a machine that fails but is never repaired, a law without its shape or values.
    """
    faults: list[str] = []
    found: dict[str, list[Failure]] = {}
    for position, mode in enumerate(factory.failure_modes):
        place = factory.failure_modes.place(position)
        faults += _faults(mode, place)
        if not faults:
            found.setdefault(mode.machine, []).append(_failure(mode, calendar_share))
    for position, machine in enumerate(factory.machines):
        if machine.mtbf_hours is None or machine.machine in found:
            continue
        if machine.mttr_hours is None:
            faults.append(
                f"{factory.machines.place(position, 'mttr_hours')}: {machine.machine} fails every "
                f"{machine.mtbf_hours:g} h and is never repaired — fill in mttr_hours, or add a row to failure_modes"
            )
        else:
            found[machine.machine] = [_plain(machine, machine.mtbf_hours, machine.mttr_hours)]
    if faults:
        raise ModelError(faults)
    return {machine: tuple(failures) for machine, failures in found.items()}


def _plain(machine: Machine, up_hours: float, repair_hours: float) -> Failure:
    """Failures where only two means are known."""
    return Failure(
        name=machine.machine, uptime=exponential(up_hours * 60), repair=exponential(repair_hours * 60), clock=RUNNING
    )


def _failure(mode: FailureMode, calendar_share: float) -> Failure:
    share = calendar_share if mode.clock == "calendar" else 1.0
    return Failure(
        name=mode.mode or mode.machine,
        uptime=_law(mode.up_distribution, mode.up_hours * 60, mode.up_shape, mode.up_values, share),
        repair=_law(mode.repair_distribution, mode.repair_hours * 60, mode.repair_shape, mode.repair_values, 1.0),
        clock=CALENDAR if mode.clock == "calendar" else RUNNING,
        crew=mode.repair_crew,
        age=mode.age_hours * 60 * share,
    )


def _law(kind: str, mean: float, shape: float | None, values: str, share: float) -> Law:
    """A law in minutes, all of it scaled by `share`."""
    if kind == "empirical":
        return empirical(hours * 60 * share for hours in _hours(values))
    mean *= share
    if kind == "fixed" or mean == 0:
        return fixed(mean)
    if kind == "weibull":
        return weibull(mean, shape or 1.0)
    return lognormal(mean, shape or 1.0) if kind == "lognormal" else exponential(mean)


def _hours(values: str) -> list[float]:
    return [float(value) for value in values.replace(" ", "").split(";") if value]


def _faults(mode: FailureMode, place: str) -> Iterator[str]:
    """What a row lacks, with the cure."""
    name = f"{mode.machine} {mode.mode}".strip()
    if not mode.up_hours > 0 or not mode.repair_hours >= 0:
        yield (
            f"{place}: {name}: fails after {mode.up_hours:g} h and is repaired in {mode.repair_hours:g} h — "
            f"write hours above 0 and of at least 0"
        )
    sides = (
        ("up", mode.up_distribution, mode.up_shape, mode.up_values),
        ("repair", mode.repair_distribution, mode.repair_shape, mode.repair_values),
    )
    for side, kind, shape, values in sides:
        if kind in {"weibull", "lognormal"} and shape is None:
            yield f"{place}: {name}: {side}_distribution {kind} has no shape — fill in {side}_shape"
        if kind == "empirical" and not _is_empirical(values):
            yield (
                f"{place}: {name}: {side}_values is {values or 'blank'} — list observed hours of at least 0 "
                f"such as 12;30.5;41"
            )


def _is_empirical(values: str) -> bool:
    try:
        hours = _hours(values)
    except ValueError:
        return False
    return bool(hours) and all(0 <= value < float("inf") for value in hours)
