"""From a factory to its supply network: what is bought, made and sold, by whom and on what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.errors import ModelError
from linewright.shop.bill import Bill
from linewright.supply.network.arrays import Network, Rows
from linewright.supply.network.capacity import Capacity, StepTime
from linewright.supply.network.stops import nodes_of
from linewright.supply.network.wants import wants_of

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.tables import Operation, Source


@dataclass(frozen=True)
class FactoryNetwork:
    """The network of a factory: `pool_of` finds a material's pool, `assumptions` says what was taken for granted."""

    network: Network
    pool_of: Mapping[str, int]
    bought: Mapping[tuple[str, str], int]
    assumptions: tuple[str, ...]


def network_of(factory: Factory, start: datetime) -> FactoryNetwork:
    """Build the network of everything that a wanted product needs.

    Parameters
    ----------
    start
        The moment from which stock, calendars and valid bill lines count.

    Raises
    ------
    ModelError
        Nothing is wanted: there are no orders, no forecast and no demand history.
    """
    return _Builder(factory, start).run()


class _Builder:
    """The growing lists of one network."""

    def __init__(self, factory: Factory, start: datetime) -> None:
        self.factory, self.start = factory, start
        self.bill = Bill.of(factory, start)
        self.capacity = Capacity.of(factory, start)
        self.wants = wants_of(factory, self.bill, start)
        self.pool_names: list[str] = []
        self.activity_names: list[str] = []
        self.output: list[int] = []
        self.rate: list[float] = []
        self.inputs: list[list[tuple[int, float]]] = []
        self.usage: list[list[tuple[int, float]]] = []
        self.bought: dict[tuple[str, str], int] = {}
        self.bought_on: dict[int, Source] = {}
        self.without_source: list[str] = []

    def run(self) -> FactoryNetwork:
        """Pools of materials, then what fills them, then what can stop."""
        needed = self._needed()
        if not needed:
            raise ModelError(
                ["nothing is wanted: there are no open orders, no forecast and no demand history — add one of them"]
            )
        pool_of = {self.bill.materials[at]: self._pool(self.bill.materials[at]) for at in needed}
        self._read_tables()
        for at in needed:
            self._fill(at, pool_of)
        nodes, told = nodes_of(self.factory, self.capacity, self.bought_on)
        pools = len(self.pool_names)
        network = Network(
            pool_names=tuple(self.pool_names),
            stock=self._stock(pool_of, pools),
            demand=self._spread(pool_of, self.wants.per_day, pools),
            margin=self._spread(pool_of, self.wants.margin, pools),
            activity_names=tuple(self.activity_names),
            output=np.array(self.output, np.int64),
            rate=np.array(self.rate),
            inputs=Rows.of(self.inputs),
            usage=Rows.of(self.usage),
            group_names=tuple(self.capacity.names),
            capacity=np.array(self.capacity.hours),
            node_kinds=nodes.kinds,
            node_names=nodes.names,
            place=nodes.places,
            recover_days=np.array(nodes.recover_days),
            hits_flow=Rows.of(nodes.hits_flow),
            hits_capacity=Rows.of(nodes.hits_capacity),
        )
        return FactoryNetwork(network, pool_of, self.bought, (*self.wants.assumptions, *self._told(), *told))

    def _needed(self) -> list[int]:
        """Every material that a wanted one is made of, products first."""
        wanted = {int(at) for at in np.flatnonzero(self.wants.per_day > 0)}
        waiting = sorted(wanted)
        while waiting:
            at = waiting.pop()
            for line in self._lines(at):
                component = int(self.bill.component[line])
                if component not in wanted:
                    wanted.add(component)
                    waiting.append(component)
        return sorted(wanted, key=lambda at: (self.bill.level[at], at))

    def _lines(self, material: int) -> list[int]:
        """The bill lines of a material that count today."""
        lines = np.arange(self.bill.first_line[material], self.bill.first_line[material + 1])
        today = np.datetime64(self.bill.day)
        valid = (self.bill.valid_from[lines] <= today) & (self.bill.valid_to[lines] >= today)
        return [int(line) for line in lines[valid]] if self.bill.made[material] else []

    def _read_tables(self) -> None:
        self.steps: dict[str, list[Operation]] = defaultdict(list)
        for operation in self.factory.operations:
            self.steps[operation.material].append(operation)
        for operations in self.steps.values():
            operations.sort(key=lambda operation: operation.step)
        self.sources: dict[str, list[Source]] = defaultdict(list)
        for source in self.factory.sources:
            if (source.valid_from is None or source.valid_from <= self.bill.day) and (
                source.valid_to is None or source.valid_to >= self.bill.day
            ):
                self.sources[source.material].append(source)
        lots: dict[str, list[float]] = defaultdict(list)
        for row in (*self.factory.work_orders, *self.factory.orders):
            lots[row.material].append(row.quantity)
        least = {row.material: row.lot_size_min for row in self.factory.materials}
        self.lot = {name: max(float(np.mean(lots.get(name, [1.0]))), least.get(name, 0.0)) for name in {*lots, *least}}

    def _pool(self, name: str) -> int:
        self.pool_names.append(name)
        return len(self.pool_names) - 1

    def _activity(
        self, name: str, pool: int, inputs: list[tuple[int, float]], usage: list[tuple[int, float]], rate: float
    ) -> int:
        self.activity_names.append(name)
        self.output.append(pool)
        self.inputs.append(_merged(inputs))
        self.usage.append(_merged(usage))
        self.rate.append(rate)
        return len(self.activity_names) - 1

    def _fill(self, material: int, pool_of: Mapping[str, int]) -> None:
        """Everything that brings a material: its routing, and each of its sources."""
        name = self.bill.materials[material]
        if self.bill.made[material]:
            self._make(material, name, pool_of)
        for source in self.sources[name]:
            rate = np.inf if source.weekly_capacity is None else source.weekly_capacity / 7
            at = self._activity(f"{name} from {source.supplier}", pool_of[name], [], [], rate)
            self.bought[name, source.supplier] = at
            self.bought_on[at] = source
        if not self.bill.made[material] and not self.sources[name]:
            self.without_source.append(name)
            self._activity(f"{name} from an unnamed source", pool_of[name], [], [], np.inf)

    def _make(self, material: int, name: str, pool_of: Mapping[str, int]) -> None:
        """One activity for the whole routing, or one for each step and group where a step has several."""
        takes: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for line in self._lines(material):
            component = self.bill.materials[int(self.bill.component[line])]
            takes[int(self.bill.line_step[line])].append((pool_of[component], float(self.bill.per_good_unit[line])))
        steps, lot = self.steps[name], self.lot.get(name, 1.0)
        yields = self._yields(steps)
        times = [self.capacity.times(step, lot, share) for step, share in zip(steps, yields, strict=True)]
        if all(len(ways) <= 1 for ways in times):
            inputs = [pair for pairs in takes.values() for pair in pairs]
            usage = [
                use
                for step, ways, share in zip(steps, times, yields, strict=True)
                for use in self._uses(step, ways[0] if ways else None, lot, share)
            ]
            self._activity(f"make {name}", pool_of[name], inputs, usage, np.inf)
            return
        before = -1
        for position, (step, ways, share) in enumerate(zip(steps, times, yields, strict=True)):
            last = position == len(steps) - 1
            pool = pool_of[name] if last else self._pool(f"{name} after step {step.step}")
            inputs = takes[step.step] + ([(before, 1.0)] if before >= 0 else [])
            chosen: list[StepTime | None] = [*ways] or [None]
            for way in chosen:
                on = "" if way is None else f" on {self.capacity.names[way.group]}"
                label = f"{name} step {step.step}{on}"
                self._activity(label, pool, inputs, self._uses(step, way, lot, share), np.inf)
            before = pool

    def _yields(self, steps: list[Operation]) -> list[float]:
        """For each step the share of what enters it that ends as good units: earlier steps work on what is lost."""
        shares = [1.0]
        for step in reversed(steps):
            shares.append(shares[-1] * step.yield_share)
        return shares[:0:-1]

    def _uses(self, step: Operation, way: StepTime | None, lot: float, share: float) -> list[tuple[int, float]]:
        """Hours of groups for one good unit at the end."""
        uses = self.capacity.people(step, lot, share) + ([] if way is None else [(way.group, way.hours_per_unit)])
        return [(group, hours) for group, hours in uses if hours > 0]

    def _stock(self, pool_of: Mapping[str, int], pools: int) -> Any:
        stock = np.zeros(pools)
        for row in self.factory.stock:
            here = row.available_from is None or row.available_from <= self.start
            if row.material in pool_of and here and (row.expires is None or row.expires >= self.bill.day):
                stock[pool_of[row.material]] += row.quantity
        return stock

    def _spread(self, pool_of: Mapping[str, int], values: Any, pools: int) -> Any:
        spread = np.zeros(pools)
        for name, pool in pool_of.items():
            spread[pool] = values[self.bill.position[name]]
        return spread

    def _told(self) -> list[str]:
        told = []
        if self.without_source:
            named = ", ".join(self.without_source[:3])
            told.append(
                f"{len(self.without_source):,} materials have no source and are taken as always there: {named}."
            )
        unlimited = sum(source.weekly_capacity is None for source in self.bought_on.values())
        if unlimited:
            one = unlimited == 1
            told.append(
                f"{unlimited:,} {'source names' if one else 'sources name'} no weekly capacity and "
                f"{'is' if one else 'are'} taken as unlimited."
            )
        return told


def _merged(pairs: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Each index once, its values added."""
    total: dict[int, float] = defaultdict(float)
    for at, value in pairs:
        total[at] += value
    return sorted(total.items())
