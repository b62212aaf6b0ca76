"""Crews of a factory as pools of people who are alike."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linewright.shop.arrays import BOTH, RUN, SETUP
from linewright.twin.network.model import Pool
from linewright.twin.network.of_factory.clock import open_seconds
from linewright.twin.network.of_factory.groups import Groups

if TYPE_CHECKING:
    from linewright.shop.arrays import Shop


@dataclass(frozen=True)
class Crew:
    """People of one pool whom an operation needs, during its setup and during its run."""

    pool: str
    setup: int = 0
    run: int = 0


@dataclass(frozen=True)
class Crews:
    """The pools, the crews of each operation (by its position), and what was simplified."""

    pools: tuple[Pool, ...]
    of_operation: dict[int, tuple[Crew, ...]]
    notes: tuple[str, ...]


def crews_of(shop: Shop, open_share: float) -> Crews:
    """Pools of people who share a skill, and what each operation needs of them.

    People with several skills join the pools of these skills into one, in which everybody counts as able to do all of
    it. People who work other hours than the plant count by their share of them, less their absence.
    """
    operations, seats = shop.arrays.operations, shop.arrays.seats
    groups = _groups(shop)
    needed: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for operation in range(shop.size):
        for seat in seats[operations[operation].first_seat : operations[operation + 1].first_seat]:
            counts = needed[operation][groups.of(int(seat.group))]
            counts[0] += seat.phase in {SETUP, BOTH}
            counts[1] += seat.phase in {RUN, BOTH}
    used = sorted({pool for wanted in needed.values() for pool in wanted})
    names = {pool: _name(shop, groups, pool, number) for number, pool in enumerate(used, start=1)}
    most = {pool: max(max(wanted[pool]) for wanted in needed.values() if pool in wanted) for pool in used}
    people = {pool: _people(shop, groups, pool, open_share) for pool in used}
    pools = tuple(Pool(name=names[pool], people=max(round(people[pool]), most[pool], 1)) for pool in used)
    of_operation = {
        operation: tuple(Crew(names[pool], *counts) for pool, counts in wanted.items())
        for operation, wanted in needed.items()
    }
    return Crews(pools, of_operation, tuple(_notes(shop, groups, used, names, people)))


def _groups(shop: Shop) -> Groups:
    """The groups of qualified people, joined where they share a person."""
    first = shop.arrays.first_qualified
    size = max(len(first) - 1, 0)
    groups = Groups(size)
    owner: dict[int, int] = {}
    for group in range(size):
        for qualified in shop.arrays.qualified[first[group] : first[group + 1]]:
            groups.join(owner.setdefault(int(qualified.person), group), group)
    return groups


def _members(shop: Shop, groups: Groups, pool: int) -> list[int]:
    """The people of a pool."""
    first = shop.arrays.first_qualified
    found = {
        int(qualified.person)
        for group in groups.members(pool)
        for qualified in shop.arrays.qualified[first[group] : first[group + 1]]
    }
    return sorted(found)


def _people(shop: Shop, groups: Groups, pool: int, open_share: float) -> float:
    """People of a pool who are there on average while the plant is open."""
    rows = list(shop.factory.people)
    full = open_seconds(shop, 0) * open_share
    return sum(
        open_seconds(shop, int(shop.arrays.people[person].calendar)) / full * (1 - rows[person].absence_share)
        for person in _members(shop, groups, pool)
    )


def _name(shop: Shop, groups: Groups, pool: int, number: int) -> str:
    names = [shop.person_names[person] for person in _members(shop, groups, pool)]
    return ", ".join(names) if 0 < len(names) <= 3 else f"people {number}"


def _notes(shop: Shop, groups: Groups, used: list[int], names: dict[int, str], people: dict[int, float]) -> list[str]:
    notes = []
    for pool in used:
        members = _members(shop, groups, pool)
        if len(groups.members(pool)) > 1 and len(members) > 1:
            notes.append(
                f"{names[pool]}: {len(members)} people share skills: they are one pool in which each can do all of it."
            )
        if abs(people[pool] - len(members)) > 0.25:
            notes.append(
                f"{names[pool]}: {len(members)} people are there {people[pool]:.1f} at a time on average "
                f"(shifts and absence) and count as {max(round(people[pool]), 1)} all the time."
            )
    return notes
