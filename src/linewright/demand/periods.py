"""Months and weeks as numbers, and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta

import polars as pl

#: Weeks begin on Mondays; this is the first one after the beginning of Unix time.
MONDAY = Day(1970, 1, 5)
#: A typical material is asked for in so many of its weeks before weeks are worth looking at.
DENSE_WEEKS = 0.5
#: A typical material whose weeks differ more than this (squared coefficient of variation) is lumpy, by the cut of
#: Syntetos, Boylan & Croston (2005).
LUMPY = 0.49
#: A history that is shorter than this is too short for months.
SHORT_DAYS = 365
WINDOW = 26


@dataclass(frozen=True)
class Bucket:
    """The length of a period: a calendar month, or a week from Monday."""

    name: str
    season: int
    periods_per_year: float
    days: float
    horizon: int

    def number(self, dates: pl.Expr) -> pl.Expr:
        """The number of the period of each date."""
        if self.name == "month":
            return (dates.dt.year().cast(pl.Int64) * 12 + dates.dt.month() - 1).cast(pl.Int64)
        return (dates - MONDAY).dt.total_days() // 7

    def number_of(self, date: Day) -> int:
        """The number of the period of a date."""
        return date.year * 12 + date.month - 1 if self.name == "month" else (date - MONDAY).days // 7

    def start(self, number: int) -> Day:
        """The first day of a period."""
        if self.name == "month":
            return Day(number // 12, number % 12 + 1, 1)
        return MONDAY + timedelta(days=7 * number)

    def text(self, date: Day) -> str:
        """How people call the period of a date: "May 2026", "the week of 4 May 2026"."""
        return f"{date:%B %Y}" if self.name == "month" else f"the week of {date.day} {date:%B %Y}"


MONTH = Bucket("month", 12, 12.0, 365.25 / 12, 12)
WEEK = Bucket("week", 52, 365.25 / 7, 7.0, 13)
BUCKETS = {bucket.name: bucket for bucket in (MONTH, WEEK)}


def bucket_for(rows: pl.DataFrame) -> tuple[Bucket, str]:
    """Weeks or months, with the reason.

    Months when all dates are first days of a month. Else weeks when there is less than a year of history, or when the
    typical material (the median, over the last half year) is asked for in half of its weeks or more and its weeks are
    not lumpy. Else months.
    """
    dates = rows.get_column("date")
    if (dates.dt.day() == 1).all():
        return MONTH, "all dates are first days of months"
    week = WEEK.number(pl.col("date"))
    # Only the last half year counts, as a material may have been rare when it was new.
    recent = rows.filter(week > week.max() - WINDOW)
    span = rows.select(pl.col("date").max() - pl.col("date").min()).item().days
    weekly = recent.group_by("material", week=week).agg(pl.col("quantity").sum())
    weeks = (pl.col("week").max() - pl.col("week").min() + 1).clip(lower_bound=4)
    mean = pl.col("quantity").sum() / weeks
    asked = weekly.group_by("material").agg(
        share=pl.len() / weeks, lumpiness=(pl.col("quantity").pow(2).sum() / weeks - mean.pow(2)) / mean.pow(2)
    )
    share, lumpiness = (float(asked.select(pl.col(name).median()).item() or 0.0) for name in ("share", "lumpiness"))
    if span < SHORT_DAYS:
        return WEEK, "there is less than a year of history"
    if share >= DENSE_WEEKS and lumpiness > LUMPY:
        return MONTH, "the weeks of the typical material differ too much"
    if share >= DENSE_WEEKS:
        return WEEK, f"the typical material is asked for in {100 * share:.0f} % of its weeks"
    return MONTH, f"the typical material is asked for in only {100 * share:.0f} % of its weeks"
