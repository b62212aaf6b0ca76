"""Bills of materials: what the checks find, where, and what they leave in peace."""

from datetime import date

from linewright.model import checks
from tests.model.checks.hand_made import SETTINGS, found, lines, op, words


def test_a_bill_that_comes_back_to_itself_loses_the_line_that_closes_it():
    """The path is named, and only the last line of the circle goes; a diamond is no circle."""
    circle = lines("AB", "BC", "CA", "AC", "XA")
    assert found(checks.bill_cycle, components=circle) == {"components": [2]}
    assert words(checks.bill_cycle, components=circle) == ["A goes into itself: A > B > C > A"]
    assert found(checks.bill_cycle, components=lines("AB", "AC", "BD", "CD")) == {}


def test_a_material_may_not_be_its_own_component():
    """The shortest circle has one line."""
    assert found(checks.bill_cycle, components=lines("AA", "AB")) == {"components": [0]}


def test_expired_lines_close_no_circle():
    """What was replaced before the plan starts no longer counts."""
    bill = [*lines("AB", valid_to=date(2020, 1, 1)), *lines("BA")]
    assert found(checks.bill_cycle, settings=SETTINGS, components=bill) == {}
    assert found(checks.bill_cycle, components=bill) == {"components": [1]}


def test_a_line_that_ends_before_it_begins_never_counts():
    """The two days were swapped."""
    bill = lines("AB", valid_from=date(2026, 1, 2), valid_to=date(2026, 1, 1))
    assert found(checks.line_never_valid, components=bill) == {"components": [0]}


def test_expired_lines_are_told_of_together():
    """The local day of the start decides; a line that ends on it still counts."""
    bill = [*lines("AB", valid_to=date(2026, 3, 1)), *lines("AC", valid_to=date(2026, 3, 2)), *lines("AD")]
    assert found(checks.line_expired, settings=SETTINGS, components=bill) == {"components": [0]}
    assert found(checks.line_expired, components=bill) == {}


def test_a_line_listed_twice_is_mentioned_unless_one_replaces_the_other():
    """Overlapping validity counts twice; following validity and another step do not."""
    first = {"valid_from": date(2026, 1, 1), "valid_to": date(2026, 1, 31)}
    then = {"valid_from": date(2026, 2, 1), "valid_to": None}
    bill = [*lines("AB", **first), *lines("AB", **then), *lines("AC"), *lines("AC"), *lines("AC", step=20)]
    assert found(checks.line_twice, components=bill) == {"components": [3]}


def test_a_made_material_without_a_bill_is_mentioned_where_others_have_one():
    """In a factory without bills nothing is missing."""
    steps = [op("A"), op("B")]
    assert found(checks.made_without_bill, operations=steps, components=lines("AC")) == {"operations": [1]}
    assert found(checks.made_without_bill, operations=steps) == {}
