"""What each choice brings under each future of the market."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from linewright.model.results import Origin

#: One row for each choice under each future. `service` is the share of the orders' value that is ready in time,
#: `late` the orders that are not. `sales` is the value of the orders, `bought` the money for purchases that arrive
#: until the last order is due, `overtime`, `late_cost`, `changeovers` and `energy` as in the plan, `holding` the cost
#: of what is left over; `cash` is sales less everything that is paid, `result` also counts what is left in stock at
#: its price. `kg_co2e` is of energy and bought material. `regret` is the best result of any choice under this future
#: less this one.
MOVE_COLUMNS: Mapping[str, Any] = {
    "future": pl.String, "choice": pl.String, "service": pl.Float64, "orders": pl.Int64, "late": pl.Int64,
    "sales": pl.Float64, "bought": pl.Float64, "overtime": pl.Float64, "late_cost": pl.Float64,
    "changeovers": pl.Float64, "energy": pl.Float64, "left_over": pl.Float64, "holding": pl.Float64,
    "cash": pl.Float64, "result": pl.Float64, "kg_co2e": pl.Float64, "regret": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Future:
    """One way in which the market may move: every order of a material times its factor."""

    name: str
    factor: float = 1.0
    materials: Mapping[str, float] | None = None
    meaning: str = ""

    def of(self, material: str) -> float:
        """The factor of a material."""
        return (self.materials or {}).get(material, self.factor)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What may be decided today: which future to buy for, and whether Saturdays are worked where it pays."""

    name: str
    buy_for: Future
    saturdays: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class MoveReport:
    """Every choice under every future; `frame` has the columns of MOVE_COLUMNS.

    Until `known_on` nobody knows which future it will be: what is ordered until then follows the choice, what is
    ordered afterwards follows the future.
    """

    factory_name: str
    currency: str
    timezone: str
    start: datetime
    known_on: datetime
    futures: tuple[Future, ...]
    choices: tuple[Choice, ...]
    frame: pl.DataFrame
    assumptions: tuple[str, ...]
    origin: Origin

    @property
    def regrets(self) -> pl.DataFrame:
        """For each choice its greatest regret and the future in which it is felt, the least first (minimax regret)."""
        worst = pl.col("regret").arg_max()
        return (
            self.frame.group_by("choice", maintain_order=True)
            .agg(
                regret=pl.col("regret").max(),
                future=pl.col("future").get(worst),
                result=pl.col("result").mean(),
                service=pl.col("service").mean(),
            )
            .sort("regret", "choice")
        )

    @property
    def safest(self) -> str:
        """The choice whose greatest regret is the least (Savage, *J. American Statistical Association* 46, 1951)."""
        return str(self.regrets["choice"][0])

    def __repr__(self) -> str:
        """The report in one line."""
        least = self.regrets.row(0, named=True)
        return (
            f"Market moves of {self.factory_name}: {len(self.choices)} choices under {len(self.futures)} futures; "
            f"{least['choice']} has the least regret, at most {least['regret']:,.0f} {self.currency}"
        )
