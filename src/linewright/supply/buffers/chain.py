"""A chain of stages that hold stock or wait, as frozen arrays."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from linewright.errors import ModelError
from linewright.supply.buffers.lead_times import SAME_DAY, spread


@dataclass(frozen=True, eq=False)
class Chain:
    """Stages (N) and arcs (A) of a supply chain; times are days, rates are for one day.

    `lead_days` (N x K) are the days that a stage may take once all its inputs are there, with their shares in
    `lead_share`; K is 1 where lead times are certain. `added_cost` is what a stage adds to the value of one unit,
    `demand_mean` and `demand_sd` what its own customers want, `promised_days` the most that it may let them wait
    (nan: no customers of its own), `service_factor` how many standard deviations of demand its stock covers.
    `units` of stage `supplier[a]` go into one unit of stage `customer[a]`. Holding one unit for a year costs
    `holding_share` of its value.
    """

    names: tuple[str, ...]
    lead_days: Any
    lead_share: Any
    added_cost: Any
    demand_mean: Any
    demand_sd: Any
    promised_days: Any
    service_factor: Any
    supplier: Any
    customer: Any
    units: Any
    holding_share: float

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        arcs: Iterable[tuple[str, str] | tuple[str, str, float]],
        *,
        lead_days: Any,
        added_cost: Any,
        demand_sd: Any,
        demand_mean: Any = 0.0,
        promised_days: Any = np.nan,
        service_factor: Any = 1.645,
        lead_days_sd: Any = 0.0,
        holding_share: float = 1.0,
    ) -> Chain:
        """Make a chain from names and numbers; one number stands for all stages, arcs between the same two add up.

        Raises
        ------
        ModelError
            A number is missing or negative, a name is unknown or doubled, or the arcs run in a circle.
        """
        position = {name: at for at, name in enumerate(names)}
        lines = [(line[0], line[1], float(line[2]) if len(line) > 2 else 1.0) for line in arcs]
        lines = _joined(lines)
        _refuse_names(names, position, lines)
        size = len(names)
        lead_mean, lead_sd = _full(lead_days, size), _full(lead_days_sd, size)
        _refuse_numbers(names, {"lead time": lead_mean, "lead time's standard deviation": lead_sd})
        days, share = spread(lead_mean, lead_sd)
        made = cls(
            names=tuple(names),
            lead_days=days,
            lead_share=share,
            added_cost=_full(added_cost, size),
            demand_mean=_full(demand_mean, size),
            demand_sd=_full(demand_sd, size),
            promised_days=_full(promised_days, size),
            service_factor=_full(service_factor, size),
            supplier=np.array([position[line[0]] for line in lines], np.int64),
            customer=np.array([position[line[1]] for line in lines], np.int64),
            units=np.array([line[2] for line in lines], np.float64),
            holding_share=float(holding_share),
        )
        return made.checked()

    def changed(self, **arrays: Any) -> Chain:
        """The same chain with some of its arrays replaced, checked."""
        return replace(self, **arrays).checked()

    def checked(self) -> Chain:
        """The chain itself, if nothing is wrong with it.

        Raises
        ------
        ModelError
            A number is missing or negative, or the arcs run in a circle.
        """
        columns = {
            "lead time": self.lead_days.min(axis=1, initial=np.inf if len(self) else 0.0),
            "mean demand": self.demand_mean,
            "standard deviation of demand": self.demand_sd,
            "service factor": self.service_factor,
            "promised days": np.nan_to_num(self.promised_days, nan=0.0),
        }
        _refuse_numbers(self.names, columns)
        if not np.isfinite(self.added_cost).all():
            raise ModelError(["a stage has no cost — fill it in, 0 where it adds none"])
        if not np.all(self.units > 0):
            raise ModelError(["an arc has no units — say how many units go into one unit of the customer"])
        if self.circle:
            raise ModelError([f"the chain runs in a circle: {self.circle} — remove one of these arcs"])
        # What a stage adds may be negative, where it costs less than its parts; what it holds is worth something.
        _refuse_numbers(self.names, {"value": self.value})
        return self

    def __len__(self) -> int:
        """The number of stages."""
        return len(self.names)

    @cached_property
    def suppliers(self) -> tuple[Any, ...]:
        """For each stage the stages that deliver to it."""
        return _neighbours(self.customer, self.supplier, len(self))

    @cached_property
    def customers(self) -> tuple[Any, ...]:
        """For each stage the stages that it delivers to."""
        return _neighbours(self.supplier, self.customer, len(self))

    @cached_property
    def order(self) -> Any:
        """The stages with suppliers first; stages of a circle, and behind one, are missing."""
        waiting = np.bincount(self.customer, minlength=len(self))
        ready = np.flatnonzero(waiting == 0).tolist()
        for stage in ready:
            for customer in self.customers[stage].tolist():
                waiting[customer] -= 1
                if waiting[customer] == 0:
                    ready.append(customer)
        return np.array(ready, np.int64)

    @cached_property
    def circle(self) -> str:
        """A way from a stage back to itself, in the direction of the goods; empty where there is none."""
        stuck = set(range(len(self))) - set(self.order.tolist())
        if not stuck:
            return ""
        # Each of them waits for a supplier that waits too, so that this walk comes back to where it was.
        path = [min(stuck)]
        while path.count(path[-1]) < 2:
            path.append(next(at for at in self.suppliers[path[-1]].tolist() if at in stuck))
        found = path[path.index(path[-1]) :][::-1]
        return " > ".join(self.names[at] for at in found)

    @cached_property
    def value(self) -> Any:
        """What one unit is worth when it leaves a stage: its own cost and all that went into it."""
        worth = self.added_cost.astype(np.float64).copy()
        arcs = _neighbours(self.customer, np.arange(self.customer.size), len(self))
        for stage in self.order.tolist():
            worth[stage] += (self.units[arcs[stage]] * worth[self.supplier[arcs[stage]]]).sum()
        # Where a stage is worth nothing, rounding must not make it worth less.
        return np.where(np.abs(worth) < 1e-9, 0.0, worth)

    @cached_property
    def mean(self) -> Any:
        """The mean demand that reaches a stage, its own customers' and that of the stages it delivers to."""
        return self._gathered(self.demand_mean, self.units)

    @cached_property
    def sigma(self) -> Any:
        """The standard deviation of that demand in one day; the demands of different customers are independent."""
        return np.sqrt(self._gathered(self.demand_sd**2, self.units**2))

    @cached_property
    def lead_mean(self) -> Any:
        """The mean lead time of each stage."""
        return (self.lead_days * self.lead_share).sum(axis=1)

    @cached_property
    def lead_longest(self) -> Any:
        """The longest lead time of each stage; one that is uncertain lasts to the end of its last day."""
        longest, shortest = self.lead_days.max(axis=1, initial=0.0), self.lead_days.min(axis=1, initial=np.inf)
        return np.where(longest > shortest, np.ceil(longest - SAME_DAY), longest)

    @cached_property
    def most_days(self) -> tuple[Any, Any]:
        """The longest whole days of service (inbound, outbound) that each stage can see and can quote.

        Quoting more than inbound service and lead time together makes no sense, and no customer waits longer than
        it was promised.
        """
        inbound, outbound = [0] * len(self), [0] * len(self)
        promised = np.where(np.isnan(self.promised_days), np.inf, self.promised_days).tolist()
        longest = self.lead_longest.tolist()
        for stage in self.order.tolist():
            inbound[stage] = max((outbound[supplier] for supplier in self.suppliers[stage].tolist()), default=0)
            outbound[stage] = math.floor(min(inbound[stage] + longest[stage], promised[stage]) + SAME_DAY)
        return np.array(inbound, np.int64), np.array(outbound, np.int64)

    def _gathered(self, own: Any, weight: Any) -> Any:
        """Add up a figure from customers to suppliers, each arc with its weight."""
        total = own.astype(np.float64).copy()
        arcs = _neighbours(self.supplier, np.arange(self.supplier.size), len(self))
        for stage in self.order[::-1].tolist():
            total[stage] += (weight[arcs[stage]] * total[self.customer[arcs[stage]]]).sum()
        return total

    def __repr__(self) -> str:
        """The size of the chain."""
        return f"Chain of {len(self):,} stages and {self.supplier.size:,} arcs"


def _full(value: Any, size: int) -> Any:
    return np.broadcast_to(np.asarray(value, np.float64), (size,)).copy()


def _joined(lines: list[tuple[str, str, float]]) -> list[tuple[str, str, float]]:
    """Each pair of stages once: what two arcs carry between them is one and the same demand, not two independent ones.

    Units that are no number, or not above 0, stay as they are to be refused.
    """
    units: dict[tuple[str, str], float] = {}
    for supplier, customer, more in lines:
        known = units.get((supplier, customer))
        units[supplier, customer] = more if known is None else known + more if min(known, more) > 0 else math.nan
    return [(*pair, total) for pair, total in units.items()]


def _neighbours(key: Any, other: Any, size: int) -> tuple[Any, ...]:
    order = np.argsort(key, kind="stable")
    first = np.searchsorted(key[order], np.arange(size + 1)).tolist()
    turned = other[order]
    return tuple(turned[first[at] : first[at + 1]] for at in range(size))


def _refuse_names(names: Sequence[str], position: dict[str, int], lines: list[tuple[str, str, float]]) -> None:
    problems = [f"{name} is listed more than once — give each stage its own name" for name in sorted(set(names))
                if len(position) < len(names) and list(names).count(name) > 1]  # fmt: skip
    unknown = dict.fromkeys(name for line in lines for name in line[:2] if name not in position)
    problems += [f"an arc names {name}, which is no stage — add the stage or correct the arc" for name in unknown]
    if problems:
        raise ModelError(problems)


def _refuse_numbers(names: Sequence[str], columns: dict[str, Any]) -> None:
    problems = [
        f"{names[at]}: its {what} is {column[at]:g} — it must be a number, 0 or more"
        for what, column in columns.items()
        for at in np.flatnonzero(~(np.isfinite(column) & (column >= 0))).tolist()
    ]
    if problems:
        raise ModelError(problems)
