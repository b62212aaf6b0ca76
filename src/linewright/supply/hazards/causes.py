"""What may stop a network: each node by itself, and shocks that hit many nodes of a place together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from linewright.errors import ModelError
from linewright.supply.hazards.recovery import Recovery
from linewright.supply.network.arrays import Network


@dataclass(frozen=True)
class Shock:
    """Something that hits a whole place: a flood, a blackout, a border that closes.

    Parameters
    ----------
    place
        Every node whose `place` this is can be hit.
    stops_per_year
        How often, on average.
    recovery
        How long; drawn once for each shock, as one flood ends for all.
    hit_share
        The probability with which each node of the place is hit, each by itself.
    """

    place: str
    stops_per_year: float
    recovery: Recovery
    hit_share: float = 1.0


@dataclass(frozen=True, eq=False)
class Hazards:
    """What may stop each node of one network.

    `stops_per_year` (N) and `recoveries` (N) follow the network's nodes. `assumptions` are sentences about figures
    that nobody gave.
    """

    kinds: tuple[str, ...]
    names: tuple[str, ...]
    places: tuple[str, ...]
    stops_per_year: Any
    recoveries: tuple[Recovery, ...]
    shocks: tuple[Shock, ...] = ()
    assumptions: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        network: Network,
        stops_per_year: Any,
        recoveries: Sequence[Recovery] | None = None,
        shocks: Sequence[Shock] = (),
        assumptions: Sequence[str] = (),
    ) -> Hazards:
        """Hazards of a network's nodes.

        Parameters
        ----------
        stops_per_year
            One number for all nodes, or one for each.
        recoveries
            One for each node; without them log-normal about the network's `recover_days`, with three times that as
            the 95 % point.

        Raises
        ------
        ModelError
            A figure is out of its range, or a shock's place has no node.
        """
        if recoveries is None:
            recoveries = [Recovery.of(float(days)) for days in network.recover_days]
        rates = np.broadcast_to(np.asarray(stops_per_year, np.float64), (network.nodes,)).copy()
        made = cls(
            network.node_kinds, network.node_names, network.place, rates, tuple(recoveries), tuple(shocks),
            tuple(assumptions),
        )  # fmt: skip
        if problems := made.problems():
            raise ModelError(problems)
        return made

    def problems(self) -> list[str]:
        """What is wrong with the figures, each with its cure."""
        found = []
        for kind, name, rate in zip(self.kinds, self.names, self.stops_per_year, strict=True):
            if not 0 <= rate <= 366:
                found.append(f"hazard of {kind} {name}: {rate:g} stops a year; use a number from 0 to 366")
        owners = [(f"hazard of {kind} {name}", how) for kind, name, how in self._recoveries()]
        for shock in self.shocks:
            told = f"shock of {shock.place or 'no place'}"
            owners.append((told, shock.recovery))
            if not shock.place or shock.place not in self.places:
                found.append(f"{told}: no node is there; name a place of the network's nodes, or leave it out")
            if not 0 <= shock.stops_per_year <= 366:
                found.append(f"{told}: {shock.stops_per_year:g} stops a year; use a number from 0 to 366")
            if not 0 <= shock.hit_share <= 1:
                found.append(f"{told}: hits a node with probability {shock.hit_share:g}; use a number from 0 to 1")
        for told, recovery in owners:
            if not 0 <= recovery.median_days <= recovery.worst_days:
                found.append(
                    f"{told}: recovers in {recovery.median_days:g} days, at worst {recovery.worst_days:g}; "
                    "the worst must not be less than the median, nor the median less than 0"
                )
            elif recovery.median_days == 0 and recovery.worst_days > 0 and not recovery.observed_days:
                found.append(f"{told}: a median of 0 days cannot have a worst case; give a median above 0")
        return found

    def without(self, causes: Sequence[int]) -> Hazards:
        """The same hazards when some causes never happen: nodes first, then shocks, as in :attr:`cause_names`."""
        rates, shocks = self.stops_per_year.copy(), list(self.shocks)
        for cause in causes:
            if cause < rates.size:
                rates[cause] = 0.0
            else:
                shocks[cause - rates.size] = replace(shocks[cause - rates.size], stops_per_year=0.0)
        return replace(self, stops_per_year=rates, shocks=tuple(shocks))

    def changed(self, recoveries: Mapping[int, Recovery]) -> Hazards:
        """The same hazards when some nodes recover otherwise."""
        new = [recoveries.get(node, old) for node, old in enumerate(self.recoveries)]
        return replace(self, recoveries=tuple(new))

    @property
    def cause_kinds(self) -> tuple[str, ...]:
        """The kinds of all causes: the nodes, then "region" for each shock."""
        return self.kinds + ("region",) * len(self.shocks)

    @property
    def cause_names(self) -> tuple[str, ...]:
        """The names of all causes: the nodes, then the places of the shocks."""
        return self.names + tuple(shock.place for shock in self.shocks)

    @property
    def cause_rates(self) -> Any:
        """Stops a year of all causes."""
        return np.concatenate([self.stops_per_year, [shock.stops_per_year for shock in self.shocks]])

    @property
    def cause_recoveries(self) -> tuple[Recovery, ...]:
        """The recovery of all causes."""
        return self.recoveries + tuple(shock.recovery for shock in self.shocks)

    def _recoveries(self) -> list[tuple[str, str, Recovery]]:
        return list(zip(self.kinds, self.names, self.recoveries, strict=True))
