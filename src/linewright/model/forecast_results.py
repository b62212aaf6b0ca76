"""What a forecast says: a frozen value that other features and the doors read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Day
from typing import TYPE_CHECKING, Any

import polars as pl

from linewright.model.results import Origin
from linewright.model.table import Table

if TYPE_CHECKING:
    from linewright.model.factory import Factory

#: One row for each material, customer ("" is all of them) and period; the date is the first day of the period.
#: The ranges hold what comes with a chance of 80 % and 95 %.
FORECAST_COLUMNS = {
    "material": pl.String, "customer": pl.String, "date": pl.Date, "quantity": pl.Float64, "low_80": pl.Float64,
    "high_80": pl.Float64, "low_95": pl.Float64, "high_95": pl.Float64, "method": pl.String,
}  # fmt: skip

#: The same keys: what was wanted in each period of the history. `adjusted` is what the forecast was made from, which
#: differs before a change of demand.
HISTORY_COLUMNS = {
    "material": pl.String, "customer": pl.String, "date": pl.Date, "quantity": pl.Float64, "adjusted": pl.Float64,
}  # fmt: skip

#: One row for each material. `error` is the mean absolute error of a period when the same was done from earlier
#: periods, `error_share` the same as a share of what came (both null where the history is too short), `mean` and
#: `standard_deviation` are those of demand in one period, as buffers need them: the second is that of the error one
#: period ahead, widened by a change of demand. `days` is the length of a period.
ACCURACY_COLUMNS = {
    "material": pl.String, "method": pl.String, "periods": pl.Int64, "error": pl.Float64, "error_share": pl.Float64,
    "mean": pl.Float64, "standard_deviation": pl.Float64, "days": pl.Float64,
}  # fmt: skip

#: One row for each material and period with orders: what is expected, what is ordered already, what still may come.
CONSUMPTION_COLUMNS = {
    "material": pl.String, "date": pl.Date, "expected": pl.Float64, "ordered": pl.Float64, "open": pl.Float64,
}  # fmt: skip

#: One row for each material: what is ordered for the running period so far, which share of a period's orders is
#: usually in by now, what the forecast says, and what is expected for the whole period from both.
INTAKE_COLUMNS = {
    "material": pl.String, "date": pl.Date, "ordered": pl.Float64, "usual_share": pl.Float64, "forecast": pl.Float64,
    "expected": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DemandAlarm:
    """Demand of a material that has moved to another level, and what was done about it."""

    material: str
    since: Day
    raised: Day
    share: float
    quantity: float
    sentence: str


@dataclass(frozen=True, kw_only=True, eq=False)
class ForecastResult:
    """What is expected to be wanted, with ranges that hold, and what was noticed on the way.

    `bucket` is the length of a period, ``month`` or ``week``; `ranges` names how the ranges were made.
    The frames have the columns declared in this module.
    """

    factory_name: str
    bucket: str
    frame: pl.DataFrame
    history: pl.DataFrame
    accuracy: pl.DataFrame
    consumption: pl.DataFrame
    intake: pl.DataFrame
    alarms: tuple[DemandAlarm, ...]
    ranges: str
    assumptions: tuple[str, ...]
    origin: Origin

    @property
    def totals(self) -> pl.DataFrame:
        """The rows that are about all customers together."""
        return self.frame.filter(pl.col("customer") == "")

    @property
    def error_share(self) -> float | None:
        """The errors of all materials at earlier periods, as a share of what came then; None where none was tried."""
        tried = self.accuracy.filter(pl.col("error_share") > 0)
        errors = tried.get_column("error").to_numpy()
        came = float((errors / tried.get_column("error_share").to_numpy()).sum())
        return float(errors.sum()) / came if came > 0 else None

    def as_table(self, *, net: bool = False) -> Table[Any]:
        """The rows of a factory's `forecast` table.

        Parameters
        ----------
        net
            Only what is not ordered yet: for plans that also plan the orders.
        """
        rows = self.totals.select("material", "date", "quantity")
        if net:
            ordered = self.consumption.select("material", "date", "open")
            rows = rows.join(ordered, on=["material", "date"], how="left", maintain_order="left").select(
                "material", "date", quantity=pl.coalesce("open", "quantity")
            )
        return Table.of("forecast", rows)

    def stale_because(self, factory: Factory) -> list[str]:
        """The tables that were read and have changed since; empty when the forecast still holds."""
        return [name for name, seen in self.origin.reads.items() if factory.table(name).hash != seen]

    def __repr__(self) -> str:
        """The forecast in one line."""
        totals = self.totals
        materials, periods = totals.get_column("material").n_unique(), totals.get_column("date").n_unique()
        share = self.error_share
        error = "" if share is None else f", usual error {100 * share:.0f} %"
        changed = f", {len(self.alarms)} {'change' if len(self.alarms) == 1 else 'changes'} of demand"
        return (
            f"Forecast of {self.factory_name}: {materials:,} {'material' if materials == 1 else 'materials'}, "
            f"{periods} {self.bucket}s ahead{error}{changed if self.alarms else ''}, "
            f"ranges by {self.ranges.partition(',')[0].partition(' (')[0]}"
        )
