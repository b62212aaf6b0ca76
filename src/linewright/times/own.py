"""A person's own times, for that person only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy import stats

from linewright.errors import ModelError
from linewright.model.times_results import OWN_COLUMNS
from linewright.times.minutes.model import LEAST_TO_LEARN, learn_minutes
from linewright.times.reports.aside import cleaned
from linewright.times.reports.records import report_records

if TYPE_CHECKING:
    from linewright.model.factory import Factory

#: A kind of work with fewer reports says nothing.
LEAST_REPORTS = 6


def own_times(factory: Factory, *, for_person: str) -> pl.DataFrame:
    """What one person's reports say about her own pace, as OWN_COLUMNS.

    The rest of the plant is the measure, without being shown: the times of the same work, part, machine and quantity
    as learned from everybody else. It is there for the person herself, and for her alone: whoever calls it must have
    made sure who asks.

    Raises
    ------
    ModelError
        The settings do not allow it (own_times_only), there is no such person, or there are too few reports.
    """
    if not factory.settings.own_times_only:
        raise ModelError(
            ["settings: nobody's own times are shown — set own_times_only to yes if people shall see their own"]
        )
    records = report_records(cleaned(factory).reports)
    mine = records.filter(pl.col("person") == for_person)
    others = records.filter(pl.col("person") != for_person)
    if not for_person or mine.height < LEAST_REPORTS or others.height < LEAST_TO_LEARN:
        raise ModelError([f"actuals: {mine.height} reports of one's own, not enough — {LEAST_REPORTS} are needed"])
    usual, _ = learn_minutes(others).logs(mine)
    told = mine.with_columns(apart=pl.Series(np.log(mine["minutes"].to_numpy()) - usual))
    rows = []
    for (work,), group in told.group_by("kind_of_work", maintain_order=True):
        if group.height >= LEAST_REPORTS:
            apart = group["apart"].to_numpy()
            reach = stats.t.ppf(0.975, len(apart) - 1) * apart.std(ddof=1) / np.sqrt(len(apart))
            factor = np.exp([apart.mean(), apart.mean() - reach, apart.mean() + reach]).tolist()
            rows.append((work, group.height, float(group["minutes"].sum()), *factor))
    return pl.DataFrame(rows, schema=OWN_COLUMNS, orient="row")
