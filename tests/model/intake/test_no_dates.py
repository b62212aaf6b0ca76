"""Days that stand for no day, as programs write them where nothing was filled in."""

from datetime import UTC, date, datetime

import pytest

from tests.model.raws import factory_of, raw, told

BERLIN = raw("settings", {"timezone": ["Europe/Berlin"]})


@pytest.mark.parametrize(
    "cell", ["9999-12-31", "31.12.9999", "1900-01-01", "2200-01-02", date(9999, 12, 31), datetime(1, 1, 1), 20_001]
)
def test_a_due_date_that_stands_for_none_counts_as_blank(cell):
    """The order stays, without a due date, and a warning says so."""
    factory = factory_of(BERLIN, raw("orders", {"order": ["O"], "material": ["P"], "quantity": [1], "due": [cell]}))
    assert factory.orders.frame.get_column("due").to_list() == [None]
    (fault,) = told(factory, "no_date")
    assert (fault.level, fault.where) == ("warning", "orders.csv:2 (due)")
    assert "stands for no date" in fault.message


@pytest.mark.parametrize("cell", ["1970-01-01", "2199-12-31", datetime(1970, 1, 1), "2026-03-02T10:00Z"])
def test_the_first_and_last_days_count(cell):
    """Nineteen-seventy begins and 2199 ends at local midnight."""
    orders = {"order": ["O"], "material": ["P"], "quantity": [1], "due": [cell], "release": [cell]}
    factory = factory_of(BERLIN, raw("orders", orders))
    assert told(factory, "no_date") == []
    assert factory.orders.frame.select("due", "release").null_count().row(0) == (0, 0)


def test_a_required_date_that_stands_for_none_leaves_the_row_out():
    """A holiday from year one cannot be kept; the other row stays."""
    rows = {"calendar": ["day"] * 2, "start": ["0001-01-01", "2026-03-02"], "end": ["2026-03-03"] * 2}
    factory = factory_of(raw("calendar_exceptions", rows))
    assert [row.start for row in factory.calendar_exceptions] == [datetime(2026, 3, 2, tzinfo=UTC)]
    assert [(fault.level, fault.row) for fault in told(factory, "no_date")] == [("error", 2)]
    assert told(factory, "missing") == []


def test_no_end_and_no_beginning_are_told_as_notes():
    """9999-12-31 as the last day and 1900-01-01 as the first mean what a blank means."""
    lines = {"material": ["P"] * 3, "component": ["C", "D", "E"], "valid_from": ["1900-01-01", "2026-01-01", None],
             "valid_to": ["9999-12-31", "9999-12-31", "2026-12-31"]}  # fmt: skip
    factory = factory_of(raw("components", lines))
    assert factory.components.frame.get_column("valid_from").to_list() == [None, date(2026, 1, 1), None]
    assert factory.components.frame.get_column("valid_to").to_list() == [None, None, date(2026, 12, 31)]
    assert sorted((f.level, f.column, f.count) for f in told(factory, "no_date")) == [
        ("note", "valid_from", 1), ("note", "valid_to", 2),
    ]  # fmt: skip


def test_a_line_that_ended_before_all_time_is_a_warning():
    """A last day in 1900 is not the same as none, so that it is not passed over."""
    factory = factory_of(raw("skills", {"person": ["Ann"], "skill": ["weld"], "expires": ["1900-01-01"]}))
    assert [fault.level for fault in told(factory, "no_date")] == ["warning"]


def test_a_start_of_planning_that_stands_for_none_is_the_moment_of_the_run():
    """Settings stay, with a warning."""
    factory = factory_of(raw("settings", {"start": ["9999-12-31"], "name": ["Works"]}))
    assert (factory.name, factory.settings.start) == ("Works", None)
    assert [fault.level for fault in told(factory, "no_date")] == ["warning"]
