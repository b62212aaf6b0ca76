"""Faults as comments in a copy of the user's own workbook."""

from __future__ import annotations

import pytest
from openpyxl import Workbook, load_workbook

from linewright.errors import SourceError
from linewright.io.notes import write_notes
from linewright.model.faults import Fault


@pytest.fixture
def workbook(tmp_path):
    """A user's workbook with an order whose date is a word."""
    book = Workbook()
    sheet = book.active
    sheet.title = "my orders"
    for row in (["order", "due"], ["O-1", "soon"], ["O-2", "later"]):
        sheet.append(row)
    path = tmp_path / "orders.xlsx"
    book.save(path)
    return path


def fault(where, level="error", **more):
    """A fault at a cell."""
    told = {"message": "'soon' is no date", "cure": "write 2026-03-02"}
    return Fault(level=level, rule="date", table="orders", where=where, **told, **more)


def test_a_fault_becomes_a_comment_on_its_cell(workbook, tmp_path):
    """The copy tells level, message and cure at the exact cell, and keeps every value."""
    copy = tmp_path / "noted.xlsx"
    assert write_notes(workbook, [fault("my orders!B2", count=2)], copy) == 1
    sheet = load_workbook(copy)["my orders"]
    told = sheet["B2"].comment.text
    assert told == "error: 'soon' is no date\nCure: write 2026-03-02\nAnd 1 more like this one."
    assert [[cell.value for cell in row] for row in sheet.rows][1:] == [["O-1", "soon"], ["O-2", "later"]]
    assert sheet["B3"].comment is None


def test_the_original_is_not_touched(workbook, tmp_path):
    """Whatever happens, the user's own file stays as it is, byte for byte."""
    before = workbook.read_bytes()
    write_notes(workbook, [fault("my orders!B2")], tmp_path / "noted.xlsx")
    assert workbook.read_bytes() == before


def test_two_faults_of_a_cell_share_its_comment(workbook, tmp_path):
    """The worst of them gives the colour."""
    copy = tmp_path / "noted.xlsx"
    assert write_notes(workbook, [fault("my orders!B2", "note"), fault("my orders!B2", "error")], copy) == 1
    cell = load_workbook(copy)["my orders"]["B2"]
    assert cell.comment.text.count("Cure") == 2
    assert cell.fill.fgColor.rgb.endswith("F4B6B0")


def test_faults_elsewhere_are_left_out(workbook, tmp_path):
    """A fault of another file, or of a whole sheet, has no cell here."""
    elsewhere = [fault("stock!A7"), fault("my orders"), fault("orders.csv:7 (due)")]
    assert write_notes(workbook, elsewhere, tmp_path / "noted.xlsx") == 0


def test_a_file_that_is_no_workbook_is_named(tmp_path):
    """The message says which file cannot be read."""
    path = tmp_path / "orders.xlsx"
    path.write_text("order,due\n")
    with pytest.raises(SourceError, match="cannot be read as a workbook"):
        write_notes(path, [], tmp_path / "noted.xlsx")
