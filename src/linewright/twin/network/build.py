"""A network becomes arrays for the kernel, and positions lead back to names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from linewright.shop.distributions import DISTRIBUTION, EMPIRICAL, mean_of
from linewright.twin.network import arrays
from linewright.twin.network.arrays import NO_LIMIT, Plant, zeros
from linewright.twin.network.check import all_steps, check
from linewright.twin.network.model import Law, Network
from linewright.twin.network.places import machine_arrays, station_arrays
from linewright.twin.network.routes import step_arrays, type_arrays

__all__ = ["Compiled", "Names", "compile_network"]


@dataclass(frozen=True)
class Names:
    """What the positions in the arrays are called; steps are ``job type/step``."""

    stations: list[str]
    machines: list[str]
    job_types: list[str]
    steps: list[str]
    pools: list[str]
    loops: list[str]
    stores: list[str]


@dataclass(frozen=True)
class Compiled:
    """A network as arrays."""

    network: Network
    plant: Plant
    names: Names
    families: int
    slots: int
    setup_families: dict[str, int]

    def __repr__(self) -> str:
        """The network's own words."""
        return f"Compiled {self.network!r}"


@dataclass
class Draft:
    """What is collected while a network is compiled: laws and their table, and positions of names."""

    network: Network
    laws: list[tuple[float, ...]] = field(default_factory=list)
    positions: dict[Law, int] = field(default_factory=dict)
    table: list[float] = field(default_factory=list)
    families: dict[str, int] = field(default_factory=dict)
    batches: dict[tuple[str, str], int] = field(default_factory=dict)
    stores: list[tuple[str, int, int, str]] = field(default_factory=list)
    slots: int = 0

    def law(self, law: Law | None) -> int:
        """The position of a law, -1 for none; equal laws share one."""
        if law is None:
            return -1
        known = self.positions.get(law)
        if known is not None:
            return known
        record = law
        if int(law[0]) == EMPIRICAL:
            first = len(self.table)
            self.table += list(law[1:])
            record = (EMPIRICAL, 0.0, 0.0, 0.0, first, len(self.table))
        self.laws.append(tuple(record))
        self.positions[law] = len(self.laws) - 1
        return self.positions[law]

    def mean(self, law: Law | None) -> float:
        """The mean of a law, 0 for none."""
        if law is None:
            return 0.0
        if int(law[0]) == EMPIRICAL:
            return float(np.mean(law[1:]))
        record = np.array([law], DISTRIBUTION).view(np.recarray)[0]
        return float(mean_of(record, np.zeros(1)))


def compile_network(network: Network) -> Compiled:
    """Check a network and turn it into arrays."""
    check(network)
    draft = Draft(network)
    steps = [all_steps(kind) for kind in network.job_types]
    machines = [machine for station in network.stations for machine in station.all_machines]
    names = Names(
        stations=[station.name for station in network.stations],
        machines=[machine.name for machine in machines],
        job_types=[kind.name for kind in network.job_types],
        steps=[
            f"{kind.name}/{step.name}" for kind, route in zip(network.job_types, steps, strict=True) for step in route
        ],
        pools=[pool.name for pool in network.pools],
        loops=[loop.name for loop in network.cards],
        stores=[],
    )
    parts = step_arrays(draft, names, steps) | type_arrays(draft, names, steps)
    parts |= machine_arrays(draft, names) | station_arrays(draft, names, parts["steps"])
    names.stores.extend(f"{name} for {step}" for step, _, _, name in draft.stores)
    options = zeros(arrays.OPTIONS, 1)
    options.ledger[0] = int(bool(parts["kw"].any()))
    options.cyclic[0] = _has_loop(parts)
    options.before[0] = int(parts["stations"].before.any())
    options.stations[0] = len(network.stations)
    options.slots[0] = draft.slots
    options.reserve[0] = 8 + len(machines) + _most_at_once(network, steps)
    options.margin[0] = _margin(parts, len(machines), _most_at_once(network, steps), int(options.reserve[0]))
    loops = zeros(np.dtype([("cards", np.int64)]), len(network.cards))
    loops["cards"] = [loop.cards for loop in network.cards]
    plant = Plant(
        options=options,
        loops=loops,
        laws=np.array(draft.laws or [(0, 0.0, 0.0, 0.0, 0, 0)], DISTRIBUTION).view(np.recarray),
        table=np.array(draft.table or [0.0]),
        **parts,
    )
    return Compiled(network, plant, names, len(draft.batches), draft.slots, draft.families)


def _most_at_once(network: Network, steps: list[list[Any]]) -> int:
    arriving = [getattr(kind.arrivals, "jobs", 1) for kind in network.job_types]
    batches = [step.batch_most for route in steps for step in route]
    return max([*arriving, *batches, *(loop.cards for loop in network.cards), 1])


def _margin(parts: dict[str, Any], machines: int, batch: int, reserve: int) -> int:
    """Events that one event may bring at most: all jobs in machines and all that come may move, all clocks start."""
    clocks = parts["modes"].size + parts["plans"].size + parts["sources"].size
    return int(3 * (machines * batch + reserve) + 4 * machines + clocks + 16)


def _behind_skipped(steps: Any, targets: list[int]) -> set[int]:
    """The steps to which a job may come next: those named, and those behind the ones that may be skipped."""
    found: set[int] = set()
    for target in targets:
        at = int(target)
        while at >= 0 and at not in found:
            found.add(at)
            at = int(steps.then[at]) if steps.done_share[at] < 1 else -1
    return found


def _has_loop(parts: dict[str, Any]) -> int:
    """Whether jobs can go round through limited queues, so that machines may wait for each other for ever."""
    steps, stations = parts["steps"], parts["stations"]
    count = stations.size - 1
    limited = stations.places[:count] < NO_LIMIT
    reach = np.zeros((count, count), bool)
    for at in range(steps.size - 1):
        targets = [steps.then[at], *parts["branches"].to[steps.first_branch[at] : steps.first_branch[at + 1]]]
        for target in _behind_skipped(steps, targets):
            if target >= 0 and limited[steps.station[target]]:
                reach[steps.station[at], steps.station[target]] = True
    if not reach.any():
        return 0
    for middle in range(count):
        reach |= np.outer(reach[:, middle], reach[middle])
    return int(reach.diagonal().any())
