"""The fan chart of a forecast: what came, what is expected, and how far it may be off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Day

import polars as pl

from linewright.kit.svg import BAR, INK, LATE, LINE, MUTED, drawing, line, text
from linewright.model.forecast_results import ForecastResult

#: Pixels around the plot: left for the figures, below for the dates.
LEFT, RIGHT, TOP, BELOW = 64, 12, 26, 22
#: The two ranges, in shades that can be told apart without colour.
WIDE, NARROW, LINE_AHEAD = "#dcebf7", BAR, "#0f62ac"
#: Periods of history that are shown for each period ahead.
LOOK_BACK = 3


def fan_chart(result: ForecastResult, material: str, customer: str = "", *, width: int = 640, height: int = 240) -> str:
    """The history of a material as a line, the forecast as another, with its ranges of 80 % and 95 % around it.

    A recent change of demand is a dashed red line; the grey line before it is the history as it counts now.

    Parameters
    ----------
    customer
        One of the material's customers with a forecast; blank for all of them together.

    Raises
    ------
    KeyError
        There is no forecast for this material and customer.
    """
    key = (pl.col("material") == material) & (pl.col("customer") == customer)
    ahead = result.frame.filter(key)
    if not ahead.height:
        raise KeyError(material if not customer else f"{material}, {customer}")
    past = result.history.filter(key).tail(LOOK_BACK * ahead.height)
    axes = _Axes(past.height + ahead.height, _top(past, ahead), width, height)
    parts = [*axes.grid(), *_dates(axes, [*past.get_column("date"), *ahead.get_column("date")], result.bucket)]
    parts += _fan(axes, past, ahead)
    parts += [mark for alarm in result.alarms if alarm.material == material and not customer
              for mark in _change(axes, past, alarm.since)]  # fmt: skip
    named = material + (f", {customer}" if customer else "")
    parts.append(text(LEFT, 14, f"{named}: demand by {result.bucket}, with 80 % and 95 % ranges", MUTED))
    return drawing(width, height, parts, f"Forecast of {named}")


class _Axes:
    """Turns periods and quantities into pixels."""

    def __init__(self, periods: int, most: float, width: int, height: int) -> None:
        self.periods, self.most, self.width, self.height = max(periods, 2), most, width, height

    def x(self, period: float) -> float:
        return LEFT + period / (self.periods - 1) * (self.width - LEFT - RIGHT)

    def y(self, quantity: float) -> float:
        return self.height - BELOW - quantity / self.most * (self.height - TOP - BELOW)

    def grid(self) -> list[str]:
        """Horizontal lines at round quantities."""
        step = _round_step(self.most / 4)
        parts = []
        for number in range(int(self.most / step + 1e-9) + 1):
            y = self.y(number * step)
            parts += [
                line(LEFT, y, self.width - RIGHT, y, LINE),
                text(LEFT - 6, y + 4, f"{number * step:,.6g}", MUTED, "end"),
            ]
        return parts

    def path(self, begin: int, quantities: Sequence[float], stroke: str, style: str = 'stroke-width="1.5"') -> str:
        points = " ".join(f"{self.x(begin + at):.1f},{self.y(value):.1f}" for at, value in enumerate(quantities))
        return f'<polyline points="{points}" fill="none" stroke="{stroke}" {style}/>'

    def band(self, begin: int, low: Sequence[float], high: Sequence[float], fill: str) -> str:
        upper = [f"{self.x(begin + at):.1f},{self.y(value):.1f}" for at, value in enumerate(high)]
        lower = [f"{self.x(begin + at):.1f},{self.y(value):.1f}" for at, value in enumerate(low)]
        return f'<polygon points="{" ".join([*upper, *reversed(lower)])}" fill="{fill}"/>'


def _top(past: pl.DataFrame, ahead: pl.DataFrame) -> float:
    highest = [*past.get_column("quantity"), *past.get_column("adjusted"), *ahead.get_column("high_95")]
    return max(1.05 * max(highest, default=0.0), 1e-9)


def _fan(axes: _Axes, past: pl.DataFrame, ahead: pl.DataFrame) -> list[str]:
    came, counted = past.get_column("quantity").to_list(), past.get_column("adjusted").to_list()
    # The fan opens at the last period that is known.
    begin, root = (past.height - 1, came[-1:]) if came else (0, [])
    columns = {
        name: [*root, *ahead.get_column(name)] for name in ("quantity", "low_80", "high_80", "low_95", "high_95")
    }
    parts = [
        axes.band(begin, columns["low_95"], columns["high_95"], WIDE),
        axes.band(begin, columns["low_80"], columns["high_80"], NARROW),
    ]
    if came != counted:
        parts.append(axes.path(0, counted, MUTED, 'stroke-width="1" stroke-dasharray="2 2"'))
    parts.append(axes.path(0, came, INK))
    parts.append(axes.path(begin, columns["quantity"], LINE_AHEAD, 'stroke-width="2"'))
    return parts


def _change(axes: _Axes, past: pl.DataFrame, since: Day) -> list[str]:
    dates = past.get_column("date").to_list()
    if since not in dates:
        return []
    x = axes.x(dates.index(since))
    shape = f'<path d="M{x:.1f} {TOP}V{axes.height - BELOW}" stroke="{LATE}" stroke-dasharray="4 3"/>'
    return [shape, text(x - 4, TOP + 10, "change", LATE, "end")]


def _dates(axes: _Axes, dates: Sequence[Day], bucket: str) -> list[str]:
    """As many dates as have room."""
    every = max(1, round(len(dates) * 64 / (axes.width - LEFT - RIGHT)))
    return [
        text(
            axes.x(at),
            axes.height - 6,
            f"{date:%b %Y}" if bucket == "month" else f"{date.day} {date:%b}",
            MUTED,
            "middle",
        )
        for at, date in enumerate(dates)
        if at % every == 0 and at + every / 2 < len(dates)
    ]


def _round_step(step: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50, ..."""
    power = 10.0 ** float(f"{step:e}".split("e")[1])
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= step * (1 - 1e-9))
