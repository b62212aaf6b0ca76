"""Where a chain holds its safety stock at least cost, with the proof."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.supply.buffers.chain import Chain
from linewright.supply.buffers.elimination import eliminate
from linewright.supply.buffers.lead_times import SAME_DAY, holding_cost, uncovered_deviation
from linewright.supply.buffers.linear import Solved, Warm, programme, solve
from linewright.supply.buffers.problem import Problem

if TYPE_CHECKING:
    import polars as pl

#: The share of the cost by which a plan may be above its bound and still count as proven.
PROVEN = 1e-6


@dataclass(frozen=True, eq=False)
class Placement:
    """The service days, the stock and the cost of each stage (N), and what is proven about the total.

    A stage counts on its inputs within `inbound_days` and delivers within `outbound_days`; `uncovered_days` of demand
    lie between on average, for which it holds `safety_stock` units at `cost` a year. No placement with whole outbound
    days costs less than `bound`. `method` is ``elimination`` (dynamic programming alone), ``linear`` (the linear
    programme of what was left was whole) or ``branching``.
    """

    chain: Chain
    inbound_days: Any
    outbound_days: Any
    uncovered_days: Any
    safety_stock: Any
    cost: Any
    total: float
    bound: float
    method: str
    columns: int = 0
    rows: int = 0
    nodes: int = 0

    @property
    def gap(self) -> float:
        """How far the total may be above the optimum, as a share of the total."""
        return max(0.0, self.total - self.bound) / self.total if self.total > 0 else 0.0

    @property
    def proven(self) -> bool:
        """Whether no placement with whole outbound days costs less."""
        return self.gap <= PROVEN

    def frame(self) -> pl.DataFrame:
        """One row for each stage."""
        import polars as pl

        return pl.DataFrame(
            {
                "stage": self.chain.names,
                "inbound_days": self.inbound_days,
                "lead_days": self.chain.lead_mean,
                "outbound_days": self.outbound_days,
                "uncovered_days": self.uncovered_days,
                "safety_stock": self.safety_stock,
                "cost": self.cost,
            }
        )

    def __repr__(self) -> str:
        """The total and what is proven about it."""
        holding = int((self.safety_stock > 0).sum())
        proof = "proven optimal" if self.proven else f"at most {100 * self.gap:.2g} % above the optimum"
        return f"Placement of {len(self.chain):,} stages: {holding:,} hold stock, {self.total:,.2f} a year, {proof}"


def place(chain: Chain, *, seconds: float = 600.0, warm: Warm | None = None) -> Placement:
    """Place the safety stock of a chain at least cost.

    Minimise ``sum of share x k x value x deviation(SI + L - S)`` over whole outbound days S, where SI is the
    longest S of the suppliers, and customers wait no longer than they were promised (Graves & Willems, *Manufacturing
    & Service Operations Management* 2(1):68-83, 2000). Trees, and chains whose circles can be taken apart one by one,
    are solved by dynamic programming; what is left of others is solved as a linear programme, and by branching
    where that is not whole.

    Parameters
    ----------
    chain
        The chain; money is that of its values, for a year if its share is that of a year.
    seconds
        Most time for the linear programme and again for branching; after it the best known placement is the
        answer, with its gap.
    warm
        Keep one for a series of chains that differ in promises or costs only; each then starts from the one before.
    """
    problem = Problem.of(chain)
    outbound = problem.outbound
    trail, left = eliminate(problem)

    def wanted(chosen: dict[int, int]) -> Any:
        values = trail.complete(dict(chosen))
        return np.array([values[choice] if choice >= 0 else 0 for choice in outbound], np.float64)

    if left:
        made = programme(problem, left)
        solved = solve(made, lambda chosen: priced(chain, wanted(chosen)).total, seconds=seconds, warm=warm)
        size = {"columns": made.cost.size, "rows": made.row_low.size, "nodes": solved.nodes}
        method = "linear" if solved.whole else "branching"
    else:
        solved, size, method = Solved({}, problem.fixed, problem.fixed, True, 0), {}, "elimination"
    return priced(chain, wanted(solved.values), bound=solved.bound, method=method, **size)


def priced(chain: Chain, outbound_days: Any, *, bound: float = 0.0, method: str = "given", **size: int) -> Placement:
    """The placement that follows from outbound days, at the exact formula.

    Days that a stage never needs, or that its customers were not promised, are cut off; stages without customers
    in the chain deliver when promised, or sooner where everything is there sooner.
    """
    inbound, outbound = _service_days(chain, outbound_days.tolist())
    every, ahead = np.arange(len(chain)), inbound - outbound
    cost = holding_cost(chain, every, ahead)
    net = np.maximum(0.0, ahead[:, None] + chain.lead_days)
    return Placement(
        chain=chain,
        inbound_days=inbound,
        outbound_days=outbound,
        uncovered_days=(np.where(net > SAME_DAY, net, 0.0) * chain.lead_share).sum(axis=1),
        safety_stock=chain.service_factor * uncovered_deviation(chain, every, ahead),
        cost=cost,
        total=float(cost.sum()),
        bound=bound,
        method=method,
        **size,
    )


def _service_days(chain: Chain, wanted: list[float]) -> tuple[Any, Any]:
    """Inbound and outbound days of each stage, suppliers first; plain numbers, as stages have few suppliers."""
    inbound, outbound = [0.0] * len(chain), [0.0] * len(chain)
    promised = np.where(np.isnan(chain.promised_days), np.inf, chain.promised_days).tolist()
    longest = chain.lead_longest.tolist()
    for stage in chain.order.tolist():
        inbound[stage] = max((outbound[supplier] for supplier in chain.suppliers[stage].tolist()), default=0.0)
        most = min(inbound[stage] + longest[stage], promised[stage])
        if chain.customers[stage].size:
            outbound[stage] = min(wanted[stage], float(math.floor(most + SAME_DAY)))
        else:
            outbound[stage] = most if math.isfinite(promised[stage]) else 0.0
    return np.array(inbound), np.array(outbound)


def own_stock(chain: Chain) -> Placement:
    """What it costs when every stage covers its own lead time and delivers from stock, without placement."""
    return priced(chain, np.zeros(len(chain)), method="own stock")
