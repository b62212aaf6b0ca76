"""What a day of promised lead time is worth: the least cost for each number of days that customers wait."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.errors import ModelError
from linewright.supply.buffers.chain import Chain
from linewright.supply.buffers.linear import Warm
from linewright.supply.buffers.placement import place

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False)
class PromiseCurve:
    """The least yearly cost `total` of a chain, and its proven `bound`, for each of some promised `days`."""

    stages: tuple[str, ...]
    days: Any
    total: Any
    bound: Any

    @property
    def worth_of_a_day(self) -> Any:
        """What one more promised day saves in a year, between each two neighbouring points."""
        return -np.diff(self.total) / np.diff(self.days)

    def frame(self) -> pl.DataFrame:
        """One row for each number of promised days."""
        import polars as pl

        saved = np.concatenate([[np.nan], self.worth_of_a_day])
        return pl.DataFrame({
            "promised_days": self.days, "cost": self.total, "bound": self.bound,
            "saved_per_day": pl.Series(saved).fill_nan(None),
        })  # fmt: skip

    def __repr__(self) -> str:
        """The two ends of the curve."""
        ends = f"{self.total[0]:,.2f} a year at {self.days[0]:g} days, {self.total[-1]:,.2f} at {self.days[-1]:g}"
        return f"Promise curve of {', '.join(self.stages[:3])}{'...' if len(self.stages) > 3 else ''}: {ends}"


def promise_curve(chain: Chain, days: Iterable[float], *, stages: Sequence[str] = ()) -> PromiseCurve:
    """Place the stock anew for each number of promised days, exactly.

    Parameters
    ----------
    chain
        The chain.
    days
        The numbers of days to try; they are sorted.
    stages
        Whose promise changes; empty means all stages that promise something to customers of their own.

    Raises
    ------
    ModelError
        A stage is unknown, or has no customers of its own.
    """
    sells = ~np.isnan(chain.promised_days)
    wanted = [chain.names.index(name) for name in stages if name in chain.names]
    silent = [name for name in stages if name not in chain.names or not sells[chain.names.index(name)]]
    if silent:
        raise ModelError([f"{name} promises nothing to customers — name a stage with demand" for name in silent])
    changing = np.array(wanted, np.int64) if stages else np.flatnonzero(sells)
    tried = np.array(sorted(set(days)), np.float64)
    warm, found = Warm(), []
    for promised in tried.tolist():
        new = chain.promised_days.copy()
        new[changing] = promised
        found.append(place(chain.changed(promised_days=new), warm=warm))
    names = tuple(chain.names[at] for at in changing.tolist())
    return PromiseCurve(names, tried, np.array([at.total for at in found]), np.array([at.bound for at in found]))
