"""The placement as whole-day choices that only pairs of neighbours share.

Every stage with customers chooses the days S within which it delivers, every stage with suppliers the days SI on which
it counts; in between lies what it must hold. So the total cost is a sum of terms over one choice, and over two:

* `single[v]` is the cost of each value of choice v, infinite where it is not allowed;
* `above[v]` are the choices that must be at least v: S of a supplier is at most SI of its customer;
* `pair[v][w]` is a matrix of costs, rows for v: a stage that has both suppliers and customers.

Graves & Willems, *Manufacturing & Service Operations Management* 2(1):68-83, 2000 (erratum 5(2):176-177, 2003).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from linewright.supply.buffers.chain import Chain
from linewright.supply.buffers.lead_times import holding_cost


@dataclass
class Problem:
    """Choices and their costs; it is taken apart while choices are eliminated.

    `fixed` is the cost that no choice changes. `outbound[j]` is the choice S of stage j, -1 where it has none.
    """

    single: list[Any] = field(default_factory=list)
    above: list[set[int]] = field(default_factory=list)
    below: list[set[int]] = field(default_factory=list)
    pair: list[dict[int, Any]] = field(default_factory=list)
    fixed: float = 0.0
    outbound: list[int] = field(default_factory=list)
    inbound: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, chain: Chain) -> Problem:
        """Write the placement of a chain as choices, on a grid of whole days."""
        problem = cls()
        most_inbound, most_outbound = (days.tolist() for days in chain.most_days)
        for stage in range(len(chain)):
            supplied, delivering = chain.suppliers[stage].size > 0, chain.customers[stage].size > 0
            sizes = most_inbound[stage] + 1, most_outbound[stage] + 1
            problem.inbound.append(problem.add(np.zeros(sizes[0])) if supplied else -1)
            problem.outbound.append(problem.add(np.zeros(sizes[1])) if delivering else -1)
            problem._price(chain, stage, *sizes)
        for supplier, customer in zip(chain.supplier.tolist(), chain.customer.tolist(), strict=True):
            problem.order(problem.outbound[supplier], problem.inbound[customer])
        return problem

    def add(self, single: Any) -> int:
        """Add a choice with the cost of each of its values."""
        self.single.append(single)
        self.above.append(set())
        self.below.append(set())
        self.pair.append({})
        return len(self.single) - 1

    def order(self, low: int, high: int) -> None:
        """Let one choice be at most another."""
        self.above[low].add(high)
        self.below[high].add(low)

    def join(self, one: int, other: int, cost: Any) -> None:
        """Add costs of two choices (rows for the first); an order between them becomes part of these costs."""
        if other in self.above[one] or other in self.below[one]:
            row, column = np.arange(cost.shape[0])[:, None], np.arange(cost.shape[1])[None, :]
            allowed = row <= column if other in self.above[one] else row >= column
            cost = np.where(allowed, cost, np.inf)
            for low, high in ((one, other), (other, one)):
                self.above[low].discard(high)
                self.below[high].discard(low)
        if other in self.pair[one]:
            cost = cost + self.pair[one][other]
        self.pair[one][other] = cost
        self.pair[other][one] = cost.T

    def neighbours(self, choice: int) -> list[int]:
        """The choices that share a term with this one."""
        return [*self.above[choice], *self.below[choice], *self.pair[choice]]

    def degree(self, choice: int) -> int:
        """How many choices share a term with this one."""
        return len(self.above[choice]) + len(self.below[choice]) + len(self.pair[choice])

    def remove(self, choice: int) -> None:
        """Take a choice and its terms away."""
        for other in self.above[choice]:
            self.below[other].discard(choice)
        for other in self.below[choice]:
            self.above[other].discard(choice)
        for other in self.pair[choice]:
            del self.pair[other][choice]
        self.above[choice], self.below[choice], self.pair[choice] = set(), set(), {}

    def _price(self, chain: Chain, stage: int, inbound_size: int, outbound_size: int) -> None:
        """Add the holding cost of a stage, a function of SI - S alone."""
        inbound, outbound = self.inbound[stage], self.outbound[stage]
        if outbound < 0:
            # Customers get exactly what they were promised, or sooner where the chain needs less.
            promised = np.nan_to_num(chain.promised_days[stage], nan=0.0)
            ahead = np.maximum(np.arange(inbound_size) - promised, -chain.lead_longest[stage])
            cost = holding_cost(chain, stage, ahead)
            if inbound < 0:
                self.fixed += float(cost[0])
            else:
                self.single[inbound] = cost
        elif inbound < 0:
            self.single[outbound] = holding_cost(chain, stage, -np.arange(outbound_size, dtype=np.float64))
        else:
            ahead = np.arange(inbound_size + outbound_size - 1, dtype=np.float64) - (outbound_size - 1)
            cost = holding_cost(chain, stage, ahead)
            # Row SI, column S: entry SI - S + (size - 1), without a copy.
            shape, step = (inbound_size, outbound_size), cost.itemsize
            matrix = np.ndarray(shape, np.float64, cost.data, (outbound_size - 1) * step, (step, -step))
            self.join(inbound, outbound, matrix)
