"""What waits for what in the exact model."""

from __future__ import annotations

from math import ceil
from typing import Any

from linewright.plan.exact.draft import Draft


def add_arcs(draft: Draft) -> None:
    """What waits for what, with waits, transport, transfer batches and longest waits."""
    operations = draft.shop.operations
    for at in range(draft.size):
        for arc in range(*operations.first_arc[at : at + 2].tolist()):
            _add_arc(draft, at, draft.shop.arcs[arc])


def _add_arc(draft: Draft, at: int, arc: Any) -> None:
    model, before = draft.model, int(arc.operation)
    wait = draft.units(arc.wait)
    for travel, literals in _travels(draft, before, at):
        lag = wait + travel
        if arc.transfer < 1.0 and not (_all_batch(draft, before) or _all_batch(draft, at)):
            parts = [
                sum(
                    draft.units(ceil(draft.shop.modes.run[mode] * arc.transfer)) * literal
                    for mode, literal in chosen.items()
                )
                for chosen in (draft.mode[before], draft.mode[at])
            ]
            model.add(draft.start[at] >= draft.start[before] + parts[0] + lag).only_enforce_if(literals)
            model.add(draft.end[at] >= draft.end[before] + parts[1] + lag).only_enforce_if(literals)
        else:
            model.add(draft.start[at] >= draft.end[before] + lag).only_enforce_if(literals)
        if arc.longest >= 0:
            latest = draft.end[before] + int(arc.longest) // draft.axis.unit + travel
            model.add(draft.start[at] <= latest).only_enforce_if(literals)


def _all_batch(draft: Draft, operation: int) -> bool:
    return all(bool(draft.shop.machines.batch[draft.machine_of(mode)]) for mode in draft.modes_of(operation))


def _travels(draft: Draft, before: int, at: int) -> list[tuple[int, list[Any]]]:
    """Transport between two operations, with the literals under which it is that long."""
    shop = draft.shop
    if not shop.transit.any():
        return [(0, [])]
    site = {
        mode: int(shop.machines.site[draft.machine_of(mode)]) for one in (before, at) for mode in draft.modes_of(one)
    }
    found = []
    for one in draft.modes_of(before):
        for other in draft.modes_of(at):
            here, there = site[one], site[other]
            travel = draft.units(shop.transit[here, there]) if here >= 0 and there >= 0 else 0
            found.append((travel, [draft.mode[before][one], draft.mode[at][other]]))
    if len({travel for travel, _ in found}) == 1:
        return [(found[0][0], [])]
    return found
