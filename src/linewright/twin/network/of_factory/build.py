"""From a factory to its flow of jobs: which machines share a queue, which jobs come when, and what was simplified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from linewright.errors import ModelError
from linewright.shop.arrays import MATERIAL_ARC
from linewright.shop.compile import compile_shop
from linewright.twin.network.model import RULES, Cards, Network, Pool
from linewright.twin.network.of_factory.clock import WorkingClock, clock_of, open_seconds
from linewright.twin.network.of_factory.endless import endless_types_of
from linewright.twin.network.of_factory.failures import failures_of
from linewright.twin.network.of_factory.machines import layout_of
from linewright.twin.network.of_factory.people import crews_of
from linewright.twin.network.of_factory.routes import context_of, due_seconds_of, job_types_of, notes_of, operations_of

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.shop.arrays import Shop

#: The network's times are minutes.
MINUTE_HOURS = 1 / 60


@dataclass(frozen=True, kw_only=True)
class FactoryFlow:
    """A factory's open work as a network.

    `network` counts working minutes since `start`; `clock` turns them into moments. Its job types have the names of the
    planner's jobs. `due_seconds` are their due dates on the wall clock, in seconds since `start`, infinite where there
    is none; an endless flow has none at all. `assumptions` say what the network simplifies.
    """

    network: Network
    clock: WorkingClock
    start: datetime
    assumptions: tuple[str, ...]
    due_seconds: tuple[float, ...] = ()

    def moment(self, minutes: float) -> datetime:
        """The instant at which so many working minutes have passed."""
        return self.clock.moment(minutes)

    def __repr__(self) -> str:
        """The flow in one line."""
        return f"Flow of {len(self.network.job_types):,} jobs: {self.network!r}"


def network_of(
    factory: Factory, *, start: datetime, rule: str = "edd", endless: bool = False, pace: float = 1.0
) -> FactoryFlow:
    """The open orders and work orders of a factory as jobs that flow through its machines.

    Lots, quantities, parts and times are those of the planner's compiled shop; the order in which machines take jobs
    is a dispatch rule instead of a plan. See :class:`FactoryFlow` for what comes out.

    Parameters
    ----------
    start
        When the flow begins: timezone-aware, whole seconds.
    rule
        Which waiting job a free machine takes first, one of "fifo", "lifo", "spt", "edd", "cr", "atc".
    endless
        The open work comes again and again as a random stream, for questions about output; else once, as it is.
    pace
        How much faster than the open orders are due an endless stream comes.

    Raises
    ------
    ModelError
        An operation has no machine or no time, or a failure no repair; all such rows at once.
    """
    if rule not in RULES:
        raise ModelError([f"rule {rule} is not known — use one of {', '.join(RULES)}"])
    if not pace > 0:
        raise ModelError([f"pace is {pace:g} — use a number above 0"])
    if not len(factory.machines):
        raise ModelError(["machines: there are none — add those that do the operations"])
    _complain_without_time(factory)
    shop = compile_shop(factory, start)
    if not shop.size:
        raise ModelError(["orders: nothing is to be done — add open orders of materials that have operations"])
    clock = clock_of(shop, _plant_calendar(shop))
    failures = failures_of(factory, clock.open_share)
    crews = crews_of(shop, clock.open_share)
    layout = layout_of(shop, clock, failures, crews, rule)
    context = context_of(shop, clock, layout, crews)
    limit = factory.settings.wip_limit
    loop = "wip limit" if limit else ""
    repair = tuple(Pool(name=crew.repair_crew, people=crew.quantity) for crew in factory.repair_crews)
    network = Network(
        name=factory.name or "factory",
        stations=layout.stations,
        job_types=endless_types_of(context, loop, pace) if endless else job_types_of(context, loop),
        pools=(*crews.pools, *repair),
        cards=(Cards(name=loop, cards=limit),) if limit else (),
        unit_hours=MINUTE_HOURS,
    )
    said = [
        *_general(shop, clock, rule, endless=endless),
        *layout.notes,
        *crews.notes,
        *notes_of(context),
        *shop.assumptions,
    ]
    return FactoryFlow(
        network=network,
        clock=clock,
        start=start,
        assumptions=tuple(dict.fromkeys(said)),
        due_seconds=() if endless else due_seconds_of(shop),
    )


def _plant_calendar(shop: Shop) -> int:
    """The calendar with the most working time among those of machines that have work."""
    machines = {int(machine) for machine in shop.arrays.modes.machine}
    calendars = sorted({int(shop.arrays.machines[machine].calendar) for machine in machines})
    return max(calendars, key=lambda calendar: open_seconds(shop, calendar))


def _complain_without_time(factory: Factory) -> None:
    """An operation that takes no time at all would let jobs through that nobody works on; none takes less than none."""
    listed = {(row.material, row.step) for row in factory.operation_machines if row.run_minutes or row.fixed_minutes}
    faults = [
        f"{factory.operations.place(position, 'run_minutes')}: step {row.step} of {row.material} takes no time — "
        f"fill in run_minutes or fixed_minutes"
        for position, row in enumerate(factory.operations)
        if not (row.run_minutes or row.fixed_minutes or row.setup_minutes) and (row.material, row.step) not in listed
    ]
    faults += [
        f"{factory.operations.place(position, column)}: step {row.step} of {row.material} takes "
        f"{getattr(row, column):g} minutes — correct the sign"
        for position, row in enumerate(factory.operations)
        for column in ("run_minutes", "fixed_minutes", "setup_minutes")
        if getattr(row, column) < 0
    ]
    if faults:
        raise ModelError(faults)


def _general(shop: Shop, clock: WorkingClock, rule: str, *, endless: bool) -> Iterator[str]:
    """What holds for the whole network."""
    jobs = len(operations_of(shop))
    yield f"{jobs:,} jobs flow by the rule {rule}, not by a plan."
    if endless:
        yield "Jobs of mean quantity come at random, in the mix of the open work; parts and bought material are there."
    if clock.open_share < 0.999:
        yield (
            f"Time is working time: the plant is open {168 * clock.open_share:.0f} hours a week, and repairs go on in "
            f"these hours only. Drying and transport between sites go on all the time."
        )
    if shop.factory.settings.wip_limit and not endless and (shop.arrays.arcs.kind == MATERIAL_ARC).any():
        yield "The limit of jobs in process counts jobs of orders; jobs that make their parts need no card."
    if not endless and (shop.arrays.operations.material_ready[: shop.size] > 0).any():
        yield "A job starts when all of its bought material is there, also what only a later step needs."
    if any(machine.mtbf_hours for machine in shop.factory.machines):
        yield "Machines of which only mtbf_hours and mttr_hours are known fail at random (exponential) while running."
