"""Which part of AdventureWorks' three years is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from linewright.errors import SourceError

#: AdventureWorks Cycles has its plant in Bothell, Washington.
TIMEZONE = "America/Los_Angeles"


@dataclass(frozen=True)
class Window:
    """From the beginning of day `start` to the beginning of day `end`; `whole` when everything is read."""

    start: date
    end: date
    whole: bool
    sales: bool

    @property
    def weeks(self) -> float:
        """Its length."""
        return (self.end - self.start).days / 7

    @property
    def instant(self) -> datetime:
        """Its start as an instant."""
        midnight = datetime(self.start.year, self.start.month, self.start.day, tzinfo=ZoneInfo(TIMEZONE))
        return midnight.astimezone(UTC)

    @property
    def text(self) -> str:
        """The days that it covers, for people."""
        return f"{self.start} to {self.end - timedelta(days=1)}"


def window_of(options: Mapping[str, str], work_orders: pl.DataFrame, sales: pl.DataFrame) -> Window:
    """The window that the options ask for; without `start`, everything.

    Raises
    ------
    SourceError
        An option cannot be understood.
    """
    wants_sales = _yes_or_no(options.get("sales", ""))
    if "start" not in options:
        if "weeks" in options:
            raise SourceError(f"option weeks={options['weeks']}: needs start — add start=2014-05-05")
        days = pl.concat([work_orders.get_column("StartDate"), sales.get_column("OrderDate")]).drop_nulls()
        first, last = (days.min(), days.max()) if len(days) else (date(2011, 5, 31), date(2011, 5, 31))
        assert isinstance(first, date)
        assert isinstance(last, date)
        return Window(first, last + timedelta(days=1), whole=True, sales=wants_sales is not False)
    start = _day(options["start"])
    weeks = options.get("weeks", "4")
    if not weeks.isdigit() or int(weeks) < 1:
        raise SourceError(f"option weeks={weeks}: is not a whole number above 0 — write weeks=4")
    return Window(start, start + timedelta(weeks=int(weeks)), whole=False, sales=wants_sales is True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SourceError(f"option start={text}: is not a date — write start=2014-05-05") from None


def _yes_or_no(text: str) -> bool | None:
    if text not in {"", "yes", "no"}:
        raise SourceError(f"option sales={text}: is unknown — write sales=yes or sales=no")
    return None if not text else text == "yes"
