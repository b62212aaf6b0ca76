"""Texts, yes and no, choices, weekdays and near-misses."""

import polars as pl
import pytest

from linewright.model.intake.suggestions import Suggester
from linewright.model.intake.words import read_choices, read_texts, read_timezones, read_weekdays, read_yes_no


def test_a_name_that_came_as_a_number_loses_its_point():
    """Part 4711 stays 4711, and 1.5 stays 1.5."""
    assert read_texts(pl.Series([4711.0, 1.5, None])).values.to_list() == ["4711", "1.5", None]


def test_texts_are_stripped_and_blanks_are_missing():
    """Blanks around a name are nobody's intention."""
    assert read_texts(pl.Series([" M4\u00a0", "  ", "a b"])).values.to_list() == ["M4", None, "a b"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("yes", True), ("Ja", True), ("x", True), ("TRUE", True), (1, True), (1.0, True), (True, True),
     ("no", False), ("nein", False), ("0", False), ("maybe", None), (2, None)],
)  # fmt: skip
def test_yes_and_no_in_two_languages(cell, value):
    """Yes and no as people, forms and programs write them; anything else is a mistake."""
    reading = read_yes_no(pl.Series([cell]))
    assert reading.values[0] is value
    assert any(mistake.bad.any() for mistake in reading.mistakes) == (value is None)


def test_choices_ignore_case():
    """OPEN is open; cancelled is not a word that was offered."""
    reading = read_choices(pl.Series(["OPEN", "cancelled", None]), ("open", "closed"))
    assert reading.values.to_list() == ["open", None, None]
    assert reading.mistakes[0].bad.to_list() == [False, True, False]


def test_weekdays_are_written_in_one_way():
    """Full names, German names and ranges become mon, or mon-fri."""
    typed = ["Monday", "mo-fr", "Samstag", "mon – wed", "fri-mon", "Mon-Fry", "mon-tue-wed"]
    assert read_weekdays(pl.Series(typed)).values.to_list() == [
        "mon",
        "mon-fri",
        "sat",
        "mon-wed",
        "fri-mon",
        None,
        None,
    ]


def test_an_unknown_time_zone_names_the_one_that_was_meant():
    """Europe/Berln is a warning with a suggestion."""
    reading = read_timezones(pl.Series(["Europe/Berln"]))
    assert reading.values[0] is None
    assert "did you mean Europe/Berlin?" in reading.mistakes[0].message


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("CNC-9", "CNC-8"), ("cnc 8", "CNC-8"), ("Oven", "oven 1"), ("lathe", None), ("CNC8", "CNC-8")],
)
def test_a_near_miss_is_suggested(typed, meant):
    """One letter off, another case or a forgotten dash; a different name is nobody's near-miss."""
    assert Suggester(["CNC-8", "oven 1", "press"]).closest(typed) == meant


def test_a_long_list_is_searched_by_its_neighbours():
    """Among 50,000 names the one with a letter changed is found at once."""
    assert Suggester(f"part {number:06d}" for number in range(50_000)).closest("part 00x123") == "part 000123"
