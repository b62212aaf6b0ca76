"""Job shops as text, in their three dresses."""

from __future__ import annotations

import polars as pl
import pytest

from linewright.errors import SourceError

TWO_JOBS = "2 2\n0 3 1 4\n1 5 0 6\n"


def test_ft06_has_six_jobs_on_six_machines(read_data):
    """The first job of ft06 begins on machine 2 for one minute and ends on machine 4 for six."""
    tables = read_data("ft06.txt")
    operations = tables["operations"]
    assert (operations.height, tables["machines"].height, tables["orders"].height) == (36, 6, 6)
    first = operations.filter(material="J1").select("step", "machine", "run_minutes").rows()
    assert first[0] == (1, "M2", 1.0)
    assert first[-1] == (6, "M4", 6.0)


def test_each_operation_has_one_machine_and_no_alternatives(read_data):
    """A job shop needs no table of alternatives; the fullest machine of la01 has its shortest plan of 666 minutes."""
    tables = read_data("la01.txt")
    assert "operation_machines" not in tables
    loads = tables["operations"].group_by("machine").agg(pl.col("run_minutes").sum())
    assert loads["run_minutes"].max() == 666


def test_re_entrant_jobs_have_any_number_of_operations(read_text):
    """Lines of different lengths are jobs; -1 -1 at their end is only a mark."""
    tables = read_text("shop.txt", "2 3\n0 1 2 7 0 2 -1 -1\n1 4 -1 -1\n")
    rows = tables["operations"].select("material", "step", "machine", "run_minutes").rows()
    assert rows == [("J1", 1, "M0", 1.0), ("J1", 2, "M2", 7.0), ("J1", 3, "M0", 2.0), ("J2", 1, "M1", 4.0)]


def test_setup_matrices_become_changeovers_between_jobs(read_text):
    """A matrix for each machine follows the jobs; pairs without setup need no row."""
    tables = read_text("shop.txt", TWO_JOBS + "0 7\n8 0\n0 0\n9 0\n")
    rows = tables["changeovers"].select("machine", "from_family", "to_family", "minutes").rows()
    assert rows == [("M0", "J1", "J2", 7.0), ("M0", "J2", "J1", 8.0), ("M1", "J2", "J1", 9.0)]
    assert tables["operations"]["setup_family"].to_list() == ["J1", "J1", "J2", "J2"]


def test_operators_bind_every_operation(read_text):
    """With operators=1 every operation needs the one operator."""
    tables = read_text("shop.txt", TWO_JOBS, operators="1")
    assert tables["people"]["person"].to_list() == ["operator-1"]
    assert tables["operations"]["crew"].to_list() == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2 2\n0 3 1 4\n1 5 7 6\n", r"shop.txt:3: number 3 \(7\): machines are numbered 0 to 1"),
        ("2 2\n0 3 1 -4\n1 5 0 6\n", r"shop.txt:2: number 4 \(-4\): a duration cannot be negative"),
        ("2 2\n0 3 1 x\n1 5 0 6\n", r"shop.txt:2: word 4 \(x\): is not a number"),
        ("2 2\n0 3 1 4.5\n1 5 0 6\n", r"shop.txt:2: number 4 \(4.5\): is not a whole number"),
        ("2 2\n0 3 1 4\n1 5 0\n", r"shop.txt:3: number 3 \(0\): the line of job 2 has an odd number of numbers"),
        ("2 2\n0 3 1 4\n", r"shop.txt: ends too early, there are 1 lines with 4 numbers for 2 jobs"),
        ("0 2\n", r"shop.txt:1: the first line is '0 2'"),
        ("", r"shop.txt: has no numbers"),
    ],
)
def test_a_wrong_number_is_named_with_its_line(read_text, text, told):
    """Errors name the file, the line, which number it is, its value and the cure."""
    with pytest.raises(SourceError, match=told):
        read_text("shop.txt", text)
