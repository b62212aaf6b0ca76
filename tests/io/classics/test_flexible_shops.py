"""Flexible job shops, with workers, setups, due dates and arbitrary precedence."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from linewright.errors import SourceError
from linewright.io.classics import ClassicReader

ONE_JOB = "1 2 1.5\n2 2 1 5 2 6 1 2 7\n"


def test_an_operation_has_a_row_for_each_machine(read_text):
    """Alternatives carry their own times; machines are named as the file numbers them, from 1."""
    rows = read_text("shop.fjs", ONE_JOB)["operation_machines"].select("step", "machine", "run_minutes").rows()
    assert rows == [(1, "M1", 5.0), (1, "M2", 6.0), (2, "M2", 7.0)]


def test_mk01_has_55_operations(read_data):
    """The published size of mk01: ten jobs, six machines, 55 operations."""
    tables = read_data("mk01.fjs")
    assert (tables["orders"].height, tables["machines"].height, tables["operations"].height) == (10, 6, 55)


def test_workers_make_alternatives_of_machine_and_person(read_text):
    """Each machine of an operation lists the workers who may run it there, with their times."""
    tables = read_text("shop.fjsw", "1 2 2\n1 2 1 2 1 4 2 5 2 1 2 9\n")
    rows = tables["operation_machines"].select("machine", "person", "run_minutes").rows()
    assert rows == [("M1", "W1", 4.0), ("M1", "W2", 5.0), ("M2", "W2", 9.0)]
    assert tables["people"]["person"].to_list() == ["W1", "W2"]


def test_setups_between_operations_leave_out_what_cannot_happen(read_data):
    """Of the matrices of Fattahi only pairs of operations that may meet on a machine in this order are kept."""
    changeovers = read_data("Fattahi_setup_02.fjs")["changeovers"]
    assert changeovers["minutes"].max() < 1_000_000
    rows = changeovers.filter(machine="M1", from_family="J1-1").select("to_family", "minutes").rows()
    assert rows == [("J1-2", 5.0), ("J2-1", 5.0)]


def test_the_file_beside_gives_due_dates_weights_and_families(read_data):
    """A weight is the cost of a late minute, and setups between families hold on all machines."""
    tables = read_data("syn100x5s1.fjs")
    order = tables["orders"].row(0, named=True)
    assert order["due"] == datetime(2000, 1, 4, 2, 2, tzinfo=UTC)
    assert order["late_cost_per_day"] == 2 * 1440
    assert tables["operations"]["setup_family"].to_list()[:4] == ["F0", "F2", "F2", "F0"]
    assert set(tables["changeovers"].columns) == {"from_family", "to_family", "minutes"}


def test_a_damaged_file_beside_is_named(tmp_path):
    """What is wrong with the extension is told with its own name."""
    (tmp_path / "shop.fjs").write_text(ONE_JOB, encoding="utf-8")
    (tmp_path / "shop.ext.json").write_text(json.dumps({"due": [1, 2]}), encoding="utf-8")
    with pytest.raises(SourceError, match=r"shop\.ext\.json"):
        ClassicReader().read([tmp_path / "shop.fjs"], {})


def test_operations_joined_by_arcs_are_one_job(read_text):
    """Arcs become steps that must be finished first; operations without arcs are jobs of their own."""
    text = "4 2 2\n0 2\n1 2\n1 0 5\n1 1 6\n2 0 7 1 8\n1 1 9\n"
    operations = read_text("graph.txt", text)["operations"]
    assert operations.select("material", "step", "after").rows() == [
        ("J1", 0, "-"), ("J1", 1, "-"), ("J1", 2, "0;1"), ("J2", 3, "-"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("shop.fjs", "1 2\n2 2 1 5 3 6 1 2 7\n", r"shop.fjs:2: number 5 \(3\): machines are numbered 1 to 2, not 3"),
        ("shop.fjs", "1 2\n2 2 1 5 2 6 1 2\n", r"shop.fjs: ends too early, 1 pairs of machine and duration"),
        ("shop.fjs", "1 2\n1 0\n", r"shop.fjs:2: number 2 \(0\): operation 1 of job 1 has no number of machines"),
        ("shop.fjs", "1 2\n1 1 1 5\n9 9 9\n", r"shop.fjs:3: number 1 \(9\): 3 numbers follow the jobs"),
        ("shop.fjsw", "1 1 1\n1 1 1 1 2 4\n", r"workers are numbered 1 to 1, not 2"),
        ("graph.txt", "2 1 1\n0 5\n1 0 5\n1 0 6\n", r"graph.txt:2: number 2 \(5\): operations are numbered 0 to 1"),
        ("graph.txt", "2 1 1\n0 1\n1 0 5\n1 3 6\n", r"graph.txt:4: number 1 \(1\): operation 1 names a machine"),
    ],
)
def test_a_wrong_number_is_named_with_its_line(read_text, name, text, told):
    """Errors name the file, the line, which number it is, its value and the cure."""
    with pytest.raises(SourceError, match=told):
        read_text(name, text)
