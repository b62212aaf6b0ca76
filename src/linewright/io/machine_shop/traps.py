"""What is odd in the log: told once each, with the number of rows."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from linewright.io.raw_tables import LINE
from linewright.model.faults import Fault, Source

SPAN = (pl.col("end") - pl.col("start")).dt.total_minutes()


def traps(log: pl.DataFrame, source: Source) -> list[Fault]:
    """Every kind of odd row that the log has."""
    moments = pl.col("start").is_null() | pl.col("end").is_null()
    undecided = log.filter(pl.col("qty_mrb") > 0)
    found = (
        _Trap(
            log.filter(moments), "no_date", "start", "warning",
            "{count} reports have no date; they are kept without start and end",
            "nothing to do; their minutes and quantities count",
        ),
        _Trap(
            log.filter((pl.col("reported_minutes") == 0) & (SPAN > 0)), "zero_minutes", "reported_minutes", "warning",
            "{count} reports give 0 minutes for a window of an hour or more; jobs that report no minutes for a step "
            "are left out of its standard time", "report the minutes that were worked",
        ),
        _Trap(
            _overlapping(log), "overlapping_reports", "worker", "warning",
            "{count} reports start before an earlier report of the same worker has ended; the minutes are as reported",
            "nothing to do, or correct start and end",
        ),
        _Trap(
            log.filter(pl.col("timestamp_match").str.starts_with("start exact")), "rebuilt_end", "timestamp_match",
            "note", "{count} reports have an end that was rebuilt from their span or a sibling report", "nothing to do",
        ),
        _Trap(
            log.filter(pl.col("setup") & (pl.col("report_type") != "S")), "setup_by_name", "report_type", "note",
            "{count} reports are called SETUP but not marked S; they are taken as setup", "mark them S",
        ),
        _Trap(
            undecided, "undecided_units", "qty_mrb", "note",
            f"{{count}} reports hold {undecided['qty_mrb'].sum():g} units for review; these are neither good nor scrap",
            "decide on them",
        ),
    )  # fmt: skip
    return [trap.fault(source) for trap in found if trap.rows.height]


def _overlapping(log: pl.DataFrame) -> pl.DataFrame:
    """Reports with minutes that start before the latest end so far of their worker; in a minute they may touch."""
    timed = log.filter(pl.col("start").is_not_null() & pl.col("end").is_not_null() & (pl.col("reported_minutes") > 0))
    latest = pl.col("end").cum_max().shift(1).over("worker")
    timed = timed.sort("worker", "start", "end").with_columns(latest=latest)
    return timed.filter(pl.col("start") + pl.duration(minutes=1) < pl.col("latest")).sort(LINE)


@dataclass(frozen=True)
class _Trap:
    """Rows that are odd in the same way, and what to say about them."""

    rows: pl.DataFrame
    rule: str
    column: str
    level: str
    message: str
    cure: str

    def fault(self, source: Source) -> Fault:
        """One fault for all rows, placed at the first of them."""
        line, value = int(self.rows[LINE][0]), self.rows[self.column][0]
        return Fault(
            level=self.level,
            rule=self.rule,
            table="actuals",
            where=source.place(line, self.column),
            row=line,
            column=self.column,
            value="" if value is None else str(value),
            message=self.message.format(count=f"{self.rows.height:,}"),
            cure=self.cure,
            materials=tuple(self.rows["part"].drop_nulls().unique(maintain_order=True)),
            count=self.rows.height,
        )
