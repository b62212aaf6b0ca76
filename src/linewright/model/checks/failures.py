"""Checks of failures: each needs a repair, and a shape where its distribution has one."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from linewright.model.checks.rows import texts, where
from linewright.model.factory import Factory
from linewright.model.findings import Finding

SHAPED = ["weibull", "lognormal"]


def failure_without_repair(factory: Factory) -> Iterator[Finding]:
    """A machine that fails and is never repaired would stop for good: without its repair the failure does not count."""
    silent = factory.failure_modes.frame.get_column("machine").unique().to_list()
    failing = pl.col("mtbf_hours").is_not_null() & pl.col("mttr_hours").is_null() & ~pl.col("machine").is_in(silent)
    positions = where(factory.machines, failing)
    if len(positions):
        yield Finding(
            table="machines",
            rule="failure_without_repair",
            level="warning",
            column="mttr_hours",
            positions=positions,
            values=[""],
            messages=[
                f"{machine} fails every {hours:g} h, but no time says how long its repair takes: failures are left out"
                for machine, hours in factory.machines.frame[positions].select("machine", "mtbf_hours").iter_rows()
            ],
            expected="hours of a repair",
            cures=["fill in mttr_hours, or add a row to failure_modes"],
        )


def shape_missing(factory: Factory) -> Iterator[Finding]:
    """Weibull and log-normal times need a shape; without one the row says too little."""
    for side, words in (("up", "the time until it fails"), ("repair", "its repair")):
        column = f"{side}_shape"
        bare = pl.col(f"{side}_distribution").is_in(SHAPED) & pl.col(column).is_null()
        positions = where(factory.failure_modes, bare)
        if len(positions):
            kinds = texts(factory.failure_modes, positions, f"{side}_distribution")
            yield Finding(
                table="failure_modes",
                rule="shape_missing",
                column=column,
                positions=positions,
                values=[""],
                messages=[f"{words} is {kind}, but has no shape" for kind in kinds],
                expected="a number above 0",
                cures=["fill in the shape, or take exponential"],
            )


def values_missing(factory: Factory) -> Iterator[Finding]:
    """An empirical time is drawn from the hours that were observed, so there must be some, and all of them numbers."""
    for side, words in (("up", "the time until it fails"), ("repair", "its repair")):
        column = f"{side}_values"
        number = r"^\s*\d+(\.\d+)?(\s*;\s*\d+(\.\d+)?)*\s*;?\s*$"
        wrong = (pl.col(f"{side}_distribution") == "empirical") & ~pl.col(column).str.contains(number)
        positions = where(factory.failure_modes, wrong)
        if len(positions):
            yield Finding(
                table="failure_modes",
                rule="values_missing",
                column=column,
                positions=positions,
                values=texts(factory.failure_modes, positions, column),
                messages=[f"{words} is empirical, but '{{value}}' is not a list of hours"],
                expected="hours such as 12;30.5;41",
                cures=["list the observed hours with ; between them"],
            )
