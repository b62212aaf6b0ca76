"""Rules about what shares a machine or a tool."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from linewright.model.tables import Machine
from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.case import Block, Case
from linewright.model.verify.facts.rounding import SECOND

#: From, to, how much is held, and the operation that holds it.
Hold = tuple[int, int, int, str]


def overlap(case: Case) -> Iterator[Breach]:
    """A machine does one thing at a time, or as many as it has places."""
    for blocks in case.blocks.values():
        machine = blocks[0].machine
        if machine.batch:
            continue
        if machine.capacity == 1:
            yield from _in_each_others_way(case, "overlap", blocks)
            continue
        holds = [(m.setup_start, m.end, m.step.load, m.name) for block in blocks for m in block.members]
        for moment, taken, names in too_much(holds, machine.capacity):
            message = (
                f"At {case.when(moment)} {taken} places of {machine.machine} are taken, but it has {machine.capacity}: "
                f"{_listed(names)}."
            )
            yield Breach("overlap", message, names, machine=machine.machine)


def _in_each_others_way(case: Case, rule: str, blocks: Sequence[Block]) -> Iterator[Breach]:
    """Blocks of one machine that begin before an earlier one has ended."""
    spans = [(*_span(block), block) for block in blocks]
    latest: tuple[int, Block] | None = None
    for begin, end, block in sorted(spans, key=lambda span: span[:2]):
        if end <= begin:
            continue
        if latest and begin < latest[0] - SECOND:
            machine, names = block.machine.machine, (latest[1].first.name, block.first.name)
            until, taken = case.when(latest[0]), case.when(begin)
            message = f"{machine} is busy with {names[0]} until {until}, but {names[1]} takes it from {taken}."
            yield Breach(rule, message, names, machine=machine)
        if latest is None or end > latest[0]:
            latest = end, block


def _span(block: Block) -> tuple[int, int]:
    return min(member.setup_start for member in block.members), max(member.end for member in block.members)


def batch(case: Case) -> Iterator[Breach]:
    """Operations of a load start and end together, are of one family and fit in; loads follow each other."""
    for operation in case.placed.values():
        if operation.load and not operation.machine.batch:
            machine = operation.machine.machine
            message = f"{operation.name} is in the load {operation.load}, but {machine} makes no loads."
            yield Breach("batch", message, (operation.name,), machine=machine)
    for blocks in case.blocks.values():
        if blocks[0].machine.batch:
            for block in blocks:
                wrong = _load_fault(block)
                if wrong:
                    message = f"The load of {_listed(block.names)} on {block.machine.machine} {wrong}."
                    yield Breach("batch", message, block.names, machine=block.machine.machine)
            yield from _in_each_others_way(case, "batch", blocks)


def _load_fault(block: Block) -> str:
    first = block.first
    if block.places > block.machine.capacity:
        return f"takes {block.places} places, but there are {block.machine.capacity}"
    families = sorted({member.step.setup_family for member in block.members})
    if len(families) > 1:
        return "mixes the families " + ", ".join(family or "(blank)" for family in families)
    for member in block.members:
        apart = (member.setup_start - first.setup_start, member.start - first.start, member.end - first.end)
        if max(map(abs, apart)) > SECOND:
            return f"does not start and end together: {first.name} and {member.name} differ"
    return ""


def full_load(case: Case) -> Iterator[Breach]:
    """A load that is not full enough is the last of its family, holds what is pinned or running, or is told."""
    for blocks in case.blocks.values():
        machine = blocks[0].machine
        if machine.batch and machine.min_load > 1:
            yield from _too_small(case, machine, blocks)


def _too_small(case: Case, machine: Machine, blocks: Sequence[Block]) -> Iterator[Breach]:
    last = {block.family: block for block in blocks}
    told = {entry.row for entry in case.plan.relaxed if entry.rule == "full_load"}
    for block in blocks:
        free = block.first.load in told or any(member.running or member.name in case.pins for member in block.members)
        if block.places < machine.min_load and block is not last[block.family] and not free:
            message = (
                f"The load of {_listed(block.names)} takes {block.places} places of {machine.machine}, which starts "
                f"with {machine.min_load}, and {_listed(last[block.family].names)} of the same family follows."
            )
            yield Breach("full_load", message, block.names, machine=machine.machine)


def tool(case: Case) -> Iterator[Breach]:
    """No more of a tool is held at any moment than there is."""
    quantities = {row.tool: row.quantity for row in case.factory.tools}
    holds: dict[str, list[Hold]] = defaultdict(list)
    for operation in case.placed.values():
        for name, quantity in case.routes.tools(operation.step).items():
            holds[name].append((operation.setup_start, operation.end, quantity, operation.name))
    # A tool that is not in the table is a fault of the data, not of the plan.
    for name in holds.keys() & quantities.keys():
        for moment, taken, names in too_much(holds[name], quantities[name]):
            held = f"{taken} of the tool {name} are held, but there are {quantities[name]}"
            yield Breach("tool", f"At {case.when(moment)} {held}: {_listed(names)}.", names, tool=name)


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
