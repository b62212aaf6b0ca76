"""Numbers as people and programs write them."""

import polars as pl
import pytest

from linewright.model.intake.numbers import read_floats, read_whole_numbers
from linewright.model.intake.readings import Habits

POINT, COMMA = Habits(), Habits(decimal_comma=True)


def one(read, cell, habits):
    """The value of one cell, or the rule that it breaks."""
    reading = read(pl.Series([cell]), habits)
    broken = [mistake.rule for mistake in reading.mistakes if mistake.bad.any()]
    assert len(broken) <= 1
    return broken[0] if broken else reading.values[0]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", 12), (" 12.5 ", 12.5), ("1e3", 1000), ("1 234", 1234), ("1\u00a0234.5", 1234.5), ("1,234.5", 1234.5),
        ("", None), (None, None), (7, 7), (True, "not_a_number"), ("zehn", "not_a_number"), ("12,5", "not_a_number"),
        ("1 23", "not_a_number"), ("12 min", "not_a_number"), ("nan", "not_finite"), (float("inf"), "not_finite"),
    ],
)  # fmt: skip
def test_numbers_with_a_point_are_read_or_named(cell, value):
    """A file with decimal points: a number, a blank, or the rule that the cell breaks."""
    assert one(read_floats, cell, POINT) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [("12,5", 12.5), ("1.234", 1234), ("1.234.567,5", 1234567.5), ("-3,25", -3.25), ("12.5", "not_a_number"),
     (12.5, 12.5), ("1,2,3", "not_a_number")],
)  # fmt: skip
def test_numbers_with_a_comma_are_read_or_named(cell, value):
    """A file with decimal commas: points only group thousands; typed numbers are as they are."""
    assert one(read_floats, cell, COMMA) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [("12", 12), ("12.0", 12), (12.0, 12), ("12.5", "not_whole"), (12.5, "not_whole"), ("zwölf", "not_a_number"),
     ("9007199254740993", 9007199254740993), (1e30, "too_large"), (None, None)],
)  # fmt: skip
def test_whole_numbers_keep_every_digit(cell, value):
    """12.0 is whole and 12.5 is not; long numbers do not lose digits on the way."""
    assert one(read_whole_numbers, cell, POINT) == value


def test_a_whole_number_with_thousands_points_is_read():
    """In a file with decimal commas 1.200 is twelve hundred."""
    assert one(read_whole_numbers, "1.200", COMMA) == 1200
