"""Learn from deliveries that came: how long a supplier takes, how often it falls silent, and for how long."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from linewright.errors import ModelError
from linewright.supply.hazards.recovery import WORST, Recovery
from linewright.supply.hazards.shrink import LogNormals, shrunk_log_normals
from linewright.supply.hazards.stops import DAYS_PER_YEAR

#: A delivery so many days after its promise is no stop.
GRACE_DAYS = 2.0
#: Deliveries on the day of the order took this long.
SHORTEST_DAYS = 0.5
#: With so many stops of its own, what a supplier did is taken as it is.
MANY_STOPS = 40


@dataclass(frozen=True)
class LeadTime:
    """How long a supplier takes from order to receipt.

    `median_days`, `worst_days` (19 of 20 are quicker), `mean_days` and `sd_days` are of its next delivery. `deliveries`
    counts its shipments, `cut_back` those that lay too far off; `weight` is the part that comes from its own rows, the
    rest from what is usual among all.
    """

    median_days: float
    worst_days: float
    mean_days: float
    sd_days: float
    deliveries: int
    cut_back: int
    weight: float


@dataclass(frozen=True)
class Silence:
    """How often and how long a supplier is silent while something that it promised is overdue.

    `stops` were seen in `years`; `stops_per_year` and `recovery` are drawn towards what is usual when they were few.
    `open_stops` had not ended.
    """

    stops_per_year: float
    recovery: Recovery
    stops: int
    open_stops: int
    years: float
    weight: float


@dataclass(frozen=True)
class Learned:
    """What was learned for each supplier, and for one nobody has seen (`usual`); `told` says what was left out."""

    by_supplier: Mapping[str, Any]
    usual: Any
    told: tuple[str, ...]

    def of(self, supplier: str) -> Any:
        """What is known about a supplier."""
        return self.by_supplier.get(supplier, self.usual)


def learn_lead_days(receipts: pl.DataFrame) -> Learned:
    """The days from order to receipt of each supplier's next delivery, as log-normals.

    Lines of one shipment count once. A supplier with few shipments is drawn towards what is usual among all.

    Parameters
    ----------
    receipts
        Rows of the table receipts; those without `ordered` are left out.

    Raises
    ------
    ModelError
        No row has an order date before its receipt.
    """
    rows = _shipments(receipts)
    rows = rows.with_columns((pl.col("received") - pl.col("ordered")).dt.total_seconds().truediv(86400).alias("days"))
    usable = rows.filter(pl.col("days") >= 0)
    told = _left_out(rows.height - usable.height, "of the shipments have no order date before their receipt")
    if not usable.height:
        raise ModelError(["receipts: no row has an order date before its receipt; fill in the column ordered"])
    suppliers, group = _groups(usable)
    days = np.maximum(usable["days"].to_numpy(), SHORTEST_DAYS)
    fit = shrunk_log_normals(days, group, len(suppliers))
    told += _left_out(int(fit.far.sum()), "of the lead times lie far from their supplier's others and were cut back")
    found = {name: _lead_time(fit, at) for at, name in enumerate(suppliers)}
    return Learned(found, _lead_time(fit, None), tuple(told))


def learn_recovery(receipts: pl.DataFrame, overdue: pl.DataFrame | None = None, now: datetime | None = None) -> Learned:
    """How often each supplier stops and how long it takes to recover, from deliveries that came late.

    A stop is a time without any receipt that begins when something is overdue: from the first promise that was not
    kept to the next receipt. One late order among others that come is not a stop.

    Parameters
    ----------
    receipts
        Rows of the table receipts; those without `promised` are left out.
    overdue
        Lines still open (`supplier`, `promised`), such as the open purchases; a stop that goes on counts as longer
        than so far.
    now
        When the open lines were read; needed with them.

    Raises
    ------
    ModelError
        No row has a promise.
    """
    rows = _shipments(receipts).filter(pl.col("promised").is_not_null())
    if not rows.height:
        raise ModelError(["receipts: no row has a promised date; fill in the column promised"])
    suppliers, group = _groups(rows)
    promised, received = _day(rows["promised"]), _day(rows["received"])
    begun = np.minimum(promised, np.where(rows["ordered"].is_null(), promised, _day(rows["ordered"])))
    waiting = _waiting(overdue, now)
    today = -math.inf if now is None else now.timestamp() / 86400
    lengths, owners, still_open, years = [], [], [], np.zeros(len(suppliers))
    for at, name in enumerate(suppliers):
        mine = group == at
        ended, going_on = silences(promised[mine], received[mine], waiting.get(name, np.zeros(0)), today)
        lengths += [*ended, *going_on]
        owners += [at] * (len(ended) + len(going_on))
        still_open += [False] * len(ended) + [True] * len(going_on)
        years[at] = max(max(received[mine].max(), today) - begun[mine].min(), 1.0) / DAYS_PER_YEAR
    return _silences_of(suppliers, np.array(lengths), np.array(owners, np.int64), np.array(still_open, bool), years)


def silences(promised: Any, received: Any, waiting: Any, today: float) -> tuple[list[float], list[float]]:
    """The lengths in days of a supplier's stops: those that ended, and the one that goes on.

    Parameters
    ----------
    promised, received
        Days of its deliveries.
    waiting
        Days on which lines were promised that have not come.
    today
        The day up to which nothing more was received.
    """
    came = np.unique(received)
    due = np.sort(np.concatenate([promised[received > promised], waiting]))
    ended = []
    for last, receipt in zip(np.concatenate([[-math.inf], came[:-1]]), came, strict=True):
        # What was promised since the last receipt, and came neither then nor since.
        at = np.searchsorted(due, last)
        if at < due.size and receipt - due[at] > GRACE_DAYS:
            ended.append(float(receipt - due[at]))
    at = np.searchsorted(due, came[-1])
    going_on = [float(today - due[at])] if at < due.size and today - due[at] > GRACE_DAYS else []
    return ended, going_on


def _silences_of(suppliers: list[str], lengths: Any, owners: Any, still_open: Any, years: Any) -> Learned:
    counts = np.bincount(owners, minlength=len(suppliers))
    going_on = np.bincount(owners[still_open], minlength=len(suppliers))
    rates, usual_rate = _rates(counts, years)
    told = []
    if (~still_open).sum():
        fit = shrunk_log_normals(lengths, owners, len(suppliers), still_open)
        recoveries = [_recovery(fit.mean[at], fit.sigma[at]) for at in range(len(suppliers))]
        usual, weight = _recovery(fit.usual_mean, fit.usual_sigma), fit.weight
        for at in np.flatnonzero((counts >= MANY_STOPS) & (going_on == 0)):
            recoveries[at] = Recovery.observed(lengths[owners == at])
    else:
        usual, weight = _not_over_yet(lengths), np.zeros(len(suppliers))
        recoveries = [_not_over_yet(lengths[owners == at]) if counts[at] else usual for at in range(len(suppliers))]
        told.append(
            "No stop of a supplier has ended yet: half of them are taken to last longer than these so far."
            if lengths.size
            else "No supplier was ever silent with something overdue, so that no time to recover can be learned."
        )
    found = {
        name: Silence(
            float(rates[at]), recoveries[at], int(counts[at]), int(going_on[at]), float(years[at]), float(weight[at])
        )
        for at, name in enumerate(suppliers)
    }
    return Learned(found, Silence(usual_rate, usual, 0, 0, 0.0, 0.0), tuple(told))


def _not_over_yet(lengths: Any) -> Recovery:
    """What is assumed where no stop has ended: a median as long as the open ones are by now; 0 where there is none."""
    return Recovery.of(float(np.median(lengths))) if lengths.size else Recovery.fixed(0.0)


def _rates(counts: Any, years: Any) -> tuple[Any, float]:
    """Stops a year: Poisson counts whose rates scatter like a gamma, by moments (Robbins 1956)."""
    usual = float(counts.sum() / years.sum())
    if counts.size < 2 or not counts.sum():
        return counts / years, usual
    # Weighted by years, the variance of counts / years is between + usual / years.
    scatter = float((years * (counts / years - usual) ** 2).sum())
    room = float(years.sum() - (years**2).sum() / years.sum())
    between = max((scatter - (counts.size - 1) * usual) / room, 1e-9)
    prior_years = usual / between
    return (counts + prior_years * usual) / (years + prior_years), usual


def _shipments(receipts: pl.DataFrame) -> pl.DataFrame:
    """Lines that travelled together, once."""
    return receipts.select("supplier", "ordered", "promised", "received").unique(maintain_order=True)


def _groups(rows: pl.DataFrame) -> tuple[list[str], Any]:
    suppliers = sorted(rows["supplier"].unique().to_list())
    place = {name: at for at, name in enumerate(suppliers)}
    return suppliers, np.array([place[name] for name in rows["supplier"]], np.int64)


def _day(instants: pl.Series) -> Any:
    return instants.dt.timestamp("ms").cast(pl.Float64).to_numpy() / 86_400_000


def _waiting(overdue: pl.DataFrame | None, now: datetime | None) -> dict[str, Any]:
    """The promises of lines still open that are overdue, by supplier."""
    if overdue is None or not overdue.height:
        return {}
    if now is None:
        raise ValueError("the moment at which the open lines were read is needed")
    late = overdue.filter(pl.col("promised").is_not_null() & (pl.col("promised") < now))
    return {str(name): _day(rows["promised"]) for (name,), rows in late.group_by("supplier", maintain_order=True)}


def _lead_time(fit: LogNormals, at: int | None) -> LeadTime:
    mean, sigma = (fit.usual_mean, fit.usual_sigma) if at is None else (float(fit.mean[at]), float(fit.sigma[at]))
    usual_days = math.exp(mean + sigma**2 / 2)
    rows, far, weight = (0, 0, 0.0) if at is None else (int(fit.rows[at]), int(fit.far[at]), float(fit.weight[at]))
    return LeadTime(
        math.exp(mean), math.exp(mean + WORST * sigma), usual_days, usual_days * math.sqrt(math.expm1(sigma**2)),
        rows, far, weight,
    )  # fmt: skip


def _recovery(mean: float, sigma: float) -> Recovery:
    return Recovery(math.exp(mean), math.exp(mean + WORST * sigma))


def _left_out(count: int, what: str) -> list[str]:
    return [f"{count:,} {what}."] if count else []
