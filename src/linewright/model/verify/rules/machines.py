"""Rules about what shares a machine or a tool."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.case import Case
from linewright.model.verify.facts.columns import IntArray, running_latest
from linewright.model.verify.facts.rounding import SECOND

#: From, to, how much is held, and the operation that holds it.
Hold = tuple[int, int, int, str]


def overlap(case: Case) -> Iterator[Breach]:
    """A machine does one thing at a time, or as many as it has places."""
    operations = case.operations
    in_the_way = _in_each_others_way(case, "overlap")
    load = operations.whole("load")
    for number, blocks in case.blocks.machines():
        machine = case.places.machines[number]
        if machine.batch:
            continue
        if machine.capacity == 1:
            yield from in_the_way.get(number, ())
            continue
        members = case.blocks.first[blocks]
        if not exceeds(operations.setup_start[members], operations.end[members], load[members], machine.capacity):
            continue
        for moment, taken, names in too_much(_holds(case, members, load[members]), machine.capacity):
            message = (
                f"At {case.when(moment)} {taken} places of {machine.machine} are taken, but it has {machine.capacity}: "
                f"{_listed(names)}."
            )
            yield Breach("overlap", message, names, machine=machine.machine)


def _in_each_others_way(case: Case, rule: str) -> dict[int, list[Breach]]:
    """By machine: blocks that begin before an earlier one of their machine has ended."""
    blocks, operations = case.blocks, case.operations
    edges = blocks.first_member[:-1]
    if not len(blocks):
        return {}
    begin = np.minimum.reduceat(operations.setup_start[blocks.members], edges)
    end = np.maximum.reduceat(operations.end[blocks.members], edges)
    order = np.lexsort((end, begin, blocks.machine))
    order = order[end[order] > begin[order]]
    earlier = running_latest(blocks.machine[order], end[order])
    busy = (earlier >= 0) & (begin[order] < end[order][earlier] - SECOND)
    found: dict[int, list[Breach]] = defaultdict(list)
    for before, after in zip(order[earlier[busy]].tolist(), order[busy].tolist(), strict=True):
        number = int(blocks.machine[after])
        machine, names = case.places.machines[number].machine, operations.names(blocks.first[[before, after]])
        until, taken = case.when(end[before]), case.when(begin[after])
        message = f"{machine} is busy with {names[0]} until {until}, but {names[1]} takes it from {taken}."
        found[number].append(Breach(rule, message, names, machine=machine))
    return found


def batch(case: Case) -> Iterator[Breach]:
    """Operations of a load start and end together, are of one family and fit in; loads follow each other."""
    operations = case.operations
    for at, load in enumerate(operations.load):
        if load and not case.machine(at).batch:
            own, name = case.machine(at).machine, operations.name(at)
            message = f"{name} is in the load {load}, but {own} makes no loads."
            yield Breach("batch", message, (name,), machine=own)
    if not any(machine.batch for machine in case.places.machines):
        return
    in_the_way = _in_each_others_way(case, "batch")
    for number, blocks in case.blocks.machines():
        machine = case.places.machines[number]
        if machine.batch:
            for block in blocks.tolist():
                wrong = _load_fault(case, block, machine.capacity)
                if wrong:
                    names = operations.names(case.blocks.members_of(block))
                    message = f"The load of {_listed(names)} on {machine.machine} {wrong}."
                    yield Breach("batch", message, names, machine=machine.machine)
            yield from in_the_way.get(number, ())


def _load_fault(case: Case, block: int, capacity: int) -> str:
    operations, members, first = case.operations, case.blocks.members_of(block), case.blocks.first[block]
    places = _places(case, members)
    if places > capacity:
        return f"takes {places} places, but there are {capacity}"
    if members.size == 1:
        return ""
    named = case.routes.table.frame.get_column("setup_family").gather(operations.row[members])
    families = sorted(set(named.to_list()))
    if len(families) > 1:
        return "mixes the families " + ", ".join(family or "(blank)" for family in families)
    for moments in (operations.setup_start, operations.start, operations.end):
        apart = np.abs(moments[members] - moments[first]) > SECOND
        if apart.any():
            other = operations.name(int(members[np.argmax(apart)]))
            return f"does not start and end together: {operations.name(first)} and {other} differ"
    return ""


def _places(case: Case, members: IntArray) -> int:
    """Places that operations take together on their machine."""
    return int(case.routes.table.whole("load")[case.operations.row[members]].sum())


def full_load(case: Case) -> Iterator[Breach]:
    """A load that is not full enough is the last of its family, holds what is pinned or running, or is told."""
    for number, blocks in case.blocks.machines():
        machine = case.places.machines[number]
        if machine.batch and machine.min_load > 1:
            yield from _too_small(case, machine.machine, machine.min_load, blocks)


def _too_small(case: Case, machine: str, min_load: int, blocks: IntArray) -> Iterator[Breach]:
    operations, families = case.operations, case.blocks.family[blocks].tolist()
    last = dict(zip(families, blocks.tolist(), strict=True))
    told = {entry.row for entry in case.plan.relaxed if entry.rule == "full_load"}
    pinned = {pin.operation for pin in case.pins}
    for block, family in zip(blocks.tolist(), families, strict=True):
        members = case.blocks.members_of(block)
        held = bool(operations.running[members].any()) or not pinned.isdisjoint(members.tolist())
        free = held or operations.load[case.blocks.first[block]] in told
        places = _places(case, members)
        if places < min_load and block != last[family] and not free:
            names, following = operations.names(members), operations.names(case.blocks.members_of(last[family]))
            message = (
                f"The load of {_listed(names)} takes {places} places of {machine}, which starts "
                f"with {min_load}, and {_listed(following)} of the same family follows."
            )
            yield Breach("full_load", message, names, machine=machine)


def tool(case: Case) -> Iterator[Breach]:
    """No more of a tool is held at any moment than there is."""
    # A tool that is not in the table is a fault of the data, not of the plan.
    quantities = {row.tool: row.quantity for row in case.factory.tools}
    operations = case.operations
    rows = {name: np.zeros(len(case.routes), np.int64) for name in quantities}
    for row, held in case.routes.tools.items():
        for name, pieces in held.items():
            if name in rows:
                rows[name][row] = pieces
    for name, by_row in rows.items():
        amount = by_row[operations.row]
        users = np.flatnonzero(amount)
        start, end = operations.setup_start[users], operations.end[users]
        if not exceeds(start, end, amount[users], quantities[name]):
            continue
        for moment, taken, names in too_much(_holds(case, users, amount[users]), quantities[name]):
            told = f"{taken} of the tool {name} are held, but there are {quantities[name]}"
            yield Breach("tool", f"At {case.when(moment)} {told}: {_listed(names)}.", names, tool=name)


def _holds(case: Case, members: IntArray, amount: IntArray) -> list[Hold]:
    operations = case.operations
    start, end = operations.setup_start[members].tolist(), operations.end[members].tolist()
    return list(zip(start, end, amount.tolist(), operations.names(members), strict=True))


def exceeds(start: IntArray, end: IntArray, amount: IntArray, limit: int) -> bool:
    """Whether more than a limit is held at any moment; as in `too_much`, without saying when and by whom."""
    lasting = end - SECOND > start
    moments = np.concatenate([end[lasting] - SECOND, start[lasting]])
    change = np.concatenate([-amount[lasting], amount[lasting]])
    # What ends at a moment gives back before what begins there takes.
    order = np.lexsort((change > 0, moments))
    return bool((np.cumsum(change[order]) > limit).any())


def too_much(holds: Sequence[Hold], limit: int) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Each moment at which more than a limit begins to be held, with how much and by whom."""
    # A hold that ends a second late is within the tolerance, so each gives back a second early.
    events = [(start, 1, name, amount) for start, end, amount, name in holds if end - SECOND > start]
    events += [(end - SECOND, 0, name, amount) for start, end, amount, name in holds if end - SECOND > start]
    held: dict[str, int] = {}
    taken = 0
    for moment, takes, name, amount in sorted(events):
        if not takes:
            taken -= held.pop(name)
            continue
        held[name] = amount
        taken += amount
        if taken > limit >= taken - amount:
            yield moment, taken, tuple(held)


def _listed(names: Sequence[str]) -> str:
    """Up to four names, and how many more there are."""
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
