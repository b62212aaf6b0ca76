"""Stations, machines and pools as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.shop.chance import identity
from linewright.twin.network import arrays
from linewright.twin.network.arrays import NO_LIMIT, zeros
from linewright.twin.network.model import RULES, Saturated
from linewright.twin.network.stations import CALENDAR, Machine, Power, Station

if TYPE_CHECKING:
    from linewright.twin.network.build import Draft, Names


def cause(kind: str, *names: str) -> Any:
    """The identity of a cause of chance."""
    return np.uint64(identity("network", kind, *names))


def machine_arrays(draft: Draft, names: Names) -> dict[str, Any]:
    """Machines with their failure modes, maintenance and power."""
    placed = [
        (at, station, machine) for at, station in enumerate(draft.network.stations) for machine in station.all_machines
    ]
    machines = zeros(arrays.MACHINE, len(placed) + 1)
    kw = np.zeros((len(placed), len(arrays.STATES)))
    modes: list[tuple[Any, ...]] = []
    plans: list[tuple[Any, ...]] = []
    for row, (at, station, machine) in enumerate(placed):
        power = machine.power or station.power
        kw[row] = _kw(power)
        record = machines[row]
        record.station, record.speed = at, machine.speed
        record.first_mode, record.first_plan = len(modes), len(plans)
        record.off_after = -1.0 if power.off_after is None else power.off_after
        record.start_up = draft.law(power.start_up)
        record.cause = cause("start-up", machine.name)
        record.setup_cause = cause("setup", machine.name)
        modes += _modes(draft, names, row, station, machine)
        plans += _plans(draft, row, station, machine)
    machines[-1].first_mode, machines[-1].first_plan = len(modes), len(plans)
    return {
        "machines": machines,
        "kw": kw,
        "modes": np.array(modes, arrays.MODE).view(np.recarray),
        "plans": np.array(plans, arrays.PLAN).view(np.recarray),
    }


def _kw(power: Power) -> tuple[float, ...]:
    return (
        power.off_kw, power.start_up_kw, power.idle_kw, power.setup_kw, power.run_kw, power.blocked_kw, power.down_kw,
        power.down_kw,
    )  # fmt: skip


def _modes(draft: Draft, names: Names, row: int, station: Station, machine: Machine) -> list[tuple[Any, ...]]:
    failures = station.failures if machine.failures is None else machine.failures
    return [
        (
            row, int(failure.clock == CALENDAR), draft.law(failure.uptime), draft.law(failure.repair),
            names.pools.index(failure.crew) if failure.crew else -1, failure.age,
            cause("uptime", machine.name, failure.name or str(number)),
            cause("repair", machine.name, failure.name or str(number)),
        )
        for number, failure in enumerate(failures)
    ]  # fmt: skip


def _plans(draft: Draft, row: int, station: Station, machine: Machine) -> list[tuple[Any, ...]]:
    planned = station.maintenance if machine.maintenance is None else machine.maintenance
    made = []
    for number, plan in enumerate(planned):
        every = float(plan.every_jobs or plan.every_time or 0)
        first = every if plan.first is None else float(plan.first)
        name = plan.name or str(number)
        made.append(
            (
                row,
                int(plan.every_jobs is not None),
                every,
                first,
                draft.law(plan.duration),
                cause("plan", machine.name, name),
            )
        )
    return made


def station_arrays(draft: Draft, names: Names, steps: Any) -> dict[str, Any]:
    """Stations with their rules, setup matrices, and pools with their users."""
    network = draft.network
    stations = zeros(arrays.STATION, len(network.stations) + 1)
    matrices: dict[Any, int] = {}
    first = 0
    for at, station in enumerate(network.stations):
        record = stations[at]
        record.first_machine = first
        first += len(station.all_machines)
        record.places = NO_LIMIT if station.queue_places is None else station.queue_places
        record.rule = RULES.index(station.rule)
        record.by_priority = int(station.by_priority or station.preemptive)
        record.same_setup, record.preemptive = int(station.same_setup_first), int(station.preemptive)
        record.matrix = matrices.setdefault(station.setups, len(matrices)) if station.setups else -1
        record.pool = names.pools.index(station.operators) if station.operators else -1
        record.setup_people = int(station.operators_for == "setup")
        record.before = int(station.block_before_service)
        record.source = -1
        here = steps[:-1][steps.station[:-1] == at]
        record.batch = int((here.batch >= 0).any())
        record.expected = float(here.expected.mean()) if here.size else 0.0
        conditions = (
            record.matrix >= 0, record.before == 1, record.pool >= 0, record.batch == 1, station.rule in {"cr", "atc"},
            bool((here.same >= 0).any()), _has_joins(steps, at),
        )  # fmt: skip
        record.plain = int(not any(conditions))
    stations[-1].first_machine = first
    for number, kind in enumerate(network.job_types):
        if isinstance(kind.arrivals, Saturated) and not kind.cards:
            stations[names.stations.index(kind.route[0].station)].source = number
    switches, least_runs = _setups(draft, matrices)
    pools, users = _pools(draft, names)
    return {"stations": stations, "switches": switches, "least_runs": least_runs, "pools": pools, "users": users}


def _has_joins(steps: Any, station: int) -> bool:
    joins = np.diff(steps.first_join)
    return bool((joins[steps.station[:-1] == station] > 0).any())


def _setups(draft: Draft, matrices: dict[Any, int]) -> tuple[Any, Any]:
    families = draft.families
    switches = np.full((max(1, len(matrices)), len(families) + 1, max(1, len(families))), -1, np.int64)
    least_runs = np.zeros((max(1, len(matrices)), max(1, len(families))), np.int64)
    for setups, matrix in matrices.items():
        # What holds for any family before is written first, so that what holds for a named one stands.
        for setup in sorted(setups, key=lambda row: bool(row.before)):
            if setup.after not in families or (setup.before and setup.before not in families):
                continue
            law = draft.law(setup.time)
            if setup.before:
                switches[matrix, families[setup.before] + 1, families[setup.after]] = law
            else:
                switches[matrix, :, families[setup.after]] = law
            least_runs[matrix, families[setup.after]] = max(least_runs[matrix, families[setup.after]], setup.least_runs)
    return switches, least_runs


def _pools(draft: Draft, names: Names) -> tuple[Any, Any]:
    pools = zeros(arrays.POOL, len(names.pools) + 1)
    users: list[int] = []
    for at, pool in enumerate(draft.network.pools):
        pools[at].people, pools[at].first_user = pool.people, len(users)
        users += [row for row, station in enumerate(draft.network.stations) if station.operators == pool.name]
    pools[-1].first_user = len(users)
    return pools, np.array(users, np.int64)
