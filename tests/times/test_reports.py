"""What is put aside from the reports, and how the rest becomes records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linewright.errors import ModelError
from linewright.io.read import read
from linewright.model.factory import Factory
from linewright.times.reports.aside import cleaned
from linewright.times.reports.records import job_records, report_records
from tests.times.made_up import with_reports

SIX = datetime(2026, 3, 2, 6, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """So many minutes after six."""
    return SIX + timedelta(minutes=minutes)


def rules(factory: Factory) -> dict[str, int]:
    """What was said about the reports, with how many rows show it."""
    return {fault.rule: fault.count for fault in cleaned(factory).faults}


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({"start": at(0), "end": at(75), "minutes": 0.0, "good": 3.0}, "zero_minutes"),
        ({"start": at(0), "good": 3.0}, "open_end"),
        ({"start": at(60), "end": at(0), "minutes": 60.0, "good": 3.0}, "ends_before_start"),
        ({"start": at(0), "end": at(10), "minutes": 90.0, "good": 3.0}, "more_minutes_than_window"),
        ({"start": at(0), "end": at(10), "work_order": "", "material": ""}, "no_work_named"),
    ],
)
def test_a_report_that_tells_no_time_is_put_aside_and_named(row, rule):
    """It is counted once, with its row, and makes no record."""
    factory = with_reports({"start": at(200), "end": at(260), "good": 4.0}, row)
    found = cleaned(factory)
    fault = next(fault for fault in found.faults if fault.rule == rule)
    assert (fault.count, fault.level, fault.where) == (1, "warning", "actuals:2")
    assert "1 report" in fault.message
    assert found.reports.height == 1


def test_the_same_report_counts_once():
    """The copy is put aside, not the first."""
    row = {"start": at(0), "end": at(60), "minutes": 60.0, "good": 3.0}
    assert rules(with_reports(row, row)) == {"repeated_report": 1}
    assert report_records(cleaned(with_reports(row, row)).reports)["minutes"].to_list() == [60.0]


def test_a_copy_without_minutes_does_not_share_the_window_of_its_first():
    """An hour reported twice by its window alone is an hour."""
    row = {"start": at(0), "end": at(60), "good": 3.0}
    assert report_records(cleaned(with_reports(row, row)).reports)["minutes"].to_list() == pytest.approx([60.0])


def test_a_break_is_taken_out_before_a_window_is_shared():
    """Two jobs on one machine in one hour with a break of half an hour have a quarter of an hour each."""
    row = {"start": at(0), "end": at(60), "good": 3.0}
    pause = {"kind": "break", "start": at(10), "end": at(40)}
    found = report_records(cleaned(with_reports(row, row | {"work_order": "WO-2"}, pause)).reports)
    assert found["minutes"].to_list() == pytest.approx([15.0, 15.0])


def test_a_report_without_a_date_counts_but_is_not_dated():
    """Its minutes are learned from; when a time changed it cannot say."""
    factory = with_reports({"start": at(0), "end": at(60), "good": 3.0}, {"minutes": 40.0, "good": 2.0})
    records = report_records(cleaned(factory).reports)
    assert rules(factory) == {"no_date": 1}
    assert sorted(zip(records["minutes"], records["dated"], strict=True)) == [(40.0, False), (60.0, True)]


def test_breaks_inside_a_window_are_taken_out():
    """A window of two hours with a break of 20 minutes and another that leaves it has 90 minutes."""
    factory = with_reports(
        {"start": at(0), "end": at(120), "good": 3.0, "person": "A"},
        {"kind": "break", "start": at(30), "end": at(50), "person": "A"},
        {"kind": "stop", "start": at(110), "end": at(180), "person": "A"},
    )
    assert report_records(cleaned(factory).reports)["minutes"].to_list() == pytest.approx([90.0])


def test_minutes_that_are_given_are_kept_as_they_are():
    """Breaks were left out by whoever reported."""
    factory = with_reports(
        {"start": at(0), "end": at(120), "minutes": 100.0, "good": 3.0},
        {"kind": "break", "start": at(30), "end": at(50)},
    )
    assert report_records(cleaned(factory).reports)["minutes"].to_list() == [100.0]


def test_an_hour_of_a_machine_is_an_hour():
    """Two windows that share an hour of one machine have half of it each; the overlap is said."""
    factory = with_reports(
        {"start": at(0), "end": at(120), "good": 3.0, "person": "A"},
        {"start": at(60), "end": at(120), "good": 3.0, "person": "B", "work_order": "WO-2"},
    )
    assert report_records(cleaned(factory).reports)["minutes"].to_list() == pytest.approx([90.0, 30.0])
    assert rules(factory) == {"machine_overlap": 1}


def test_one_person_may_tend_two_machines():
    """Both machines have their hour."""
    factory = with_reports(
        {"start": at(0), "end": at(60), "good": 3.0, "person": "A"},
        {"start": at(0), "end": at(60), "good": 3.0, "person": "A", "machine": "M2", "work_order": "WO-2"},
    )
    assert report_records(cleaned(factory).reports)["minutes"].to_list() == pytest.approx([60.0, 60.0])
    assert rules(factory) == {"person_overlap": 1}


def test_several_reports_make_one_job_with_setup_and_rework_apart():
    """Run minutes and units add up, also of a report without units; setup is a record of its own, rework none."""
    factory = with_reports(
        {"kind": "setup", "start": at(0), "end": at(30)},
        {"start": at(30), "end": at(90), "good": 5.0, "person": "A"},
        {"start": at(100), "end": at(120), "good": 0.0, "person": "B"},
        {"start": at(130), "end": at(170), "good": 3.0, "scrap": 1.0, "person": "B"},
        {"start": at(180), "end": at(240), "good": 1.0, "rework": True},
    )
    found = cleaned(factory)
    job = job_records(found.reports).row(0, named=True)
    assert (job["minutes"], job["quantity"], job["reports"]) == (pytest.approx(120.0), 9.0, 3)
    assert job_records(found.reports, "setup")["minutes"].to_list() == pytest.approx([30.0])
    assert found.rework.height == 1


def test_the_machine_shop_is_read_with_its_traps(root):
    """Zero minutes, missing dates and rework of the real log are all named."""
    factory = read(root / "tests" / "data" / "machine_shop" / "joblog_slice.csv")
    assert {"zero_minutes", "no_date", "repeated_report"} <= set(rules(factory))
    kinds = set(job_records(cleaned(factory).reports)["kind_of_work"])
    assert "Turning & Milling Q.C." in kinds
    assert not any("Machine" in kind for kind in kinds)


def test_a_factory_without_reports_is_refused_kindly():
    """The message says what to fill in."""
    with pytest.raises(ModelError, match="fill a sheet actuals"):
        cleaned(Factory.of())
