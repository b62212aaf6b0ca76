"""What must hold after every run, whatever happened in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.twin.network.arrays import State
from linewright.twin.network.build import Compiled
from linewright.twin.network.state import inside_jobs

#: Relative errors that summing in another order may leave.
CLOSE = 1e-9


def breaches(compiled: Compiled, state: State, span: float) -> list[str]:
    """The laws that a run of `span` breaks, each with its figures; none after a sound run.

    Jobs that came in are out, scrapped or inside; the times of a machine's states sum to the span; the area under the
    number of jobs inside is the sum of the times that they were inside (Little's law on a path); and the energy of all
    orders, with what belongs to none, is that of all machines.
    """
    found = []
    kinds, now = state.job_types, float(state.clock.time[0])
    inside = inside_jobs(state)
    counted = np.bincount(state.jobs.job_type[inside], minlength=kinds.size)
    if not np.array_equal(counted, kinds.inside):
        found.append(f"jobs inside are {counted.tolist()}, but {kinds.inside.tolist()} are counted")
    total = state.time_in.sum(axis=1)
    found += [
        f"machine {compiled.names.machines[at]}: its states sum to {total[at]:.12g}, not to {span:.12g}"
        for at in np.flatnonzero(np.abs(total - span) > CLOSE * max(1.0, now))
    ]
    stays = np.bincount(state.jobs.job_type[inside], weights=now - state.jobs.released[inside], minlength=kinds.size)
    spent = kinds.cycle + kinds.scrap_time + stays - kinds.offset
    found += [
        f"job type {compiled.names.job_types[at]}: {kinds.area[at]:.12g} of area inside, but {spent[at]:.12g} of stays"
        for at in np.flatnonzero(np.abs(spent - kinds.area) > CLOSE * np.maximum(1.0, np.abs(kinds.area) + now))
    ]
    if compiled.plant.options.ledger[0]:
        meter = float((state.time_in * compiled.plant.kw).sum())
        ledger = _ledger(state, inside)
        if abs(meter - ledger) > CLOSE * max(1.0, meter):
            found.append(f"the machines drew {meter:.12g} kW times, but orders and the rest have {ledger:.12g}")
    return found


def _ledger(state: State, inside: Any) -> float:
    return float(
        state.job_types.energy.sum()
        + state.queues.energy.sum()
        + state.machines.loose.sum()
        + state.jobs.energy[inside].sum()
    )
