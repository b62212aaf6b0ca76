"""Dates, times and instants, as people, programs and spreadsheets write them."""

from __future__ import annotations

from datetime import date

import polars as pl

from linewright.model.intake.readings import Habits, Mistake, Reading, as_text, mask

SERIAL_LOW, SERIAL_HIGH = 20_000, 80_000  # 1954 to 2119 as a spreadsheet counts days
SERIAL_DAY_ZERO = date(1899, 12, 30)
SERIAL = r"^[2-7]\d{4}(\.\d+)?$|^80000(\.0*)?$"
SLASHED = r"^\d{1,2}/\d{1,2}/\d{2,4}"
PARTS = (
    r"^(?<day>\d{4}-\d{1,2}-\d{1,2})"
    r"(?:,? *[T ] *(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.(?<fraction>\d{1,6})\d*)?)?"
    r" *(?<offset>Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$"
)
CLOCK = (
    r"^(?:1899-12-3[01][T ]|1900-01-0[01][T ])?(?<hour>\d{1,2}):(?<minute>\d{2})"
    r"(?::(?<second>\d{2})(?:\.(?<fraction>\d{1,6})\d*)?)?$"
)
INSTANT = pl.Datetime("us", "UTC")
DAY = 86_400_000_000


def read_dates(cells: pl.Series, habits: Habits) -> Reading:
    """Read days; a time other than midnight is a mistake."""
    if cells.dtype == pl.Date:
        return Reading(cells)
    local = _read_local(cells, habits)
    values = local.get_column("local")
    odd = mask(values != values.dt.truncate("1d")) | mask(local.get_column("aware"))
    mistake = Mistake(
        rule="not_a_day",
        bad=odd,
        message='"{value}" has a time, where only a day can stand',
        expected="a day, such as 2026-03-02",
        cure="write the day alone, such as 2026-03-02",
    )
    return Reading(values.set(odd, None).cast(pl.Date), (*_mistakes(cells, local), mistake))


def read_instants(cells: pl.Series, habits: Habits, *, day_end: bool = False) -> Reading:
    """Read instants; times without an offset are local, a day alone is its start (or its end, if `day_end`)."""
    if isinstance(cells.dtype, pl.Datetime) and cells.dtype.time_zone:
        return Reading(cells.dt.convert_time_zone("UTC").cast(INSTANT))
    local = _read_local(cells, habits)
    naive, aware, alone = local.get_column("local"), mask(local.get_column("aware")), mask(local.get_column("alone"))
    if day_end:
        naive = naive.dt.offset_by("1d").zip_with(alone, naive)
    first, last = _at_zone(naive, habits.zone, "earliest"), _at_zone(naive, habits.zone, "latest")
    missing = naive.is_not_null() & first.is_null()
    if missing.any():
        # Where clocks spring forward at midnight, that day begins at one o'clock.
        begun = _at_zone(naive.dt.offset_by("1h"), habits.zone, "earliest")
        first = begun.zip_with(missing & alone, first)
    gap = missing & ~alone & ~aware
    values = naive.dt.replace_time_zone("UTC").zip_with(aware, first)
    twice = mask(first != last) & ~aware & ~alone
    return Reading(values, (*_mistakes(cells, local), *_clock_changes(gap, twice, habits.zone)))


def read_times(cells: pl.Series) -> Reading:
    """Read times of day: 06:00, 6:00:30, 24:00 (midnight), or a spreadsheet's fraction of a day."""
    if cells.dtype == pl.Time:
        return Reading(cells)
    if cells.dtype.is_numeric():
        day = pl.when(pl.col("cell").is_between(0, 1)).then(pl.col("cell").cast(pl.Float64))
        values = cells.to_frame("cell").select(_time_of((day * 86_400).round(0) * 1e6)).to_series()
    elif isinstance(cells.dtype, pl.Datetime):
        values = cells.dt.time()
    else:
        share = pl.when(pl.col("text").str.contains(r"^0?\.\d+$")).then(pl.col("text")).cast(pl.Float64, strict=False)
        parts = pl.col("text").str.extract_groups(CLOCK).alias("parts")
        read = as_text(cells).to_frame("text").select(parts, share.alias("share")).unnest("parts")
        fraction = (pl.col("share") * 86_400).round(0) * 1e6
        values = read.select(pl.coalesce(_time_of(_microseconds()), _time_of(fraction))).to_series()
    mistake = Mistake(
        rule="not_a_time",
        bad=as_text(cells).is_not_null() & values.is_null(),
        message='"{value}" is not a time of day',
        expected="a time from 00:00 to 24:00",
        cure="write hours and minutes, such as 06:30",
    )
    return Reading(values, (mistake,))


def _read_local(cells: pl.Series, habits: Habits) -> pl.DataFrame:
    """Local date-times (UTC where `aware`), with marks: `alone` (no time given), `serial` (a spreadsheet's number)."""
    dtype = cells.dtype
    if isinstance(dtype, pl.Datetime) or dtype == pl.Date:
        aware = isinstance(dtype, pl.Datetime) and bool(dtype.time_zone)
        local = cells.dt.convert_time_zone(habits.zone).dt.replace_time_zone(None) if aware else cells
        local = local.cast(pl.Datetime("us"))
        # A workbook cannot tell a day from its midnight.
        return _marked(local, alone=local == local.dt.truncate("1d"))
    if dtype.is_numeric():
        numbers = cells.cast(pl.Float64).to_frame("number")
        local = numbers.select(_from_serial(pl.col("number"))).to_series()
        whole = numbers.select(pl.col("number") == pl.col("number").floor()).to_series()
        return _marked(local, alone=whole, serial=local.is_not_null())
    return _from_text(as_text(cells))


def _from_text(text: pl.Series) -> pl.DataFrame:
    parts = _iso(pl.col("text")).str.extract_groups(PARTS).alias("parts")
    numbers = pl.when(pl.col("text").str.contains(SERIAL)).then(pl.col("text")).cast(pl.Float64, strict=False)
    read = text.to_frame("text").select(parts, numbers.alias("number")).unnest("parts")
    timed, serial = pl.col("hour").is_not_null(), pl.col("number").is_not_null()
    day = pl.col("day").str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
    clock = pl.when(timed).then(_microseconds()).otherwise(0).cast(pl.Duration("us"))
    local = day + clock - (_offset_minutes() * 60_000_000).fill_null(0).cast(pl.Duration("us"))
    return read.select(
        local=pl.when(serial).then(_from_serial(pl.col("number"))).otherwise(local),
        alone=~timed & (~serial | (pl.col("number") == pl.col("number").floor()).fill_null(value=False)),
        aware=pl.col("offset").is_not_null(),
        serial=serial,
    )


def _iso(text: pl.Expr) -> pl.Expr:
    """German and slashed dates turned into ISO; the rest as it is."""
    return (
        text.str.replace(r"^(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})", "${3}-${2}-${1}")
        .str.replace(r"^(\d{1,2})\.(\d{1,2})\.(\d{2})($|[ ,])", "20${3}-${2}-${1}${4}")
        .str.replace(r"^(\d{4})/(\d{1,2})/(\d{1,2})", "${1}-${2}-${3}")
        .str.replace(r"^((?:19|20)\d{2})(\d{2})(\d{2})($|[ T])", "${1}-${2}-${3}${4}")
    )


def _microseconds() -> pl.Expr:
    """Microseconds since midnight from the parts of a time; null where there is no such time."""
    hour, minute, second = (pl.col(name).cast(pl.Int64) for name in ("hour", "minute", "second"))
    second = second.fill_null(0)
    fraction = pl.col("fraction").fill_null("0").str.pad_end(6, "0").cast(pl.Int64)
    micro = ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
    return pl.when((minute < 60) & (second < 60) & (micro <= DAY)).then(micro)


def _offset_minutes() -> pl.Expr:
    offset = pl.col("offset").str.replace("Z", "+0000", literal=True).str.replace(":", "", literal=True)
    digits = offset.str.pad_end(5, "0")
    minutes = digits.str.slice(1, 2).cast(pl.Int64) * 60 + digits.str.slice(3, 2).cast(pl.Int64)
    return pl.when(digits.str.starts_with("-")).then(-minutes).otherwise(minutes)


def _from_serial(numbers: pl.Expr) -> pl.Expr:
    inside = (numbers >= SERIAL_LOW) & (numbers <= SERIAL_HIGH)
    seconds = pl.when(inside).then((numbers * 86_400).round(0)).cast(pl.Int64)
    return pl.lit(SERIAL_DAY_ZERO).cast(pl.Datetime("us")) + (seconds * 1_000_000).cast(pl.Duration("us"))


def _time_of(microseconds: pl.Expr) -> pl.Expr:
    # 24:00 is the midnight that ends the day; a shift that ends at 00:00 means the same.
    return (microseconds.cast(pl.Int64) % DAY * 1000).cast(pl.Time)


def _at_zone(naive: pl.Series, zone: str, ambiguous: str) -> pl.Series:
    at = naive.dt.replace_time_zone(zone, ambiguous=ambiguous, non_existent="null")  # type: ignore[arg-type]
    return at.dt.convert_time_zone("UTC")


def _marked(local: pl.Series, **marks: pl.Series) -> pl.DataFrame:
    unmarked = pl.repeat(value=False, n=len(local), eager=True)
    return pl.DataFrame({"local": local, "alone": unmarked, "aware": unmarked, "serial": unmarked, **marks})


def _mistakes(cells: pl.Series, local: pl.DataFrame) -> tuple[Mistake, ...]:
    serial = mask(local.get_column("serial"))
    if local.get_column("local").null_count() == cells.null_count() and not serial.any():
        return ()
    text = as_text(cells)
    unread = text.is_not_null() & local.get_column("local").is_null()
    slashed = unread & mask(text.str.contains(SLASHED))
    return (
        Mistake(
            rule="ambiguous_date",
            bad=slashed,
            message='"{value}" may be day/month or month/day',
            expected="2026-03-02, or 02.03.2026 for 2 March",
            cure="write year-month-day, such as 2026-03-02",
        ),
        Mistake(
            rule="not_a_date",
            bad=unread & ~slashed,
            message='"{value}" is not a date',
            expected="a date such as 2026-03-02, with a time such as 2026-03-02 14:30 where it matters",
            cure="write year-month-day, such as 2026-03-02",
        ),
        Mistake(
            rule="serial_date",
            bad=serial,
            level="note",
            together=True,
            message="{value} was read as a spreadsheet's number of a day",
            cure="format the column as dates, if that is not what was meant",
        ),
    )


def _clock_changes(gap: pl.Series, twice: pl.Series, zone: str) -> tuple[Mistake, ...]:
    return (
        Mistake(
            rule="nonexistent_time",
            bad=gap,
            message='"{value}" does not exist: the clocks of ' + zone + " skip that hour",
            expected="a local time that exists",
            cure="write the time an hour later, or with its offset, such as 2026-03-29T03:30+02:00",
        ),
        Mistake(
            rule="ambiguous_time",
            bad=twice,
            level="note",
            together=True,
            message='"{value}" happens twice when clocks go back; the first was taken',
            cure="add the offset, such as 2026-10-25T02:30+01:00, if the second was meant",
        ),
    )
