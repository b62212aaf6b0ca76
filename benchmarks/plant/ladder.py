"""The instances: three kinds of plant in ten sizes, and what is stated rather than measured."""

from __future__ import annotations

from dataclasses import dataclass

SIZES = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
KINDS = ("machining", "assembly", "process")

#: Weeks of orders that a plant of each size has in its books, before its bottleneck says how many these are.
WEEKS = dict(zip(SIZES, (4, 5, 6, 8, 9, 11, 13, 17, 22, 26), strict=True))

#: The plants of a published ladder are never made again with another seed.
SEED = 2026


@dataclass(frozen=True)
class Stated:
    """What no public set tells, and so is stated: how full a plant is and how tight its dates are.

    `utilisation` is that of the busiest work center over the weeks of the orders, with half of the changeovers that a
    blind order would need. `crew_utilisation` is the same for people. `tightness` multiplies the measured time that
    a job has from release to due date. `early` is a share of that time by which the first dates come later.
    """

    utilisation: float
    crew_utilisation: float
    tightness: float
    early: float = 0.0


STATED = {
    "machining": Stated(utilisation=0.9, crew_utilisation=0.75, tightness=1.0),
    "assembly": Stated(utilisation=0.7, crew_utilisation=0.5, tightness=1.0, early=1.0),
    "process": Stated(utilisation=0.92, crew_utilisation=0.5, tightness=1.9),
}

#: Cost of a late day, as a share of the order's value, and how many times as much a hot order costs.
LATE_SHARE, HOT_FACTOR = 0.01, 5.0


@dataclass(frozen=True)
class Instance:
    """One plant of the ladder."""

    kind: str
    size: int

    @property
    def name(self) -> str:
        """Its name, such as ``machining-1000``."""
        return f"{self.kind}-{self.size}"

    @property
    def seed(self) -> tuple[int, int, int]:
        """The name of its stream of chance."""
        return (SEED, KINDS.index(self.kind), self.size)


INSTANCES = {one.name: one for one in (Instance(kind, size) for size in SIZES for kind in KINDS)}


def chosen(names: list[str]) -> list[Instance]:
    """The instances of these names; ``all`` are all of them, and a kind or a size are those of that kind or size."""
    found = {
        one.name: one
        for name in names
        for one in INSTANCES.values()
        if name.replace(",", "") in {"all", one.name, one.kind, str(one.size)}
    }
    if not found:
        raise SystemExit(f"no instance is named {' '.join(names)}: choose from {', '.join(INSTANCES)}, or all")
    return list(found.values())
