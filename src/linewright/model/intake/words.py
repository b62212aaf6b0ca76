"""Texts, yes and no, choices, weekdays and time zones."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, available_timezones

import polars as pl

from linewright.model.intake.readings import Mistake, Reading, as_text, mask
from linewright.model.intake.suggestions import Suggester

YES = ("yes", "true", "1", "x", "ja", "y", "j", "wahr", "t")
NO = ("no", "false", "0", "nein", "n", "falsch", "f")

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_GERMAN = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_SHORT = ("mo", "di", "mi", "do", "fr", "sa", "so")
DAY_NAMES = {
    **{name: day for names in (WEEKDAYS, _ENGLISH, _GERMAN, _SHORT) for name, day in zip(names, WEEKDAYS, strict=True)},
    "tues": "tue",
    "thur": "thu",
    "thurs": "thu",
    "sonnabend": "sat",
}


def read_texts(cells: pl.Series) -> Reading:
    """Read texts, stripped; a number that is a name loses its .0."""
    return Reading(as_text(cells))


def read_yes_no(cells: pl.Series) -> Reading:
    """Read yes and no, in English and German, true, false, x, 1 and 0."""
    if cells.dtype == pl.Boolean:
        return Reading(cells)
    text = as_text(cells)
    words = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
    values = text.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.Boolean)
    mistake = Mistake(
        rule="not_yes_or_no",
        bad=mask(text.is_not_null()) & values.is_null(),
        message='"{value}" is neither yes nor no',
        expected="yes or no",
        cure="write yes or no",
    )
    return Reading(values, (mistake,))


def read_choices(text: pl.Series, choices: tuple[str, ...]) -> Reading:
    """Read one of some words, whatever their case."""
    words = {choice.lower(): choice for choice in choices if choice}
    values = text.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.String)
    listed = ", ".join(words.values())
    mistake = Mistake(
        rule="not_a_choice",
        bad=mask(text.is_not_null()) & values.is_null(),
        message='"{value}" is not one of ' + listed,
        expected=f"one of {listed}",
        cure=f"choose one of {listed}",
    )
    return Reading(values, (mistake,))


def read_weekdays(text: pl.Series) -> Reading:
    """Read a weekday or a range of weekdays, as mon or mon-fri."""
    words = {word: _weekday(word) for word in text.drop_nulls().unique().to_list()}
    values = text.replace_strict(words, default=None, return_dtype=pl.String)
    mistake = Mistake(
        rule="not_a_weekday",
        bad=mask(text.is_not_null()) & values.is_null(),
        message='"{value}" is not a weekday',
        expected="mon, tue, wed, thu, fri, sat, sun, or a range such as mon-fri",
        cure="write a weekday such as mon, or a range such as mon-fri",
    )
    return Reading(values, (mistake,))


def read_timezones(text: pl.Series) -> Reading:
    """Read names of time zones; an unknown one is a warning, because the rows can still be read as UTC."""
    unknown = [name for name in text.drop_nulls().unique().to_list() if not is_timezone(name)]
    bad = mask(text.is_in(unknown))
    hint = Suggester(sorted(available_timezones())).hint(unknown[0]) if unknown else ""
    mistake = Mistake(
        rule="not_a_timezone",
        bad=bad,
        level="warning",
        message='"{value}" is not a time zone' + hint,
        expected="an IANA time zone, such as Europe/Berlin",
        cure="write an IANA time zone, such as Europe/Berlin; until then the default is taken",
    )
    return Reading(text.set(bad, None), (mistake,))


def is_timezone(name: str) -> bool:
    """Whether both Python and Polars know a time zone."""
    try:
        ZoneInfo(name)
        pl.Series([0]).cast(pl.Datetime("us")).dt.replace_time_zone(name)
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError):
        return False
    return True


def _weekday(text: str) -> str | None:
    days = [DAY_NAMES.get(part.strip(" .")) for part in re.split(r"-|–| to | bis ", text.lower())]
    if len(days) > 2 or None in days:
        return None
    first, last = days[0], days[-1]
    return first if first == last else f"{first}-{last}"
