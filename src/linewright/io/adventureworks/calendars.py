"""Weekly windows of a work center, from the hours that it is available and the plant's shifts."""

from __future__ import annotations

from datetime import time

import polars as pl

from linewright.io.raw_tables import LINE

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: A shift: when it begins, when it ends, and its length in minutes.
ShiftTimes = tuple[time, time, int]


def shift_times(shifts: pl.DataFrame) -> list[ShiftTimes]:
    """The plant's shifts in the order of the day; three of eight hours when the file is missing or damaged."""
    found: list[ShiftTimes] = []
    for start_text, end_text in shifts.sort("ShiftID").select("StartTime", "EndTime").iter_rows():
        try:
            start, end = time.fromisoformat(start_text), time.fromisoformat(end_text)
        except (TypeError, ValueError):
            continue
        found.append((start, end, (_minutes(end) - _minutes(start) - 1) % 1440 + 1))
    return found or [(time(7), time(15), 480), (time(15), time(23), 480), (time(23), time(7), 480)]


def weekly_windows(calendar: str, hours: float, shifts: list[ShiftTimes], line: int) -> pl.DataFrame:
    """Windows from Monday on whose lengths sum to the hours of a week.

    As few shifts a day as possible are used such that six days are enough (seven when all shifts are used); the last
    day is cut to what is left.
    """
    per_day, used = 0, shifts
    for count in range(1, len(shifts) + 1):
        used, per_day = shifts[:count], sum(shift[2] for shift in shifts[:count])
        if hours * 60 <= 6 * per_day:
            break
    left = min(round(hours * 60), 7 * per_day)
    rows: list[tuple[str, str, time, time]] = []
    full_days = left // per_day
    if full_days:
        days = WEEKDAYS[0] if full_days == 1 else f"{WEEKDAYS[0]}-{WEEKDAYS[full_days - 1]}"
        rows += [(calendar, days, start, end) for start, end, _ in used]
    left -= full_days * per_day
    for start, _, length in used:
        taken = min(length, left)
        left -= taken
        if taken:
            end = (_minutes(start) + taken) % 1440
            rows.append((calendar, WEEKDAYS[full_days], start, time(end // 60, end % 60)))
    schema = {"calendar": pl.String, "weekday": pl.String, "start": pl.Time, "end": pl.Time}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.lit(line).alias(LINE))


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
