"""Machines of a factory as stations: which of them share a queue, how fast they are, how they fail and are set up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.shop.distributions import fixed
from linewright.twin.network.of_factory.clock import WorkingClock, open_seconds
from linewright.twin.network.of_factory.groups import Groups
from linewright.twin.network.stations import Failure, Machine, Power, Setup, Station

if TYPE_CHECKING:
    from linewright.shop.arrays import Shop
    from linewright.twin.network.of_factory.people import Crews


@dataclass(frozen=True)
class BaseTimes:
    """Setup and run minutes of each operation (n) on a machine of speed 1, and whether all its machines `agree`."""

    setup: Any
    run: Any
    agree: Any


@dataclass(frozen=True)
class Layout:
    """The stations, the station and the times of each operation (by its position), and what was simplified."""

    stations: tuple[Station, ...]
    of_operation: tuple[int, ...]
    times: BaseTimes
    sites: tuple[int, ...]
    notes: tuple[str, ...]


def layout_of(
    shop: Shop, clock: WorkingClock, failures: Mapping[str, tuple[Failure, ...]], crews: Crews, rule: str
) -> Layout:
    """One station for machines that can do the same operations.

    Machines that are alternatives of some operation share a queue. Where an operation may not use all of them, it may
    all the same here, and a note says so.
    """
    groups, eligible = _shared(shop)
    used = sorted({groups.of(machines[0]) for machines in eligible})
    members = {group: groups.members(group) for group in used}
    names = _names(shop, members)
    times = base_times_of(shop)
    notes = [*_unequal(shop, groups, eligible, names, members, times)]
    families = _family_names(shop)
    at_station: dict[int, list[int]] = defaultdict(list)
    for operation, machines in enumerate(eligible):
        at_station[groups.of(machines[0])].append(operation)
    stations = []
    for group in used:
        places = tuple(
            place for machine in members[group] for place in _machines(shop, machine, clock, failures, families)
        )
        setups = tuple(_setups(shop, members[group][0], at_station[group], families))
        pool, during = _operators(at_station[group], crews, changes=bool(setups))
        center = shop.factory.work_centers.get(_center(shop, members[group][0]))
        stations.append(
            Station(
                name=names[group],
                machines=places,
                queue_places=center.queue_places if center else None,
                rule=rule,
                by_priority=False,
                setups=setups,
                operators=pool,
                operators_for=during,
            )
        )
    number = {group: at for at, group in enumerate(used)}
    return Layout(
        stations=tuple(stations),
        of_operation=tuple(number[groups.of(machines[0])] for machines in eligible),
        times=times,
        sites=tuple(int(shop.arrays.machines[members[group][0]].site) for group in used),
        notes=(*notes, *_slowed(shop, clock, members), *_places(shop, members)),
    )


def _shared(shop: Shop) -> tuple[Groups, list[list[int]]]:
    """Machines joined where an operation may use either, and the machines of each operation."""
    operations, modes = shop.arrays.operations, shop.arrays.modes
    groups = Groups(len(shop.machine_names))
    eligible = []
    for operation in range(shop.size):
        mine = modes.machine[operations[operation].first_mode : operations[operation + 1].first_mode]
        eligible.append(sorted(set(mine.tolist())))
        for machine in eligible[-1]:
            groups.join(eligible[-1][0], machine)
    return groups, eligible


def _center(shop: Shop, machine: int) -> str:
    return str(shop.factory.machines.frame["work_center"][machine])


def _names(shop: Shop, members: Mapping[int, list[int]]) -> dict[int, str]:
    """A station is named after its work center if it is the only one there, else after its machines."""
    parts = Counter(_center(shop, machines[0]) for machines in members.values())
    names = {}
    for group, machines in members.items():
        center = _center(shop, machines[0])
        same = {_center(shop, machine) for machine in machines} == {center}
        alone = center and same and parts[center] == 1
        names[group] = center if alone else ", ".join(shop.machine_names[machine] for machine in machines)
    return names


def _family_names(shop: Shop) -> dict[int, str]:
    """Setup families by their number in the compiled shop."""
    named = shop.factory.operations.frame["setup_family"].to_list()
    names = {
        int(shop.arrays.operations[operation].family): named[shop.routing[operation]] for operation in range(shop.size)
    }
    own = shop.factory.machines.frame["setup_family"].to_list()
    names.update({int(shop.arrays.machines[at].family): family for at, family in enumerate(own)})
    names.pop(-1, None)
    return names


def _machines(
    shop: Shop,
    machine: int,
    clock: WorkingClock,
    failures: Mapping[str, tuple[Failure, ...]],
    families: Mapping[int, str],
) -> Iterator[Machine]:
    """A machine, or its places where several jobs can be on it without starting together."""
    record = shop.arrays.machines[machine]
    row = shop.factory.machines[shop.machine_names[machine]]
    places = 1 if record.batch else max(int(record.capacity), 1)
    for place in range(places):
        yield Machine(
            name=row.machine if places == 1 else f"{row.machine} place {place + 1}",
            speed=row.speed * _present(shop, machine, clock),
            failures=failures.get(row.machine, ()),
            power=_power(row) if place == 0 else Power(),
            setup=families.get(int(record.family), ""),
        )


def _present(shop: Shop, machine: int, clock: WorkingClock) -> float:
    """How much of the plant's working time a machine works."""
    mine = open_seconds(shop, int(shop.arrays.machines[machine].calendar))
    return min(mine / (open_seconds(shop, 0) * clock.open_share), 1.0) or 1.0


def _power(row: Any) -> Power:
    return Power(
        off_kw=row.off_kw,
        start_up_kw=row.setup_kw if row.start_up_kw is None else row.start_up_kw,
        idle_kw=row.idle_kw,
        setup_kw=row.setup_kw,
        run_kw=row.run_kw,
        blocked_kw=row.idle_kw if row.blocked_kw is None else row.blocked_kw,
        down_kw=row.off_kw if row.down_kw is None else row.down_kw,
        off_after=row.switch_off_minutes,
        start_up=fixed(row.start_up_minutes),
    )


def _operators(operations: list[int], crews: Crews, *, changes: bool) -> tuple[str, str]:
    """The pool that most operations of a station need, and whether only for changeovers, if there are any."""
    wanted = Counter(crew.pool for operation in operations for crew in crews.of_operation.get(operation, ())[:1])
    if not wanted:
        return "", "run"
    pool = wanted.most_common(1)[0][0]
    runs = any(
        crew.run for operation in operations for crew in crews.of_operation.get(operation, ()) if crew.pool == pool
    )
    if runs:
        return pool, "run"
    return (pool, "setup") if changes else ("", "run")


def _setups(shop: Shop, machine: int, operations: list[int], families: Mapping[int, str]) -> Iterator[Setup]:
    """Changeovers between the families of a station's operations, by the matrix of its first machine."""
    matrix = int(shop.arrays.machines[machine].matrix)
    known = {int(shop.arrays.operations[operation].family) for operation in operations}
    used = sorted((known | {int(shop.arrays.machines[machine].family)}) - {-1})
    for before in used:
        for after in used:
            seconds = int(shop.arrays.switches[matrix, before, after].seconds)
            if seconds:
                yield Setup(before=families[before], after=families[after], time=fixed(seconds / 60))


def base_times_of(shop: Shop) -> BaseTimes:
    """The time of each operation as if its machines had speed 1: the mean over them, and whether they agree."""
    operations, modes = shop.arrays.operations, shop.arrays.modes
    first = np.asarray(operations.first_mode[: shop.size])
    count = np.diff(operations.first_mode)
    speed = shop.factory.machines.frame["speed"].to_numpy()[modes.machine]
    setup, run = modes.setup / 60.0, modes.run * speed / 60.0
    # Times are whole seconds, which a speed multiplies.
    slack = np.maximum.reduceat(speed, first) / 30.0
    spread_of_run = np.maximum.reduceat(run, first) - np.minimum.reduceat(run, first)
    spread_of_setup = np.maximum.reduceat(setup, first) - np.minimum.reduceat(setup, first)
    return BaseTimes(
        setup=np.add.reduceat(setup, first) / count,
        run=np.add.reduceat(run, first) / count,
        agree=(spread_of_run <= slack) & (spread_of_setup < 1e-9),
    )


def _unequal(
    shop: Shop,
    groups: Groups,
    eligible: list[list[int]],
    names: Mapping[int, str],
    members: Mapping[int, list[int]],
    times: BaseTimes,
) -> Iterator[str]:
    """What is lost where operations of one station may use different machines, or take different times there."""
    narrower, slower = Counter[str](), Counter[str]()
    for operation, machines in enumerate(eligible):
        group = groups.of(machines[0])
        narrower[names[group]] += len(machines) < len(members[group])
        slower[names[group]] += not times.agree[operation]
    for name, count in narrower.items():
        if count:
            yield f"{name}: operations that may use only some of these machines ({count:,}) use any of them here."
    for name, count in slower.items():
        if count:
            yield f"{name}: operations with a time of their own on each machine ({count:,}) take the mean here."
    for group, machines in members.items():
        if len({int(shop.arrays.machines[machine].matrix) for machine in machines}) > 1:
            yield f"{names[group]}: the changeovers of {shop.machine_names[machines[0]]} are taken for all machines."


def _slowed(shop: Shop, clock: WorkingClock, members: Mapping[int, list[int]]) -> Iterator[str]:
    for machines in members.values():
        for machine in machines:
            share = _present(shop, machine, clock)
            if share < 0.999:
                yield (
                    f"{shop.machine_names[machine]} works {100 * share:.0f} % of the plant's hours: it works all of "
                    f"them here, and is slower by that share."
                )


def _places(shop: Shop, members: Mapping[int, list[int]]) -> Iterator[str]:
    for machines in members.values():
        for machine in machines:
            record = shop.arrays.machines[machine]
            if record.capacity > 1 and not record.batch:
                yield (
                    f"{shop.machine_names[machine]} has {record.capacity} places: each is a machine of its own, which "
                    f"fails for itself."
                )
