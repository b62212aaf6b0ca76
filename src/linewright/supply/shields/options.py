"""What can be bought against stops, and the network that has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from linewright.errors import ModelError
from linewright.supply.network.arrays import Network, Rows

STOCK, SOURCE, CAPACITY, RECOVERY = KINDS = ("stock", "source", "capacity", "recovery")


@dataclass(frozen=True, kw_only=True)
class Option:
    """Something to buy: `cost` for having it at all, `cost_per_unit` for each unit, up to `most` units.

    `at` is a position in the network, and the unit depends on the kind:

    - stock: more of a pool, in its units;
    - source: another source of a pool, in units a day, with the `inputs` (pool, units) and the `usage` (group, hours)
      of a unit;
    - capacity: more of a group, in hours a day;
    - recovery: a node recovers sooner, by whole days.
    """

    name: str
    kind: str
    at: int
    cost: float = 0.0
    cost_per_unit: float = 0.0
    most: float = np.inf
    inputs: tuple[tuple[int, float], ...] = ()
    usage: tuple[tuple[int, float], ...] = ()


def checked(network: Network, options: Sequence[Option]) -> None:
    """Refuse options that point nowhere or have no sensible cost.

    Raises
    ------
    ModelError
        Every option that is wrong, with its cure.
    """
    limits = {STOCK: network.pools, SOURCE: network.pools, CAPACITY: network.groups, RECOVERY: network.nodes}
    problems = []
    for option in options:
        if option.kind not in KINDS:
            problems.append(f"shield {option.name}: its kind is {option.kind}; use one of {', '.join(KINDS)}")
        elif not 0 <= option.at < limits[option.kind]:
            problems.append(f"shield {option.name}: there is no {option.kind} at {option.at}; name one that exists")
        if min(option.cost, option.cost_per_unit, option.most) < 0:
            problems.append(f"shield {option.name}: cost, cost per unit and most cannot be negative; correct its row")
    if len({option.name for option in options}) < len(options):
        problems.append("two shields have the same name; give each its own")
    if problems:
        raise ModelError(problems)


def widened(network: Network, options: Sequence[Option]) -> Network:
    """The network with an activity for each further source, in the order of the options, none of which is a node."""
    sources = [option for option in options if option.kind == SOURCE]
    if not sources:
        return network
    return replace(
        network,
        activity_names=network.activity_names + tuple(option.name for option in sources),
        output=np.concatenate([network.output, [option.at for option in sources]]).astype(np.int64),
        rate=np.concatenate([network.rate, [option.most for option in sources]]),
        inputs=_longer(network.inputs, [option.inputs for option in sources]),
        usage=_longer(network.usage, [option.usage for option in sources]),
    )


def shielded(network: Network, options: Sequence[Option], bought: Mapping[str, float]) -> Network:
    """The network once things are bought: units by the name of the option."""
    units = [float(bought.get(option.name, 0.0)) for option in options]
    stock, capacity, recover = network.stock.copy(), network.capacity.copy(), network.recover_days.copy()
    for option, amount in zip(options, units, strict=True):
        if option.kind == STOCK:
            stock[option.at] += amount
        elif option.kind == CAPACITY:
            capacity[option.at] += amount
        elif option.kind == RECOVERY:
            recover[option.at] = max(0.0, recover[option.at] - amount)
    sources = [
        replace(option, most=amount)
        for option, amount in zip(options, units, strict=True)
        if option.kind == SOURCE and amount > 0
    ]
    return replace(widened(network, sources), stock=stock, capacity=capacity, recover_days=recover)


def _longer(rows: Rows, more: Sequence[Sequence[tuple[int, float]]]) -> Rows:
    """Rows with some more after them."""
    further = Rows.of([list(row) for row in more])
    return Rows(
        np.concatenate([rows.first, rows.first[-1] + further.first[1:]]),
        np.concatenate([rows.index, further.index]),
        np.concatenate([rows.value, further.value]),
    )
