"""Machines in the exact model: one block at a time, places, and changeovers between families."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.exact.draft import Draft
from linewright.shop.arrays import Arrays


def switching_machines(shop: Arrays) -> set[int]:
    """Machines of one place on which some pair of families needs a changeover."""
    machines = shop.machines[:-1]
    families = np.unique(shop.operations.family[:-1])
    families = families[families >= 0]
    if not families.size:
        return set()
    found = set()
    for machine in np.unique(shop.modes.machine).tolist():
        if machines.capacity[machine] == 1 or machines.batch[machine]:
            before = np.append(families, machines.family[machine])
            matrix = shop.switches[machines.matrix[machine]][np.ix_(np.unique(before[before >= 0]), families)]
            if matrix["seconds"].any() or matrix["cost"].any():
                found.add(machine)
    # In an oven changeovers belong to loads, which the model does not form.
    return {machine for machine in found if not machines.batch[machine]}


def add_machines(draft: Draft, switching: set[int]) -> list[tuple[Any, Any, int]]:
    """Share out every machine; returns the changeover literals with their switch and machine, for their price."""
    shop, model = draft.shop, draft.model
    users: dict[int, list[tuple[int, int]]] = {}
    for at in range(draft.size):
        for mode in draft.modes_of(at):
            users.setdefault(draft.machine_of(mode), []).append((at, mode))
    priced: list[tuple[Any, Any, int, int]] = []
    for machine, own in users.items():
        capacity, batch = int(shop.machines.capacity[machine]), bool(shop.machines.batch[machine])
        blocks = [block(draft, at, mode) for at, mode in own]
        if capacity == 1:
            model.add_no_overlap(blocks)
        else:
            loads = [min(int(shop.operations.load[at]), capacity) for at, _ in own]
            model.add_cumulative(blocks, loads, capacity)
        if not batch:
            _running_first(draft, machine, own, capacity)
        if machine in switching:
            priced += _add_changeovers(draft, machine, sorted({at for at, _ in own}))
    _sum_of_switches(draft, priced)
    return [(literal, switch, machine) for literal, switch, machine, _ in priced]


def block(draft: Draft, at: int, mode: int) -> Any:
    """The time on the machine, setup to end, if the mode is chosen; of fixed length where nothing can stretch it."""
    model, literal = draft.model, draft.mode[at][mode]
    setup, run = draft.units(draft.shop.modes.setup[mode]), draft.units(draft.shop.modes.run[mode])
    own = [calendars for lit, calendars in draft.meetings[at]]
    always = own and all(draft.open(calendars).always for calendars in own)
    oven = draft.shop.machines.batch[draft.machine_of(mode)]
    if always and not oven:
        if at not in draft.switch:
            start = draft.start[at]
            return model.new_optional_interval_var(start - setup, setup + run, start + run, literal, f"block{mode}")
        size = draft.switch[at] + (setup + run)
        return model.new_optional_interval_var(draft.begin[at], size, draft.end[at], literal, f"block{mode}")
    size = model.new_int_var(setup + run, draft.horizon, f"size{mode}")
    return model.new_optional_interval_var(draft.begin[at], size, draft.end[at], literal, f"block{mode}")


def _running_first(draft: Draft, machine: int, own: list[tuple[int, int]], capacity: int) -> None:
    """Work that is running now comes before everything else on its machine, and goes on at once if it needs no more."""
    operations = draft.shop.operations
    running = {at for at, _ in own if operations.running[at]}
    if len(running) != 1:
        return
    (first,) = running
    for at, mode in own:
        if at not in running and capacity == 1:
            draft.model.add(draft.begin[at] >= draft.end[first]).only_enforce_if(draft.mode[at][mode])
    only = np.count_nonzero(operations.running) == 1
    needs = ("first_seat", "first_arc") if only else ("first_seat", "first_arc", "first_hold")
    alone = all(operations[name][first] == operations[name][first + 1] for name in needs)
    if alone and len(draft.mode[first]) == 1 and all(draft.shop.modes.person[mode] < 0 for mode in draft.mode[first]):
        draft.model.add(draft.start[first] == draft.earliest[first])


def _add_changeovers(draft: Draft, machine: int, operations: list[int]) -> list[tuple[Any, Any, int, int]]:
    """A tour through all operations with a family: each arc is a pair of neighbours, a blank family stands between.

    Returns (literal, switch, machine, operation after) for each arc that means a changeover.
    """
    shop, model = draft.shop, draft.model
    nodes = [at for at in operations if shop.operations.family[at] >= 0]
    matrix = shop.switches[shop.machines.matrix[machine]]
    initial = int(shop.machines.family[machine])
    empty = draft.literal(f"unused{machine}")
    arcs: list[tuple[int, int, Any]] = [(0, 0, empty)]
    priced = []
    for one, after in enumerate(nodes, start=1):
        present = draft.literal(f"on{machine}.{after}")
        model.add(draft.present(after, machine) == present)
        arcs += [(one, one, present.negated()), (one, 0, draft.literal(""))]
        for other, before in enumerate([-1, *nodes]):
            if before == after:
                continue
            literal = draft.literal("")
            arcs.append((other, one, literal))
            if before >= 0:
                model.add(draft.begin[after] >= draft.end[before]).only_enforce_if(literal)
            source = initial if before < 0 else int(shop.operations.family[before])
            if source >= 0 and not shop.operations.running[after]:
                switch = matrix[source, shop.operations.family[after]]
                if switch["seconds"] or switch["cost"]:
                    priced.append((literal, switch, machine, after))
    if nodes:
        model.add_circuit(arcs)
    return priced


def _sum_of_switches(draft: Draft, priced: list[tuple[Any, Any, int, int]]) -> None:
    """The changeover of an operation is that of the arc that leads to it."""
    terms: dict[int, list[Any]] = {at: [] for at in draft.switch}
    for literal, switch, _, after in priced:
        if after in terms:
            terms[after].append(draft.units(switch["seconds"]) * literal)
    for at, own in terms.items():
        draft.model.add(draft.switch[at] == sum(own))
