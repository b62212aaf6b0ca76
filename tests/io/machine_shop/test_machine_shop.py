"""The job log of the machine shop as machines, people, routings, jobs and reports."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from linewright.errors import SourceError
from linewright.io.machine_shop import MachineShopReader
from linewright.model.intake import assemble

HEADER = (
    "case,seq,activity,machine,worker,start,end,reported_minutes,order_qty,part,report_type,"
    "qty_good,qty_scrap,qty_mrb,rework,timestamp_match"
)


@pytest.fixture
def slice_of_the_log(root: Path) -> Path:
    """All reports of seven jobs."""
    return root / "tests" / "data" / "machine_shop" / "joblog_slice.csv"


def log_of(folder: Path, *rows: str) -> Path:
    """Write a log of some rows."""
    path = folder / "log.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def report(
    case: str, seq: int, activity: str, minutes: int, *, kind: str = "D", good: int = 0, quantity: int = 10
) -> str:
    """One row of a log; reports follow each other hour by hour."""
    start, end = f"2012-01-02 {seq:02}:00", f"2012-01-02 {seq:02}:59"
    return (
        f"{case},{seq},{activity},{activity} desk,W1,{start},{end},{minutes},{quantity},Bolt,{kind},{good},0,0,,exact"
    )


def test_every_report_is_kept(slice_of_the_log):
    """All 184 reports become actuals with their kind, worker, minutes and place in the file."""
    factory = assemble(MachineShopReader().read([slice_of_the_log], {}))
    assert len(factory.actuals) == 184
    assert factory.actuals.content["kind"].value_counts().sort("kind").rows() == [
        ("break", 4),
        ("run", 160),
        ("setup", 20),
    ]
    first = next(iter(factory.actuals))
    assert (first.work_order, first.person, first.kind, first.minutes) == ("Case 1", "W48", "setup", 379)
    assert first.start == datetime(2012, 1, 30, 6, 24, tzinfo=UTC)
    assert factory.actuals.place(0) == "joblog_slice.csv:2"


def test_traps_are_told_once_each_and_no_row_is_an_error(slice_of_the_log):
    """Reports without date or minutes and overlapping ones are told with their number."""
    factory = assemble(MachineShopReader().read([slice_of_the_log], {}))
    told = {fault.rule: fault for fault in factory.faults}
    assert told["no_date"].count == 6
    assert told["zero_minutes"].message.startswith(f"{told['zero_minutes'].count} reports give 0 minutes")
    assert {"overlapping_reports", "rebuilt_end"} <= set(told)
    assert all(fault.level != "error" for fault in factory.faults)
    assert any("no due dates" in text for text in factory.assumptions)


def test_standard_times_come_from_finished_jobs(tmp_path):
    """Setup is the median over jobs, run time is all minutes over all units; a lone odd step is no step."""
    path = log_of(
        tmp_path,
        report("A", 1, "Turning", 30, kind="S"), report("A", 2, "Turning", 100), report("A", 3, "Packing", 0),
        report("B", 4, "Turning", 50, kind="S"), report("B", 5, "Turning", 500, quantity=20),
        report("B", 6, "Packing", 0, quantity=20),
        report("C", 7, "Turning", 40, kind="S"), report("C", 8, "Turning", 0), report("C", 9, "Stamping", 5),
        report("C", 10, "Packing", 0),
    )  # fmt: skip
    operations = assemble(MachineShopReader().read([path], {})).operations.content
    assert operations.select("step", "name", "setup_minutes", "run_minutes").rows() == [
        (10, "Turning", 40.0, 20.0), (20, "Packing", 0.0, 0.0),
    ]  # fmt: skip


def test_open_jobs_stand_at_their_last_step(tmp_path):
    """Good units of the last step are done; a step with all units good is passed."""
    path = log_of(
        tmp_path,
        report("A", 1, "Turning", 100, good=10), report("A", 2, "Packing", 10, good=10),
        report("B", 3, "Turning", 40, good=4), report("C", 4, "Turning", 90, good=10),
    )  # fmt: skip
    jobs = assemble(MachineShopReader().read([path], {})).work_orders
    assert jobs["A"].status == "closed"
    assert (jobs["B"].status, jobs["B"].step, jobs["B"].done_quantity) == ("open", 10, 4)
    assert (jobs["C"].status, jobs["C"].step, jobs["C"].done_quantity) == ("open", 20, 0)


def test_rework_is_neither_a_step_nor_a_standard(tmp_path):
    """Repeated work stays in the reports only."""
    path = log_of(
        tmp_path,
        report("A", 1, "Turning", 100), report("A", 2, "Grinding Rework - Machine 27", 900),
        report("A", 3, "Packing", 0),
    )  # fmt: skip
    factory = assemble(MachineShopReader().read([path], {}))
    assert factory.operations.content["name"].to_list() == ["Turning", "Packing"]
    assert factory.actuals.content["rework"].to_list() == [False, True, False]


def test_a_damaged_cell_loses_its_row_only(tmp_path):
    """A time that cannot be read is told with line and column."""
    good = report("A", 1, "Turning", 100)
    path = log_of(tmp_path, good, good.replace("2012-01-02 01:00", "yesterday"))
    raw = MachineShopReader().read([path], {})
    assert [(fault.where, fault.value) for fault in raw.faults if fault.level == "error"] == [
        ("log.csv:3 (start)", "yesterday")
    ]
    assert next(table.frame.height for table in raw.tables if table.table == "actuals") == 1


def test_only_the_log_is_recognised(slice_of_the_log, root):
    """Other CSV files lack its columns, and say so when they are read as the log."""
    other = root / "examples" / "adventureworks" / "Location.csv"
    assert MachineShopReader().recognises([slice_of_the_log])
    assert not MachineShopReader().recognises([other])
    with pytest.raises(SourceError, match=r"Location\.csv:1: has no column seq"):
        MachineShopReader().read([other], {})


def test_the_whole_log_opens(bench):
    """2,964 reports of 157 jobs on 31 machines by 48 people; 31 jobs are still open."""
    factory = assemble(MachineShopReader().read([bench("plants/machine_shop_2012/joblog_jan_feb.csv")], {}))
    assert (len(factory.actuals), len(factory.work_orders), len(factory.machines)) == (2_964, 157, 31)
    assert len(factory.people) == 48
    assert (factory.work_orders.content["status"] == "open").sum() == 31
    assert [fault for fault in factory.faults if fault.level == "error"] == []
