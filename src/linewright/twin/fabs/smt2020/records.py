"""What a wafer fab of the SMT2020 testbed is: products, routes, tools, stops, releases and the lots inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A random duration in minutes: constant, exponential, or uniform within `half_minutes` of the mean."""

    kind: str
    mean_minutes: float
    half_minutes: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a route.

    `minutes` are for a lot, a piece or a batch, as `per` says. A tool that cascades takes the next lot after
    `lot_interval_minutes`, or lets a piece in every `piece_interval_minutes`, while the lot is still inside. A batch
    holds `least_pieces` to `most_pieces`. `setup` is the state that the tool must have, reached in `setup_minutes`
    where the matrix of the tools does not say it. The tool used must also do the step `same_tool_step`. A share
    `rework_share` of the lots goes back to `rework_step`, once; `sample_share` of them is done at all. The step
    `clocked_step` must begin within `clock_minutes` after this one ends. Steps are numbered from 1; 0 is none.
    """

    number: int
    name: str
    family: str
    minutes: Spread
    per: str = "lot"
    least_pieces: int = 0
    most_pieces: int = 0
    setup: str = ""
    setup_minutes: float | None = None
    same_tool_step: int = 0
    lot_interval_minutes: float = 0.0
    piece_interval_minutes: float = 0.0
    rework_step: int = 0
    rework_share: float = 0.0
    sample_share: float = 1.0
    clocked_step: int = 0
    clock_minutes: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Product:
    """A part and the steps that make it."""

    part: str
    route: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class ToolFamily:
    """Interchangeable tools.

    `cascades` says that the next lot may enter while one is inside, so that loading and unloading take no time of the
    tool. `least_setup` says that the lot which needs no setup goes first among those of the most urgent kind, and
    `setup_first` that it even passes more urgent lots.
    """

    name: str
    group: str
    tools: int
    location: str
    load_minutes: float = 0.0
    unload_minutes: float = 0.0
    cascades: bool = False
    least_setup: bool = False
    setup_first: bool = False
    batch_by_step: bool = False


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    """How the tools of a family fail, each for itself: calendar time up, time to repair, and the first failure."""

    name: str
    family: str
    first: Spread
    up: Spread
    repair: Spread


@dataclass(frozen=True, kw_only=True)
class Upkeep:
    """Planned stops of the tools of a family, counted in calendar minutes or in pieces made (`by_pieces`).

    `first` is when the last of the tools stops for the first time; the others come evenly spread before it. `every`
    counts from the beginning of a stop to the beginning of the next.
    """

    name: str
    family: str
    by_pieces: bool
    first: float
    every: float
    minutes: Spread


@dataclass(frozen=True, kw_only=True)
class Release:
    """A stream of lots that enter the fab: every `interval_minutes` from `first_minutes` on, at most `lots` of them."""

    name: str
    part: str
    priority: int
    pieces: int
    first_minutes: float
    interval_minutes: float
    lots: int
    due_minutes: float


@dataclass(frozen=True, kw_only=True)
class StartLot:
    """A lot that is inside at the start: it waits before `step`; `due_minutes` counts from the start."""

    name: str
    release: str
    part: str
    priority: int
    pieces: int
    step: int
    due_minutes: float


@dataclass(frozen=True, kw_only=True)
class Fab:
    """A whole fab, read and checked; nothing in it names what does not exist.

    `changeovers` gives minutes by state before and after, where the state before may be blank for any other;
    `least_runs` says how many lots a state lasts at least. `travel` is the time between two locations.
    """

    products: tuple[Product, ...]
    families: tuple[ToolFamily, ...]
    breakdowns: tuple[Breakdown, ...] = ()
    upkeeps: tuple[Upkeep, ...] = ()
    releases: tuple[Release, ...] = ()
    start_lots: tuple[StartLot, ...] = ()
    changeovers: Mapping[tuple[str, str], float]
    least_runs: Mapping[str, int]
    travel: Mapping[tuple[str, str], Spread]

    @cached_property
    def family(self) -> Mapping[str, ToolFamily]:
        """The tool families by name."""
        return {family.name: family for family in self.families}

    @cached_property
    def product(self) -> Mapping[str, Product]:
        """The products by part."""
        return {product.part: product for product in self.products}

    def __repr__(self) -> str:
        """The fab in one line."""
        steps = " and ".join(f"{len(product.steps)}" for product in self.products)
        return (
            f"Fab of {sum(family.tools for family in self.families):,} tools in {len(self.families)} families, "
            f"{len(self.products)} products of {steps} steps, {len(self.start_lots):,} lots inside"
        )
