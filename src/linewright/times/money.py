"""What wrong times cost: the same plan, timed as work really goes, against what it promised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from linewright.errors import LinewrightError
from linewright.times.accepting import as_scenario

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.ports import Keeper, Planner, Stop
    from linewright.model.results import Plan
    from linewright.model.times_results import Times

#: So many rows are priced one by one.
ROWS = 5

#: One row for each priced row of the table ("" is all of them together): what the plan's order costs more than it
#: promised when the row's true time holds, and its late orders more.
PRICE_COLUMNS = {"row": pl.String, "cost": pl.Float64, "late_orders": pl.Int64}


@dataclass(frozen=True, kw_only=True, eq=False)
class Prices:
    """What wrong standards cost in this plan.

    `frame` has PRICE_COLUMNS. `promised`, `true` and `replanned` are the costs of the plan by the file's times, of the
    same plan when work takes as long as it does, and of a plan made with true times.
    """

    frame: pl.DataFrame
    promised: float
    true: float
    replanned: float

    @property
    def saved(self) -> float:
        """What planning with true times saves."""
        return max(self.true - self.replanned, 0.0)


def priced(
    factory: Factory, times: Times, plan: Plan, *, keeper: Keeper, planner: Planner, budget: Stop | None = None,
    rows: int = ROWS, seed: int = 0,
) -> Prices:  # fmt: skip
    """Price the rows that differ surely, the most harmful first, and all of them together.

    Parameters
    ----------
    plan
        A plan of the factory as it is, with the times of the file.
    keeper, planner
        What times a plan anew in its order, and what plans.
    budget
        When to stop planning with true times; the planner's own if not given.
    rows
        So many are priced one by one.

    Raises
    ------
    ModelError, NoAnswer
        The factory with true times cannot be planned.
    """
    promised = _cost(plan)
    all_true = as_scenario(times).apply(factory)
    kept = keeper(all_true, plan)
    told = [("", _cost(kept) - promised, _late(kept) - _late(plan))]
    for name in times.differences["row"].head(rows):
        alone = keeper(as_scenario(times, [name]).apply(factory), plan)
        told.append((name, _cost(alone) - promised, _late(alone) - _late(plan)))
    try:
        again = planner(all_true, stop=budget, seed=seed, now=plan.start)
        replanned = min(_cost(again), _cost(kept))
    except LinewrightError:
        replanned = _cost(kept)
    return Prices(
        frame=pl.DataFrame(told, schema=PRICE_COLUMNS, orient="row"), promised=promised, true=_cost(kept),
        replanned=replanned,
    )  # fmt: skip


def _cost(plan: Plan) -> float:
    return float(sum(plan.costs.values()))


def _late(plan: Plan) -> int:
    return plan.late_orders.height
