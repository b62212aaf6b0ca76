"""What a stress test found: how long the network survives each stop, and what the stop costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

#: One row for each node, or each event of several. `survive_days` is how long all demand is served although it stops,
#: at most the report's `most_days`; `recover_days` how long it stops; `margin_days` the difference, negative where the
#: stop is felt. `loss` is the least margin that is lost over the recovery, in currency, and `risk_exposure` that as a
#: share of the greatest loss in the report. `first_pool` is the demand that runs short first, "" where none does.
#: `proof` says how far one had to look: idle (nothing depends on it), nearby (what the stop can reach), grown (some
#: more), whole (the whole network), or bounds (no two equal bounds were found; the figures are on the careful side).
STRESS_COLUMNS: Mapping[str, Any] = {
    "kind": pl.String, "node": pl.String, "survive_days": pl.Float64, "recover_days": pl.Float64,
    "margin_days": pl.Float64, "loss": pl.Float64, "risk_exposure": pl.Float64, "first_pool": pl.String,
    "proof": pl.String,
}  # fmt: skip

#: One row for each pool with demand that cannot be met for `most_days` even when nothing stops.
UNMET_COLUMNS: Mapping[str, Any] = {"pool": pl.String, "units_per_day": pl.Float64}

#: One row for each activity that should run otherwise while something is down: units a day before and then.
ALLOCATION_COLUMNS: Mapping[str, Any] = {
    "activity": pl.String, "pool": pl.String, "before_per_day": pl.Float64, "then_per_day": pl.Float64,
    "change_per_day": pl.Float64,
}  # fmt: skip


#: Days by which recovery may be longer than survival without being felt: a tenth of a second.
SAME_DAYS = 1e-6


@dataclass(frozen=True, kw_only=True, eq=False)
class StressReport:
    """The stress test of a supply network.

    `frame` has the columns of `STRESS_COLUMNS`, `unmet` those of `UNMET_COLUMNS`. Windows longer than `most_days` were
    not looked at. `widest_gap` is the greatest difference between the two bounds of a figure, in days or as a share of
    the loss.
    """

    frame: pl.DataFrame
    unmet: pl.DataFrame
    most_days: float
    currency: str = "EUR"
    widest_gap: float = 0.0

    @property
    def exposed(self) -> pl.DataFrame:
        """What is felt before it recovers, the most expensive first."""
        return self.frame.filter(pl.col("margin_days") < -SAME_DAYS).sort("loss", "node", descending=[True, False])

    @property
    def sentences(self) -> tuple[str, ...]:
        """The report in words: how many are exposed, what each of them does, and what could never be met."""
        count, exposed = self.frame.height, self.exposed
        first = (
            f"All {count} stops are over before anything runs short."
            if exposed.is_empty()
            else f"{exposed.height} of {count} stops are felt before they are over."
        )
        short = [
            f"{row['pool']} lacks {row['units_per_day']:,.4g} a day even when nothing stops."
            for row in self.unmet.iter_rows(named=True)
        ]
        return (first, *(self._sentence(row) for row in exposed.iter_rows(named=True)), *short)

    def _sentence(self, row: Mapping[str, Any]) -> str:
        """One exposed stop in words."""
        kind = "" if row["node"].startswith(row["kind"]) else f"{row['kind']} "
        when = "at once" if row["survive_days"] < 0.05 else f"after {row['survive_days']:.1f} days"
        what = row["first_pool"] or "demand"
        return (
            f"If {kind}{row['node']} stops, {what} runs short {when}; it takes {row['recover_days']:.1f} days to "
            f"recover, which costs {row['loss']:,.0f} {self.currency}."
        )

    def __repr__(self) -> str:
        worst = self.exposed
        told = f", the worst {worst['node'][0]} ({worst['loss'][0]:,.0f} {self.currency})" if worst.height else ""
        return f"Stress test of {self.frame.height} stops: {worst.height} exposed{told}"


#: One row for each thing that should be bought: its name, its kind (stock, source, capacity, recovery), what it is for,
#: how many units of it, in the unit of its kind, and what they cost.
SHIELD_COLUMNS: Mapping[str, Any] = {
    "shield": pl.String, "kind": pl.String, "target": pl.String, "units": pl.Float64, "cost": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class ShieldChoice:
    """What to buy against stops.

    `frame` has the columns of `SHIELD_COLUMNS`. `cost` is what it costs, `goal` what was made small (the cost itself,
    the expected loss or the loss in the worst cases), `bound` what the goal is proven to be at least. `closed` are the
    stops that are survived until they recover only with it, and `left_open` those that no purchase closes.
    """

    frame: pl.DataFrame
    cost: float
    goal: float
    bound: float
    measure: str = "cost"
    closed: tuple[str, ...] = ()
    left_open: tuple[str, ...] = ()
    currency: str = "EUR"

    @property
    def gap(self) -> float:
        """How much smaller the goal could still be, as a share of it."""
        return 0.0 if self.goal <= 0 else max(0.0, 1 - self.bound / self.goal)

    @property
    def bought(self) -> dict[str, float]:
        """Units by the name of the shield."""
        return dict(self.frame.select("shield", "units").iter_rows())

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to buy, in words."""
        lines = [self._sentence(row) for row in self.frame.iter_rows(named=True)]
        open_ = [f"Nothing that is offered closes {name}." for name in self.left_open]
        return (repr(self) + ".", *lines, *open_)

    def _sentence(self, row: Mapping[str, Any]) -> str:
        """One purchase in words."""
        units, target = f"{row['units']:,.4g}", row["target"]
        what = {
            "stock": f"{units} more of {target}",
            "capacity": f"{units} more of {target} a day",
            "source": f"up to {units} of {target} a day",
            "recovery": f"{target} recovers {units} days sooner",
        }[row["kind"]]
        return f"{row['shield']}: {what}, for {row['cost']:,.0f} {self.currency}."

    def __repr__(self) -> str:
        goal = "" if self.measure == "cost" else f", {self.measure} {self.goal:,.0f} {self.currency}"
        return (
            f"{self.frame.height} shields for {self.cost:,.0f} {self.currency} close {len(self.closed)} stops"
            f"{goal}, gap {self.gap:.1%}"
        )


#: One row for each budget: what is spent of it, how many stops are still felt, the loss that is expected, and the mean
#: of the worst cases (conditional value at risk), in currency.
CURVE_COLUMNS: Mapping[str, Any] = {
    "budget": pl.Float64, "cost": pl.Float64, "exposed": pl.Int64, "expected_loss": pl.Float64,
    "worst_loss": pl.Float64, "gap": pl.Float64,
}  # fmt: skip
